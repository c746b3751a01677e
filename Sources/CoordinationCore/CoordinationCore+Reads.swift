import Bytes
import StateMachines
import WireProtocol
import ZNodes

/// Requests that change nothing but watches; answered from the tree straight into the connection's output.
extension CoordinationCore {
    mutating func answerRead(
        _ request: ClientRequest, _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        switch request {
        case .exists(let body), .getData(let body), .getChildren(let body), .getChildrenWithStat(let body):
            let path = body.path.bytes
            answerNodeRead(request.operation, path.span.bytes, isWatching: body.watch, xid, slot, &effects)
        case .getACL(let body): answerGetACL(body.path, xid, slot, &effects)
        case .getAllChildrenNumber(let body):
            let path = body.path.bytes
            answerNode(path.span.bytes, .getAllChildrenNumber, watch: nil, xid, slot, &effects)
        case .multiRead(let body): answerMultiRead(body, xid, slot, &effects)
        case .sync(let body): reply(.path(body.path), to: .sync, xid, slot, &effects)
        case .getEphemerals(let body):
            reply(.children(ephemerals(below: body.path, slot)), to: .getEphemerals, xid, slot, &effects)
        case .whoAmI:
            let identities = connections[slot].identities.map { ClientIdentity(scheme: $0.scheme, user: $0.user) }
            reply(.identities(identities), to: .whoAmI, xid, slot, &effects)
        case .setWatches(let body):
            answerSetWatches(SetAllWatchesRequest(oneShot: body), .setWatches, xid, slot, &effects)
        case .setAllWatches(let body): answerSetWatches(body, .setAllWatches, xid, slot, &effects)
        case .addWatch(let body): answerAddWatch(body, xid, slot, &effects)
        case .checkWatches(let body): answerWatcher(body, .checkWatches, xid, slot, &effects)
        case .removeWatches(let body): answerWatcher(body, .removeWatches, xid, slot, &effects)
        case .ping: reply(.ping, xid, .ok, slot, &effects)
        case .create, .createWithStat, .createContainer, .createTTL, .delete, .deleteContainer, .setData, .setACL,
            .multi,
            .check, .reconfig, .closeSession, .auth, .sasl:
            preconditionFailure("\(request.operation.name) is not a read")
        }
    }

    /// Whether the client of `slot` may do any of this with the node.
    private func may(_ wanted: Permissions, _ number: DataTree.NodeNumber, _ slot: Int) -> Bool {
        !tree.worldPermissions(number).isDisjoint(with: wanted)
            || access.allows(wanted, by: tree.acl(number), to: connections[slot].identities)
    }

    /// `exists`, `getData`, `getChildren` and `getChildrenWithStat`.
    mutating func answerNodeRead(
        _ operation: OperationCode, _ path: RawSpan, isWatching: Bool, _ xid: Int32, _ slot: Int,
        _ effects: inout EffectBuffer<Effect>
    ) {
        switch operation {
        case .exists: answerExists(path, isWatching: isWatching, xid, slot, &effects)
        case .getData: answerNode(path, operation, watch: isWatching ? .data : nil, xid, slot, &effects)
        default: answerNode(path, operation, watch: isWatching ? .child : nil, xid, slot, &effects)
        }
    }

    /// Sets its watch whether or not the node exists.
    private mutating func answerExists(
        _ path: RawSpan, isWatching: Bool, _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        guard !path.contains(0) else { return reply(.exists, xid, .badArguments, slot, &effects) }
        let number = tree.find(path)
        if let number, !may(.read, number, slot) {
            return reply(.exists, xid, .noAuth, slot, &effects)
        }
        if isWatching { setWatch(.data, ByteString(copying: path), slot, &effects) }
        guard let number else { return reply(.exists, xid, .noNode, slot, &effects) }
        let start = beginReply(.exists, xid, .ok, slot, &effects)
        tree.stat(number).encode(into: &connections[slot].output)
        endReply(start, slot)
    }

