import Bytes
import StateMachines
import WireProtocol
import ZNodes

/// The checks before a write becomes a transaction, in ZooKeeper's order, against the outstanding changes.
extension CoordinationCore {
    /// Who writes, and as what.
    struct WriteContext {
        var session: SessionID
        var zxid: Zxid
        var time: Int64
    }

    /// What a request will do; a refusal becomes an `.error` transaction, which takes its zxid too.
    mutating func prepare(_ request: ClientRequest, _ context: WriteContext) -> TransactionBody {
        do throws(ErrorCode) {
            let body: TransactionBody
            if case .multi(let multi) = request {
                body = prepareMulti(multi, context)
            } else {
                body = try prepareOne(request, context)
            }
            outstanding.keep(as: context.zxid)
            return body
        } catch {
            outstanding.rollBack()
            return .error(error)
        }
    }

    private mutating func prepareOne(
        _ request: ClientRequest, _ context: WriteContext
    ) throws(ErrorCode) -> TransactionBody {
        switch request {
        case .create(let body): return .create(try prepareCreate(body, context))
        case .createWithStat(let body): return .createWithStat(try prepareCreate(body, context))
        case .delete(let body): return try prepareDelete(body, context)
        case .setData(let body): return try prepareSetData(body, context)
        case .setACL(let body): return try prepareSetACL(body, context)
        case .check(let body): return try prepareCheck(body, context)
        case .closeSession: return prepareCloseSession(context)
        case .createContainer, .createTTL: throw .unimplemented
        case .multi, .exists, .getData, .getACL, .getChildren, .getChildrenWithStat, .sync, .setWatches, .auth, .ping,
            .deleteContainer, .multiRead, .setAllWatches, .addWatch, .checkWatches, .removeWatches, .getEphemerals,
            .getAllChildrenNumber, .whoAmI, .reconfig, .sasl:
            preconditionFailure("\(request.operation.name) is not a single write")
        }
    }

    /// All or nothing: a failed one has only errors, 0 before the operation that failed, −2 after it.
    private mutating func prepareMulti(_ multi: MultiRequest, _ context: WriteContext) -> TransactionBody {
        var parts: [TransactionBody] = []
        for (index, operation) in multi.operations.enumerated() {
            do throws(ErrorCode) {
                parts.append(try prepareOne(operation.request, context))
            } catch {
                outstanding.rollBack()
                let before = repeatElement(TransactionBody.error(.ok), count: index)
                let after = repeatElement(
                    TransactionBody.error(.runtimeInconsistency), count: multi.operations.count - index - 1)
                return .multi(before + [.error(error)] + after)
            }
        }
        return .multi(parts)
    }

    private mutating func prepareCreate(
        _ request: CreateRequest, _ context: WriteContext
    ) throws(ErrorCode) -> TransactionBody.Creation {
        guard let mode = CreateMode(rawValue: request.flags), mode != .container, !mode.isTimed else {
            throw .badArguments
        }
        try checkSession(context, unknown: mode.isEphemeral ? .sessionExpired : .unknownSession)
        guard NodePath.parentLength(request.path) != nil, !request.path.bytes.contains(0) else {
            throw .badArguments
        }
        let acl = try fixedACL(request.acl)
        let parentPath = NodePath.parent(request.path)
        guard let parent = outstanding.find(parentPath, in: tree) else { throw .noNode }
        guard parent.worldPermissions.contains(.create) else { throw .noAuth }
        // ZooKeeper leaves the overflow of a parent's count undefined; repeated names are worse than a refusal.
        guard parent.stat.cversion < .max else { throw .systemError }
        let path = mode.isSequential ? SequenceName.append(parent.stat.cversion, to: request.path) : request.path
        guard NodePath.isValid(path) else { throw .badArguments }
        guard outstanding.find(path, in: tree) == nil else { throw .nodeExists }
        guard parent.stat.ephemeralOwner == .none else { throw .noChildrenForEphemerals }

        var grown = parent
        grown.stat.cversion += 1
        grown.stat.pzxid = context.zxid
        grown.childCount += 1
        outstanding.set(parentPath, from: parent, to: grown)
        let owner = mode.isEphemeral ? context.session : .none
        outstanding.set(
            path, from: nil,
            to: ProposedNode(
                exists: true, stat: PersistedStat(created: context.zxid, at: context.time, owner: owner),
                childCount: 0, contentChecksum: NodeDigest.contentChecksum(path.bytes, request.data),
                isCounted: NodeDigest.isCounted(path), worldPermissions: worldPermissions(acl)))
        return TransactionBody.Creation(
            path: path, data: request.data, acl: acl, isEphemeral: mode.isEphemeral,
            parentCVersion: grown.stat.cversion)
    }

