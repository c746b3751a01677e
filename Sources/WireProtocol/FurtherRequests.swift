package import Bytes

/// Body of `createTTL`.
package struct CreateTTLRequest: JuteRecord {
    package var create: CreateRequest
    /// How long the node may stay unchanged and without children.
    package var timeToLiveMilliseconds: Int64

    package init(create: CreateRequest, timeToLiveMilliseconds: Int64) {
        self.create = create
        self.timeToLiveMilliseconds = timeToLiveMilliseconds
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        create = try CreateRequest(from: &reader)
        timeToLiveMilliseconds = try reader.readInt64()
    }

    package func encode(into writer: inout ByteWriter) {
        create.encode(into: &writer)
        writer.write(timeToLiveMilliseconds)
    }
}

/// Body of `reconfig`. Either servers that come and go, or the whole new list; what is not given is null.
package struct ReconfigRequest: JuteRecord {
    package var joiningServers: ByteString?
    package var leavingServers: ByteString?
    package var newMembers: ByteString?
    /// The version the configuration must have; −1 for any.
    package var currentConfigurationID: Int64

    package init(
        joiningServers: ByteString? = nil, leavingServers: ByteString? = nil, newMembers: ByteString? = nil,
        currentConfigurationID: Int64 = -1
    ) {
        self.joiningServers = joiningServers
        self.leavingServers = leavingServers
        self.newMembers = newMembers
        self.currentConfigurationID = currentConfigurationID
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        joiningServers = try reader.readOptionalString()
        leavingServers = try reader.readOptionalString()
        newMembers = try reader.readOptionalString()
        currentConfigurationID = try reader.readInt64()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeString(joiningServers)
        writer.writeString(leavingServers)
        writer.writeString(newMembers)
        writer.write(currentConfigurationID)
    }
}

/// Body of `sasl`, and of its reply.
package struct TokenRequest: JuteRecord {
    package var token: [UInt8]?

    package init(token: [UInt8]?) { self.token = token }
    package init(from reader: inout ByteReader) throws(ByteError) { token = try reader.readBuffer() }
    package func encode(into writer: inout ByteWriter) { writer.writeBuffer(token) }
}

/// One identity that a connection has proved; part of the reply to `whoAmI`.
package struct ClientIdentity: JuteRecord {
    package static let minimumByteCount = 8

    package var scheme: ByteString
    package var user: ByteString

    package init(scheme: ByteString, user: ByteString) {
        self.scheme = scheme
        self.user = user
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        scheme = try reader.readString()
        user = try reader.readString()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeString(scheme)
        writer.writeString(user)
    }
}
