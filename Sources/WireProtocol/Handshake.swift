package import Bytes
package import StateMachines

/// The first message of a connection; it has no header.
package struct ConnectRequest: JuteRecord {
    package var protocolVersion: Int32 = 0
    package var lastZxidSeen: Zxid
    package var timeoutMilliseconds: Int32
    /// `SessionID.none` asks for a new session.
    package var session: SessionID
    /// 16 bytes; null is tolerated for a new session.
    package var password: [UInt8]?
    /// Absent in clients older than 3.4; then the answer must not carry the field either.
    package var isReadOnlyAllowed: Bool?

    package init(
        lastZxidSeen: Zxid, timeoutMilliseconds: Int32, session: SessionID = .none,
        password: [UInt8]? = Array(repeating: 0, count: 16), isReadOnlyAllowed: Bool? = false
    ) {
        self.lastZxidSeen = lastZxidSeen
        self.timeoutMilliseconds = timeoutMilliseconds
        self.session = session
        self.password = password
        self.isReadOnlyAllowed = isReadOnlyAllowed
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        protocolVersion = try reader.readInt32()
        lastZxidSeen = Zxid(wireValue: try reader.readInt64())
        timeoutMilliseconds = try reader.readInt32()
        session = SessionID(rawValue: try reader.readInt64())
        password = try reader.readBuffer()
        isReadOnlyAllowed = reader.isAtEnd ? nil : try reader.readBool()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(protocolVersion)
        writer.write(lastZxidSeen.wireValue)
        writer.write(timeoutMilliseconds)
        writer.write(session.rawValue)
        writer.writeBuffer(password)
        if let isReadOnlyAllowed { writer.write(isReadOnlyAllowed) }
    }
}

/// The answer to a `ConnectRequest`. A session that is gone is answered with timeout 0, session 0, a zero password.
package struct ConnectResponse: JuteRecord {
    package var protocolVersion: Int32 = 0
    package var timeoutMilliseconds: Int32
    package var session: SessionID
    package var password: [UInt8]?
    /// Present if and only if the request carried its counterpart.
    package var isReadOnly: Bool?

    package init(timeoutMilliseconds: Int32, session: SessionID, password: [UInt8]?, isReadOnly: Bool?) {
        self.timeoutMilliseconds = timeoutMilliseconds
        self.session = session
        self.password = password
        self.isReadOnly = isReadOnly
    }

    /// The session does not exist any more, or the password is wrong.
    package static func expired(isReadOnly: Bool?) -> ConnectResponse {
        ConnectResponse(
            timeoutMilliseconds: 0, session: .none, password: Array(repeating: 0, count: 16), isReadOnly: isReadOnly)
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        protocolVersion = try reader.readInt32()
        timeoutMilliseconds = try reader.readInt32()
        session = SessionID(rawValue: try reader.readInt64())
        password = try reader.readBuffer()
        isReadOnly = reader.isAtEnd ? nil : try reader.readBool()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(protocolVersion)
        writer.write(timeoutMilliseconds)
        writer.write(session.rawValue)
        writer.writeBuffer(password)
        if let isReadOnly { writer.write(isReadOnly) }
    }
}
