import Bytes
import StateMachines
import Testing
import WireProtocol
import ZNodes

struct DataTreeTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `the tree agrees with the naive tree`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var (tree, naive) = (DataTree(), NaiveTree())
        var known: [ByteString] = []
        for step in 1...400 {
            let header = TransactionHeader(
                session: SessionID(rawValue: Int64(random.uniform(in: 1...3))), cxid: 0,
                zxid: Zxid(rawValue: UInt64(step)), time: Int64(step) * 10)
            let body = Self.randomBody(&random, naive, &known)
            var (changes, expected): ([TreeChange], [TreeChange]) = ([], [])
            let outcome = tree.apply(header, body, changes: &changes)
            #expect(outcome == naive.apply(header, body, &expected), "seed=\(seed) step=\(step) \(body)")
            #expect(changes == expected, "seed=\(seed) step=\(step) \(body)")
            #expect(tree.digest == naive.digest, "seed=\(seed) step=\(step) \(body)")
        }
        #expect(tree.count == naive.nodes.count)
        #expect(
            tree.reapable(ReapingRules(now: 4_005, neverUsed: 500, includesTimed: true))
                == naive.reapable(at: 4_005, neverUsed: 500), "seed=\(seed)")
        #expect(tree.contentByteCount == naive.nodes.reduce(0) { $0 + $1.key.count + ($1.value.data?.count ?? 0) })
        for (path, node) in naive.nodes {
            #expect(tree.descendantCount(tree.find(path)!) == naive.descendants(of: path).count)
            let number = tree.find(path)!
            #expect(tree.stat(number) == naive.stat(path))
            #expect(tree.data(number) == node.data)
            #expect(tree.acl(number) == node.acl)
            #expect(
                tree.children(number).map { ByteString(bytes: path.bytes + [UInt8(ascii: "/")] + $0.bytes) }.sorted()
                    == naive.children(of: path))
        }
    }

    @Test func `the digest of well-known trees`() {
        var tree = DataTree()
        #expect(tree.digest == 1_371_985_504)
        let header = TransactionHeader(
            session: SessionID(rawValue: 0x0100_0000_0000_0001), cxid: 1, zxid: Zxid(epoch: 1, counter: 2),
            time: 1_700_000_000_000)
        apply(&tree, header, create("/a", [UInt8(ascii: "x")], cversion: 1))
        #expect(tree.digest == 5_860_043_862)
    }

    @Test func `built-in nodes look as on ZooKeeper`() {
        let tree = DataTree()
        #expect(tree.stat(tree.find("/")!).cversion == -1)
        #expect(tree.stat(tree.find("/zookeeper")!).cversion == -2)
        #expect(tree.stat(tree.find("/zookeeper/config")!).aversion == -1)
        #expect(tree.worldPermissions(tree.find("/zookeeper/config")!) == .read)
    }

    @Test func `owners of nodes that are nobody's`() {
        #expect(
            NodeLifetime.timeToLive(milliseconds: 1_000).owner
                == SessionID(rawValue: Int64(bitPattern: 0xFF00_0000_0000_03E8)))
        let cases: [(UInt64, Bool, NodeLifetime)] = [
            (0, false, .persistent), (5, false, .ephemeral(SessionID(rawValue: 5))), (1 << 63, true, .container),
            (0xFF00_0000_0000_0001, false, .timeToLive(milliseconds: 1)),
            (0xFF00_0100_0000_0001, false, .ephemeral(SessionID(rawValue: Int64(bitPattern: 0xFF00_0100_0000_0001)))),
            (0x8000_0000_0000_0007, false, .ephemeral(SessionID(rawValue: Int64(bitPattern: 0x8000_0000_0000_0007)))),
            (0x8000_0000_0000_0007, true, .timeToLive(milliseconds: 7)),
        ]
        for (owner, emulates353, lifetime) in cases {
            let session = SessionID(rawValue: Int64(bitPattern: owner))
            #expect(NodeLifetime(owner: session, emulates353: emulates353) == lifetime)
        }
    }

    @Test func `times to live of an old server are understood when asked for`() {
        var tree = DataTree()
        let owner = SessionID(rawValue: Int64(bitPattern: 0x8000_0000_0000_0007))
        let creation = TransactionBody.Creation(
            path: "/t", data: nil, acl: ACL.open, isEphemeral: true, parentCVersion: 1)
        let header = TransactionHeader(session: owner, cxid: 0, zxid: Zxid(rawValue: 1), time: 5)
        apply(&tree, header, .create(creation))
        #expect(tree.ephemeralCount == 1)
        #expect(tree.stat(tree.find("/t")!).ephemeralOwner == owner)
        tree.emulate353()
        #expect(tree.ephemeralCount == 0)
        #expect(tree.stat(tree.find("/t")!).ephemeralOwner == .none)
        #expect(tree.reapable(ReapingRules(now: 13, neverUsed: 0, includesTimed: true)) == ["/t"])
    }

    @Test(arguments: [Int64.min, .max]) func `no time that a file may hold stops the reaper`(time: Int64) {
        var tree = DataTree()
        for (path, kind) in [("/c", .container), ("/t", .timeToLive(milliseconds: 7))]
            as [(ByteString, TransactionBody.Creation.Kind)]
        {
            let creation = TransactionBody.Creation(path: path, data: nil, acl: ACL.open, kind: kind, parentCVersion: 1)
            let header = TransactionHeader(
                session: SessionID(rawValue: 1), cxid: 0, zxid: Zxid(rawValue: 1), time: time)
            apply(&tree, header, .create(creation))
        }
        let found = tree.reapable(ReapingRules(now: 1_700_000_000_000, neverUsed: 500, includesTimed: true))
        #expect(found == (time < 0 ? ["/c", "/t"] : []))
    }

    @Test func `a copy does not follow its original`() {
        var tree = DataTree()
        let before = tree
        apply(&tree, header(1), create("/a", nil, cversion: 1))
        #expect(before.find("/a") == nil)
        #expect(before != tree)
        apply(&tree, header(2), .delete("/a"))
        #expect(tree.find("/a") == nil)
    }

    @Test func `equal trees are equal however they grew`() {
        var (first, second) = (DataTree(), DataTree())
        apply(&first, header(1), .multi([create("/a", [1], cversion: 1), create("/b", [2], cversion: 2)]))
        apply(
            &second, header(1),
            .multi([create("/b", [2], cversion: 2), create("/a", [1], cversion: 2)]))
        #expect(first == second)
        #expect(Fingerprint(of: first) == Fingerprint(of: second))
    }

    private func header(_ zxid: UInt64) -> TransactionHeader {
        TransactionHeader(session: SessionID(rawValue: 1), cxid: 0, zxid: Zxid(rawValue: zxid), time: 5)
    }

    private func create(_ path: ByteString, _ data: [UInt8]?, cversion: Int32) -> TransactionBody {
        .create(.init(path: path, data: data, acl: ACL.open, isEphemeral: false, parentCVersion: cversion))
    }

    private func apply(_ tree: inout DataTree, _ header: TransactionHeader, _ body: TransactionBody) {
        var changes: [TreeChange] = []
        _ = tree.apply(header, body, changes: &changes)
    }

    /// Mostly short, sometimes so long that it needs a page of its own.
    private static func randomData(_ random: inout SplitMix64) -> [UInt8] {
        let longest: UInt64 = random.uniform(in: 0...15) == 0 ? 6_000 : 30
        let first = UInt8(truncatingIfNeeded: random.next())
        return (0..<Int(random.uniform(in: 0...longest))).map { first &+ UInt8(truncatingIfNeeded: $0) }
    }

    private static func randomACL(_ random: inout SplitMix64) -> [ACL] {
        let permissions = Permissions(rawValue: Int32(random.uniform(in: 0...31)))
        return [
            random.uniform(in: 0...2) == 0
                ? ACL(permissions: permissions, scheme: "digest", id: "user:hash")
                : ACL(permissions: permissions, scheme: "world", id: "anyone")
        ]
    }

    /// Limits a subtree, or lifts its limit.
    private static func quota(on root: String, _ naive: NaiveTree) -> TransactionBody {
        let folder = ByteString("/zookeeper/quota\(root)")
        let nodes = [folder, ByteString("\(folder)/zookeeper_limits"), ByteString("\(folder)/zookeeper_stats")]
        guard naive.nodes[folder] == nil else { return .multi(nodes.reversed().map { .delete($0) }) }
        return .multi(
            nodes.map { path in
                .create(
                    .init(
                        path: path, data: Array("count=2,bytes=9".utf8), acl: ACL.open, isEphemeral: false,
                        parentCVersion: -1))
            })
    }

    private static func randomBody(
        _ random: inout SplitMix64, _ naive: NaiveTree, _ known: inout [ByteString]
    ) -> TransactionBody {
        func pick(_ count: Int) -> Int { Int(random.uniform(in: 0...UInt64(count - 1))) }
        let existing = known.isEmpty ? "/none" : known[pick(known.count)]
        switch pick(10) {
        case 0...3:
            let above = pick(3) == 0 && !known.isEmpty ? existing.bytes : []
            let path = ByteString(bytes: above + Array("/n\(pick(40))".utf8))
            known.append(path)
            let parent = ByteString(bytes: above)
            let cversion = (naive.nodes[parent]?.stat.cversion ?? 0) + 1
            let kinds: [TransactionBody.Creation.Kind] = [
                .ephemeral, .ephemeral, .persistent, .persistent, .container, .timeToLive(milliseconds: 1_000),
            ]
            let creation = TransactionBody.Creation(
                path: path, data: pick(5) == 0 ? nil : randomData(&random), acl: randomACL(&random),
                kind: kinds[pick(6)], parentCVersion: cversion)
            // Ephemerals stay at the bottom, as the checks before a transaction guarantee.
            if let stat = naive.nodes[parent]?.stat, stat.ephemeralOwner.rawValue > 0 { return .error(.badArguments) }
            return pick(2) == 0 ? .create(creation) : .createWithStat(creation)
        case 4, 5:
            guard naive.children(of: existing).isEmpty else { return .error(.notEmpty) }
            return pick(2) == 0 ? .delete(existing) : .deleteContainer(existing)
        case 6, 7:
            return .setData(path: existing, data: randomData(&random), version: Int32(pick(100)))
        case 8:
            return .setACL(path: existing, acl: randomACL(&random), version: Int32(pick(9)))
        default:
            if pick(3) == 0 { return quota(on: "/n\(pick(6))", naive) }
            return pick(3) == 0
                ? .closeSession([])
                : .multi([
                    .setData(path: existing, data: nil, version: 1), .check(path: existing, version: 1),
                    .setData(path: existing, data: [1], version: 2),
                ])
        }
    }
}
