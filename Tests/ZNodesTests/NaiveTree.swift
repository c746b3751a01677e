import Bytes
import StateMachines
import WireProtocol
import ZNodes

/// The tree as a dictionary of plain values, slow and obvious: the twin that `DataTree` must agree with.
struct NaiveTree {
    struct Node: Equatable {
        var data: [UInt8]?
        var acl: [ACL]
        var stat: PersistedStat
    }
    var nodes: [ByteString: Node] = [:]

    init() {
        for path in ["", "/zookeeper", "/zookeeper/quota"] as [ByteString] {
            nodes[path] = Node(data: [], acl: ACL.open, stat: .zero)
        }
        nodes["/zookeeper/config"] = Node(
            data: [], acl: [ACL(permissions: .read, scheme: "world", id: "anyone")], stat: .zero)
        nodes["/zookeeper/config"]!.stat.aversion = -1
    }

    func children(of path: ByteString) -> [ByteString] {
        nodes.keys.filter { other in
            guard other != path, !other.isEmpty, let length = NodePath.parentLength(other) else { return false }
            return Array(other.bytes[..<length]) == path.bytes
        }.sorted()
    }

    func descendants(of path: ByteString) -> [ByteString] {
        nodes.keys.filter { $0 != path && $0.bytes.starts(with: path.bytes + [UInt8(ascii: "/")]) }
    }

    func reapable(at now: Int64, neverUsed: Int64) -> [ByteString] {
        nodes.filter { path, node in
            guard children(of: path).isEmpty else { return false }
            let age = now - node.stat.mtime
            switch UInt64(bitPattern: node.stat.ephemeralOwner.rawValue) {
            case 0x8000_0000_0000_0000: return node.stat.cversion > 0 || age > neverUsed
            case 0xFF00_0000_0000_0000...: return age > node.stat.ephemeralOwner.rawValue & 0xFF_FFFF_FFFF
            default: return false
            }
        }.map(\.key).sorted()
    }

    func stat(_ path: ByteString) -> Stat? {
        nodes[path].map {
            let owner = $0.stat.ephemeralOwner
            return $0.stat.stat(
                dataLength: Int32($0.data?.count ?? 0), childCount: Int32(children(of: path).count),
                owner: owner.rawValue > 0 ? owner : .none)
        }
    }

    /// The access list, where the world may not read.
    private func readers(_ path: ByteString) -> [ACL]? {
        let acl = nodes[path]!.acl
        return acl.contains { $0.scheme == "world" && $0.permissions.contains(.read) } ? nil : acl
    }

    // MARK: Quotas, found by looking at every node

    private static let folder = Array("/zookeeper/quota".utf8)

    private func quotaRoot(of path: ByteString) -> ByteString? {
        let roots = nodes.keys.compactMap { node -> ByteString? in
            guard node.bytes.starts(with: Self.folder), node.bytes.last == UInt8(ascii: "s") else { return nil }
            let text = node.description
            guard text.hasSuffix("/zookeeper_limits") else { return nil }
            return ByteString(String(text.dropFirst(16).dropLast(17)))
        }
        return roots.filter { path == $0 || path.description.hasPrefix("\($0)/") }.max { $0.count < $1.count }
    }

    private mutating func adjust(_ path: ByteString, bytes: Int, count: Int) {
        guard let root = quotaRoot(of: path) else { return }
        let usage = ByteString("/zookeeper/quota\(root)/zookeeper_stats")
        guard let data = nodes[usage]?.data else { return }
        let numbers = String(decoding: data, as: UTF8.self).split { !$0.isNumber }.map { Int($0)! }
        nodes[usage]!.data = Array("count=\(numbers[0] + count),bytes=\(numbers[1] + bytes)".utf8)
    }

    private mutating func begin(_ path: ByteString) {
        let text = path.description
        guard text.hasPrefix("/zookeeper/quota/"), text.hasSuffix("/zookeeper_stats") else { return }
        let root = String(text.dropFirst(16).dropLast(16))
        let below = nodes.filter { $0.key.description == root || $0.key.description.hasPrefix(root + "/") }
        let bytes = below.values.reduce(0) { $0 + ($1.data?.count ?? 0) }
        nodes[path]!.data = Array("count=\(below.count),bytes=\(bytes)".utf8)
    }

