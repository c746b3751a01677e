/// What a program may ask of a coordination server: one session, its requests and its watches.
///
/// `CoordinationClient` is the one that speaks to servers. Recipes and homework are written against this protocol, so that
/// they also run on something else: a client in virtual time, or one that a test has prepared to fail.
///
/// Every request throws `CoordinationError`. Paths are absolute; `version` nil means any version.
public protocol CoordinationService: Sendable {
    /// Creates a node; its parent must exist.
    ///
    /// - Parameter data: nil for a node without data, which is not the same as one with no bytes.
    /// - Returns: the path of the new node, which for a sequential kind ends in the number the server gave it.
    /// - Throws: `nodeExists`, `noNode` (no parent), `connectionLoss` (it may exist now)…
    func create(_ path: String, data: [UInt8]?, kind: NodeKind, access: [AccessRule]) async throws -> String
    /// As `create`, and returns what the server knows of the new node.
    func createWithStat(
        _ path: String, data: [UInt8]?, kind: NodeKind, access: [AccessRule]
    ) async throws -> (path: String, stat: NodeStat)
    /// Deletes a node that has no children.
    func delete(_ path: String, version: Int32?) async throws
    /// - Returns: nil where there is no such node.
    func exists(_ path: String) async throws -> NodeStat?
    /// As `exists`, with a watch that fires when the node is created, changed or deleted.
    func existsAndWatch(_ path: String) async throws -> (stat: NodeStat?, watch: Watch)
    /// The node's data; of a node without data, no bytes.
    func getData(_ path: String) async throws -> (data: [UInt8], stat: NodeStat)
    /// As `getData`, with a watch that fires when the node is changed or deleted. No watch is set where it throws.
    func getDataAndWatch(_ path: String) async throws -> (data: [UInt8], stat: NodeStat, watch: Watch)
    /// As `getData`; nil for a node without data, which is not the same as one with no bytes.
    func getOptionalData(_ path: String) async throws -> (data: [UInt8]?, stat: NodeStat)
    /// As `getDataAndWatch`; nil for a node without data.
    func getOptionalDataAndWatch(_ path: String) async throws -> (data: [UInt8]?, stat: NodeStat, watch: Watch)
    func setData(_ path: String, data: [UInt8]?, version: Int32?) async throws -> NodeStat
    /// The names of the children, without the path of the parent, in alphabetical order.
    func getChildren(_ path: String) async throws -> [String]
    /// As `getChildren`, with a watch that fires when a child comes or goes, or the node itself goes.
    func getChildrenAndWatch(_ path: String) async throws -> (children: [String], watch: Watch)
    /// As `getChildren`, with the parent's stat.
    func getChildrenWithStat(_ path: String) async throws -> (children: [String], stat: NodeStat)
    /// As `getChildrenWithStat`, with a watch as that of `getChildrenAndWatch`.
    func getChildrenWithStatAndWatch(
        _ path: String
    ) async throws -> (children: [String], stat: NodeStat, watch: Watch)
    func getAccess(_ path: String) async throws -> (rules: [AccessRule], stat: NodeStat)
    /// - Parameter version: the `accessVersion` that the node must have.
    func setAccess(_ path: String, _ rules: [AccessRule], version: Int32?) async throws -> NodeStat
    /// Waits until the server has caught up with everything its leader had committed.
    func sync(_ path: String) async throws
    /// Does all steps, or none.
    ///
    /// - Returns: a result for each step, in order.
    /// - Throws: the error of the first step that could not be done, with its path.
    func commit(_ steps: [TransactionStep]) async throws -> [TransactionResult]
    /// Reads several nodes from one state; each step has a result or an error of its own.
    func read(_ steps: [ReadStep]) async throws -> [ReadResult]
    /// Sets a watch that stays until it is removed.
    func watch(_ path: String, _ scope: WatchScope) async throws -> WatchStream
    /// Whether the server holds such a watch of this session on a node (ZooKeeper's `checkWatches`).
    func hasWatches(_ path: String, _ selection: WatchSelection) async throws -> Bool
    /// Removes all watches of a node that this client has set. Their streams end.
    func removeWatches(_ path: String, _ selection: WatchSelection) async throws

    /// The session's identity, which is the owner of its ephemeral nodes.
    var sessionIdentifier: Int64 { get async }
    /// Where the session stands now.
    var state: SessionState { get async }
    /// The session's state now, and every change; ends after `expired` or `closed`.
    func states() async -> AsyncStream<SessionState>
    /// Waits, by the clock that the session lives by.
    func sleep(for duration: Duration) async throws
    /// Time since an arbitrary start, by the same clock.
    var now: Duration { get }
}

extension CoordinationService {
    @discardableResult
    public func create(_ path: String, data: [UInt8]? = [], kind: NodeKind = .persistent) async throws -> String {
        try await create(path, data: data, kind: kind, access: .open)
    }

    public func createWithStat(
        _ path: String, data: [UInt8]? = [], kind: NodeKind = .persistent
    ) async throws -> (path: String, stat: NodeStat) {
        try await createWithStat(path, data: data, kind: kind, access: .open)
    }

    public func delete(_ path: String) async throws { try await delete(path, version: nil) }

    @discardableResult
    public func setData(_ path: String, data: [UInt8]?) async throws -> NodeStat {
        try await setData(path, data: data, version: nil)
    }

    @discardableResult
    public func setAccess(_ path: String, _ rules: [AccessRule]) async throws -> NodeStat {
        try await setAccess(path, rules, version: nil)
    }

    public func hasWatches(_ path: String) async throws -> Bool { try await hasWatches(path, .any) }

    public func removeWatches(_ path: String) async throws { try await removeWatches(path, .any) }
}
