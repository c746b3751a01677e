import Bytes
import StateMachines
import WireProtocol
import ZNodes

/// The checks before a write becomes a transaction, in ZooKeeper's order, against the outstanding changes.
extension CoordinationCore {
    /// Who writes, and as what.
    struct WriteContext {
        var session: SessionID
        var identities: [Identity]
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
        case .createContainer(let body): return .createWithStat(try prepareCreate(body, context, as: .container))
        case .createTTL(let body):
            return .createWithStat(
                try prepareCreate(body.create, context, as: .timeToLive(milliseconds: body.timeToLiveMilliseconds)))
        case .deleteContainer: throw .badArguments  // The server's own; a client must not get round the access rules.
        case .reconfig(let body): return try prepareReconfiguration(body, context)
        case .multi, .exists, .getData, .getACL, .getChildren, .getChildrenWithStat, .sync, .setWatches, .auth, .ping,
            .multiRead, .setAllWatches, .addWatch, .checkWatches, .removeWatches, .getEphemerals,
            .getAllChildrenNumber, .whoAmI, .sasl:
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
        _ request: CreateRequest, _ context: WriteContext, as extended: TransactionBody.Creation.Kind? = nil
    ) throws(ErrorCode) -> TransactionBody.Creation {
        guard let mode = CreateMode(rawValue: request.flags) else { throw .badArguments }
        let kind = try kind(of: mode, extended)
        if mode.isEphemeral { try checkGlobalSession(context) } else { try checkSession(context) }
        guard NodePath.parentLength(request.path) != nil, !request.path.bytes.contains(0) else {
            throw .badArguments
        }
        let acl = try access.settled(request.acl, by: context.identities)
        let requested = request.path.bytes
        let parentPath = NodePath.parent(requested.span.bytes)
        guard let parent = outstanding.find(parentPath, in: tree) else { throw .noNode }
        try check(.create, on: parent, context)
        let path = mode.isSequential ? SequenceName.append(parent.stat.cversion, to: request.path) : request.path
        guard NodePath.isValid(path) else { throw .badArguments }
        guard outstanding.find(path, in: tree) == nil else { throw .nodeExists }
        if parent.stat.ephemeralOwner != .none, case .ephemeral = tree.lifetime(parent.stat.ephemeralOwner) {
            throw .noChildrenForEphemerals
        }
        try checkQuota(path, bytes: request.data?.count ?? 0, nodes: 1)

        let creation = TransactionBody.Creation(
            path: path, data: request.data, acl: acl, kind: kind, parentCVersion: parent.stat.cversion &+ 1)
        recordCreation(creation, parentPath, parent, context)
        return creation
    }

    /// The operation, not the flag, makes containers and timed nodes.
    private func kind(
        of mode: CreateMode, _ extended: TransactionBody.Creation.Kind?
    ) throws(ErrorCode) -> TransactionBody.Creation.Kind {
        if mode.isTimed, !configuration.extendedTypesEnabled { throw .unimplemented }
        switch extended {
        case .timeToLive(let milliseconds):
            guard mode.isTimed, milliseconds > 0, milliseconds <= NodeLifetime.longestTimeToLive else {
                throw .badArguments
            }
        case .persistent, .ephemeral, .container, nil:
            if mode.isTimed { throw .badArguments }
        }
        return extended ?? (mode.isEphemeral ? .ephemeral : .persistent)
    }

    private mutating func recordCreation(
        _ creation: TransactionBody.Creation, _ parentPath: RawSpan, _ parent: ProposedNode, _ context: WriteContext
    ) {
        var grown = parent
        // The count stays where it is when it cannot grow; then names repeat, and are refused.
        if creation.parentCVersion > parent.stat.cversion {
            grown.stat.cversion = creation.parentCVersion
            grown.stat.pzxid = context.zxid
        }
        grown.childCount += 1
        outstanding.set(parentPath, from: parent, to: grown)
        let owner = creation.lifetime(in: context.session).owner
        outstanding.set(
            creation.path, from: nil,
            to: ProposedNode(
                exists: true, stat: PersistedStat(created: context.zxid, at: context.time, owner: owner),
                childCount: 0, dataLength: creation.data?.count ?? 0,
                contentChecksum: NodeDigest.contentChecksum(creation.path.bytes, creation.data),
                isCounted: NodeDigest.isCounted(creation.path), acl: creation.acl,
                worldPermissions: creation.acl.worldPermissions))
    }

    private mutating func prepareDelete(
        _ request: PathVersionRequest, _ context: WriteContext
    ) throws(ErrorCode) -> TransactionBody {
        try checkSession(context)
        let path = request.path
        guard NodePath.parentLength(path) != nil, !path.bytes.contains(0), !NodePath.isBuiltIn(path) else {
            throw .badArguments
        }
        let pathBytes = path.bytes
        guard let parent = outstanding.find(NodePath.parent(pathBytes.span.bytes), in: tree) else { throw .noNode }
        try check(.delete, on: parent, context)
        guard let node = outstanding.find(path, in: tree) else { throw .noNode }
        try checkVersion(request.version, node.stat.version)
        guard node.childCount == 0 else { throw .notEmpty }
        recordDeletion(of: path, node, context)
        return .delete(path)
    }

