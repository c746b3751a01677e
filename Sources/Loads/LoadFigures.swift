package import CoordinationClient
import EventLoop

/// What one round of a load has shown.
package struct LoadFigures: Hashable, Sendable {
    package var requestsPerSecond: Int
    /// Requests that the server answered with an error; they are counted as requests, too.
    package var errorCount: Int
    /// Half of all requests were answered within this time…
    package var medianMicroseconds: Int
    /// …and 99 of 100 within this one.
    package var slowestHundredthMicroseconds: Int

    package init(
        requestsPerSecond: Int, errorCount: Int, medianMicroseconds: Int, slowestHundredthMicroseconds: Int
    ) {
        self.requestsPerSecond = requestsPerSecond
        self.errorCount = errorCount
        self.medianMicroseconds = medianMicroseconds
        self.slowestHundredthMicroseconds = slowestHundredthMicroseconds
    }

    /// The middle of several rounds, each figure by itself; errors are summed up.
    ///
    /// - Precondition: there is a round.
    package init(middleOf rounds: [LoadFigures]) {
        func middle(_ figure: (LoadFigures) -> Int) -> Int { rounds.map(figure).sorted()[(rounds.count - 1) / 2] }
        self.init(
            requestsPerSecond: middle(\.requestsPerSecond), errorCount: rounds.map(\.errorCount).reduce(0, +),
            medianMicroseconds: middle(\.medianMicroseconds),
            slowestHundredthMicroseconds: middle(\.slowestHundredthMicroseconds))
    }
}

extension Load {
    /// Runs the load once, on a thread of its own.
    ///
    /// The nodes that it works on must be there, see `LoadGround`.
    /// - Parameters:
    ///   - servers: connections are dealt out to them in turn; not empty.
    ///   - warmUp: how long it runs before anything is counted.
    ///   - period: how long is counted; again as long while nothing at all has been answered.
    /// - Throws: `SystemFailure` of a server that cannot be reached, `LoadFailure`, `CancellationError`.
    package func run(
        at servers: [ServerAddress], warmUp: Duration, period: Duration
    ) async throws -> LoadFigures {
        let thread = try LoopThread()
        let driver = try await thread.run { loop in LoopBound(LoadDriver(self, on: loop), on: loop) }
        let result: Result<LoadFigures, any Error>
        do {
            result = .success(try await Self.run(driver, on: thread, servers, warmUp, period))
        } catch {
            result = .failure(error)
        }
        await thread.stop()
        // Its connections speak to it as long as their loop runs.
        return try withExtendedLifetime(driver) { try result.get() }
    }

    private static func run(
        _ driver: LoopBound<LoadDriver>, on thread: LoopThread, _ servers: [ServerAddress], _ warmUp: Duration,
        _ period: Duration
    ) async throws -> LoadFigures {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            thread.post { loop in driver.value(on: loop).open(servers) { continuation.resume(with: $0) } }
        }
        try await thread.run { loop in driver.value(on: loop).start() }
        try await Task.sleep(for: warmUp)
        try await thread.run { loop in driver.value(on: loop).beginMeasuring() }
        var figures: LoadFigures
        var rest = Duration.seconds(LoadDriver.patienceSeconds)
        // A short period may end before the first answer.
        repeat {
            try await Task.sleep(for: period)
            rest -= period
            figures = try await thread.run { loop in try driver.value(on: loop).figures() }
        } while figures.requestsPerSecond == 0 && rest > .zero
        await withCheckedContinuation { continuation in
            thread.post { loop in driver.value(on: loop).finish { continuation.resume() } }
        }
        return figures
    }
}
