public import CoordinationClient

/// A lock that at most one program holds at a time, first come, first served.
///
/// Each waits for the one directly before it, so a release wakes one waiter. A holder whose session ends loses the lock.
///
/// ```swift
/// let lock = Lock(client, path: "/locks/report")
/// try await lock.withLock { holding in
///     try await storage.write(report, token: holding.token)  // Refuses tokens lower than one it has seen.
/// }
/// // Or without waiting for long:
/// if let holding = try await lock.acquire(within: .seconds(5)) {
///     try await storage.write(report, token: holding.token)
///     try await holding.release()
/// }
/// ```
///
/// Source: Apache ZooKeeper, “Recipes and Solutions”, Locks; Hunt et al., “ZooKeeper: Wait-free coordination for
/// Internet-scale systems”, USENIX ATC 2010, section 2.4, “Simple Locks without Herd Effect”.
public struct Lock: Sendable {
    let service: any CoordinationService
    let path: String

    /// - Parameter path: the parent of the places in the queue; made when it does not exist.
    public init(_ service: any CoordinationService, path: String) {
        self.service = service
        self.path = path
    }

    /// Waits for the lock.
    ///
    /// - Parameter limit: how long to wait; nil: as long as it takes.
    /// - Returns: nil when the time is up; then nothing is left behind on the server.
    /// - Throws: `CoordinationError` (`sessionExpired`, …), `RecipeFailure.placeLost`, `CancellationError`.
    public func acquire(within limit: Duration?) async throws -> Holding? {
        let place = try await Place.take(service, in: path)
        let isFree = try await place.wait(within: limit) { names, position in
            position == 0 ? nil : names[position - 1]
        }
        return isFree ? try await place.holding() : nil
    }

    /// Waits for the lock as long as it takes.
    public func acquire() async throws -> Holding {
        while true {
            if let holding = try await acquire(within: nil) { return holding }
        }
    }

    /// Does `body` while holding the lock.
    public func withLock<Value>(_ body: (Holding) async throws -> Value) async throws -> Value {
        let holding = try await acquire()
        do {
            let value = try await body(holding)
            try await holding.release()
            return value
        } catch {
            await service.removeDespiteCancellation(holding.path)
            throw error
        }
    }
}
