package import Bytes

/// The body of a reply, by what it holds. A reply with an error has none.
package enum ClientResponse: Hashable, Sendable {
    /// `delete`, `ping`, `auth`, `closeSession`, and whatever sets, checks or removes watches but `addWatch`.
    case empty
    /// `create`, `sync`.
    case path(ByteString)
    /// `createWithStat`, `createContainer`, `createTTL`.
    case pathAndStat(ByteString, Stat)
    /// `exists`, `setData`, `setACL`.
    case stat(Stat)
    /// `getData`, `reconfig`.
    case dataAndStat([UInt8]?, Stat)
    /// `getACL`.
    case aclAndStat([ACL]?, Stat)
    /// `getChildren`, `getEphemerals`.
    case children([ByteString])
    /// `getChildrenWithStat`.
    case childrenAndStat([ByteString], Stat)
    /// `multi`, `multiRead`.
    case multi(MultiResponse)
    /// `getAllChildrenNumber`; of `addWatch` the code 0.
    case number(Int32)
    /// `whoAmI`.
    case identities([ClientIdentity])
    /// `sasl`.
    case token([UInt8]?)

    /// Reads the body of a successful reply to `operation`.
    package init(to operation: OperationCode, from reader: inout ByteReader) throws(ByteError) {
        switch operation {
        case .create, .sync: self = .path(try reader.readString())
        case .createWithStat, .createContainer, .createTTL:
            self = .pathAndStat(try reader.readString(), try Stat(from: &reader))
        case .exists, .setData, .setACL: self = .stat(try Stat(from: &reader))
        case .getData, .reconfig: self = .dataAndStat(try reader.readBuffer(), try Stat(from: &reader))
        case .getACL:
            let acl = try reader.readVector(of: ACL.self, elementSize: ACL.minimumByteCount)
            self = .aclAndStat(acl, try Stat(from: &reader))
        case .getChildren, .getEphemerals: self = .children(try reader.readStrings() ?? [])
        case .getChildrenWithStat: self = .childrenAndStat(try reader.readStrings() ?? [], try Stat(from: &reader))
        case .multi, .multiRead: self = .multi(try MultiResponse(from: &reader))
        case .getAllChildrenNumber, .addWatch: self = .number(try reader.readInt32())
        case .whoAmI:
            let identities = try reader.readVector(
                of: ClientIdentity.self, elementSize: ClientIdentity.minimumByteCount)
            self = .identities(identities ?? [])
        case .sasl: self = .token(try reader.readBuffer())
        case .delete, .deleteContainer, .check, .ping, .auth, .setWatches, .setAllWatches, .checkWatches,
            .removeWatches, .closeSession:
            self = .empty
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
        case .number(let number): writer.write(number)
        case .identities(let identities): writer.writeVector(identities)
        case .token(let token): writer.writeBuffer(token)
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
