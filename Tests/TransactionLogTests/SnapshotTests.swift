import Bytes
import StateMachines
import Testing
import TransactionLog
import WireProtocol
import ZNodes

struct SnapshotTests {
    @Test func `names of files`() {
        #expect(SnapshotFormat.fileName(Zxid(epoch: 1, counter: 0x2A)) == "snapshot.10000002a")
        #expect(SnapshotFormat.fileName(.zero, .gzip) == "snapshot.0.gz")
        #expect(SnapshotFormat.parse(fileName: "snapshot.10000002a")?.zxid == Zxid(epoch: 1, counter: 0x2A))
        #expect(SnapshotFormat.parse(fileName: "snapshot.5.gz")?.compression == .gzip)
        #expect(SnapshotFormat.parse(fileName: "snapshot.5.snappy")?.compression == .snappy)
        for name in ["log.1", "snapshot", "snapshot.x", "snapshot.5.tmp", "snapshot.5.gz.1", "snapshot.5."] {
            #expect(SnapshotFormat.parse(fileName: name) == nil, "\(name)")
        }
    }

    @Test(arguments: [1, 7, 64, 1_000_000])
    func `a snapshot comes back, in pieces of any size`(size: Int) throws {
        var tree = Self.tree()
        let bytes = Self.snapshot(of: &tree)
        let read = try Self.read(bytes, pieces: size)
        #expect(read.tree == tree)
        #expect(read.sessions == Self.sessions)
        #expect(read.digest?.zxid == tree.lastZxid)
        #expect(read.digest?.version == 2)
        #expect(read.digest?.value == tree.digest)
        #expect(read.lastProcessedZxid == tree.lastZxid)
    }

    @Test func `older servers' snapshots end earlier`() throws {
        var tree = Self.tree()
        // Before 3.6 there is no digest, before 3.9 no last transaction; a server without digests may have the latter only.
        for (hasDigest, hasZxid) in [(false, false), (true, false), (false, true)] {
            let read = try Self.read(Self.snapshot(of: &tree, hasDigest: hasDigest, hasZxid: hasZxid), pieces: 50)
            #expect(read.tree == tree)
            #expect((read.digest != nil) == hasDigest)
            #expect((read.lastProcessedZxid != nil) == hasZxid)
        }
    }

    @Test func `no snapshot that is cut short or changed is believed`() throws {
        var tree = Self.tree()
        let bytes = Self.snapshot(of: &tree)
        // Complete ends of older versions: after the first seal, and after the digest's.
        let ends = [bytes.count - 21 - 33, bytes.count - 21]
        for length in 0..<bytes.count where !ends.contains(length) {
            #expect(throws: SnapshotFailure.self, "\(length) bytes") {
                try Self.read(Array(bytes[..<length]), pieces: 90)
            }
        }
        for offset in bytes.indices {
            var changed = bytes
            changed[offset] ^= 0x10
            #expect(throws: SnapshotFailure.self, "byte \(offset)") { try Self.read(changed, pieces: 300) }
        }
        #expect(throws: SnapshotFailure.self) { try Self.read(bytes + [0], pieces: 64) }
        #expect(throws: SnapshotFailure.self) { try Self.read(Array("not a snapshot at all".utf8), pieces: 64) }
    }

    @Test func `random bytes after a good beginning do not crash`() throws {
        var tree = Self.tree()
        let bytes = Self.snapshot(of: &tree)
        for seed in 1...200 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            var changed = bytes
            for _ in 0..<8 {
                changed[Int.random(in: 16..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let read = try? Self.read(changed, pieces: 128) { #expect(read.tree == tree, "seed \(seed)") }
        }
    }

    @Test func `a fresh server's snapshot, byte for byte`() throws {
        var tree = DataTree()
        let bytes = Self.snapshot(of: &tree, sessions: [])
        let node = "0000000000000000 0000000000000000 0000000000000000 0000000000000000 00000000 00000000"
        let rest = "0000000000000000 0000000000000000"
        let path = { (text: String) in
            text.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        let expected = hex(
            """
            5a4b534e 00000002 ffffffffffffffff 00000000 00000001 0000000000000002 00000001 00000001 00000005 776f726c64 \
            00000006 616e796f6e65 00000000 00000000 ffffffffffffffff \(node) 00000000 \(rest) \
            0000000a \(path("/zookeeper")) 00000000 ffffffffffffffff \(node) 00000000 \(rest) \
            00000010 \(path("/zookeeper/quota")) 00000000 ffffffffffffffff \(node) 00000000 \(rest) \
            00000011 \(path("/zookeeper/config")) 00000000 0000000000000002 \(node) ffffffff \(rest) 00000001 2f
            """)
        #expect(Array(bytes.prefix(expected.count)) == expected)
        var tail = ByteReader(bytes.span.bytes.extracting(expected.count..<bytes.count))
        #expect(try tail.readInt64() == Int64(Checksum.adler32(expected)))
        #expect(try tail.readString() == "/")
        #expect(try tail.readInt64() == 0)
        #expect(try tail.readInt32() == 2)
        #expect(try tail.readInt64() == 1_371_985_504)
    }

    // MARK: Helpers

    static let sessions = [
        SnapshotFormat.Session(id: SessionID(rawValue: 0x0100_0000_0000_0001), timeoutMilliseconds: 4_000),
        SnapshotFormat.Session(id: SessionID(rawValue: 0x0100_0000_0000_0002), timeoutMilliseconds: 30_000),
    ]

    static func tree() -> DataTree {
        var tree = DataTree()
        let rules = [ACL(permissions: .all, scheme: "digest", id: "a:b")]
        let bodies: [TransactionBody] = [
            .create(.init(path: "/a", data: [1, 2, 3], acl: ACL.open, isEphemeral: false, parentCVersion: 1)),
            .create(.init(path: "/a/b", data: nil, acl: rules, isEphemeral: false, parentCVersion: 1)),
            .create(.init(path: "/e", data: [], acl: rules, isEphemeral: true, parentCVersion: 2)),
            .setData(path: "/a", data: [9], version: 1), .setACL(path: "/a", acl: rules, version: 1),
        ]
        for (number, body) in bodies.enumerated() {
            var changes: [TreeChange] = []
            let header = TransactionHeader(
                session: sessions[0].id, cxid: 1, zxid: Zxid(rawValue: UInt64(number + 1)), time: 1_700_000_000_000)
            _ = tree.apply(header, body, changes: &changes)
        }
        return tree
    }

    static func snapshot(
        of tree: inout DataTree, sessions: [SnapshotFormat.Session] = sessions, hasDigest: Bool = true,
        hasZxid: Bool = true
    ) -> [UInt8] {
        var bytes = SnapshotFormat.beginning(sessions: sessions, acls: tree.beginExport())
        while case let piece = tree.exportChunk(atLeast: 100), !piece.isEmpty { bytes += piece }
        return bytes
            + SnapshotFormat.ending(
                after: Checksum.adler32(bytes), zxid: tree.lastZxid, digest: hasDigest ? tree.digest : nil,
                writesZxid: hasZxid)
    }

    static func read(_ bytes: [UInt8], pieces size: Int) throws -> Snapshot {
        var reader = SnapshotReader(file: "snapshot.5", zxid: Zxid(rawValue: 5))
        for start in stride(from: 0, to: bytes.count, by: size) {
            try reader.append(Array(bytes[start..<min(start + size, bytes.count)]).span.bytes)
        }
        return try reader.finish()
    }
}
