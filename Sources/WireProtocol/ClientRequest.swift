package import Bytes

/// Any request after the handshake, without its header.
package enum ClientRequest: Hashable, Sendable {
    case create(CreateRequest)
    case createWithStat(CreateRequest)
    case createContainer(CreateRequest)
    case createTTL(CreateTTLRequest)
    case delete(PathVersionRequest)
    case deleteContainer(PathRequest)
    case exists(PathWatchRequest)
    case getData(PathWatchRequest)
    case setData(SetDataRequest)
    case getACL(PathRequest)
    case setACL(SetACLRequest)
    case getChildren(PathWatchRequest)
    case getChildrenWithStat(PathWatchRequest)
    case sync(PathRequest)
    case multi(MultiRequest)
    case multiRead(MultiReadRequest)
    case check(PathVersionRequest)
    case setWatches(SetWatchesRequest)
    case setAllWatches(SetAllWatchesRequest)
    case addWatch(AddWatchRequest)
    case checkWatches(WatcherRequest)
    case removeWatches(WatcherRequest)
    case getEphemerals(PathRequest)
    case getAllChildrenNumber(PathRequest)
    case whoAmI
    case reconfig(ReconfigRequest)
    case auth(AuthRequest)
    case sasl(TokenRequest)
    case ping
    case closeSession

    /// Reads the body that belongs to `operation`. Bytes after it are left alone, as ZooKeeper does.
    package init(_ operation: OperationCode, from reader: inout ByteReader) throws(ByteError) {
        switch operation {
        case .create: self = .create(try CreateRequest(from: &reader))
        case .createWithStat: self = .createWithStat(try CreateRequest(from: &reader))
        case .createContainer: self = .createContainer(try CreateRequest(from: &reader))
        case .createTTL: self = .createTTL(try CreateTTLRequest(from: &reader))
        case .delete: self = .delete(try PathVersionRequest(from: &reader))
        case .deleteContainer: self = .deleteContainer(try PathRequest(from: &reader))
        case .exists: self = .exists(try PathWatchRequest(from: &reader))
        case .getData: self = .getData(try PathWatchRequest(from: &reader))
        case .setData: self = .setData(try SetDataRequest(from: &reader))
        case .getACL: self = .getACL(try PathRequest(from: &reader))
        case .setACL: self = .setACL(try SetACLRequest(from: &reader))
        case .getChildren: self = .getChildren(try PathWatchRequest(from: &reader))
        case .getChildrenWithStat: self = .getChildrenWithStat(try PathWatchRequest(from: &reader))
        case .sync: self = .sync(try PathRequest(from: &reader))
        case .multi: self = .multi(try MultiRequest(from: &reader))
        case .multiRead: self = .multiRead(try MultiReadRequest(from: &reader))
        case .check: self = .check(try PathVersionRequest(from: &reader))
        case .setWatches: self = .setWatches(try SetWatchesRequest(from: &reader))
        case .setAllWatches: self = .setAllWatches(try SetAllWatchesRequest(from: &reader))
        case .addWatch: self = .addWatch(try AddWatchRequest(from: &reader))
        case .checkWatches: self = .checkWatches(try WatcherRequest(from: &reader))
        case .removeWatches: self = .removeWatches(try WatcherRequest(from: &reader))
        case .getEphemerals: self = .getEphemerals(PathRequest(path: try reader.readOptionalString() ?? ""))
        case .getAllChildrenNumber: self = .getAllChildrenNumber(try PathRequest(from: &reader))
        case .whoAmI: self = .whoAmI
        case .reconfig: self = .reconfig(try ReconfigRequest(from: &reader))
        case .auth: self = .auth(try AuthRequest(from: &reader))
        case .sasl: self = .sasl(try TokenRequest(from: &reader))
        case .ping: self = .ping
        case .closeSession: self = .closeSession
        }
    }

    package func encode(into writer: inout ByteWriter) {
        switch self {
        case .create(let body), .createWithStat(let body), .createContainer(let body): body.encode(into: &writer)
        case .createTTL(let body): body.encode(into: &writer)
        case .delete(let body), .check(let body): body.encode(into: &writer)
        case .exists(let body), .getData(let body), .getChildren(let body), .getChildrenWithStat(let body):
            body.encode(into: &writer)
        case .setData(let body): body.encode(into: &writer)
        case .getACL(let body), .sync(let body), .deleteContainer(let body), .getEphemerals(let body),
            .getAllChildrenNumber(let body):
            body.encode(into: &writer)
        case .setACL(let body): body.encode(into: &writer)
        case .multi(let body): body.encode(into: &writer)
        case .multiRead(let body): body.encode(into: &writer)
        case .setWatches(let body): body.encode(into: &writer)
        case .setAllWatches(let body): body.encode(into: &writer)
        case .addWatch(let body): body.encode(into: &writer)
        case .checkWatches(let body), .removeWatches(let body): body.encode(into: &writer)
        case .reconfig(let body): body.encode(into: &writer)
        case .auth(let body): body.encode(into: &writer)
        case .sasl(let body): body.encode(into: &writer)
        case .ping, .closeSession, .whoAmI: break
        }
    }

    package var operation: OperationCode {
        switch self {
        case .create: .create
        case .createWithStat: .createWithStat
        case .createContainer: .createContainer
        case .createTTL: .createTTL
        case .delete: .delete
        case .deleteContainer: .deleteContainer
        case .exists: .exists
        case .getData: .getData
        case .setData: .setData
        case .getACL: .getACL
        case .setACL: .setACL
        case .getChildren: .getChildren
        case .getChildrenWithStat: .getChildrenWithStat
        case .sync: .sync
        case .multi: .multi
        case .multiRead: .multiRead
        case .check: .check
        case .setWatches: .setWatches
        case .setAllWatches: .setAllWatches
        case .addWatch: .addWatch
        case .checkWatches: .checkWatches
        case .removeWatches: .removeWatches
        case .getEphemerals: .getEphemerals
        case .getAllChildrenNumber: .getAllChildrenNumber
        case .whoAmI: .whoAmI
        case .reconfig: .reconfig
        case .auth: .auth
        case .sasl: .sasl
        case .ping: .ping
        case .closeSession: .closeSession
        }
    }

    /// The path the request is about; `nil` for requests about none or several.
    package var path: ByteString? {
        switch self {
        case .create(let body), .createWithStat(let body), .createContainer(let body): body.path
        case .createTTL(let body): body.create.path
        case .delete(let body), .check(let body): body.path
        case .exists(let body), .getData(let body), .getChildren(let body), .getChildrenWithStat(let body):
            body.path
        case .setData(let body): body.path
        case .getACL(let body), .sync(let body), .deleteContainer(let body), .getEphemerals(let body),
            .getAllChildrenNumber(let body):
            body.path
        case .addWatch(let body): body.path
        case .checkWatches(let body), .removeWatches(let body): body.path
        case .setACL(let body): body.path
        case .multi, .multiRead, .setWatches, .setAllWatches, .whoAmI, .reconfig, .auth, .sasl, .ping, .closeSession:
            nil
        }
    }

    /// The whole frame, its length included.
    package func frame(xid: Int32) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeFrame { writer in
            RequestHeader(xid: xid, operation: operation).encode(into: &writer)
            encode(into: &writer)
        }
        return writer.bytes
    }
}
