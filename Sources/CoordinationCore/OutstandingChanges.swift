import Bytes
import StateMachines
import WireProtocol
import ZNodes

/// What is known of one node after every proposed transaction, before they are committed.
struct ProposedNode: Hashable, Sendable {
    var exists: Bool
    var stat: PersistedStat
    var childCount: Int32
    var dataLength: Int
    var contentChecksum: UInt32
    var isCounted: Bool
    var acl: [ACL]
    var worldPermissions: Permissions
    /// The last transaction that changed it.
    var zxid = Zxid.zero
    /// What it adds to the tree's digest; kept by `OutstandingChanges.set`.
    var digest: UInt32 = 0
}

/// The future of the tree: every node that a proposed transaction will change.
///
/// Checks are made against this, so that pipelined writes, and the operations of one multi, see those before them.
struct OutstandingChanges: Hashable, Sendable {
    private var nodes: [ByteString: ProposedNode] = [:]
    private var history = Queue<Entry>()
    /// The tree's digest after everything proposed.
    private(set) var digest: UInt64

    /// Changes of nodes that were proposed, and those of them that the tree has taken over.
    private(set) var keptCount = 0
    var removedCount: Int { keptCount - history.count }

    /// What the transaction under preparation has changed, as it was before.
    private var undoLog: [UndoEntry] = []

    private struct Entry: Hashable, Sendable {
        var zxid: Zxid
        var path: ByteString
    }

    private struct UndoEntry: Hashable, Sendable {
        var path: ByteString
        var before: ProposedNode?
        var digest: UInt64
    }

    init(tree: DataTree) { digest = tree.digest }

    var isEmpty: Bool { nodes.isEmpty }

    /// The node as it will be; `nil` if it will not exist.
    func find(_ path: ByteString, in tree: DataTree) -> ProposedNode? {
        if !nodes.isEmpty, let node = nodes[path] { return node.exists ? node : nil }
        guard let number = tree.find(path) else { return nil }
        return ProposedNode(
            exists: true, stat: tree.persistedStat(number), childCount: tree.childCount(number),
            dataLength: tree.dataLength(number), contentChecksum: tree.contentChecksum(number),
            isCounted: NodeDigest.isCounted(path), acl: tree.acl(number),
            worldPermissions: tree.worldPermissions(number), digest: tree.digest(number))
    }

    /// Changes a node; `before` is what `find` gave.
    mutating func set(_ path: ByteString, from before: ProposedNode?, to after: ProposedNode) {
        undoLog.append(UndoEntry(path: path, before: nodes[path], digest: digest))
        var node = after
        node.digest =
            after.exists
            ? NodeDigest.digest(content: after.contentChecksum, isCounted: after.isCounted, after.stat) : 0
        digest = digest &- UInt64(before?.digest ?? 0) &+ UInt64(node.digest)
        nodes[path] = node
    }

    /// Keeps what was changed, as part of this transaction.
    mutating func keep(as zxid: Zxid) {
        keptCount += undoLog.count
        for entry in undoLog {
            nodes[entry.path]?.zxid = zxid
            history.append(Entry(zxid: zxid, path: entry.path))
        }
        undoLog.removeAll(keepingCapacity: true)
    }

    /// Forgets what was changed since the last `keep`.
    mutating func rollBack() {
        for entry in undoLog.reversed() {
            nodes[entry.path] = entry.before
            digest = entry.digest
        }
        undoLog.removeAll(keepingCapacity: true)
    }

    /// The tree has taken over every change up to this transaction.
    mutating func committed(_ zxid: Zxid) {
        while let entry = history.first, entry.zxid <= zxid {
            _ = history.popFirst()
            if nodes[entry.path].map({ $0.zxid <= zxid }) == true { nodes[entry.path] = nil }
        }
    }

    /// The ephemerals of a session after everything proposed, in the order of their paths.
    func ephemerals(of session: SessionID, in tree: DataTree) -> [ByteString] {
        var paths = Set(tree.ephemerals(of: session))
        // The order of the table cannot be seen: the result is a set, and sorted.
        for (path, node) in nodes {
            if node.exists, node.stat.ephemeralOwner == session { paths.insert(path) } else { paths.remove(path) }
        }
        return paths.sorted()
    }
}
