package import Bytes

/// What an access rule allows.
package struct Permissions: OptionSet, Hashable, Sendable {
    package var rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }
    package static let read = Permissions(rawValue: 1)
    package static let write = Permissions(rawValue: 2)
    package static let create = Permissions(rawValue: 4)
    package static let delete = Permissions(rawValue: 8)
    package static let admin = Permissions(rawValue: 16)
    package static let all = Permissions(rawValue: 31)
}

/// One access rule: who may do what.
package struct ACL: JuteRecord {
    package static let minimumByteCount = 12

    package var permissions: Permissions
    package var scheme: ByteString
    package var id: ByteString

    package init(permissions: Permissions, scheme: ByteString, id: ByteString) {
        self.permissions = permissions
        self.scheme = scheme
        self.id = id
    }

    /// Anyone may do anything.
    package static let open = [ACL(permissions: .all, scheme: "world", id: "anyone")]

    private static let world: ByteString = "world"
    private static let anyone: ByteString = "anyone"
    /// “world:anyone”.
    package var isForEverybody: Bool { scheme == Self.world && id == Self.anyone }

    /// A vector of rules. Nearly every one is `open`, which then needs no storage of its own.
    static func readVector(from reader: inout ByteReader) throws(ByteError) -> [ACL]? {
        if reader.skip(openBytes.span.bytes) { return open }
        return try reader.readVector(of: ACL.self, elementSize: minimumByteCount)
    }

    private static let openBytes: [UInt8] = {
        var writer = ByteWriter()
        writer.writeVector(open)
        return writer.bytes
    }()

    /// “user:hash” of “user:password”, whom a rule of the scheme “digest” means; the hash is in base 64.
    package static func digestID(
        of credentials: [UInt8], _ algorithm: Digest.Algorithm = .sha1
    ) -> ByteString {
        let user = credentials.prefix { $0 != UInt8(ascii: ":") }
        let hash = Base64.encode(Digest.compute(algorithm, credentials))
        return ByteString(bytes: user + [UInt8(ascii: ":")] + hash)
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        permissions = Permissions(rawValue: try reader.readInt32())
        // Some clients write null for the id of scheme “auth”, where it does not count.
        scheme = try reader.readOptionalString() ?? ""
        id = try reader.readOptionalString() ?? ""
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(permissions.rawValue)
        writer.writeString(scheme)
        writer.writeString(id)
    }
}
