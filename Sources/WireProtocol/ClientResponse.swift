package import Bytes

/// The body of a reply, by what it holds. A reply with an error has none.
package enum ClientResponse: Hashable, Sendable {
    /// `delete`, `ping`, `auth`, `setWatches`, `closeSession`.
    case empty
    /// `create`, `sync`.
    case path(ByteString)
    /// `createWithStat`.
    case pathAndStat(ByteString, Stat)
    /// `exists`, `setData`, `setACL`.
    case stat(Stat)
    /// `getData`.
    case dataAndStat([UInt8]?, Stat)
    /// `getACL`.
    case aclAndStat([ACL]?, Stat)
    /// `getChildren`.
    case children([ByteString])
    /// `getChildrenWithStat`.
    case childrenAndStat([ByteString], Stat)
    /// `multi`.
    case multi(MultiResponse)

    /// Reads the body of a successful reply to `operation`.
    package init(to operation: OperationCode, from reader: inout ByteReader) throws(ByteError) {
        switch operation {
        case .create, .sync: self = .path(try reader.readString())
        case .createWithStat: self = .pathAndStat(try reader.readString(), try Stat(from: &reader))
        case .exists, .setData, .setACL: self = .stat(try Stat(from: &reader))
        case .getData: self = .dataAndStat(try reader.readBuffer(), try Stat(from: &reader))
        case .getACL:
            let acl = try reader.readVector(of: ACL.self, elementSize: ACL.minimumByteCount)
            self = .aclAndStat(acl, try Stat(from: &reader))
        case .getChildren: self = .children(try reader.readStrings() ?? [])
        case .getChildrenWithStat: self = .childrenAndStat(try reader.readStrings() ?? [], try Stat(from: &reader))
        case .multi: self = .multi(try MultiResponse(from: &reader))
        case .delete, .check, .ping, .auth, .setWatches, .closeSession: self = .empty
        }
    }

    package func encode(into writer: inout ByteWriter) {
        switch self {
        case .empty: break
        case .path(let path): writer.writeString(path)
        case .pathAndStat(let path, let stat):
            writer.writeString(path)
            stat.encode(into: &writer)
        case .stat(let stat): stat.encode(into: &writer)
        case .dataAndStat(let data, let stat):
            writer.writeBuffer(data)
            stat.encode(into: &writer)
        case .aclAndStat(let acl, let stat):
            writer.writeVector(acl)
            stat.encode(into: &writer)
        case .children(let names): writer.writeStrings(names)
        case .childrenAndStat(let names, let stat):
            writer.writeStrings(names)
            stat.encode(into: &writer)
        case .multi(let response): response.encode(into: &writer)
        }
    }

    /// The whole frame of a reply, its length included.
    package func frame(_ header: ReplyHeader) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeFrame { writer in
            header.encode(into: &writer)
            encode(into: &writer)
        }
        return writer.bytes
    }
}
