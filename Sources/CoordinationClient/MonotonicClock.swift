package import StateMachines

/// Where a client's time comes from: the machine's clock, or a virtual one.
package protocol MonotonicClock: Sendable {
    /// Time since an arbitrary start.
    var now: Tick { get }
    /// - Throws: `CancellationError` when the task is cancelled first.
    func sleep(for duration: Tick) async throws
}

/// The machine's clock.
package struct SystemClock: MonotonicClock {
    private let start = ContinuousClock.now

    package init() {}

    package var now: Tick { Tick(ContinuousClock.now - start) }
    package func sleep(for duration: Tick) async throws {
        try await Task.sleep(for: .microseconds(Int64(clamping: duration.microseconds)), clock: .continuous)
    }
}

extension Tick {
    /// Whole microseconds of `duration`, rounded up; a negative one is zero.
    package init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + (attoseconds + 999_999_999_999) / 1_000_000_000_000
        self.init(microseconds: UInt64(max(0, microseconds)))
    }

    package var duration: Duration { .microseconds(Int64(clamping: microseconds)) }
}
