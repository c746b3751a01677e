package import Bytes
package import StateMachines
import WireProtocol
package import ZNodes

/// One entry of the log.
package struct LoggedTransaction: Hashable, Sendable {
    package var header: TransactionHeader
    package var body: TransactionBody
    /// The tree's digest after the transaction; absent where its writer kept none.
    package var digest: UInt64?

    /// The only version of digests that is understood.
    package static let digestVersion = TransactionType.digestVersion

    package init(header: TransactionHeader, body: TransactionBody, digest: UInt64?) {
        self.header = header
        self.body = body
        self.digest = digest
    }
}

/// The types of transactions in headers; those of requests where both exist.
enum TransactionType {
    static let createSession: Int32 = -10
    static let closeSession: Int32 = -11
    static let error: Int32 = -1
    static let digestVersion: Int32 = 2
}

extension TransactionBody {
    /// What a header, and a request between servers, says of a session's beginning.
    package static let createSessionType = TransactionType.createSession

    /// The number of the header's `type` field.
    package var type: Int32 {
        switch self {
        case .createSession: TransactionType.createSession
        case .closeSession: TransactionType.closeSession
        case .create: OperationCode.create.rawValue
        case .createWithStat(let creation):
            switch creation.kind {
            case .container: OperationCode.createContainer.rawValue
            case .timeToLive: OperationCode.createTTL.rawValue
            case .persistent, .ephemeral: OperationCode.createWithStat.rawValue
            }
        case .delete: OperationCode.delete.rawValue
        case .deleteContainer: OperationCode.deleteContainer.rawValue
        case .setData: OperationCode.setData.rawValue
        case .reconfigure: OperationCode.reconfig.rawValue
        case .setACL: OperationCode.setACL.rawValue
        case .check: OperationCode.check.rawValue
        case .error: TransactionType.error
        case .multi: OperationCode.multi.rawValue
        }
    }

    func encode(into writer: inout ByteWriter) {
        switch self {
        case .createSession(let timeout): writer.write(timeout)
        case .closeSession(let paths): if let paths { writer.writeStrings(paths) }
        case .create(let creation), .createWithStat(let creation): Self.encode(creation, into: &writer)
        case .delete(let path), .deleteContainer(let path): writer.writeString(path)
        case .setData(let path, let data, let version), .reconfigure(let path, let data, let version):
            writer.writeString(path)
            writer.writeBuffer(data)
            writer.write(version)
        case .setACL(let path, let acl, let version):
            writer.writeString(path)
            writer.writeVector(acl)
            writer.write(version)
        case .check(let path, let version):
            writer.writeString(path)
            writer.write(version)
        case .error(let code): writer.write(code.rawValue)
        case .multi(let parts):
            writer.write(Int32(parts.count))
            for part in parts {
                writer.write(part.type)
                writer.writeFrame { part.encode(into: &$0) }
            }
        }
    }

    private static func encode(_ creation: Creation, into writer: inout ByteWriter) {
        writer.writeString(creation.path)
        writer.writeBuffer(creation.data)
        writer.writeVector(creation.acl)
        switch creation.kind {
        case .persistent, .ephemeral:
            writer.write(creation.isEphemeral)
            writer.write(creation.parentCVersion)
        case .container: writer.write(creation.parentCVersion)
        case .timeToLive(let milliseconds):
            writer.write(creation.parentCVersion)
            writer.write(milliseconds)
        }
    }

    init(type: Int32, from reader: inout ByteReader) throws(ByteError) {
        let start = reader.offset
        switch type {
        case TransactionType.createSession:
            self = .createSession(timeoutMilliseconds: try reader.readInt32())
        case TransactionType.closeSession:
            self = .closeSession(try Self.readPaths(&reader))
        case TransactionType.error:
            self = .error(ErrorCode(rawValue: try reader.readInt32()) ?? .systemError)
        case OperationCode.multi.rawValue:
            self = .multi(try Self.readParts(&reader))
        default:
            guard let operation = OperationCode(rawValue: type) else { throw .unknownValue(Int(type), offset: start) }
            self = try Self.readChange(operation, &reader, start)
        }
    }

