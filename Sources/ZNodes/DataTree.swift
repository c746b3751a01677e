package import Bytes
package import StateMachines
package import WireProtocol

/// The tree of nodes as a value; copies share storage until one of them changes.
///
/// A node takes 104 bytes here, 11 to 21 in the index, and a run of the content store with its path and data, which is
/// just what the digest's checksum runs over. It holds no references, so looking at it counts none. Children form a
/// doubly linked list, so parents need no set of names. What a node adds to the digest is computed from its stat and
/// the checksum of its content when it changes, rather than kept.
package struct DataTree: Sendable {
    /// A node's number; valid until the node is deleted.
    package typealias NodeNumber = Int

    struct Node: Sendable {
        /// The path, "" for the root, followed by the data.
        var place: ContentStore.Place
        var stat: PersistedStat
        var pathLength: Int32
        /// −1 for null, which is not the same as empty.
        var dataLength: Int32
        /// Of path and data; see `NodeDigest`.
        var contentChecksum: UInt32
        /// The number of the access list, and the bit for `isCounted`.
        private var aclAndBit: Int32
        var parent: Int32
        var firstChild: Int32
        var nextSibling: Int32
        var previousSibling: Int32
        var childCount: Int32

        init(
            place: ContentStore.Place, stat: PersistedStat, pathLength: Int32, dataLength: Int32,
            contentChecksum: UInt32,
            acl: Int32, isCounted: Bool, parent: Int32, nextSibling: Int32
        ) {
            self.place = place
            self.stat = stat
            self.pathLength = pathLength
            self.dataLength = dataLength
            self.contentChecksum = contentChecksum
            aclAndBit = acl << 1 | (isCounted ? 1 : 0)
            self.parent = parent
            self.nextSibling = nextSibling
            (firstChild, previousSibling, childCount) = (Self.none, Self.none, 0)
        }

        /// Nodes below `/zookeeper` add nothing to the digest.
        var isCounted: Bool { aclAndBit & 1 == 1 }
        var acl: Int32 {
            get { aclAndBit >> 1 }
            set { aclAndBit = newValue << 1 | aclAndBit & 1 }
        }
        var dataByteCount: Int { max(0, Int(dataLength)) }
        var byteCount: Int { Int(pathLength) + dataByteCount }

        static let none: Int32 = -1
    }

    var nodes: [Node] = []
    var content = ContentStore()
    var free: [Int32] = []
    var index = PathIndex()
    var acls = ACLTable()
    var ephemerals: [SessionID: Set<ByteString>] = [:]
    /// Containers and nodes with a time to live: what the server may delete by itself.
    var mortals: Set<ByteString> = []
    /// The roots of subtrees that have a quota.
    var quotaRoots: Set<ByteString> = []
    /// Also understands the times to live of ZooKeeper 3.5.3.
    package private(set) var emulates353 = false
    /// The 64-bit sum of all nodes' checksums (ZooKeeper's digest version 2).
    package internal(set) var digest: UInt64 = 0
    /// The last transaction applied.
    package internal(set) var lastZxid = Zxid.zero
    /// Bytes of all paths and data, as clients sent them.
    package internal(set) var contentByteCount = 0
    /// The snapshots under way.
    var exports: [TreeExport] = []

    /// The tree of a fresh server: the root and ZooKeeper's own nodes.
    package init() {
        let open = acls.intern(ACL.open)
        let checksum = NodeDigest.contentChecksum([], nil)
        let root = Node(
            place: .nowhere, stat: .zero, pathLength: 0, dataLength: 0, contentChecksum: checksum, acl: open,
            isCounted: true, parent: Node.none, nextSibling: Node.none)
        nodes.append(root)
        index.insert(0, PathIndex.hash([UInt8]().span.bytes)) { _ in 0 }
        digest = UInt64(digest(0))
        let readOnly = [ACL(permissions: .read, scheme: "world", id: "anyone")]
        insert("/zookeeper", data: [], acl: ACL.open, .zero, parent: 0)
        let system = find("/zookeeper")!
        insert("/zookeeper/quota", data: [], acl: ACL.open, .zero, parent: system)
        var configuration = PersistedStat.zero
        configuration.aversion = -1
        insert("/zookeeper/config", data: [], acl: readOnly, configuration, parent: system)
    }

    /// Nodes, ZooKeeper's own included; the root counts once.
    package var count: Int { index.count }
    package var ephemeralCount: Int { ephemerals.values.reduce(0) { $0 + $1.count } }
    package var sessionsWithEphemerals: Int { ephemerals.count }

    // MARK: Looking

    package func find(_ path: ByteString) -> NodeNumber? { find(path.bytes.span.bytes) }

    /// - Parameter path: "/" or "" for the root.
    package func find(_ path: RawSpan) -> NodeNumber? { find(path, hash: Self.hash(path)) }

    /// The hash of a path, for `find` and for tables beside the tree. The same in every process.
    package static func hash(_ path: RawSpan) -> UInt64 { PathIndex.hash(path) }

    /// - Parameter hash: the path's, from `hash`.
    package func find(_ path: RawSpan, hash: UInt64) -> NodeNumber? {
        if path.byteCount == 0 || path.byteCount == 1 && path.byte(at: 0) == NodePath.slash { return 0 }
        return index.find(hash) { number in
            hasPath(number, path)
        }
    }

    @inline(__always)
    func hasPath(_ number: NodeNumber, _ path: RawSpan) -> Bool {
        let length = Int(nodes[number].pathLength)
        guard length == path.byteCount else { return false }
        return content.withBytes(nodes[number].place, 0..<length) { $0.hasSameBytes(as: path) }
    }

    /// The node above `path`, whether or not `path` itself exists.
    package func findParent(of path: ByteString) -> NodeNumber? {
        guard let length = NodePath.parentLength(path) else { return nil }
        return find(path.bytes.span.bytes.extracting(0..<length))
    }

    package func stat(_ number: NodeNumber) -> Stat {
        let node = nodes[number]
        let owner = node.stat.ephemeralOwner
        return node.stat.stat(
            dataLength: max(0, node.dataLength), childCount: node.childCount,
            owner: owner.rawValue >= 0 ? owner : visibleOwner(owner))
    }

    /// Containers and timed nodes look like nobody's.
    private func visibleOwner(_ owner: SessionID) -> SessionID {
        if case .ephemeral(let session) = lifetime(owner) { session } else { .none }
    }
    package func persistedStat(_ number: NodeNumber) -> PersistedStat { nodes[number].stat }
    package func childCount(_ number: NodeNumber) -> Int32 { nodes[number].childCount }
    /// What the node adds to the tree's digest.
    package func digest(_ number: NodeNumber) -> UInt32 {
        NodeDigest.digest(
            content: nodes[number].contentChecksum, isCounted: isCounted(number), nodes[number].stat)
    }
    package func isCounted(_ number: NodeNumber) -> Bool { nodes[number].isCounted }
    package func contentChecksum(_ number: NodeNumber) -> UInt32 { nodes[number].contentChecksum }
    package func acl(_ number: NodeNumber) -> [ACL] { acls.entries[Int(nodes[number].acl)].acl }
    /// The access list, where not everybody may read the node.
    func readers(_ number: NodeNumber) -> [ACL]? {
        let list = Int(nodes[number].acl)
        return acls.entries[list].worldPermissions.contains(.read) ? nil : acls.entries[list].acl
    }
    package func lifetime(_ owner: SessionID) -> NodeLifetime { NodeLifetime(owner: owner, emulates353: emulates353) }
    package func lifetime(of number: NodeNumber) -> NodeLifetime { lifetime(nodes[number].stat.ephemeralOwner) }
    /// What everybody may do with the node.
    package func worldPermissions(_ number: NodeNumber) -> Permissions {
        acls.entries[Int(nodes[number].acl)].worldPermissions
    }

    package func data(_ number: NodeNumber) -> [UInt8]? {
        let node = nodes[number]
        return node.dataLength < 0 ? nil : bytes(number, Int(node.pathLength)..<node.byteCount)
    }

    /// Appends the data as a length-prefixed buffer.
    package func writeData(_ number: NodeNumber, into writer: inout ByteWriter) {
        let node = nodes[number]
        writer.write(node.dataLength)
        content.withBytes(node.place, Int(node.pathLength)..<node.byteCount) { writer.append($0) }
    }

    /// A part of the node's path and data, by itself.
    func bytes(_ number: NodeNumber, _ range: Range<Int>) -> [UInt8] {
        // SAFETY: the buffer does not outlive the call.
        content.withBytes(nodes[number].place, range) { unsafe $0.withUnsafeBytes { unsafe Array($0) } }
    }

    /// The path as clients write it.
    package func path(_ number: NodeNumber) -> ByteString {
        number == 0 ? "/" : ByteString(bytes: bytes(number, 0..<Int(nodes[number].pathLength)))
    }

    /// Appends the names of the children as a vector of strings, newest first.
    package func writeChildren(_ number: NodeNumber, into writer: inout ByteWriter) {
        writer.write(nodes[number].childCount)
        let nameStart = Int(nodes[number].pathLength) + 1
        var child = nodes[number].firstChild
        while child != Node.none {
            let node = nodes[Int(child)]
            writer.write(node.pathLength - Int32(nameStart))
            content.withBytes(node.place, nameStart..<Int(node.pathLength)) { writer.append($0) }
            child = node.nextSibling
        }
    }

    /// The names of the children, newest first.
    package func children(_ number: NodeNumber) -> [ByteString] {
        let nameStart = Int(nodes[number].pathLength) + 1
        var names: [ByteString] = []
        var child = nodes[number].firstChild
        while child != Node.none {
            let node = nodes[Int(child)]
            names.append(ByteString(bytes: bytes(Int(child), nameStart..<Int(node.pathLength))))
            child = node.nextSibling
        }
        return names
    }

    /// The ephemerals of a session, in the order of their paths.
    package func ephemerals(of session: SessionID) -> [ByteString] { ephemerals[session, default: []].sorted() }

    /// Nodes below this one.
    /// - Complexity: O(*n*) in the answer.
    package func descendantCount(_ number: NodeNumber) -> Int {
        var count = 0
        visit(below: number) { _ in count += 1 }
        return count
    }

    /// Calls `body` for every node below this one, parents before their children.
    func visit(below number: NodeNumber, _ body: (NodeNumber) -> Void) {
        var pending = [nodes[number].firstChild]
        while let next = pending.popLast() {
            guard next != Node.none else { continue }
            body(Int(next))
            pending.append(nodes[Int(next)].nextSibling)
            pending.append(nodes[Int(next)].firstChild)
        }
    }

    /// Containers and timed nodes without children whose time has come, in the order of their paths.
    package func reapable(_ rules: ReapingRules) -> [ByteString] {
        mortals.filter { path in
            guard let number = find(path), nodes[number].childCount == 0 else { return false }
            return isReapable(nodes[number].stat, rules)
        }.sorted()
    }

    /// Whether the time of a node without children has come.
    package func isReapable(_ stat: PersistedStat, _ rules: ReapingRules) -> Bool {
        switch lifetime(stat.ephemeralOwner) {
        case .container: stat.cversion > 0 || rules.neverUsed != 0 && stat.mtime < rules.now - rules.neverUsed
        case .timeToLive(let milliseconds):
            rules.includesTimed && milliseconds != 0 && stat.mtime < rules.now - milliseconds
        case .persistent, .ephemeral: false
        }
    }

    // MARK: Changing; callers have checked everything.

    @discardableResult
    mutating func insert(
        _ path: ByteString, data: [UInt8]?, acl: [ACL], _ stat: PersistedStat, parent: NodeNumber,
        contentChecksum: UInt32? = nil
    ) -> NodeNumber {
        let bytes = data ?? []
        let node = Node(
            place: content.store(path.bytes.span.bytes, bytes.span.bytes), stat: stat,
            pathLength: Int32(path.count), dataLength: data.map { Int32($0.count) } ?? -1,
            contentChecksum: contentChecksum ?? NodeDigest.contentChecksum(path.bytes, data), acl: acls.intern(acl),
            isCounted: NodeDigest.isCounted(path), parent: Int32(parent), nextSibling: nodes[parent].firstChild)
        return add(node)
    }

    /// Gives a node its number and its place in the lists.
    @discardableResult
    mutating func add(_ node: Node) -> NodeNumber {
        let number: Int
        if let reused = free.popLast() {
            number = Int(reused)
            nodes[number] = node
        } else {
            number = nodes.count
            nodes.append(node)
        }
        for place in exports.indices { exports[place].exclude(number) }
        if node.nextSibling != Node.none { nodes[Int(node.nextSibling)].previousSibling = Int32(number) }
        nodes[Int(node.parent)].firstChild = Int32(number)
        nodes[Int(node.parent)].childCount += 1
        addToIndex(number)
        digest &+= UInt64(digest(number))
        contentByteCount += node.byteCount
        if node.stat.ephemeralOwner != .none { own(self.path(number), node.stat.ephemeralOwner) }
        if !isCounted(number), let root = Quota.root(ofLimitsNode: self.path(number)) { quotaRoots.insert(root) }
        return number
    }

    mutating func remove(_ number: NodeNumber) {
        preserve(number)
        let node = nodes[number]
        digest &-= UInt64(digest(number))
        if !isCounted(number), let root = Quota.root(ofLimitsNode: path(number)) { quotaRoots.remove(root) }
        if node.stat.ephemeralOwner != .none { disown(path(number), node.stat.ephemeralOwner) }
        removeFromIndex(number)
        if node.nextSibling != Node.none { nodes[Int(node.nextSibling)].previousSibling = node.previousSibling }
        if node.previousSibling != Node.none {
            nodes[Int(node.previousSibling)].nextSibling = node.nextSibling
        } else {
            nodes[Int(node.parent)].firstChild = node.nextSibling
        }
        nodes[Int(node.parent)].childCount -= 1
        contentByteCount -= node.byteCount
        acls.release(node.acl)
        content.release(node.place, count: node.byteCount)
        free.append(Int32(number))
    }

    /// From now on, takes owners as ZooKeeper 3.5.3 wrote them for times to live.
    package mutating func emulate353() {
        emulates353 = true
        for owner in ephemerals.keys.sorted() {
            if case .ephemeral = lifetime(owner) { continue }
            mortals.formUnion(ephemerals.removeValue(forKey: owner) ?? [])
        }
    }

    private mutating func own(_ path: ByteString, _ owner: SessionID) {
        switch lifetime(owner) {
        case .ephemeral(let session): ephemerals[session, default: []].insert(path)
        case .container, .timeToLive: mortals.insert(path)
        case .persistent: break
        }
    }

    private mutating func disown(_ path: ByteString, _ owner: SessionID) {
        switch lifetime(owner) {
        case .ephemeral(let session):
            ephemerals[session]?.remove(path)
            if ephemerals[session]?.isEmpty == true { ephemerals[session] = nil }
        case .container, .timeToLive: mortals.remove(path)
        case .persistent: break
        }
    }

    /// Gives a node of the server's own other data, without a transaction; nothing where it has them already, or does not exist.
    ///
    /// - Precondition: the node does not count for digests.
    package mutating func setSystemData(_ path: ByteString, _ data: [UInt8], version: Int32, _ zxid: Zxid) {
        guard let number = find(path), self.data(number) != data else { return }
        precondition(!isCounted(number), "\(path) is not the server's own")
        replaceData(number, with: data) { stat in
            stat.version = version
            stat.mzxid = zxid
        }
    }

    mutating func updateStat(_ number: NodeNumber, _ change: (inout PersistedStat) -> Void) {
        preserve(number)
        digest &-= UInt64(digest(number))
        change(&nodes[number].stat)
        digest &+= UInt64(digest(number))
    }

    /// - Parameter contentChecksum: of path and new data, where it is known already.
    mutating func replaceData(
        _ number: NodeNumber, with data: [UInt8]?, contentChecksum: UInt32? = nil,
        _ change: (inout PersistedStat) -> Void
    ) {
        digest &-= UInt64(digest(number))
        replaceContent(number, with: data, contentChecksum: contentChecksum)
        change(&nodes[number].stat)
        digest &+= UInt64(digest(number))
    }

    /// Leaves the stat alone, and the digest: for nodes that do not count, or as a part of `replaceData`.
    mutating func replaceContent(_ number: NodeNumber, with data: [UInt8]?, contentChecksum: UInt32? = nil) {
        preserve(number)
        let (node, bytes) = (nodes[number], data ?? [])
        nodes[number].place = content.replace(
            node.place, count: node.byteCount, keeping: Int(node.pathLength), with: bytes.span.bytes)
        nodes[number].dataLength = data.map { Int32($0.count) } ?? -1
        let count = nodes[number].byteCount
        // Not by `??`, whose right side would copy the tree.
        if let contentChecksum {
            nodes[number].contentChecksum = contentChecksum
        } else {
            nodes[number].contentChecksum = Self.checksum(of: nodes[number], in: content)
        }
        assert(
            nodes[number].contentChecksum == Self.checksum(of: nodes[number], in: content),
            "a checksum of other content")
        contentByteCount += count - node.byteCount
    }

    private static func checksum(of node: Node, in content: ContentStore) -> UInt32 {
        content.withBytes(node.place, 0..<node.byteCount) { Checksum.crc32($0) }
    }

    // The index asks for hashes while it changes. A closure over the whole tree would share the index, which would then copy
    // itself at every change; one over nodes and content alone must be gone before those change.

    private mutating func addToIndex(_ number: NodeNumber) {
        let hashes = PathHashes(nodes: nodes, content: content)
        index.insert(number, hashes.hash(number), hashOf: hashes.hash)
    }

    private mutating func removeFromIndex(_ number: NodeNumber) {
        let hashes = PathHashes(nodes: nodes, content: content)
        index.remove(number, hashes.hash(number), hashOf: hashes.hash)
    }
}

/// The hashes of nodes' paths.
private struct PathHashes {
    let nodes: [DataTree.Node]
    let content: ContentStore

    func hash(_ number: Int) -> UInt64 {
        content.withBytes(nodes[number].place, 0..<Int(nodes[number].pathLength)) { PathIndex.hash($0) }
    }
}
