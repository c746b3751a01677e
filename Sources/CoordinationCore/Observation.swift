package import Bytes
package import StateMachines
package import Traces
package import WireProtocol
package import ZNodes
package import Zab

/// One thing that the server did or saw, in its own true order. Judges read these and nothing of the clients.
package enum Observation: Hashable, Sendable {
    case connectionOpened(ConnectionID)
    /// Whoever closed it.
    case connectionClosed(ConnectionID, SessionID)
    case sessionOpened(SessionID, ConnectionID, timeoutMilliseconds: Int32)
    /// A client came back to its session on a new connection.
    case sessionResumed(SessionID, ConnectionID)
    /// By the client's own wish.
    case sessionClosed(SessionID, zxid: Zxid)
    /// Not heard of for its timeout.
    case sessionExpired(SessionID, zxid: Zxid)
    case request(SessionID, xid: Int32, ClientRequest)
    case reply(SessionID, Reply)
    /// A transaction took effect. Observed before the watches it fires and before its reply.
    case applied(TransactionHeader, TransactionBody)
    /// A transaction of the log is in the state of a server that serves nobody, before it is known whether it is decided.
    case anticipated(TransactionHeader, TransactionBody)
    case watchSet(SessionID, WatchTable.Kind, ByteString)
    case watchFired(SessionID, WatchEventType, ByteString, zxid: Zxid)
    /// The disk has been asked for this.
    case writing(DiskRecord)
    /// This is on disk.
    case written(DiskRecord)

    /// What a server must not forget.
    package enum DiskRecord: Hashable, Sendable {
        /// Transactions through this one, in the log.
        case log(through: Zxid)
        case epoch(StoredEpoch)
        /// The log is cut behind this transaction.
        case truncation(to: Zxid)
        /// Another server's tree.
        case snapshot(through: Zxid)
    }

    /// An answer. It has left the server; whether the client got it, nobody knows.
    package struct Reply: Hashable, Sendable {
        package var xid: Int32
        package var operation: OperationCode
        package var error: ErrorCode
        package var zxid: Zxid
        /// The path of a node that was created: with its number, for a sequential one.
        package var createdPath: ByteString?
        /// The parts of a multi.
        package var results: [MultiResult]?

        package init(
            xid: Int32, operation: OperationCode, error: ErrorCode, zxid: Zxid, createdPath: ByteString? = nil,
            results: [MultiResult]? = nil
        ) {
            self.xid = xid
            self.operation = operation
            self.error = error
            self.zxid = zxid
            self.createdPath = createdPath
            self.results = results
        }
    }
}

extension Observation {
    /// The observation as an event of a trace, `order` and `time` being the trace's own.
    ///
    /// `id` is the session; clients' requests are `invoke` and `respond`, whose payload carries xid, path and error.
    package func event(order: Int, time: Tick, server: String) -> Event {
        func make(
            _ kind: EventKind, _ session: SessionID, _ label: String, payload: String? = nil
        ) -> Event {
            Event(
                order: order, time: time, kind: kind, node: server, peer: session == .none ? nil : session.description,
                id: session == .none ? nil : session.description, label: label, payload: payload)
        }
        switch self {
        case .connectionOpened(let id): return make(.note, .none, "connection \(id.rawValue) opened")
        case .connectionClosed(let id, let session):
            return make(.connectionLoss, session, "connection \(id.rawValue) closed")
        case .sessionOpened(let session, _, let timeout):
            return make(.sessionOpen, session, "session opened", payload: "timeout \(timeout) ms")
        case .sessionResumed(let session, let id):
            return make(.note, session, "session resumed", payload: "connection \(id.rawValue)")
        case .sessionClosed(let session, let zxid):
            return make(.note, session, "session closed", payload: "zxid \(zxid)")
        case .sessionExpired(let session, let zxid):
            return make(.sessionExpire, session, "session expired", payload: "zxid \(zxid)")
        case .request(let session, let xid, let request):
            let path = request.path.map { " \($0)" } ?? ""
            return make(.invoke, session, request.operation.name, payload: "xid \(xid)\(path)")
        case .reply(let session, let reply):
            let path = reply.createdPath.map { " \($0)" } ?? ""
            return make(
                .respond, session, reply.operation.name,
                payload: "xid \(reply.xid) \(reply.error.name)\(path) zxid \(reply.zxid)")
        case .applied(let header, let body):
            return make(.decide, header.session, body.summary, payload: "zxid \(header.zxid)")
        case .anticipated(let header, let body):
            return make(.note, header.session, "not decided: \(body.summary)", payload: "zxid \(header.zxid)")
        case .watchSet(let session, let kind, let path):
            return make(.watchSet, session, "\(kind) watch", payload: "\(path)")
        case .watchFired(let session, let type, let path, let zxid):
            return make(.watchFire, session, type.name, payload: "\(path) zxid \(zxid)")
        case .writing(let record): return make(.persist, .none, record.label)
        case .written(let record): return make(.persisted, .none, record.label)
        }
    }
}

extension ClientRequest {
    /// What it says on a diagram's arrow: "create /a"; `nil` for a ping, which goes on all the time.
    package var title: String? { operation == .ping ? nil : operation.name + (path.map { " \($0)" } ?? "") }
}

extension Observation.Reply {
    /// "OK", "OK 1:4 /a-0000000001" where it was a write, "NoNode"; `nil` for a ping.
    package var title: String? {
        switch operation {
        case .ping: nil
        case _ where error != .ok: error.name
        case .create, .createWithStat, .createContainer, .createTTL, .delete, .deleteContainer, .setData, .setACL,
            .multi, .reconfig, .closeSession:
            "OK \(zxid.shortDescription)" + (createdPath.map { " \($0)" } ?? "")
        case .exists, .getData, .getACL, .getChildren, .sync, .getChildrenWithStat, .check, .checkWatches,
            .removeWatches, .multiRead, .auth, .setWatches, .sasl, .getEphemerals, .getAllChildrenNumber,
            .setAllWatches, .addWatch, .whoAmI:
            "OK"
        }
    }
}

extension Observation.DiskRecord {
    /// "log 1:4", "currentEpoch 2".
    var label: String {
        switch self {
        case .log(let zxid): "log \(zxid.shortDescription)"
        case .epoch(.accepted(let epoch)): "acceptedEpoch \(epoch)"
        case .epoch(.current(let epoch)): "currentEpoch \(epoch)"
        case .truncation(let zxid): "truncate \(zxid.shortDescription)"
        case .snapshot(let zxid): "snapshot \(zxid.shortDescription)"
        }
    }
}

extension TransactionBody {
    /// The change in a few words: "create /lock-0000000001".
    package var summary: String {
        switch self {
        case .createSession: "createSession"
        case .closeSession: "closeSession"
        case .create(let creation), .createWithStat(let creation): "create \(creation.path)"
        case .delete(let path): "delete \(path)"
        case .deleteContainer(let path): "deleteContainer \(path)"
        case .setData(let path, _, _): "setData \(path)"
        case .reconfigure: "reconfig"
        case .setACL(let path, _, _): "setACL \(path)"
        case .check(let path, _): "check \(path)"
        case .error(let code): "refused: \(code.name)"
        case .multi(let parts): "multi: " + parts.map(\.summary).joined(separator: ", ")
        }
    }
}
