import Bytes
import StateMachines
import WireProtocol

/// What a coordination service means, one request after the other, in the simplest way: the twin that a simulated
/// ensemble is compared with. Nodes below the root only.
struct SequentialTree {
    struct Node: Hashable {
        var data: [UInt8]
        var version: Int32 = 0
        var createdAt: Zxid
        var modifiedAt: Zxid
        /// The session that it ends with; `nil` for a node that stays.
        var owner: SessionID?
    }

    /// What became of a request.
    enum Outcome: Hashable {
        case refused(ErrorCode)
        case created(ByteString)
        case set([Node])
        case deleted
        case ended
    }

    /// How each node has changed, oldest first; `nil` where it was deleted.
    private(set) var changes: [ByteString: [(zxid: Zxid, node: Node?)]] = [:]
    private var nodes: [ByteString: Node] = [:]

    private mutating func put(_ node: Node?, at path: ByteString, _ zxid: Zxid) {
        nodes[path] = node
        changes[path, default: []].append((zxid, node))
    }

    /// A node as it was after a transaction.
    func node(_ path: ByteString, after zxid: Zxid) -> Node? {
        changes[path]?.last { $0.zxid <= zxid }?.node
    }

    /// Names of all nodes after a transaction, sorted.
    func names(after zxid: Zxid) -> [ByteString] {
        changes.keys.filter { node($0, after: zxid) != nil }.map { ByteString(bytes: Array($0.bytes.dropFirst())) }
            .sorted()
    }

    /// The first transaction after `earlier`, and not after `later`, that changed this node.
    func change(of path: ByteString, after earlier: Zxid, through later: Zxid) -> Zxid? {
        changes[path]?.first { $0.zxid > earlier && $0.zxid <= later }?.zxid
    }

    /// - Parameter given: the path that a sequential node was given.
    mutating func apply(_ request: ClientRequest, by session: SessionID, as zxid: Zxid, given: ByteString?) -> Outcome {
        switch request {
        case .create(let body): create(body, by: session, zxid, given)
        case .setData(let body): set([body], zxid)
        case .delete(let body): delete(body, zxid)
        case .multi(let body):
            set(body.operations.compactMap { if case .setData(let body) = $0 { body } else { nil } }, zxid)
        case .closeSession: end(session, zxid)
        default: preconditionFailure("\(request) is no write of a simulated client")
        }
    }

    private mutating func create(
        _ body: CreateRequest, by session: SessionID, _ zxid: Zxid, _ given: ByteString?
    ) -> Outcome {
        let mode = CreateMode(rawValue: body.flags) ?? .persistent
        let path = mode.isSequential ? given ?? body.path : body.path
        guard nodes[path] == nil else { return .refused(.nodeExists) }
        let node = Node(
            data: body.data ?? [], createdAt: zxid, modifiedAt: zxid, owner: mode.isEphemeral ? session : nil)
        put(node, at: path, zxid)
        return .created(path)
    }

    private mutating func set(_ bodies: [SetDataRequest], _ zxid: Zxid) -> Outcome {
        for body in bodies {
            guard let node = nodes[body.path] else { return .refused(.noNode) }
            guard body.version == -1 || body.version == node.version else { return .refused(.badVersion) }
        }
        return .set(
            bodies.map { body in
                var node = nodes[body.path]!
                node.data = body.data ?? []
                node.version += 1
                node.modifiedAt = zxid
                put(node, at: body.path, zxid)
                return node
            })
    }

    private mutating func delete(_ body: PathVersionRequest, _ zxid: Zxid) -> Outcome {
        guard let node = nodes[body.path] else { return .refused(.noNode) }
        guard body.version == -1 || body.version == node.version else { return .refused(.badVersion) }
        put(nil, at: body.path, zxid)
        return .deleted
    }

    mutating func end(_ session: SessionID, _ zxid: Zxid) -> Outcome {
        for path in nodes.keys.filter({ nodes[$0]?.owner == session }) { put(nil, at: path, zxid) }
        return .ended
    }
}
