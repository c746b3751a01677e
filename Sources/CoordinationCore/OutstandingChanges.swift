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
///
/// The nodes stand in slots, chained by the hash of their paths: one look-up finds a node, and what is done with it
/// later needs its slot only.
struct OutstandingChanges: Hashable, Sendable {
    private struct Slot: Sendable {
        /// Empty in a free slot.
        var path: ByteString
        var hash: UInt64
        /// The next slot of the same chain.
        var next: Int32
        var node: ProposedNode
    }

    /// One node that one transaction changes.
    private struct Change: Sendable {
        var zxid: Zxid
        var slot: Int32
        var contentChecksum: UInt32
    }

    /// What the transaction under preparation has changed, as it was before.
    private struct UndoEntry: Sendable {
        var slot: Int32
        /// `nil` where the slot was made by this change.
        var before: ProposedNode?
        var digest: UInt64
    }

    private static let none: Int32 = -1

    private var slots: [Slot] = []
    private var free: [Int32] = []
    /// The first slot of each chain; as many as a power of two.
    private var chains: [Int32] = Array(repeating: none, count: 64)
    private var history = Queue<Change>()
    private var undoLog: [UndoEntry] = []
    /// The tree's digest after everything proposed.
    private(set) var digest: UInt64
    /// Changes of nodes that were proposed, and those of them that the tree has taken over.
    private(set) var keptCount = 0
    var removedCount: Int { keptCount - history.count }

    init(tree: DataTree) { digest = tree.digest }

    private var count: Int { slots.count - free.count }
    var isEmpty: Bool { count == 0 }

    // MARK: Preparing

    /// The node as it will be; `nil` if it will not exist.
    func find(_ path: RawSpan, in tree: DataTree) -> ProposedNode? {
        let hash = DataTree.hash(path)
        if !isEmpty, let slot = slot(path, hash) {
            return slots[slot].node.exists ? slots[slot].node : nil
        }
        guard let number = tree.find(path, hash: hash) else { return nil }
        return ProposedNode(
            exists: true, stat: tree.persistedStat(number), childCount: tree.childCount(number),
            dataLength: tree.dataLength(number), contentChecksum: tree.contentChecksum(number),
            isCounted: tree.isCounted(number), acl: tree.acl(number),
            worldPermissions: tree.worldPermissions(number), digest: tree.digest(number))
    }

    func find(_ path: ByteString, in tree: DataTree) -> ProposedNode? { find(path.bytes.span.bytes, in: tree) }

    /// Changes a node; `before` is what `find` gave.
    mutating func set(_ path: ByteString, from before: ProposedNode?, to after: ProposedNode) {
        let bytes = path.bytes
        set(bytes.span.bytes, path, from: before, to: after)
    }

    mutating func set(_ path: RawSpan, from before: ProposedNode?, to after: ProposedNode) {
        set(path, nil, from: before, to: after)
    }

    private mutating func set(
        _ path: RawSpan, _ keptPath: ByteString?, from before: ProposedNode?, to after: ProposedNode
    ) {
        var node = after
        node.digest =
            after.exists
            ? NodeDigest.digest(content: after.contentChecksum, isCounted: after.isCounted, after.stat) : 0
        let hash = DataTree.hash(path)
        if let slot = slot(path, hash) {
            undoLog.append(UndoEntry(slot: Int32(slot), before: slots[slot].node, digest: digest))
            slots[slot].node = node
        } else {
            let slot = insert(keptPath ?? ByteString(copying: path), hash, node)
            undoLog.append(UndoEntry(slot: slot, before: nil, digest: digest))
        }
        digest = digest &- UInt64(before?.digest ?? 0) &+ UInt64(node.digest)
    }

