import Bytes
public import StateMachines
import Synchronization
import WireProtocol

/// What happened to a watched node.
public struct WatchEvent: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        case nodeCreated, nodeDeleted, nodeDataChanged, nodeChildrenChanged
        /// The watch is no more, by this client's own wish.
        case dataWatchRemoved, childWatchRemoved, persistentWatchRemoved
        /// Of a watch that stays: the connection was lost, and is back. What happened in between is not told.
        case interrupted
    }

    public let kind: Kind
    /// The node that was watched; for `nodeChildrenChanged` the parent.
    public let path: String
    /// The change that it tells of; nil where the server does not say, as old ones.
    public let zxid: Zxid?

    package init(_ kind: Kind, _ path: String, zxid: Zxid? = nil) {
        self.kind = kind
        self.path = path
        self.zxid = zxid
    }

    init?(_ event: WatcherEvent, _ zxid: Zxid) {
        let kind: Kind
        switch WatchEventType(rawValue: event.type) {
        case .nodeCreated: kind = .nodeCreated
        case .nodeDeleted: kind = .nodeDeleted
        case .nodeDataChanged: kind = .nodeDataChanged
        case .nodeChildrenChanged: kind = .nodeChildrenChanged
        case .some(.none), nil: return nil
        }
        self.init(kind, event.path.description, zxid: zxid.wireValue > 0 ? zxid : nil)
    }
}

/// A promise of the server to tell of the next change of one node, once.
///
/// It survives a lost connection: the client sets it again on the next one, and a change that happened in between
/// fires it at once. It ends unfired when the session expires or the client is closed.
public final class Watch: Sendable {
    private struct State {
        var outcome: Result<WatchEvent, CoordinationError>?
        var waiters: [UInt64: CheckedContinuation<WatchEvent, any Error>] = [:]
        var nextWaiter: UInt64 = 0
    }

    private let state = Mutex(State())
    private let clock: any MonotonicClock

    init(clock: any MonotonicClock) { self.clock = clock }

    /// Waits for the change.
    ///
    /// - Throws: `CoordinationError.sessionExpired` or `.closed` when the session ends first; `CancellationError`.
    public func event() async throws -> WatchEvent {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<WatchEvent, any Error>? = state.withLock { state in
                    if let outcome = state.outcome { return outcome.mapError { $0 } }
                    // The cancellation handler takes the number away, before or after this.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiters[number] = continuation
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Waits for the change, but no longer than `limit`.
    ///
    /// - Returns: nil when the time is up; the watch stays set.
    public func event(within limit: Duration) async throws -> WatchEvent? {
        let clock = clock
        return try await withThrowingTaskGroup(of: WatchEvent?.self) { group in
            group.addTask { try await self.event() }
            group.addTask {
                try await clock.sleep(for: Tick(limit))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    func finish(_ outcome: Result<WatchEvent, CoordinationError>) {
        let waiters = state.withLock { state in
            state.outcome = outcome
            defer { state.waiters = [:] }
            return state.waiters.sorted { $0.key < $1.key }.map(\.value)
        }
        for waiter in waiters { waiter.resume(with: outcome.mapError { $0 }) }
    }
}
