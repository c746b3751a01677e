import Bytes
import WireProtocol

/// A snapshot of the tree under way: the tree as it was at the start, written in pieces while it goes on changing.
///
/// The walk goes through the nodes by number. A node that is about to change before the walk has reached it is written
/// first, as it still is, and so are those above it: the snapshot is exact, and parents come before their children.
struct TreeExport: Sendable {
    /// A bit for each node number of the start: written already, or not part of the snapshot.
    private var done: [UInt64]
    private let limit: Int
    private var cursor = 0
    /// The number of `ACL.open` in the table of the start, which snapshots do not list.
    let openACL: Int32?
    /// Records written before their turn.
    var early = ByteWriter()

    init(numbers limit: Int, free: [Int32], openACL: Int32?) {
        self.limit = limit
        self.openACL = openACL
        done = Array(repeating: 0, count: (limit + 63) / 64)
        for number in free { exclude(Int(number)) }
    }

    func isPending(_ number: Int) -> Bool {
        number < limit && done[number >> 6] & (1 << UInt64(number & 63)) == 0
    }

    mutating func exclude(_ number: Int) {
        guard number < limit else { return }
        done[number >> 6] |= 1 << UInt64(number & 63)
    }

    /// The next node that has to be written, in the order of numbers.
    mutating func next() -> Int? {
        while cursor < limit {
            if isPending(cursor) { return cursor }
            cursor += 1
        }
        return nil
    }
}

extension DataTree {
    /// Starts a snapshot of the tree as it is now, and forgets one that was under way.
    ///
    /// - Returns: the table of access rules, as a snapshot holds it: count, then number and list of each.
    /// - Complexity: O(1) for the nodes except one bit each; O(*n*) in different lists of access rules.
    package mutating func beginExport() -> [UInt8] {
        export = TreeExport(numbers: nodes.count, free: free, openACL: acls.number(of: ACL.open))
        var writer = ByteWriter()
        writer.write(Int32(0))
        var count: Int32 = 0
        for (number, entry) in acls.entries.enumerated() where entry.uses > 0 && Int32(number) != export?.openACL {
            writer.write(Int64(number + 1))
            writer.writeVector(entry.acl)
            count += 1
        }
        writer.patch(count, at: 0)
        return writer.bytes
    }

    package var isExporting: Bool { export != nil }

    /// The next piece of the snapshot: whole records of nodes, at least `byteLimit` bytes unless it is the last piece.
    ///
    /// - Returns: empty when all nodes have been written; the snapshot is over then.
    package mutating func exportChunk(atLeast byteLimit: Int) -> [UInt8] {
        guard export != nil else { return [] }
        export!.early.bytes.reserveCapacity(byteLimit + byteLimit / 8)
        while export!.early.count < byteLimit, let number = export!.next() { writeForExport(number) }
        var chunk: [UInt8] = []
        swap(&chunk, &export!.early.bytes)
        if chunk.isEmpty { export = nil }
        return chunk
    }

    /// Gives up the snapshot under way, if one is.
    package mutating func cancelExport() { export = nil }

    /// To be called before anything of a node changes that snapshots hold.
    @inline(__always)
    mutating func preserve(_ number: NodeNumber) {
        if export != nil { writeForExport(number) }
    }

    /// Writes a node that has not been written, after those above it.
    private mutating func writeForExport(_ number: NodeNumber) {
        guard export!.isPending(number) else { return }
        let parent = Int(nodes[number].parent)
        if parent >= 0, export!.isPending(parent) { writeForExport(parent) }
        export!.exclude(number)
        writeRecord(number)
    }

    private mutating func writeRecord(_ number: NodeNumber) {
        let length = Int(nodes[number].pathLength)
        export!.early.write(Int32(length))
        content.withBytes(nodes[number].place, 0..<length) { export!.early.append($0) }
        export!.early.write(nodes[number].dataLength)
        content.withBytes(nodes[number].place, length..<nodes[number].byteCount) { export!.early.append($0) }
        let acl = nodes[number].acl
        export!.early.write(acl == export!.openACL ? TreeImport.openACLNumber : Int64(acl) + 1)
        nodes[number].stat.encode(into: &export!.early)
    }
}
