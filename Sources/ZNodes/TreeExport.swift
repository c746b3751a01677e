import Bytes
import WireProtocol

/// Names a snapshot under way; several may be, at different moments of one tree.
package struct ExportID: Hashable, Sendable {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// The one that becomes a file of this server.
    package static let file = ExportID(0)
}

/// A snapshot of the tree under way: the tree as it was at the start, written in pieces while it goes on changing.
///
/// The walk goes through the nodes by number. A node that is about to change before the walk has reached it is written
/// first, as it still is, and so are those above it: the snapshot is exact, and parents come before their children.
struct TreeExport: Sendable {
    let id: ExportID
    /// A bit for each node number of the start: written already, or not part of the snapshot.
    private var done: [UInt64]
    private let limit: Int
    private var cursor = 0
    /// The number of `ACL.open` in the table of the start, which snapshots do not list.
    let openACL: Int32?
    /// Records written before their turn.
    var early = ByteWriter()

    init(_ id: ExportID, numbers limit: Int, free: [Int32], openACL: Int32?) {
        self.id = id
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
    /// Starts a snapshot of the tree as it is now, and forgets one of the same name that was under way.
    ///
    /// - Returns: the table of access rules, as a snapshot holds it: count, then number and list of each.
    /// - Complexity: O(1) for the nodes except one bit each; O(*n*) in different lists of access rules.
    package mutating func beginExport(_ id: ExportID = .file) -> [UInt8] {
        cancelExport(id)
        let openACL = acls.number(of: ACL.open)
        exports.append(TreeExport(id, numbers: nodes.count, free: free, openACL: openACL))
        var writer = ByteWriter()
        writer.write(Int32(0))
        var count: Int32 = 0
        for (number, entry) in acls.entries.enumerated() where entry.uses > 0 && Int32(number) != openACL {
            writer.write(Int64(number + 1))
            writer.writeVector(entry.acl)
            count += 1
        }
        writer.patch(count, at: 0)
        return writer.bytes
    }

    package var hasExports: Bool { !exports.isEmpty }

    package func isExporting(_ id: ExportID = .file) -> Bool { exports.contains { $0.id == id } }

    /// The next piece of the snapshot: whole records of nodes, at least `byteLimit` bytes unless it is the last piece.
    ///
    /// - Returns: empty when all nodes have been written; the snapshot is over then.
    package mutating func exportChunk(of id: ExportID = .file, atLeast byteLimit: Int) -> [UInt8] {
        guard let place = exports.firstIndex(where: { $0.id == id }) else { return [] }
        exports[place].early.bytes.reserveCapacity(byteLimit + byteLimit / 8)
        while exports[place].early.count < byteLimit, let number = exports[place].next() { write(number, to: place) }
        var chunk: [UInt8] = []
        swap(&chunk, &exports[place].early.bytes)
        if chunk.isEmpty { exports.remove(at: place) }
        return chunk
    }

    /// Gives up a snapshot under way, if it is.
    package mutating func cancelExport(_ id: ExportID = .file) { exports.removeAll { $0.id == id } }

    /// To be called before anything of a node changes that snapshots hold.
    @inline(__always)
    mutating func preserve(_ number: NodeNumber) {
        if !exports.isEmpty { preserveForExports(number) }
    }

    private mutating func preserveForExports(_ number: NodeNumber) {
        for place in exports.indices { write(number, to: place) }
    }

    /// Writes a node that has not been written, after those above it.
    private mutating func write(_ number: NodeNumber, to place: Int) {
        guard exports[place].isPending(number) else { return }
        let parent = Int(nodes[number].parent)
        if parent >= 0, exports[place].isPending(parent) { write(parent, to: place) }
        exports[place].exclude(number)
        writeRecord(number, to: &exports[place].early, openACL: exports[place].openACL)
    }

    private func writeRecord(_ number: NodeNumber, to writer: inout ByteWriter, openACL: Int32?) {
        let length = Int(nodes[number].pathLength)
        writer.write(Int32(length))
        content.withBytes(nodes[number].place, 0..<length) { writer.append($0) }
        writer.write(nodes[number].dataLength)
        content.withBytes(nodes[number].place, length..<nodes[number].byteCount) { writer.append($0) }
        let acl = nodes[number].acl
        writer.write(acl == openACL ? TreeImport.openACLNumber : Int64(acl) + 1)
        nodes[number].stat.encode(into: &writer)
    }
}