    private mutating func prepareDelete(
        _ request: PathVersionRequest, _ context: WriteContext
    ) throws(ErrorCode) -> TransactionBody {
        try checkSession(context)
        let path = request.path
        guard NodePath.parentLength(path) != nil, !path.bytes.contains(0), !NodePath.isBuiltIn(path) else {
            throw .badArguments
        }
        guard let parent = outstanding.find(NodePath.parent(path), in: tree) else { throw .noNode }
        guard parent.worldPermissions.contains(.delete) else { throw .noAuth }
        guard let node = outstanding.find(path, in: tree) else { throw .noNode }
        try checkVersion(request.version, node.stat.version)
        guard node.childCount == 0 else { throw .notEmpty }
        recordDeletion(of: path, node, context)
        return .delete(path)
    }

    private mutating func recordDeletion(of path: ByteString, _ node: ProposedNode, _ context: WriteContext) {
        let parentPath = NodePath.parent(path)
        if let parent = outstanding.find(parentPath, in: tree) {
            var shrunk = parent
            shrunk.stat.pzxid = max(parent.stat.pzxid, context.zxid)
            shrunk.childCount -= 1
            outstanding.set(parentPath, from: parent, to: shrunk)
        }
        var gone = node
        gone.exists = false
        outstanding.set(path, from: node, to: gone)
    }

    private mutating func prepareSetData(
        _ request: SetDataRequest, _ context: WriteContext
    ) throws(ErrorCode) -> TransactionBody {
        try checkSession(context)
        let node = try findForChange(request.path, needing: .write)
        try checkVersion(request.version, node.stat.version)
        var changed = node
        changed.stat.version &+= 1
        changed.stat.mzxid = context.zxid
        changed.stat.mtime = context.time
        let digestPath = request.path == "/" ? [] : request.path.bytes
        changed.contentChecksum = NodeDigest.contentChecksum(digestPath, request.data)
        outstanding.set(request.path, from: node, to: changed)
        return .setData(path: request.path, data: request.data, version: changed.stat.version)
    }

    private mutating func prepareSetACL(
        _ request: SetACLRequest, _ context: WriteContext
    ) throws(ErrorCode) -> TransactionBody {
        try checkSession(context)
        guard NodePath.isValid(request.path) else { throw .badArguments }
        let acl = try fixedACL(request.acl)
        let node = try findForChange(request.path, needing: .admin)
        try checkVersion(request.version, node.stat.aversion)
        var changed = node
        changed.stat.aversion &+= 1
        changed.worldPermissions = worldPermissions(acl)
        outstanding.set(request.path, from: node, to: changed)
        return .setACL(path: request.path, acl: acl, version: changed.stat.aversion)
    }

    private mutating func prepareCheck(
        _ request: PathVersionRequest, _ context: WriteContext
    ) throws(ErrorCode) -> TransactionBody {
        try checkSession(context)
        let node = try findForChange(request.path, needing: .read)
        try checkVersion(request.version, node.stat.version)
        return .check(path: request.path, version: node.stat.version &+ 1)
    }

    /// Every ephemeral of the session dies with it, those still under way included.
    private mutating func prepareCloseSession(_ context: WriteContext) -> TransactionBody {
        let paths = outstanding.ephemerals(of: context.session, in: tree)
        for path in paths {
            if let node = outstanding.find(path, in: tree) { recordDeletion(of: path, node, context) }
        }
        sessions[context.session]?.isClosing = true
        return .closeSession(paths)
    }

    // MARK: Single checks

    private func checkSession(_ context: WriteContext, unknown: ErrorCode = .unknownSession) throws(ErrorCode) {
        guard let session = sessions[context.session] else { throw unknown }
        if session.isClosing { throw .sessionExpired }
    }

    private func findForChange(_ path: ByteString, needing needed: Permissions) throws(ErrorCode) -> ProposedNode {
        guard NodePath.isValid(path) else { throw .badArguments }
        guard let node = outstanding.find(path, in: tree) else { throw .noNode }
        guard node.worldPermissions.contains(needed) else { throw .noAuth }
        return node
    }

    private func checkVersion(_ wanted: Int32, _ current: Int32) throws(ErrorCode) {
        guard wanted == -1 || wanted == current else { throw .badVersion }
    }

    /// The list without repetitions. Only `world:anyone` is known yet; schemes that need an identity are refused, so
    /// that nobody believes a node protected that is not.
    private func fixedACL(_ acl: [ACL]?) throws(ErrorCode) -> [ACL] {
        guard let acl, !acl.isEmpty else { throw .invalidACL }
        var kept: [ACL] = []
        for rule in acl where !kept.contains(rule) {
            guard rule.scheme == "world", rule.id == "anyone" else { throw .invalidACL }
            kept.append(rule)
        }
        return kept
    }

    private func worldPermissions(_ acl: [ACL]) -> Permissions {
        acl.reduce(into: Permissions()) { $0.formUnion($1.permissions) }
    }
}

extension MultiOperation {
    fileprivate var request: ClientRequest {
        switch self {
        case .create(let body): .create(body)
        case .createWithStat(let body): .createWithStat(body)
        case .createContainer(let body): .createContainer(body)
        case .createTTL(let body): .createTTL(body)
        case .delete(let body): .delete(body)
        case .setData(let body): .setData(body)
        case .check(let body): .check(body)
        }
    }
}