    private static func readChange(
        _ operation: OperationCode, _ reader: inout ByteReader, _ start: Int
    ) throws(ByteError) -> TransactionBody {
        switch operation {
        case .create: return .create(try readCreation(&reader))
        case .createWithStat: return .createWithStat(try readCreation(&reader))
        case .createContainer, .createTTL: return .createWithStat(try readExtended(operation, &reader))
        case .delete: return .delete(try reader.readString())
        case .deleteContainer: return .deleteContainer(try reader.readString())
        case .setData, .reconfig:
            let path = try reader.readString()
            let data = try reader.readBuffer()
            let version = try reader.readInt32()
            return operation == .setData
                ? .setData(path: path, data: data, version: version)
                : .reconfigure(path: path, data: data, version: version)
        case .setACL:
            let path = try reader.readString()
            let acl = try reader.readVector(of: ACL.self, elementSize: ACL.minimumByteCount) ?? []
            return .setACL(path: path, acl: acl, version: try reader.readInt32())
        case .check:
            let path = try reader.readString()
            return .check(path: path, version: try reader.readInt32())
        default: throw .unknownValue(Int(operation.rawValue), offset: start)
        }
    }

    /// Old servers, and those told so, write no list here; then the body has ended, or only the digest's 12 bytes are left.
    private static func readPaths(_ reader: inout ByteReader) throws(ByteError) -> [ByteString]? {
        if reader.isAtEnd { return nil }
        if reader.remaining == 12 {
            var attempt = reader
            guard let paths = try? attempt.readStrings(), attempt.isAtEnd else { return nil }
            reader = attempt
            return paths
        }
        return try reader.readStrings() ?? []
    }

    private static func readCreation(_ reader: inout ByteReader) throws(ByteError) -> Creation {
        let path = try reader.readString()
        let data = try reader.readBuffer()
        let acl = try reader.readVector(of: ACL.self, elementSize: ACL.minimumByteCount) ?? []
        let isEphemeral = try reader.readBool()
        // Logs older than ZooKeeper 3.4 lack the last field.
        let cversion = reader.isAtEnd ? -1 : try reader.readInt32()
        return Creation(path: path, data: data, acl: acl, isEphemeral: isEphemeral, parentCVersion: cversion)
    }

    private static func readExtended(
        _ operation: OperationCode, _ reader: inout ByteReader
    ) throws(ByteError) -> Creation {
        let path = try reader.readString()
        let data = try reader.readBuffer()
        let acl = try reader.readVector(of: ACL.self, elementSize: ACL.minimumByteCount) ?? []
        let cversion = try reader.readInt32()
        let kind: Creation.Kind =
            operation == .createContainer ? .container : .timeToLive(milliseconds: try reader.readInt64())
        return Creation(path: path, data: data, acl: acl, kind: kind, parentCVersion: cversion)
    }

    private static func readParts(_ reader: inout ByteReader) throws(ByteError) -> [TransactionBody] {
        let count = try reader.readCount(elementSize: 8) ?? 0
        var parts: [TransactionBody] = []
        for _ in 0..<count {
            let start = reader.offset
            let type = try reader.readInt32()
            // No server writes one inside another, and each would take its part of the stack.
            guard type != OperationCode.multi.rawValue else { throw .unknownValue(Int(type), offset: start) }
            guard let bytes = try reader.readBuffer() else { throw .missingValue(offset: start + 4) }
            var part = ByteReader(bytes.span.bytes)
            parts.append(try TransactionBody(type: type, from: &part))
        }
        return parts
    }
}

extension LoggedTransaction {
    /// Header, record and digest, as an entry of the log and a proposal of the quorum protocol carry them.
    package func encode(into writer: inout ByteWriter) {
        writer.writeFields(byteCount: 32) { fields in
            fields.write(header.session.rawValue)
            fields.write(header.cxid)
            fields.write(header.zxid.wireValue)
            fields.write(header.time)
            fields.write(body.type)
        }
        body.encode(into: &writer)
        if let digest {
            writer.write(TransactionType.digestVersion)
            writer.write(Int64(bitPattern: digest))
        }
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        let session = SessionID(rawValue: try reader.readInt64())
        let cxid = try reader.readInt32()
        let zxid = Zxid(wireValue: try reader.readInt64())
        header = TransactionHeader(session: session, cxid: cxid, zxid: zxid, time: try reader.readInt64())
        body = try TransactionBody(type: try reader.readInt32(), from: &reader)
        digest = nil
        guard !reader.isAtEnd else { return }
        let version = try reader.readInt32()
        let value = try reader.readInt64()
        if version == TransactionType.digestVersion { digest = UInt64(bitPattern: value) }
    }
}

extension LoggedTransaction: CanonicalEncodable {
    /// Its entry's bytes.
    package func encode(into encoder: inout CanonicalEncoder) {
        var writer = ByteWriter()
        encode(into: &writer)
        encoder.encode(bytes: writer.bytes[...])
    }
}
