/// Events of a watch that stays until it is removed, in order.
///
/// A lost connection does not end it: the client sets the watch again, and the sequence has an `interrupted` event, because
/// a server tells nothing of what happened in between. It ends when the watch is removed or the client closed, and throws
/// when the session expires. To be iterated once; who stops iterating lets the watch go.
public struct WatchStream: AsyncSequence, Sendable {
    public typealias Element = WatchEvent

    /// The node that is watched.
    public let path: String
    let events: AsyncThrowingStream<WatchEvent, any Error>

    public struct AsyncIterator: AsyncIteratorProtocol {
        var iterator: AsyncThrowingStream<WatchEvent, any Error>.Iterator
        public mutating func next() async throws -> WatchEvent? {
            try await iterator.next(isolation: #isolation)
        }
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> WatchEvent? {
            try await iterator.next(isolation: actor)
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(iterator: events.makeAsyncIterator()) }
}

/// What a watch that stays tells of.
public enum WatchScope: Hashable, Sendable, CaseIterable {
    /// The node itself: its creation, its data, its children's names, its end.
    case node
    /// The node and everything below it: creations, data, ends.
    case subtree
}

/// Which watches of a node are meant.
public enum WatchSelection: Hashable, Sendable, CaseIterable {
    case children, data, any, node, subtree
}