    private mutating func recordDeletion(of path: ByteString, _ node: ProposedNode, _ context: WriteContext) {
        let pathBytes = path.bytes
        let parentPath = NodePath.parent(pathBytes.span.bytes)
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
        let node = try findForChange(request.path, needing: .write, context)
        try checkQuota(request.path, bytes: (request.data?.count ?? 0) - node.dataLength, nodes: 0)
        try checkVersion(request.version, node.stat.version)
        var changed = node
        changed.stat.version &+= 1
        changed.stat.mzxid = context.zxid
        changed.stat.mtime = context.time
        let digestPath = request.path.count == 1 ? [] : request.path.bytes
        changed.dataLength = request.data?.count ?? 0
        changed.contentChecksum = NodeDigest.contentChecksum(digestPath, request.data)
        outstanding.set(request.path, from: node, to: changed)
        return .setData(path: request.path, data: request.data, version: changed.stat.version)
    }

    private mutating func prepareSetACL(
        _ request: SetACLRequest, _ context: WriteContext
    ) throws(ErrorCode) -> TransactionBody {
        try checkSession(context)
        guard NodePath.isValid(request.path) else { throw .badArguments }
        let acl = try access.settled(request.acl, by: context.identities)
        let node = try findForChange(request.path, needing: .admin, context)
        try checkVersion(request.version, node.stat.aversion)
        var changed = node
        changed.stat.aversion &+= 1
        changed.acl = acl
        changed.worldPermissions = acl.worldPermissions
        outstanding.set(request.path, from: node, to: changed)
        return .setACL(path: request.path, acl: acl, version: changed.stat.aversion)
    }

    private mutating func prepareCheck(
        _ request: PathVersionRequest, _ context: WriteContext
    ) throws(ErrorCode) -> TransactionBody {
        try checkSession(context)
        let node = try findForChange(request.path, needing: .read, context)
        try checkVersion(request.version, node.stat.version)
        return .check(path: request.path, version: node.stat.version &+ 1)
    }

    /// Every ephemeral of the session dies with it, those still under way included.
    private mutating func prepareCloseSession(_ context: WriteContext) -> TransactionBody {
        let paths = outstanding.ephemerals(of: context.session, in: tree)
        for path in paths {
            prepareForeignChildren(of: path, context)
            if let node = outstanding.find(path, in: tree) { recordDeletion(of: path, node, context) }
        }
        sessions[context.session]?.isClosing = true
        return .closeSession(configuration.listsClosedNodes ? paths : nil)
    }

    /// No client can put a node below an ephemeral, but files of unknown origin may hold one; it goes with the ephemeral.
    private mutating func prepareForeignChildren(of path: ByteString, _ context: WriteContext) {
        guard let number = tree.find(path), tree.childCount(number) > 0 else { return }
        var below: [ByteString] = []
        tree.walk(from: number) { _, path, depth in
            if depth > 0 { below.append(path) }
            return true
        }
        for path in below.reversed() {
            if let node = outstanding.find(path, in: tree) { recordDeletion(of: path, node, context) }
        }
    }

    /// A container or timed node whose time has come: what the server asks itself.
    mutating func prepareReaping(_ path: ByteString, _ context: WriteContext) -> TransactionBody {
        defer { outstanding.keep(as: context.zxid) }
        guard !NodePath.isBuiltIn(path) else { return .error(.badArguments) }
        guard let node = outstanding.find(path, in: tree) else { return .error(.noNode) }
        guard node.childCount == 0 else { return .error(.notEmpty) }
        // Since it was found, a client may have used it again, or put another node in its place.
        guard tree.isReapable(node.stat, reapingRules(at: context.time)) else { return .error(.badVersion) }
        recordDeletion(of: path, node, context)
        return .deleteContainer(path)
    }

    // MARK: Single checks

    private func check(
        _ wanted: Permissions, on node: ProposedNode, _ context: WriteContext
    ) throws(ErrorCode) {
        if node.worldPermissions.contains(wanted) { return }
        guard access.allows(wanted, by: node.acl, to: context.identities) else { throw .noAuth }
    }

    private mutating func checkQuota(_ path: ByteString, bytes: Int, nodes: Int) throws(ErrorCode) {
        let excesses = tree.quotaExcesses(of: path, bytes: bytes, nodes: nodes)
        guard !excesses.isEmpty else { return }
        notices += excesses.map { .quotaExceeded($0, path: path) }
        if configuration.enforceQuota, excesses.contains(where: \.isHard) { throw .quotaExceeded }
    }

    func checkSession(_ context: WriteContext) throws(ErrorCode) {
        guard let session = sessions[context.session] else {
            if mayBeLocalElsewhere(context.session) { return }
            throw isMember ? .sessionExpired : .unknownSession
        }
        if session.isClosing { throw .sessionExpired }
    }

    /// An ephemeral node must have an owner whose end the whole ensemble will hear of.
    private func checkGlobalSession(_ context: WriteContext) throws(ErrorCode) {
        guard let session = sessions[context.session], !session.isClosing else { throw .sessionExpired }
        if session.isLocal { throw .ephemeralOnLocalSession }
    }

    func findForChange(
        _ path: ByteString, needing needed: Permissions, _ context: WriteContext
    ) throws(ErrorCode) -> ProposedNode {
        guard NodePath.isValid(path) else { throw .badArguments }
        guard let node = outstanding.find(path, in: tree) else { throw .noNode }
        try check(needed, on: node, context)
        return node
    }

    private func checkVersion(_ wanted: Int32, _ current: Int32) throws(ErrorCode) {
        guard wanted == -1 || wanted == current else { throw .badVersion }
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
