package import Bytes

/// The words and numbers of quotas: what the nodes `zookeeper_limits` and `zookeeper_stats` hold.
///
/// A subtree `/a` is limited by `/zookeeper/quota/a/zookeeper_limits`, and counted in `zookeeper_stats` beside it. The
/// number of nodes includes the subtree's root. A soft limit is only reported; a hard one may be enforced, and takes the
/// place of the soft one there.
package struct Quota: Hashable, Sendable {
    /// Nodes and bytes of data: used, or softly limited; `nil` for no limit.
    package var count: Int64?
    package var bytes: Int64?
    package var countHardLimit: Int64?
    package var byteHardLimit: Int64?

    package init(count: Int64? = nil, bytes: Int64? = nil, countHardLimit: Int64? = nil, byteHardLimit: Int64? = nil) {
        self.count = count
        self.bytes = bytes
        self.countHardLimit = countHardLimit
        self.byteHardLimit = byteHardLimit
    }

    /// Reads “count=4,bytes=5=;byteHardLimit=10”; what is not understood, or negative, is not limited.
    package init(_ text: some Sequence<UInt8>) {
        let (comma, semicolon, equals) = (UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="))
        for pair in Array(text).split(whereSeparator: { $0 == comma || $0 == semicolon }) {
            let parts = pair.split(separator: equals)
            guard parts.count >= 2, let value = Int64(String(decoding: parts[1], as: UTF8.self)), value >= 0 else {
                continue
            }
            switch String(decoding: parts[0], as: UTF8.self) {
            case "count": count = value
            case "bytes": bytes = value
            case "countHardLimit": countHardLimit = value
            case "byteHardLimit": byteHardLimit = value
            default: break
            }
        }
    }

    /// As ZooKeeper writes it; −1 for what is not limited, and a “=” that keeps readers of old versions content.
    package var text: String {
        var text = "count=\(count ?? -1),bytes=\(bytes ?? -1)"
        if byteHardLimit != nil || countHardLimit != nil { text += "=" }
        if let byteHardLimit { text += ";byteHardLimit=\(byteHardLimit)" }
        if let countHardLimit { text += ";countHardLimit=\(countHardLimit)" }
        return text
    }

    static let folder = Array("/zookeeper/quota".utf8)
    static let limitsName = Array("/zookeeper_limits".utf8)
    static let usageName = Array("/zookeeper_stats".utf8)

    /// The node with the limits of the subtree.
    package static func limitsPath(of root: ByteString) -> ByteString {
        ByteString(bytes: folder + root.bytes + limitsName)
    }

    /// The node with what the subtree uses.
    package static func usagePath(of root: ByteString) -> ByteString {
        ByteString(bytes: folder + root.bytes + usageName)
    }

    /// The subtree that a node named `zookeeper_limits` limits; `nil` for all other nodes.
    static func root(ofLimitsNode path: ByteString) -> ByteString? { root(of: path, named: limitsName) }

    static func root(of path: ByteString, named name: [UInt8]) -> ByteString? {
        let bytes = path.bytes
        // At least one byte of a path between both: the root itself has no quota.
        guard bytes.count > folder.count + name.count, bytes.starts(with: folder),
            bytes[folder.count] == NodePath.slash,
            bytes.suffix(name.count).elementsEqual(name)
        else { return nil }
        return ByteString(bytes: Array(bytes[folder.count..<bytes.count - name.count]))
    }
}

/// A limit that a change would exceed, or has.
package struct QuotaExcess: Hashable, Sendable {
    package enum Measure: Hashable, Sendable { case count, bytes }

    /// The root of the limited subtree.
    package var root: ByteString
    package var measure: Measure
    package var used: Int64
    package var limit: Int64
    package var isHard: Bool
}

extension DataTree {
    /// The deepest subtree with a quota that holds the node; `nil` if there is none.
    package func quotaRoot(of path: ByteString) -> ByteString? {
        guard !quotaRoots.isEmpty else { return nil }
        var current = path
        while current.count > 1 {
            if quotaRoots.contains(current) { return current }
            current = NodePath.parent(current)
        }
        return nil
    }

    /// The limits that so much more at `path` would exceed. Nothing that shrinks or stays is measured.
    package func quotaExcesses(of path: ByteString, bytes: Int, nodes: Int) -> [QuotaExcess] {
        guard let root = quotaRoot(of: path), let limits = quota(Quota.limitsPath(of: root)),
            let usage = quota(Quota.usagePath(of: root))
        else { return [] }
        var excesses: [QuotaExcess] = []
        func measure(_ measure: QuotaExcess.Measure, _ used: Int64?, _ growth: Int, _ soft: Int64?, _ hard: Int64?) {
            guard growth != 0, let limit = hard ?? soft else { return }
            let total = Self.sum(used, growth)
            guard total > limit else { return }
            excesses.append(QuotaExcess(root: root, measure: measure, used: total, limit: limit, isHard: hard != nil))
        }
        measure(.count, usage.count, nodes, limits.count, limits.countHardLimit)
        measure(.bytes, usage.bytes, bytes, limits.bytes, limits.byteHardLimit)
        return excesses
    }

    /// Counts every subtree with a quota anew; for trees that were read from a snapshot.
    package mutating func recountQuotas() {
        for root in quotaRoots.sorted() { recount(root) }
    }

    /// Bytes of a node's data; 0 for null.
    package func dataLength(_ number: NodeNumber) -> Int { nodes[number].dataByteCount }

    /// A node of ZooKeeper's own has come; if it counts a subtree, it shall begin with what is there.
    mutating func startCounting(_ path: ByteString) {
        if let root = Quota.root(of: path, named: Quota.usageName) { recount(root) }
    }

    /// Adds to what the subtree around `path` uses. Neither version nor zxid of the counting node change.
    mutating func count(_ path: ByteString, bytes: Int, nodes: Int) {
        guard let root = quotaRoot(of: path), let number = find(Quota.usagePath(of: root)) else { return }
        var usage = Quota(data(number) ?? [])
        usage.count = Self.sum(usage.count, nodes)
        usage.bytes = Self.sum(usage.bytes, bytes)
        replaceContent(number, with: Array(usage.text.utf8))
    }

    /// Or the nearest number there is: clients may write what they like into the node that counts.
    private static func sum(_ used: Int64?, _ growth: Int) -> Int64 {
        let (sum, isBeyond) = (used ?? -1).addingReportingOverflow(Int64(growth))
        return isBeyond ? (growth > 0 ? .max : .min) : sum
    }

    private mutating func recount(_ root: ByteString) {
        guard let usage = find(Quota.usagePath(of: root)) else { return }
        var (count, bytes): (Int64, Int64) = (0, 0)
        if let top = find(root) {
            (count, bytes) = (1, Int64(dataLength(top)))
            visit(below: top) { number in
                count += 1
                bytes += Int64(dataLength(number))
            }
        }
        replaceContent(usage, with: Array(Quota(count: count, bytes: bytes).text.utf8))
    }

    private func quota(_ path: ByteString) -> Quota? { find(path).map { Quota(data($0) ?? []) } }
}