    /// Sets its watch only where there is a node.
    private mutating func answerNode(
        _ path: RawSpan, _ operation: OperationCode, watch: WatchTable.Kind?, _ xid: Int32, _ slot: Int,
        _ effects: inout EffectBuffer<Effect>
    ) {
        guard let number = tree.find(path) else { return reply(operation, xid, .noNode, slot, &effects) }
        guard may(.read, number, slot) else { return reply(operation, xid, .noAuth, slot, &effects) }
        if let watch { setWatch(watch, ByteString(copying: path), slot, &effects) }
        let start = beginReply(operation, xid, .ok, slot, &effects)
        switch operation {
        case .getData:
            tree.writeData(number, into: &connections[slot].output)
            tree.stat(number).encode(into: &connections[slot].output)
        case .getChildren: tree.writeChildren(number, into: &connections[slot].output)
        case .getAllChildrenNumber:
            connections[slot].output.write(Int32(clamping: tree.descendantCount(number)))
        default:
            tree.writeChildren(number, into: &connections[slot].output)
            tree.stat(number).encode(into: &connections[slot].output)
        }
        endReply(start, slot)
    }

    /// Whoever may read sees the rules; the hashes in them only who may change them.
    private mutating func answerGetACL(
        _ path: ByteString, _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let number = tree.find(path) else { return reply(.getACL, xid, .noNode, slot, &effects) }
        guard may([.read, .admin], number, slot) else { return reply(.getACL, xid, .noAuth, slot, &effects) }
        let acl = tree.acl(number)
        reply(
            .aclAndStat(may(.admin, number, slot) ? acl : AccessControl.masked(acl), tree.stat(number)), to: .getACL,
            xid,
            slot, &effects)
    }

    /// Each operation has its own result; none sets a watch.
    private mutating func answerMultiRead(
        _ body: MultiReadRequest, _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        let results = body.operations.map { operation -> MultiResult in
            guard let number = tree.find(operation.request.path) else { return .error(ErrorCode.noNode.rawValue) }
            guard may(.read, number, slot) else { return .error(ErrorCode.noAuth.rawValue) }
            return switch operation {
            case .getData: .getData(tree.data(number), tree.stat(number))
            case .getChildren: .getChildren(tree.children(number))
            }
        }
        reply(.multi(MultiResponse(results: results)), to: .multiRead, xid, slot, &effects)
    }

    /// The session's own ephemerals whose paths begin so; blank or “/” means all.
    private func ephemerals(below prefix: ByteString, _ slot: Int) -> [ByteString] {
        let all = tree.ephemerals(of: connections[slot].session)
        let blank = UInt8(ascii: " ")
        let trimmed = prefix.bytes.drop { $0 <= blank }.reversed().drop { $0 <= blank }
        if trimmed.isEmpty || trimmed.count == 1 && trimmed.first == UInt8(ascii: "/") { return all }
        return all.filter { $0.bytes.starts(with: prefix.bytes) }
    }

    // MARK: Writing answers

    /// A whole successful answer.
    mutating func reply(
        _ response: ClientResponse, to operation: OperationCode, _ xid: Int32, _ slot: Int,
        _ effects: inout EffectBuffer<Effect>
    ) {
        let start = beginReply(operation, xid, .ok, slot, &effects)
        response.encode(into: &connections[slot].output)
        endReply(start, slot)
    }

    /// A whole answer without a body.
    mutating func reply(
        _ operation: OperationCode, _ xid: Int32, _ error: ErrorCode, _ slot: Int,
        _ effects: inout EffectBuffer<Effect>
    ) {
        endReply(beginReply(operation, xid, error, slot, &effects), slot)
    }

    /// Begins an answer; its body goes into the connection's output, then `endReply`.
    private mutating func beginReply(
        _ operation: OperationCode, _ xid: Int32, _ error: ErrorCode, _ slot: Int,
        _ effects: inout EffectBuffer<Effect>
    ) -> Int {
        willWrite(slot, &effects)
        observe(
            .reply(
                connections[slot].session,
                Observation.Reply(xid: xid, operation: operation, error: error, zxid: tree.lastZxid)), &effects)
        let start = connections[slot].output.count
        connections[slot].output.write(Int32(0))
        ReplyHeader(xid: xid, zxid: tree.lastZxid, error: error).encode(into: &connections[slot].output)
        return start
    }

    private mutating func endReply(_ start: Int, _ slot: Int) {
        let byteCount = connections[slot].output.count - start
        connections[slot].output.patch(Int32(byteCount - 4), at: start)
        statistics.recordResponse(byteCount: byteCount)
    }

    /// An answer outside of the ordinary ones, without a body.
    mutating func writeHeader(
        _ xid: Int32, _ zxid: Zxid, _ error: ErrorCode, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        willWrite(slot, &effects)
        connections[slot].output.writeFrame {
            ReplyHeader(xid: xid, zxid: zxid, error: error).encode(into: &$0)
        }
    }
}