    /// Keeps what was changed, as part of this transaction.
    mutating func keep(as zxid: Zxid) {
        for index in undoLog.indices {
            let slot = undoLog[index].slot
            guard slots[Int(slot)].node.zxid != zxid else { continue }  // Changed twice by one multi.
            slots[Int(slot)].node.zxid = zxid
            keptCount += 1
            history.append(
                Change(zxid: zxid, slot: slot, contentChecksum: slots[Int(slot)].node.contentChecksum))
        }
        undoLog.removeAll(keepingCapacity: true)
    }

    /// Forgets what was changed since the last `keep`.
    mutating func rollBack() {
        while let entry = undoLog.popLast() {
            if let before = entry.before { slots[Int(entry.slot)].node = before } else { remove(entry.slot) }
            digest = entry.digest
        }
    }

    // MARK: Committing

    /// The checksum of the content that the next transaction to be committed gives to the node it changes last.
    func contentChecksum(at zxid: Zxid) -> UInt32? {
        var checksum: UInt32?
        for change in history.elements {
            guard change.zxid == zxid else { break }
            checksum = change.contentChecksum
        }
        return checksum
    }

    /// The tree has taken over every change up to this transaction.
    mutating func committed(_ zxid: Zxid) {
        while let change = history.first, change.zxid <= zxid {
            _ = history.popFirst()
            if slots[Int(change.slot)].node.zxid <= zxid { remove(change.slot) }
        }
    }

    /// The ephemerals of a session after everything proposed, in the order of their paths.
    func ephemerals(of session: SessionID, in tree: DataTree) -> [ByteString] {
        var paths = Set(tree.ephemerals(of: session))
        for slot in slots where !slot.path.isEmpty {
            if slot.node.exists, slot.node.stat.ephemeralOwner == session {
                paths.insert(slot.path)
            } else {
                paths.remove(slot.path)
            }
        }
        return paths.sorted()
    }

    // MARK: Slots

    private func slot(_ path: RawSpan, _ hash: UInt64) -> Int? {
        var slot = chains[chain(hash)]
        while slot != Self.none {
            let index = Int(slot)
            if slots[index].hash == hash {
                let stored = slots[index].path.bytes
                if stored.span.bytes.hasSameBytes(as: path) { return index }
            }
            slot = slots[index].next
        }
        return nil
    }

    private func chain(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (chains.count - 1) }

    private mutating func insert(_ path: ByteString, _ hash: UInt64, _ node: ProposedNode) -> Int32 {
        if count >= chains.count { growChains() }
        let slot = Slot(path: path, hash: hash, next: chains[chain(hash)], node: node)
        let number: Int32
        if let reused = free.popLast() {
            number = reused
            slots[Int(number)] = slot
        } else {
            number = Int32(slots.count)
            slots.append(slot)
        }
        chains[chain(hash)] = number
        return number
    }

    private mutating func remove(_ number: Int32) {
        let index = Int(number)
        let chain = chain(slots[index].hash)
        if chains[chain] == number {
            chains[chain] = slots[index].next
        } else {
            var before = Int(chains[chain])
            while slots[before].next != number { before = Int(slots[before].next) }
            slots[before].next = slots[index].next
        }
        slots[index].path = ByteString(bytes: [])
        slots[index].node.acl = []
        free.append(number)
    }

    private mutating func growChains() {
        chains = Array(repeating: Self.none, count: chains.count * 2)
        for index in slots.indices where !slots[index].path.isEmpty {
            let chain = chain(slots[index].hash)
            slots[index].next = chains[chain]
            chains[chain] = Int32(index)
        }
    }
}

/// Equal where the same is foreseen, however it came to be.
extension OutstandingChanges {
    private struct Foreseen: Hashable {
        var zxid: Zxid
        var path: ByteString
        var node: ProposedNode
    }

    private var foreseen: [Foreseen] {
        history.elements.map { change in
            let slot = slots[Int(change.slot)]
            return Foreseen(zxid: change.zxid, path: slot.path, node: slot.node)
        }
    }

    static func == (left: OutstandingChanges, right: OutstandingChanges) -> Bool {
        left.digest == right.digest && left.foreseen == right.foreseen
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(digest)
        hasher.combine(history.count)
    }
}
