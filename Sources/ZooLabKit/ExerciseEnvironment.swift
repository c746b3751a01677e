public import CoordinationClient
import StateMachines

/// All that your code needs of the world.
///
/// Take time, waiting, concurrency and chance from here and from nowhere else: then the same file also runs under a
/// virtual clock, where hours pass in milliseconds and every run can be repeated exactly.
public struct ExerciseEnvironment: Sendable {
    /// A client with an open session.
    public let client: any CoordinationService
    /// The parent of every node you create. It exists, and was empty when the run began.
    public let path: String
    /// This program's name in the run: "A".
    public let name: String

    private let clock: any MonotonicClock
    private let seed: UInt64
    private let write: @Sendable (String) -> Void

    package init(
        client: any CoordinationService, path: String, name: String, clock: any MonotonicClock, seed: UInt64,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.client = client
        self.path = path
        self.name = name
        self.clock = clock
        self.seed = seed
        self.write = write
    }

    /// Time since an arbitrary start; it never goes back.
    public var now: Duration { clock.now.duration }

    /// Waits. Ends early with a `CancellationError` when the task is cancelled.
    public func sleep(for duration: Duration) async throws {
        try await clock.sleep(for: Tick(duration))
    }

    /// Runs `body` beside the caller.
    @discardableResult
    public func spawn<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) -> Task<Value, any Error> {
        Task { try await body() }
    }

    /// Random numbers that are the same in every run with the same seed.
    ///
    /// - Parameter purpose: each purpose has a sequence of its own.
    public func random(for purpose: String) -> some RandomNumberGenerator {
        SplitMix64(seed: seed, stream: "\(name) \(purpose)")
    }

    /// Shows a line in the report.
    public func log(_ line: String) { write(line) }
}
