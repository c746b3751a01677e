import Bytes
package import StateMachines
import WireProtocol

extension DataTree {
    /// Applies a decided transaction.
    ///
    /// Replaying a transaction whose effect is there already changes nothing more, as a snapshot taken while
    /// transactions were applied requires.
    /// - Parameters:
    ///   - contentChecksum: of path and data of the one node that `body` creates or gives data, where whoever proposed
    ///     it has computed that already.
    ///   - changes: gains what watches may wait for, in the order of its happening.
    package mutating func apply(
        _ header: TransactionHeader, _ body: TransactionBody, contentChecksum: UInt32? = nil,
        changes: inout [TreeChange]
    ) -> TransactionOutcome {
        let outcome = applyOne(header, body, contentChecksum, &changes)
        lastZxid = max(lastZxid, header.zxid)
        return outcome
    }

    private mutating func applyOne(
        _ header: TransactionHeader, _ body: TransactionBody, _ contentChecksum: UInt32?,
        _ changes: inout [TreeChange]
    ) -> TransactionOutcome {
        switch body {
        case .create(let creation), .createWithStat(let creation):
            return create(creation, header, contentChecksum, &changes)
        case .delete(let path), .deleteContainer(let path): return delete(path, header, &changes)
        case .setData(let path, let data, let version), .reconfigure(let path, let data, let version):
            return setData(path, data, version, header, contentChecksum, &changes)
        case .setACL(let path, let acl, let version): return setACL(path, acl, version)
        case .check: return .done
        case .createSession: return .done
        case .closeSession(let paths):
            for path in paths ?? [] { _ = delete(path, header, &changes) }
            for path in ephemerals(of: header.session) { _ = delete(path, header, &changes) }
            return .done
        case .error(let code): return .error(code)
        case .multi(let parts):
            // ZooKeeper logs a multi that failed with the operations before the failure as they were asked for.
            if parts.contains(where: \.isError) {
                return .multi(parts.map { .error($0.errorCode ?? .runtimeInconsistency) })
            }
            return .multi(parts.map { applyOne(header, $0, nil, &changes) })
        }
    }

    private mutating func create(
        _ creation: TransactionBody.Creation, _ header: TransactionHeader, _ contentChecksum: UInt32?,
        _ changes: inout [TreeChange]
    ) -> TransactionOutcome {
        guard let parent = findParent(of: creation.path) else { return .error(.noNode) }
        let cversion = creation.parentCVersion == -1 ? nodes[parent].stat.cversion &+ 1 : creation.parentCVersion
        if cversion > nodes[parent].stat.cversion {
            updateStat(parent) { stat in
                stat.cversion = cversion
                stat.pzxid = header.zxid
            }
        }
        if let number = find(creation.path) {
            // Only while replaying over a snapshot taken meanwhile, whose access rules may be of an earlier time.
            replaceACL(number, with: creation.acl)
            return .error(.nodeExists)
        }
        let stat = PersistedStat(
            created: header.zxid, at: header.time, owner: creation.lifetime(in: header.session).owner)
        let number = insert(
            creation.path, data: creation.data, acl: creation.acl, stat, parent: parent,
            contentChecksum: contentChecksum)
        if !isCounted(number) { startCounting(creation.path) }
        if !quotaRoots.isEmpty { count(creation.path, bytes: creation.data?.count ?? 0, nodes: 1) }
        changes.append(.created(creation.path, readers: readers(number), parentReaders: readers(parent)))
        return .created(creation.path, self.stat(number))
    }

