public import CoordinationClient

/// A lock that many readers, or one writer, hold at a time; first come, first served, so that neither kind starves.
///
/// A reader waits for the last writer before it, a writer for whoever is directly before it.
///
/// ```swift
/// let lock = ReadWriteLock(client, path: "/locks/catalogue")
/// if let reading = try await lock.acquireForReading(within: .seconds(5)) {
///     let entries = try await catalogue.entries()
///     try await reading.release()
///     print(entries.count)
/// }
/// ```
///
/// Source: Apache ZooKeeper, “Recipes and Solutions”, Shared Locks; Hunt et al., USENIX ATC 2010, section 2.4.
public struct ReadWriteLock: Sendable {
    let service: any CoordinationService
    let path: String

    /// - Parameter path: the parent of the places in the queue; made when it does not exist.
    public init(_ service: any CoordinationService, path: String) {
        self.service = service
        self.path = path
    }

    /// Waits until no writer holds the lock.
    ///
    /// - Returns: nil when the time is up.
    public func acquireForReading(within limit: Duration? = nil) async throws -> Holding? {
        try await acquire("read-", within: limit) { names, position in
            names[..<position].last { $0.hasPrefix("write-") }
        }
    }

    /// Waits until nobody holds the lock.
    ///
    /// - Returns: nil when the time is up.
    public func acquireForWriting(within limit: Duration? = nil) async throws -> Holding? {
        try await acquire("write-", within: limit) { names, position in
            position == 0 ? nil : names[position - 1]
        }
    }

    private func acquire(
        _ prefix: String, within limit: Duration?, _ obstacle: @Sendable ([String], Int) -> String?
    ) async throws -> Holding? {
        let place = try await Place.take(service, in: path, prefix: prefix)
        return try await place.wait(within: limit, obstacle: obstacle) ? try await place.holding() : nil
    }
}
