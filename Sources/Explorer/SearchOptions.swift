public import Checking

/// How to search.
public struct SearchOptions: Sendable {
    public var bounds = SearchBounds()
    public var workers = Workers.one
    /// Of steps whose order means nothing, try one order only, where the model knows such steps. Finds the same states
    /// and verdicts; ignored where an eventually invariant is judged.
    public var isReduced = false
    /// Judge the eventually invariants by endless runs, too: one that goes round a cycle without any fault and never
    /// keeps the promise breaks it, even if it could leave the cycle. Only fair runs count, in which nothing waits for ever.
    public var findsCycles = false

    /// How many bytes the process holds, to be compared with the bound; `nil`, or where it returns `nil`: what the search's
    /// tables take, and states without what they refer to, which is a small part of what worlds take.
    public var heldBytes: (@Sendable () -> Int?)?

    public init() {}

    /// The bound that a search has gone beyond.
    ///
    /// - Parameter counted: the bytes that the search counts itself.
    @inlinable func exceededBound(_ progress: SearchProgress, counted: @autoclosure () -> Int) -> Bound? {
        if let bound = bounds.bound(atStates: progress.states) { return bound }
        if let limit = bounds.memoryBytes, heldBytes?() ?? counted() > limit { return .memory(bytes: limit) }
        return bounds.bound(after: progress.elapsed)
    }
}
