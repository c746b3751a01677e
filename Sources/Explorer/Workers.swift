/// Who searches: how many cores, and how work is handed to them.
///
/// This module starts no threads. A program that wants several cores passes what its system has for it; what runs
/// where changes nothing in a result.
public struct Workers: Sendable {
    public let count: Int
    @usableFromInline let perform: @Sendable (_ pieces: Int, _ work: @Sendable (Int) -> Void) -> Void

    /// - Parameter perform: calls `work` once with each number below `pieces`, on up to `count` threads at once, and
    ///   returns when all calls have.
    public init(
        count: Int, perform: @escaping @Sendable (_ pieces: Int, _ work: @Sendable (Int) -> Void) -> Void
    ) {
        precondition(count > 0, "nobody would search")
        self.count = count
        self.perform = perform
    }

    /// The caller's own thread.
    public static let one = Workers(count: 1) { pieces, work in
        for piece in 0..<pieces { work(piece) }
    }
}
