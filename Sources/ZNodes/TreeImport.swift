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
        var content: [UInt8] = []
        content.reserveCapacity(path.byteCount + data.byteCount)
        // SAFETY: the buffers do not outlive the calls.
        unsafe path.withUnsafeBytes { unsafe content.append(contentsOf: $0) }
        unsafe data.withUnsafeBytes { unsafe content.append(contentsOf: $0) }
        guard tree.addImported(content, pathLength: path.byteCount, isDataNull, number(of: acl), stat, parent) else {
            throw .duplicate(Self.text(path))
        }
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
        tree.nodes.isEmpty || path.byteCount == 0 ? .misplacedRoot : .noParent(Self.text(path))
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
        // SAFETY: the buffer does not outlive the call.
        let content = unsafe data.withUnsafeBytes { unsafe Array($0) }
        tree.addImportedRoot(content, isDataNull, number(of: acl), stat)
    }

    private mutating func number(of acl: Int64) -> Int32 {
        if let number = acls[acl] { return number }
        nodesWithoutACL += 1
        let number = tree.acls.intern([ACL(permissions: [], scheme: "world", id: "anyone")])
        acls[acl] = number
        return number
    }

    private static func text(_ path: RawSpan) -> ByteString {
        // SAFETY: the buffer does not outlive the call.
        ByteString(bytes: unsafe path.withUnsafeBytes { unsafe Array($0) })
    }
}

extension DataTree {
    /// Says which transaction the tree stands at; for trees that come from files only.
    package mutating func setLastZxid(_ zxid: Zxid) { lastZxid = zxid }

    fileprivate mutating func removeEverything() {
        nodes = []
        free = []
        index = PathIndex()
        acls = ACLTable()
        ephemerals = [:]
        mortals = []
        quotaRoots = []
        digest = 0
        contentByteCount = 0
    }

    fileprivate func hasPath(_ number: NodeNumber, _ path: RawSpan) -> Bool {
        let length = Int(nodes[number].pathLength)
        guard length == path.byteCount else { return false }
        let content = nodes[number].content
        return content.span.bytes.extracting(0..<length).hasSameBytes(as: path)
    }

    fileprivate mutating func addImportedRoot(
        _ content: [UInt8], _ isDataNull: Bool, _ acl: Int32, _ stat: PersistedStat
    ) {
        acls.retain(acl)
        let node = Self.importedNode(
            content, pathLength: 0, isDataNull, acl, stat, parent: Node.none, sibling: Node.none)
        nodes.append(node)
        index.insert(0, PathIndex.hash([UInt8]().span.bytes)) { _ in 0 }
        digest &+= UInt64(node.digest)
        contentByteCount += content.count
    }

    /// False when there is a node of this path already.
    fileprivate mutating func addImported(
        _ content: [UInt8], pathLength: Int, _ isDataNull: Bool, _ acl: Int32, _ stat: PersistedStat, _ parent: Int
    ) -> Bool {
        guard find(content.span.bytes.extracting(0..<pathLength)) == nil else { return false }
        acls.retain(acl)
        let node = Self.importedNode(
            content, pathLength: pathLength, isDataNull, acl, stat, parent: Int32(parent),
            sibling: nodes[parent].firstChild)
        add(node)
        return true
    }

    private static func importedNode(
        _ content: [UInt8], pathLength: Int, _ isDataNull: Bool, _ acl: Int32, _ stat: PersistedStat, parent: Int32,
        sibling: Int32
    ) -> Node {
        let checksum = Checksum.crc32(content)
        let isCounted = !content[..<pathLength].starts(with: NodeDigest.uncountedPrefix)
        return Node(
            content: content, stat: stat, pathLength: Int32(pathLength), contentChecksum: checksum,
            digest: NodeDigest.digest(content: checksum, isCounted: isCounted, stat), acl: acl, parent: parent,
            firstChild: Node.none, nextSibling: sibling, previousSibling: Node.none, childCount: 0,
            isDataNull: isDataNull, isCounted: isCounted)
    }
}
