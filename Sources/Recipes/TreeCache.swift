public import CoordinationClient

/// A copy of a subtree that follows the server, for those who read often.
///
/// It lags behind by the time that events take, and keeps its last state while there is no connection. Two nodes may be
/// seen in states that never existed together: for that, ask the server.
///
/// A lasting watch tells of changes; what it cannot tell, the time without a connection, is made good by reading the whole
/// subtree again. (Apache Curator, “Curator Cache”.)
///
/// ```swift
/// let settings = TreeCache(client, path: "/settings")
/// try await settings.start()
/// let limit = await settings.node("/settings/limit")?.data
/// for await change in await settings.changes() { print(change) }
/// ```
public actor TreeCache {
    /// One node as it was last seen.
    public struct Node: Hashable, Sendable {
        public let data: [UInt8]
        public let stat: NodeStat
    }

    public enum Change: Hashable, Sendable {
        /// All nodes that exist have been told of.
        case loaded
        case added(String)
        case updated(String)
        case removed(String)
    }

    private let service: any CoordinationService
    private let path: String
    private var nodes: [String: Node] = [:]
    private var isLoaded = false
    private var task: Task<Void, Never>?
    private var observers: [Int: AsyncStream<Change>.Continuation] = [:]
    private var lastObserver = 0
    /// Why it follows no more; nil while it does, and after `stop`.
    public private(set) var failure: CoordinationError?

    /// - Parameter path: the top of the subtree; it need not exist yet.
    public init(_ service: any CoordinationService, path: String) {
        self.service = service
        self.path = path
    }

    deinit { task?.cancel() }

    /// Begins to follow; when it returns, everything that existed is in the cache.
    public func start() async throws {
        guard task == nil else { return }
        let stream = try await service.retrying(.patient, .always) { try await service.watch(path, .subtree) }
        // What happens meanwhile waits in the stream: one thing after the other, so that no older state overwrites a newer.
        try await load()
        isLoaded = true
        tell(.loaded)
        task = Task { [weak self] in
            do {
                for try await event in stream { try await self?.follow(event) }
                await self?.finish(nil)
            } catch {
                await self?.finish(error as? CoordinationError)
            }
        }
    }

    /// Follows no more; what is cached stays.
    public func stop() {
        task?.cancel()
        task = nil
        finish(nil)
    }

    /// The node as it was last seen; nil where there was none.
    public func node(_ path: String) -> Node? { nodes[path] }

    /// The names of a node's children as last seen, in alphabetical order.
    public func children(of path: String) -> [String] {
        let start = path == "/" ? "/" : path + "/"
        return nodes.keys.filter { $0.hasPrefix(start) && $0 != "/" && !$0.dropFirst(start.count).contains("/") }
            .map { String($0.dropFirst(start.count)) }.sorted()
    }

    /// Every change from now on; first what is there already. Ends when it follows no more.
    public func changes() -> AsyncStream<Change> {
        let (stream, continuation) = AsyncStream.makeStream(of: Change.self)
        for path in nodes.keys.sorted() { continuation.yield(.added(path)) }
        if isLoaded { continuation.yield(.loaded) }
        lastObserver += 1
        let number = lastObserver
        observers[number] = continuation
        continuation.onTermination = { [weak self] _ in Task { await self?.forget(number) } }
        return stream
    }

    private func forget(_ number: Int) { observers[number] = nil }

    private func finish(_ error: CoordinationError?) {
        failure = error
        for (_, observer) in observers { observer.finish() }
        observers = [:]
    }

    private func tell(_ change: Change) {
        for (_, observer) in observers.sorted(by: { $0.key < $1.key }) { observer.yield(change) }
    }

    // MARK: Following

    private func follow(_ event: WatchEvent) async throws {
        switch event.kind {
        case .nodeCreated, .nodeDataChanged: try await refresh(event.path)
        case .nodeDeleted:
            // It may have come back, or its deletion be older than what was read since: only the server knows.
            try await refresh(event.path)
        case .interrupted: try await load()
        case .nodeChildrenChanged, .dataWatchRemoved, .childWatchRemoved, .persistentWatchRemoved: break
        }
    }

    private func refresh(_ path: String) async throws {
        do {
            let (data, stat) = try await service.retrying(.patient, .always) { try await service.getData(path) }
            keep(path, Node(data: data, stat: stat))
        } catch CoordinationError.noNode {
            drop(path)
        }
    }

    private func keep(_ path: String, _ node: Node) {
        let old = nodes[path]
        guard old != node else { return }
        nodes[path] = node
        guard let old else { return tell(.added(path)) }
        if old.stat.mzxid != node.stat.mzxid { tell(.updated(path)) }
    }

    private func drop(_ path: String) {
        if nodes.removeValue(forKey: path) != nil { tell(.removed(path)) }
    }

    /// Reads everything, and forgets what is no more.
    private func load() async throws {
        var gone = Set(nodes.keys)
        var waiting = [path]
        while let next = waiting.popLast() {
            try await refresh(next)
            guard nodes[next] != nil else { continue }
            gone.remove(next)
            do {
                let names = try await service.retrying(.patient, .always) { try await service.getChildren(next) }
                waiting += names.map { next == "/" ? "/\($0)" : "\(next)/\($0)" }
            } catch CoordinationError.noNode {
                drop(next)
            }
        }
        for path in gone.sorted() { try await refresh(path) }
    }
}
