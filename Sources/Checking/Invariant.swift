public import Messages

/// When a promise has to be kept.
public enum InvariantKind: String, Hashable, Sendable {
    /// In every state.
    case always
    /// Where the run ends: nothing is left to happen. In a search: from every state it can still come true without
    /// further faults.
    case eventually
    /// In at least one state of the whole run or search, so that the other promises are not empty.
    case sometimes
}

/// A promise about a run, by name, judged over subjects of one kind: states of a world, or whole traces.
public struct Invariant<Subject>: Sendable {
    /// In lower case with hyphens: "atomicity". Replay files and reports carry it.
    public let name: String
    public let kind: InvariantKind
    /// What is promised, for people who read a verdict.
    public let explanation: LocalizedText
    /// What is wrong with this subject; `nil` when the promise is kept.
    public let problem: @Sendable (Subject) -> LocalizedText?

    public init(
        _ name: String, _ kind: InvariantKind = .always, explanation: LocalizedText,
        problem: @escaping @Sendable (Subject) -> LocalizedText?
    ) {
        self.name = name
        self.kind = kind
        self.explanation = explanation
        self.problem = problem
    }
}

/// A promise that was broken, and how.
public struct Violation: Hashable, Sendable {
    public var invariant: String
    /// What was promised.
    public var explanation: LocalizedText
    /// What happened instead.
    public var problem: LocalizedText
    /// The `order` of the trace event after which it was seen; `nil` where the whole run is meant.
    public var event: Int?

    public init(invariant: String, explanation: LocalizedText, problem: LocalizedText, event: Int? = nil) {
        self.invariant = invariant
        self.explanation = explanation
        self.problem = problem
        self.event = event
    }
}

extension Invariant {
    /// The violation by `subject`, seen after trace event `event`; `nil` when the promise is kept.
    public func violation(by subject: Subject, event: Int? = nil) -> Violation? {
        problem(subject).map { Violation(invariant: name, explanation: explanation, problem: $0, event: event) }
    }
}
