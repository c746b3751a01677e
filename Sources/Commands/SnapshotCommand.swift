import Bytes
package import CommandLines
import CoordinationServer
import Foundation
package import Messages
import StateMachines
import TransactionLog
import WireProtocol
import ZNodes

/// `zoolab snapshot`: looks into snapshots.
package struct SnapshotCommand: Command {
    package static let name = "snapshot"
    package static var summary: LocalizedText { SnapshotCommandMessages.summary }
    package static var help: LocalizedText { SnapshotCommandMessages.help }

    private enum Action: String, CaseIterable { case show, list, summary, compare }

    private let action: Action
    private let files: [String]
    /// The node that `list` and `summary` begin with.
    private let path: String
    private let depth: Int
    private let showsData: Bool
    private let isJSON: Bool
    private let limit: Int

    package init(_ arguments: inout ArgumentReader) throws {
        path = try arguments.option("--path") ?? "/"
        depth = try arguments.number("--depth", in: 0...1_000) ?? 1
        limit = try arguments.number("--limit", in: 0...1_000_000_000) ?? 100
        showsData = arguments.flag("--data")
        isJSON = arguments.flag("--json")
        action = try arguments.action(
            missing: SnapshotCommandMessages.needsAction, unknown: SnapshotCommandMessages.unknownAction)
        files = arguments.positionals()
        guard files.count == (action == .compare ? 2 : 1) else {
            throw UsageError(
                action == .compare ? SnapshotCommandMessages.needsTwoFiles : SnapshotCommandMessages.needsFile)
        }
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        let snapshot = try SnapshotFile.read(files[0])
        switch action {
        case .show: return try show(snapshot, context)
        case .list:
            let start = try node(in: snapshot.tree)
            try snapshot.tree.walk(from: start) { number, path, _ in
                context.write(try line(snapshot.tree, number, path))
                return true
            }
            return .pass
        case .summary:
            let start = try node(in: snapshot.tree)
            for part in TreeSummary.parts(of: snapshot.tree, from: start, depth: depth) {
                context.write(try isJSON ? JSONLine.text(part) : part.line)
            }
            return .pass
        case .compare: return try compare(snapshot, try SnapshotFile.read(files[1]), context)
        }
    }

    private func node(in tree: DataTree) throws -> DataTree.NodeNumber {
        guard let number = tree.find(ByteString(path)) else {
            throw UsageError(SnapshotCommandMessages.noNode(path, files[0]))
        }
        return number
    }

    // MARK: One snapshot

    private func show(_ snapshot: Snapshot, _ context: CommandContext) throws -> ExitCode {
        let facts = SnapshotFacts(files[0], snapshot)
        if isJSON {
            context.write(try JSONLine.text(facts))
        } else {
            context.print(
                SnapshotCommandMessages.facts(
                    file: facts.file, zxid: facts.zxid, nodes: facts.nodes, ephemerals: facts.ephemerals,
                    bytes: facts.dataBytes, sessions: facts.sessions.count))
            for session in snapshot.sessions {
                let nodes = snapshot.tree.ephemerals(of: session.id).count
                context.print(
                    SnapshotCommandMessages.session(
                        session.id.description, milliseconds: Int(session.timeoutMilliseconds), ephemerals: nodes))
            }
            context.print(SnapshotCommandMessages.digest(facts.digestState))
        }
        if snapshot.nodesWithoutACL > 0 {
            context.printError(StorageMessages.nodesWithoutACL(files[0], count: snapshot.nodesWithoutACL))
        }
        return facts.digestState == .differs ? .fail : .pass
    }

    private func line(_ tree: DataTree, _ number: DataTree.NodeNumber, _ path: ByteString) throws -> String {
        let stat = tree.persistedStat(number)
        if isJSON { return try JSONLine.text(NodeLine(tree, number, path, showsData: showsData)) }
        return "\(path) \(DataText.text(tree.data(number), showsData: showsData)), version \(stat.version), "
            + "zxid \(stat.czxid) \(stat.mzxid) \(stat.pzxid)"
            + (stat.ephemeralOwner == .none ? "" : ", owner \(stat.ephemeralOwner)")
            + ", \(ACL.text(tree.acl(number)))\n"
    }

    // MARK: Two snapshots

    private func compare(_ left: Snapshot, _ right: Snapshot, _ context: CommandContext) throws -> ExitCode {
        let comparison = SnapshotComparison(left, right, limit: limit)
        for difference in comparison.differences {
            context.write(try isJSON ? JSONLine.text(difference) : difference.line)
        }
        if comparison.isEqual {
            if !isJSON { context.print(SnapshotCommandMessages.equal(nodes: left.tree.count)) }
            return .pass
        }
        if !isJSON {
            context.print(
                SnapshotCommandMessages.differ(
                    added: comparison.added, removed: comparison.removed, changed: comparison.changed,
                    shown: comparison.differences.count))
        }
        return .fail
    }
}

/// What `show --json` says.
private struct SnapshotFacts: Encodable {
    var file: String
    var zxid: String
    var nodes: Int
    var ephemerals: Int
    var dataBytes: Int
    var sessions: [String: Int32]
    var digest: String
    var writtenDigest: String?
    var writtenDigestZxid: String?
    var digestState: SnapshotCommandMessages.DigestState

