/// How often, and after how long, something is tried again.
public struct RetryPolicy: Hashable, Sendable {
    /// Attempts in all; nil: until it works, or fails for good.
    public var attempts: Int?
    /// Before the second attempt; doubled before each further one.
    public var firstDelay: Duration
    public var longestDelay: Duration

    /// - Precondition: `attempts` is positive.
    public init(
        attempts: Int?, firstDelay: Duration = .milliseconds(20), longestDelay: Duration = .seconds(1)
    ) {
        precondition(attempts.map { $0 > 0 } ?? true, "at least one attempt")
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
    }

    /// Until it works, or the session ends.
    public static let patient = RetryPolicy(attempts: nil)

    func delay(before attempt: Int) -> Duration {
        min(firstDelay * (1 << min(attempt - 2, 20)), longestDelay)
    }
}

/// Which failures may be answered by trying again.
public enum Repeatability: Hashable, Sendable {
    /// Only those that certainly had no effect: for requests that must not happen twice.
    case onlyWithoutEffect
    /// Those too whose effect is unknown: for reads, and for writes that change nothing when they happen twice.
    case always
}

extension CoordinationService {
    /// Does `body` again while it fails for want of a connection.
    ///
    /// Refusals, such as a node that exists already, and the end of the session are thrown at once.
    @discardableResult
    public func retrying<Value>(
        _ policy: RetryPolicy = .patient, _ repeatability: Repeatability, _ body: () async throws -> Value
    ) async throws -> Value {
        var attempt = 1
        while true {
            do {
                return try await body()
            } catch let error as CoordinationError
                where error.isTransient && (repeatability == .always || error.outcome == .didNotHappen)
            {
                attempt += 1
                if let limit = policy.attempts, attempt > limit { throw error }
                try await sleep(for: policy.delay(before: attempt))
            }
        }
    }
}
