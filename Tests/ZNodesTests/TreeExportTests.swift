import Bytes
import StateMachines
import Testing
import WireProtocol
import ZNodes

struct TreeExportTests {
    private static let lists: [[ACL]] = [
        ACL.open, [ACL(permissions: .read, scheme: "world", id: "anyone")],
        [
            ACL(permissions: .all, scheme: "digest", id: "user:hash"),
            ACL(permissions: .read, scheme: "ip", id: "10.0.0.0/8"),
        ],
    ]

    /// The tree changes while its snapshot is written, in pieces of any size; the snapshot is the tree of the start.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `a snapshot is exact, whatever happens meanwhile`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var tree = DataTree()
        var workload = Workload()
        for _ in 0..<300 { workload.step(&tree, &random) }
        let expected = tree
        var reader = ExportReader(tree.beginExport())
        var isOver = false
        while !isOver {
            for _ in 0..<Int.random(in: 0...12, using: &random) { workload.step(&tree, &random) }
            let piece = tree.exportChunk(atLeast: Int.random(in: 1...400, using: &random))
            isOver = piece.isEmpty
            reader.append(piece)
        }
        #expect(!tree.isExporting())
        let restored = try reader.tree(lastZxid: expected.lastZxid)
        #expect(restored == expected, "seed \(seed)")
        #expect(restored.digest == expected.digest)
        #expect(restored.ephemeralCount == expected.ephemeralCount)
        // What was restored goes on as the original does.
        var (first, second) = (restored, expected)
        var (one, two) = (workload, workload)
        var (randomOne, randomTwo) = (random, random)
        for _ in 0..<100 {
            one.step(&first, &randomOne)
            two.step(&second, &randomTwo)
        }
        #expect(first == second, "seed \(seed)")
    }

    /// A server writes its own snapshot while learners are sent theirs, each begun at its own moment.
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `several snapshots under way are exact, each for its moment`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var tree = DataTree()
        var workload = Workload()
        var expected: [DataTree] = []
        var readers: [ExportReader] = []
        for number in 0..<3 as Range<UInt64> {
            for _ in 0..<150 { workload.step(&tree, &random) }
            expected.append(tree)
            readers.append(ExportReader(tree.beginExport(ExportID(number))))
            readers[0].append(tree.exportChunk(atLeast: 50))
        }
        while case let running = (0..<3).filter({ tree.isExporting(ExportID(UInt64($0))) }), !running.isEmpty {
            for _ in 0..<Int.random(in: 0...12, using: &random) { workload.step(&tree, &random) }
            let next = running.randomElement(using: &random)!
            readers[next].append(tree.exportChunk(of: ExportID(UInt64(next)), atLeast: 200))
        }
        for (reader, expected) in zip(readers, expected) {
            var reader = reader
            let restored = try reader.tree(lastZxid: expected.lastZxid)
            #expect(restored.digest == expected.digest, "seed \(seed)")
        }
    }

    @Test func `a snapshot under way can be given up, and begun anew`() throws {
        var random = SplitMix64(seed: 5)
        var tree = DataTree()
        var workload = Workload()
        for _ in 0..<50 { workload.step(&tree, &random) }
        _ = tree.beginExport()
        _ = tree.exportChunk(atLeast: 100)
        tree.cancelExport()
        #expect(tree.exportChunk(atLeast: 100).isEmpty)
        workload.step(&tree, &random)
        let expected = tree
        var reader = ExportReader(tree.beginExport())
        while case let piece = tree.exportChunk(atLeast: 1_000), !piece.isEmpty { reader.append(piece) }
        #expect(try reader.tree(lastZxid: expected.lastZxid) == expected)
    }

    /// A snapshot that Apache's servers take while transactions are applied holds nodes of different moments.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `replaying the log over a mixture of moments gives the tree of the end`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var tree = DataTree()
        var workload = Workload()
        for _ in 0..<200 { workload.step(&tree, &random) }
        let start = tree.lastZxid
        var log: [(TransactionHeader, TransactionBody)] = []
        var mixture = TreeImport(acls: Self.lists.enumerated().map { (Int64($0.offset), $0.element) })
        // Depth first, as Apache walks: a node as it is when it is reached, with the children it then has.
        func walk(_ path: ByteString) throws {
            guard let number = tree.find(path) else { return }
            let own = path == "/" ? ByteString(bytes: []) : path
            let data = tree.data(number)
            let bytes = data ?? []
            try mixture.add(
                path: own.bytes.span.bytes, data: bytes.span.bytes, isDataNull: data == nil,
                acl: Int64(Self.lists.firstIndex(of: tree.acl(number))!), tree.persistedStat(number))
            let children = tree.children(number)
            for child in children {
                for _ in 0..<Int.random(in: 0...2, using: &random) { log += workload.step(&tree, &random) }
                try walk(ByteString(bytes: own.bytes + [UInt8(ascii: "/")] + child.bytes))
            }
        }
        try walk("/")
        var restored = try mixture.finish(lastZxid: start)
        for (header, body) in log {
            var changes: [TreeChange] = []
            _ = restored.apply(header, body, changes: &changes)
        }
        #expect(restored.digest == tree.digest, "seed \(seed)")
        #expect(restored == tree, "seed \(seed)")
    }

    @Test func `records that are no tree are refused`() throws {
        func add(_ paths: [ByteString]) throws {
            var tree = TreeImport(acls: [])
            for path in paths {
                try tree.add(
                    path: path.bytes.span.bytes, data: [UInt8]().span.bytes, isDataNull: true,
                    acl: TreeImport.openACLNumber, .zero)
            }
            _ = try tree.finish(lastZxid: .zero)
        }
        #expect(throws: TreeImportError.misplacedRoot) { try add([]) }
        #expect(throws: TreeImportError.misplacedRoot) { try add(["/a"]) }
        #expect(throws: TreeImportError.misplacedRoot) { try add(["", ""]) }
        #expect(throws: TreeImportError.noParent("/a/b")) { try add(["", "/a/b", "/a"]) }
        #expect(throws: TreeImportError.duplicate("/a")) { try add(["", "/a", "/a"]) }
        #expect(throws: TreeImportError.noParent("nonsense")) { try add(["", "nonsense"]) }
        try add(["", "/a", "/a/b"])
    }

    @Test func `a node whose access rules are missing is closed until they come`() throws {
        var importing = TreeImport(acls: [])
        for (path, acl) in [("", TreeImport.openACLNumber), ("/a", 77)] as [(ByteString, Int64)] {
            try importing.add(
                path: path.bytes.span.bytes, data: [UInt8]().span.bytes, isDataNull: false, acl: acl, .zero)
        }
        #expect(importing.nodesWithoutACL == 1)
        var tree = try importing.finish(lastZxid: .zero)
        #expect(tree.worldPermissions(tree.find("/a")!) == [])
        var changes: [TreeChange] = []
        let header = TransactionHeader(session: .none, cxid: 0, zxid: Zxid(rawValue: 1), time: 0)
        _ = tree.apply(
            header,
            .create(.init(path: "/a", data: nil, acl: ACL.open, isEphemeral: false, parentCVersion: 1)),
            changes: &changes)
        #expect(tree.worldPermissions(tree.find("/a")!) == .all)
    }

    /// Random changes such as a server would have decided them.
    private struct Workload {
        var zxid = Zxid.zero
        var paths: [ByteString] = ["/"]

        @discardableResult
        mutating func step(_ tree: inout DataTree, _ random: inout SplitMix64) -> [(TransactionHeader, TransactionBody)]
        {
            guard let body = body(tree, &random) else { return [] }
            zxid = zxid.successor
            let header = TransactionHeader(
                session: SessionID(rawValue: 7), cxid: 1, zxid: zxid, time: Int64(zxid.rawValue) * 10)
            var changes: [TreeChange] = []
            _ = tree.apply(header, body, changes: &changes)
            return [(header, body)]
        }

        private mutating func body(_ tree: DataTree, _ random: inout SplitMix64) -> TransactionBody? {
            let path = paths[Int.random(in: 0..<paths.count, using: &random)]
            guard let number = tree.find(path) else { return nil }
            let stat = tree.persistedStat(number)
            let acl = TreeExportTests.lists[Int.random(in: 0..<3, using: &random)]
            let data =
                Bool.random(using: &random) ? nil : [UInt8](repeating: 1, count: Int.random(in: 0...30, using: &random))
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                guard stat.ephemeralOwner == .none else { return nil }
                let prefix = path == "/" ? "" : path.description
                let child = ByteString(prefix + "/\(Int.random(in: 0...4, using: &random))")
                guard tree.find(child) == nil else { return nil }
                if !paths.contains(child) { paths.append(child) }
                return .create(
                    .init(
                        path: child, data: data, acl: acl, isEphemeral: Int.random(in: 0...4, using: &random) == 0,
                        parentCVersion: stat.cversion + 1))
            case 5..<8:
                guard path != "/", tree.childCount(number) == 0 else { return nil }
                return .delete(path)
            case 8: return .setData(path: path, data: data, version: stat.version + 1)
            default: return .setACL(path: path, acl: acl, version: stat.aversion + 1)
            }
        }
    }

    /// Rebuilds a tree from what `exportChunk` gives.
    private struct ExportReader {
        private var bytes: [UInt8]
        init(_ table: [UInt8]) { bytes = table }
        mutating func append(_ piece: [UInt8]) { bytes += piece }

        func tree(lastZxid: Zxid) throws -> DataTree {
            var reader = ByteReader(bytes.span.bytes)
            var table: [(number: Int64, acl: [ACL])] = []
            for _ in 0..<(try reader.readInt32()) {
                table.append((try reader.readInt64(), try reader.readVector(of: ACL.self, elementSize: 12) ?? []))
            }
            var importing = TreeImport(acls: table)
            while !reader.isAtEnd {
                let path = try reader.readString()
                let data = try reader.readBuffer()
                let bytes = data ?? []
                try importing.add(
                    path: path.bytes.span.bytes, data: bytes.span.bytes, isDataNull: data == nil,
                    acl: try reader.readInt64(), try PersistedStat(from: &reader))
            }
            return try importing.finish(lastZxid: lastZxid)
        }
    }
}