    init(_ file: String, _ snapshot: Snapshot) {
        self.file = file
        zxid = snapshot.zxid.description
        nodes = snapshot.tree.count
        ephemerals = snapshot.tree.ephemeralCount
        var bytes = 0
        snapshot.tree.walk { number, _, _ in
            bytes += snapshot.tree.dataLength(number)
            return true
        }
        dataBytes = bytes
        sessions = Dictionary(snapshot.sessions.map { ($0.id.description, $0.timeoutMilliseconds) }) { $1 }
        digest = String(snapshot.tree.digest, radix: 16)
        writtenDigest = snapshot.digest.map { String($0.value, radix: 16) }
        writtenDigestZxid = snapshot.digest?.zxid.description
        digestState = Self.state(snapshot)
    }

    private static func state(_ snapshot: Snapshot) -> SnapshotCommandMessages.DigestState {
        // Apache's first snapshot of a fresh server says zero, and means nothing by it.
        guard let digest = snapshot.digest, digest.version == LoggedTransaction.digestVersion, digest.zxid > .zero
        else {
            return .absent
        }
        if digest.value == snapshot.tree.digest { return .agrees }
        // Apache's servers write while transactions are applied; only with the logs can such a digest be compared.
        return digest.zxid == snapshot.zxid ? .differs : .later
    }
}

/// One node of `list --json`.
private struct NodeLine: Encodable {
    var path: String
    var dataLength: Int
    var data: Data?
    var acl: String
    var czxid: String
    var mzxid: String
    var pzxid: String
    var ctime: Int64
    var mtime: Int64
    var version: Int32
    var cversion: Int32
    var aversion: Int32
    var owner: String
    var children: Int32

    init(_ tree: DataTree, _ number: DataTree.NodeNumber, _ path: ByteString, showsData: Bool) {
        let stat = tree.persistedStat(number)
        self.path = path.description
        dataLength = tree.dataLength(number)
        data = showsData ? tree.data(number).map { Data($0) } : nil
        acl = ACL.text(tree.acl(number))
        czxid = stat.czxid.description
        mzxid = stat.mzxid.description
        pzxid = stat.pzxid.description
        ctime = stat.ctime
        mtime = stat.mtime
        version = stat.version
        cversion = stat.cversion
        aversion = stat.aversion
        owner = stat.ephemeralOwner.description
        children = tree.childCount(number)
    }
}

/// How much lies below a node.
private struct TreeSummary: Encodable {
    var path: String
    /// The node itself included.
    var nodes = 0
    var dataBytes = 0

    var line: String { "\(path) \(nodes) nodes, \(dataBytes) bytes\n" }

    /// One for each node down to a depth, in the order of a walk.
    static func parts(of tree: DataTree, from start: DataTree.NodeNumber, depth limit: Int) -> [TreeSummary] {
        var parts: [TreeSummary] = []
        /// The part of each depth that the walk is in.
        var open: [Int] = []
        tree.walk(from: start) { number, path, depth in
            open.removeLast(max(0, open.count - depth))
            if depth <= limit {
                open.append(parts.count)
                parts.append(TreeSummary(path: path.description))
            }
            for index in open {
                parts[index].nodes += 1
                parts[index].dataBytes += tree.dataLength(number)
            }
            return true
        }
        return parts
    }
}

/// What differs between two snapshots.
struct SnapshotComparison {
    struct Difference: Encodable {
        enum Kind: String, Encodable { case added, removed, changed }
        var kind: Kind
        var path: String
        /// What differs: "data", "acl", "stat"; empty for nodes of one side only.
        var what: [String]

        var line: String {
            let sign = [Kind.added: "+", .removed: "-", .changed: "~"][kind]!
            return "\(sign) \(path)" + (what.isEmpty ? "" : " (\(what.joined(separator: ", ")))") + "\n"
        }
    }

    /// The first of them.
    private(set) var differences: [Difference] = []
    private(set) var added = 0
    private(set) var removed = 0
    private(set) var changed = 0
    private let limit: Int

    var isEqual: Bool { added + removed + changed == 0 }

    init(_ left: Snapshot, _ right: Snapshot, limit: Int) {
        self.limit = limit
        left.tree.walk { number, path, _ in
            guard let other = right.tree.find(path) else {
                note(.removed, path)
                return true
            }
            let what = Self.differences(left.tree, number, right.tree, other)
            if !what.isEmpty { note(.changed, path, what) }
            return true
        }
        right.tree.walk { _, path, _ in
            if left.tree.find(path) == nil { note(.added, path) }
            return true
        }
        compareSessions(left, right)
    }

    private mutating func note(_ kind: Difference.Kind, _ path: ByteString, _ what: [String] = []) {
        switch kind {
        case .added: added += 1
        case .removed: removed += 1
        case .changed: changed += 1
        }
        if differences.count < limit { differences.append(Difference(kind: kind, path: path.description, what: what)) }
    }

    private mutating func compareSessions(_ left: Snapshot, _ right: Snapshot) {
        let (before, after) = (Set(left.sessions.map(\.id)), Set(right.sessions.map(\.id)))
        for id in before.subtracting(after).sorted() { note(.removed, ByteString("session \(id)")) }
        for id in after.subtracting(before).sorted() { note(.added, ByteString("session \(id)")) }
    }

    private static func differences(
        _ left: DataTree, _ number: DataTree.NodeNumber, _ right: DataTree, _ other: DataTree.NodeNumber
    ) -> [String] {
        var what: [String] = []
        if left.data(number) != right.data(other) { what.append("data") }
        if left.acl(number) != right.acl(other) { what.append("acl") }
        if left.persistedStat(number) != right.persistedStat(other) { what.append("stat") }
        return what
    }
}
