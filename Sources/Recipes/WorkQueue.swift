public import CoordinationClient

/// A queue of items, first in, first out, between any number of producers and consumers.
///
/// An item is taken at most once: it is gone from the server when `take` returns it, and lost when the consumer dies then.
/// Fit for thousands of items, not for millions: all names travel in one reply.
///
/// ```swift
/// let queue = WorkQueue(client, path: "/thumbnails")
/// try await queue.put(Array("picture-17".utf8))
/// while let item = try await queue.take(within: .seconds(60)) {
///     try await shrink(String(decoding: item, as: UTF8.self))
/// }
/// ```
///
/// Source: Apache ZooKeeper, “Recipes and Solutions”, Queues. Deviation: items are taken by a transaction that leaves a
/// mark, because after a lost reply nobody could tell otherwise who took the item.
public struct WorkQueue: Sendable {
    let service: any CoordinationService
    let path: String

    private var items: String { "\(path)/items" }
    private var marks: String { "\(path)/marks" }

    /// - Parameter path: the parent of items and marks; made when it does not exist.
    public init(_ service: any CoordinationService, path: String) {
        self.service = service
        self.path = path
    }

    /// Adds an item to the end, exactly once.
    public func put(_ item: [UInt8]) async throws {
        do {
            try await add(item)
        } catch CoordinationError.noNode {
            try await service.ensure(items)
            try await add(item)
        }
    }

    private func add(_ item: [UInt8]) async throws {
        _ = try await service.createMarked(in: items, prefix: "item-", data: item, kind: .persistentSequential)
    }

    /// How many items there are.
    public func count() async throws -> Int {
        do {
            return try await service.retrying(.patient, .always) { try await service.getChildren(items).count }
        } catch CoordinationError.noNode {
            return 0
        }
    }

    /// Removes the first item.
    ///
    /// - Parameter limit: how long to wait for one; nil: as long as it takes.
    /// - Returns: nil when the time is up.
    public func take(within limit: Duration? = nil) async throws -> [UInt8]? {
        let deadline = limit.map { service.now + $0 }
        try await service.ensure(items)
        try await service.ensure(marks)
        while true {
            let (names, watch) = try await service.retrying(.patient, .always) {
                try await service.getChildrenAndWatch(items)
            }
            for name in inSequence(names) {
                if let item = try await claim("\(items)/\(name)") { return item }
            }
            if !names.isEmpty { continue }
            guard let deadline else {
                _ = try await watch.event()
                continue
            }
            let left = deadline - service.now
            guard left > .zero, try await watch.event(within: left) != nil else { return nil }
        }
    }

    /// - Returns: nil where another consumer was faster.
    private func claim(_ item: String) async throws -> [UInt8]? {
        do {
            let (data, _) = try await service.retrying(.patient, .always) { try await service.getData(item) }
            try await service.commitOnce([.delete(item)], marks: marks)
            return data
        } catch CoordinationError.noNode {
            return nil
        }
    }
}
