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

    func stat(_ path: ByteString) -> Stat? {
        nodes[path].map {
            $0.stat.stat(dataLength: Int32($0.data?.count ?? 0), childCount: Int32(children(of: path).count))
        }
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

    mutating func apply(
        _ header: TransactionHeader, _ body: TransactionBody, _ changes: inout [TreeChange]
    ) -> TransactionOutcome {
        switch body {
        case .create(let new), .createWithStat(let new):
            guard var above = nodes[parent(new.path)] else { return .error(.noNode) }
            if above.stat.cversion < new.parentCVersion {
                above.stat.cversion = new.parentCVersion
                above.stat.pzxid = header.zxid
                nodes[parent(new.path)] = above
            }
            guard nodes[new.path] == nil else {
                nodes[new.path]!.acl = new.acl
                return .error(.nodeExists)
            }
            nodes[new.path] = Node(
                data: new.data, acl: new.acl,
                stat: PersistedStat(
                    created: header.zxid, at: header.time, owner: new.isEphemeral ? header.session : .none))
            changes.append(.created(new.path))
            return .created(new.path, stat(new.path)!)
        case .delete(let path):
            guard path != "/", nodes[parent(path)] != nil else { return .error(.noNode) }
            nodes[parent(path)]!.stat.pzxid = header.zxid
            guard nodes.removeValue(forKey: path) != nil else { return .error(.noNode) }
            for below in nodes.keys where below.bytes.starts(with: path.bytes + [UInt8(ascii: "/")]) {
                nodes[below] = nil
            }
            changes.append(.deleted(path))
            return .done
        case .setData(let path, let data, let version):
            guard nodes[path] != nil else { return .error(.noNode) }
            nodes[path]!.data = data
            nodes[path]!.stat.version = version
            nodes[path]!.stat.mzxid = header.zxid
            nodes[path]!.stat.mtime = header.time
            changes.append(.dataChanged(path))
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
