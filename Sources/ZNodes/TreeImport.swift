package import Bytes
package import StateMachines
package import WireProtocol

/// Why a snapshot's nodes are no tree.
package enum TreeImportError: Error, Hashable {
    /// The first node is not the root, or another one is.
    case misplacedRoot
    /// A node came before the one above it.
    case noParent(ByteString)
    case duplicate(ByteString)
}

/// Builds a tree from the records of a snapshot.
package struct TreeImport: Sendable {
    /// Stands for `ACL.open`, which snapshots do not list.
    package static let openACLNumber: Int64 = -1

    private var tree: DataTree
    private var acls: [Int64: Int32] = [:]
    /// Children of one parent often stand together.
    private var lastParent = 0
    /// Nodes whose access rules the snapshot lacks. Nobody may touch them, until replaying the log sets the rules.
    package private(set) var nodesWithoutACL = 0

    /// - Parameter acls: the snapshot's table of access rules.
    package init(acls table: [(number: Int64, acl: [ACL])]) {
        tree = DataTree()
        tree.removeEverything()
        for (number, acl) in table where acls[number] == nil { acls[number] = tree.acls.intern(acl) }
        acls[Self.openACLNumber] = tree.acls.intern(ACL.open)
    }

    package var count: Int { tree.nodes.count }

    /// Adds one node.
    ///
    /// - Parameters:
    ///   - path: "" for the root, which comes first.
    ///   - data: empty where `isDataNull`.
    package mutating func add(
        path: RawSpan, data: RawSpan, isDataNull: Bool, acl: Int64, _ stat: PersistedStat
    ) throws(TreeImportError) {
        guard let parent = parent(of: path) else {
            guard path.byteCount == 0, tree.nodes.isEmpty else { throw noParent(path) }
            return addRoot(data, isDataNull, acl, stat)
        }
        guard tree.find(path) == nil else { throw .duplicate(ByteString(copying: path)) }
        let node = tree.importedNode(path, data, isDataNull, number(of: acl), stat, parent: parent)
        tree.add(node)
    }

    /// The tree of all nodes added.
    package mutating func finish(lastZxid: Zxid) throws(TreeImportError) -> DataTree {
        guard !tree.nodes.isEmpty else { throw .misplacedRoot }
        // The table's own uses end here; what no node uses goes.
        for number in acls.keys.sorted() { tree.acls.release(acls[number]!) }
        tree.lastZxid = lastZxid
        return tree
    }

    private func noParent(_ path: RawSpan) -> TreeImportError {
        tree.nodes.isEmpty || path.byteCount == 0 ? .misplacedRoot : .noParent(ByteString(copying: path))
    }

    private mutating func parent(of path: RawSpan) -> Int? {
        var length = path.byteCount - 1
        while length >= 0, path.byte(at: length) != NodePath.slash { length -= 1 }
        guard length >= 0, !tree.nodes.isEmpty else { return nil }
        let parentPath = path.extracting(0..<length)
        if !tree.hasPath(lastParent, parentPath) {
            guard let found = tree.find(parentPath) else { return nil }
            lastParent = found
        }
        return lastParent
    }

    private mutating func addRoot(_ data: RawSpan, _ isDataNull: Bool, _ acl: Int64, _ stat: PersistedStat) {
        tree.addImportedRoot(
            tree.importedNode([UInt8]().span.bytes, data, isDataNull, number(of: acl), stat, parent: nil))
    }

    private mutating func number(of acl: Int64) -> Int32 {
        if let number = acls[acl] { return number }
        nodesWithoutACL += 1
        let number = tree.acls.intern([ACL(permissions: [], scheme: "world", id: "anyone")])
        acls[acl] = number
        return number
    }

}

extension DataTree {
    /// Says which transaction the tree stands at; for trees that come from files only.
    package mutating func setLastZxid(_ zxid: Zxid) { lastZxid = zxid }

    fileprivate mutating func removeEverything() {
        nodes = []
        content = ContentStore()
        free = []
        index = PathIndex()
        acls = ACLTable()
        ephemerals = [:]
        mortals = []
        quotaRoots = []
        digest = 0
        contentByteCount = 0
    }

    fileprivate mutating func addImportedRoot(_ node: Node) {
        nodes.append(node)
        index.insert(0, PathIndex.hash([UInt8]().span.bytes)) { _ in 0 }
        digest &+= UInt64(digest(0))
        contentByteCount += node.byteCount
    }

    fileprivate mutating func importedNode(
        _ path: RawSpan, _ data: RawSpan, _ isDataNull: Bool, _ acl: Int32, _ stat: PersistedStat, parent: NodeNumber?
    ) -> Node {
        acls.retain(acl)
        return Node(
            place: content.store(path, data), stat: stat, pathLength: Int32(path.byteCount),
            dataLength: isDataNull ? -1 : Int32(data.byteCount),
            contentChecksum: Checksum.crc32(data, continuing: Checksum.crc32(path)), acl: acl,
            isCounted: !NodeDigest.isBelowSystem(path), parent: parent.map { Int32($0) } ?? Node.none,
            nextSibling: parent.map { nodes[$0].firstChild } ?? Node.none)
    }
}