    /// From its definition, over all nodes.
    var digest: UInt64 {
        nodes.reduce(0) { sum, entry in
            let content = NodeDigest.contentChecksum(entry.key.bytes, entry.value.data)
            return sum
                &+ UInt64(
                    NodeDigest.digest(
                        content: content, isCounted: NodeDigest.isCounted(entry.key), entry.value.stat))
        }
    }

    private func parent(_ path: ByteString) -> ByteString {
        ByteString(bytes: Array(path.bytes[..<NodePath.parentLength(path)!]))
    }

    private static func owner(_ kind: TransactionBody.Creation.Kind, _ header: TransactionHeader) -> SessionID {
        switch kind {
        case .persistent: .none
        case .ephemeral: header.session
        case .container: SessionID(rawValue: .min)
        case .timeToLive(let milliseconds): SessionID(rawValue: Int64(bitPattern: 0xFF00_0000_0000_0000) | milliseconds)
        }
    }

    mutating func apply(
        _ header: TransactionHeader, _ body: TransactionBody, _ changes: inout [TreeChange]
    ) -> TransactionOutcome {
        switch body {
        case .create(let new), .createWithStat(let new):
            guard var above = nodes[parent(new.path)] else { return .error(.noNode) }
            let cversion = new.parentCVersion == -1 ? above.stat.cversion + 1 : new.parentCVersion
            if above.stat.cversion < cversion {
                above.stat.cversion = cversion
                above.stat.pzxid = header.zxid
                nodes[parent(new.path)] = above
            }
            guard nodes[new.path] == nil else {
                nodes[new.path]!.acl = new.acl
                return .error(.nodeExists)
            }
            nodes[new.path] = Node(
                data: new.data, acl: new.acl,
                stat: PersistedStat(created: header.zxid, at: header.time, owner: Self.owner(new.kind, header)))
            begin(new.path)
            adjust(new.path, bytes: new.data?.count ?? 0, count: 1)
            changes.append(.created(new.path, readers: readers(new.path), parentReaders: readers(parent(new.path))))
            return .created(new.path, stat(new.path)!)
        case .delete(let path), .deleteContainer(let path):
            guard path != "/", nodes[parent(path)] != nil else { return .error(.noNode) }
            nodes[parent(path)]!.stat.pzxid = header.zxid
            guard let node = nodes[path] else { return .error(.noNode) }
            changes.append(.deleted(path, readers: readers(path), parentReaders: readers(parent(path))))
            for below in [path] + descendants(of: path) { nodes[below] = nil }
            adjust(path, bytes: -(node.data?.count ?? 0), count: -1)
            return .done
        case .setData(let path, let data, let version), .reconfigure(let path, let data, let version):
            guard let before = nodes[path] else { return .error(.noNode) }
            adjust(path, bytes: (data?.count ?? 0) - (before.data?.count ?? 0), count: 0)
            nodes[path]!.data = data
            nodes[path]!.stat.version = version
            nodes[path]!.stat.mzxid = header.zxid
            nodes[path]!.stat.mtime = header.time
            changes.append(.dataChanged(path, readers: readers(path)))
            return .stat(stat(path)!)
        case .setACL(let path, let acl, let version):
            guard nodes[path] != nil else { return .error(.noNode) }
            nodes[path]!.acl = acl
            nodes[path]!.stat.aversion = version
            return .stat(stat(path)!)
        case .closeSession:
            for path in nodes.filter({ $0.value.stat.ephemeralOwner == header.session }).map(\.key).sorted() {
                _ = apply(header, .delete(path), &changes)
            }
            return .done
        case .error(let code): return .error(code)
        case .check, .createSession: return .done
        case .multi(let parts): return .multi(parts.map { apply(header, $0, &changes) })
        }
    }
}
