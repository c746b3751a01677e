import Bytes
import StateMachines
import WireProtocol
import ZNodes

/// Requests that change nothing but watches; answered from the tree straight into the connection's output.
extension CoordinationCore {
    mutating func answerRead(
        _ request: ClientRequest, _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        statistics.recordLatency(.zero)
        switch request {
        case .exists(let body): answerExists(body, xid, slot, &effects)
        case .getData(let body): answerNode(body.path, .getData, watch: body.watch ? .data : nil, xid, slot, &effects)
        case .getChildren(let body):
            answerNode(body.path, .getChildren, watch: body.watch ? .child : nil, xid, slot, &effects)
        case .getChildrenWithStat(let body):
            answerNode(body.path, .getChildrenWithStat, watch: body.watch ? .child : nil, xid, slot, &effects)
        case .getACL(let body): answerNode(body.path, .getACL, watch: nil, xid, slot, &effects)
        case .sync(let body):
            let start = beginReply(.sync, xid, .ok, slot, &effects)
            connections[slot]!.output.writeString(body.path)
            endReply(start, slot)
        case .setWatches(let body): answerSetWatches(body, xid, slot, &effects)
        case .ping: reply(.ping, xid, .ok, slot, &effects)
        case .create, .createWithStat, .delete, .setData, .setACL, .multi, .check, .closeSession, .auth,
            .createContainer, .createTTL, .deleteContainer, .multiRead, .setAllWatches, .addWatch, .checkWatches,
            .removeWatches, .getEphemerals, .getAllChildrenNumber, .whoAmI, .reconfig, .sasl:
            preconditionFailure("\(request.operation.name) is not a read")
        }
    }

    /// Sets its watch whether or not the node exists.
    private mutating func answerExists(
        _ body: PathWatchRequest, _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        guard !body.path.bytes.contains(0) else { return reply(.exists, xid, .badArguments, slot, &effects) }
        let number = tree.find(body.path)
        if let number, !tree.worldPermissions(number).contains(.read) {
            return reply(.exists, xid, .noAuth, slot, &effects)
        }
        if body.watch { setWatch(.data, body.path, slot, &effects) }
        guard let number else { return reply(.exists, xid, .noNode, slot, &effects) }
        let start = beginReply(.exists, xid, .ok, slot, &effects)
        tree.stat(number).encode(into: &connections[slot]!.output)
        endReply(start, slot)
    }

    /// Sets its watch only where there is a node.
    private mutating func answerNode(
        _ path: ByteString, _ operation: OperationCode, watch: WatchTable.Kind?, _ xid: Int32, _ slot: Int,
        _ effects: inout EffectBuffer<Effect>
    ) {
        guard let number = tree.find(path) else { return reply(operation, xid, .noNode, slot, &effects) }
        let permissions = tree.worldPermissions(number)
        guard permissions.contains(.read) || operation == .getACL && permissions.contains(.admin) else {
            return reply(operation, xid, .noAuth, slot, &effects)
        }
        if let watch { setWatch(watch, path, slot, &effects) }
        let start = beginReply(operation, xid, .ok, slot, &effects)
        switch operation {
        case .getData: tree.writeData(number, into: &connections[slot]!.output)
        case .getACL: connections[slot]!.output.writeVector(tree.acl(number))
        default: tree.writeChildren(number, into: &connections[slot]!.output)
        }
        if operation != .getChildren { tree.stat(number).encode(into: &connections[slot]!.output) }
        endReply(start, slot)
    }

    private mutating func setWatch(
        _ kind: WatchTable.Kind, _ path: ByteString, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        watches.add(kind, path, by: connections[slot]!.id)
        observe(.watchSet(connections[slot]!.session, kind, path), &effects)
    }

    /// What a client that comes back has missed is told at once; the rest is watched again. Told before the answer.
    private mutating func answerSetWatches(
        _ body: SetWatchesRequest, _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        let unknown = Zxid(wireValue: -1)
        for path in body.dataWatches ?? [] {
            let stat = tree.find(path).map { tree.persistedStat($0) }
            if let stat, stat.mzxid <= body.relativeZxid {
                setWatch(.data, path, slot, &effects)
            } else {
                notify(stat == nil ? .nodeDeleted : .nodeDataChanged, path, unknown, slot, &effects)
            }
        }
        for path in body.existWatches ?? [] {
            if tree.find(path) == nil {
                setWatch(.data, path, slot, &effects)
            } else {
                notify(.nodeCreated, path, unknown, slot, &effects)
            }
        }
        for path in body.childWatches ?? [] {
            let stat = tree.find(path).map { tree.persistedStat($0) }
            if let stat, stat.pzxid <= body.relativeZxid {
                setWatch(.child, path, slot, &effects)
            } else {
                notify(stat == nil ? .nodeDeleted : .nodeChildrenChanged, path, unknown, slot, &effects)
            }
        }
        reply(.setWatches, xid, .ok, slot, &effects)
    }

    // MARK: Writing answers

    /// A whole answer without a body.
    private mutating func reply(
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
                connections[slot]!.session,
                Observation.Reply(xid: xid, operation: operation, error: error, zxid: tree.lastZxid)), &effects)
        let start = connections[slot]!.output.count
        connections[slot]!.output.write(Int32(0))
        ReplyHeader(xid: xid, zxid: tree.lastZxid, error: error).encode(into: &connections[slot]!.output)
        return start
    }

    private mutating func endReply(_ start: Int, _ slot: Int) {
        connections[slot]!.output.patch(Int32(connections[slot]!.output.count - start - 4), at: start)
    }

    /// An answer outside of the ordinary ones, without a body.
    mutating func writeHeader(
        _ xid: Int32, _ zxid: Zxid, _ error: ErrorCode, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        willWrite(slot, &effects)
        connections[slot]!.output.writeFrame {
            ReplyHeader(xid: xid, zxid: zxid, error: error).encode(into: &$0)
        }
    }
}