    private mutating func delete(
        _ path: ByteString, _ header: TransactionHeader, _ changes: inout [TreeChange]
    ) -> TransactionOutcome {
        guard path.count > 1, let parent = findParent(of: path) else { return .error(.noNode) }
        guard let number = find(path) else {
            // The snapshot under replay saw the parent before this deletion and the child's place after it.
            updateStat(parent) { $0.pzxid = max($0.pzxid, header.zxid) }
            return .error(.noNode)
        }
        // Children that such a snapshot holds came later; their creation will be replayed.
        for descendant in descendants(of: number).reversed() {
            if !quotaRoots.isEmpty { count(self.path(descendant), bytes: -dataLength(descendant), nodes: -1) }
            remove(descendant)
        }
        let bytes = dataLength(number)
        changes.append(.deleted(path, readers: readers(number), parentReaders: readers(parent)))
        remove(number)
        updateStat(parent) { $0.pzxid = max($0.pzxid, header.zxid) }
        if !quotaRoots.isEmpty { count(path, bytes: -bytes, nodes: -1) }
        return .done
    }

    private mutating func setData(
        _ path: ByteString, _ data: [UInt8]?, _ version: Int32, _ header: TransactionHeader,
        _ contentChecksum: UInt32?, _ changes: inout [TreeChange]
    ) -> TransactionOutcome {
        guard let number = find(path) else { return .error(.noNode) }
        if !quotaRoots.isEmpty { count(path, bytes: (data?.count ?? 0) - dataLength(number), nodes: 0) }
        replaceData(number, with: data, contentChecksum: contentChecksum) { stat in
            stat.version = version
            stat.mzxid = header.zxid
            stat.mtime = header.time
        }
        changes.append(.dataChanged(path, readers: readers(number)))
        return .stat(stat(number))
    }

    private mutating func setACL(_ path: ByteString, _ acl: [ACL], _ version: Int32) -> TransactionOutcome {
        guard let number = find(path) else { return .error(.noNode) }
        replaceACL(number, with: acl)
        updateStat(number) { $0.aversion = version }
        return .stat(stat(number))
    }

    private mutating func replaceACL(_ number: NodeNumber, with acl: [ACL]) {
        preserve(number)
        let old = nodes[number].acl
        nodes[number].acl = acls.intern(acl)
        acls.release(old)
    }

    /// Everything below a node, parents before their children.
    private func descendants(of number: NodeNumber) -> [NodeNumber] {
        guard nodes[number].firstChild != Node.none else { return [] }
        var found = [number]
        var next = 0
        while next < found.count {
            var child = nodes[found[next]].firstChild
            while child != Node.none {
                found.append(Int(child))
                child = nodes[Int(child)].nextSibling
            }
            next += 1
        }
        return Array(found.dropFirst())
    }
}

extension TransactionBody {
    fileprivate var errorCode: ErrorCode? {
        if case .error(let code) = self { code } else { nil }
    }
    fileprivate var isError: Bool { errorCode != nil }
}

extension DataTree: Hashable, CanonicalEncodable {
    /// Every node in depth-first order, children by name: equal trees have equal bytes, however they grew.
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(lastZxid)
        var pending = [0]
        while let number = pending.popLast() {
            let node = nodes[number]
            encoder.encode(UInt32(node.pathLength))
            encoder.encode(bytes: bytes(number, 0..<node.byteCount)[...])
            encoder.encode(node.dataLength < 0)
            var writer = ByteWriter()
            node.stat.encode(into: &writer)
            writer.writeVector(acl(number))
            encoder.encode(bytes: writer.bytes[...])
            encoder.encode(node.childCount)
            let names = children(number).sorted()
            let prefix = number == 0 ? [] : self.path(number).bytes
            for name in names.reversed() {
                pending.append(find(ByteString(bytes: prefix + [NodePath.slash] + name.bytes))!)
            }
        }
    }

    package static func == (left: DataTree, right: DataTree) -> Bool {
        guard left.digest == right.digest, left.count == right.count, left.lastZxid == right.lastZxid else {
            return false
        }
        var (first, second) = (CanonicalEncoder(), CanonicalEncoder())
        left.encode(into: &first)
        right.encode(into: &second)
        return first.bytes == second.bytes
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(lastZxid)
        hasher.combine(digest)
    }
}
