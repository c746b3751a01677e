import Bytes
package import CoordinationCore
package import StateMachines
package import WireProtocol
package import Zab

/// What the nodes of a simulated ensemble send each other: votes, and connections as TCP gives them, over a network that may
/// lose anything.
///
/// A connection is a number, and every message on it has its position; what is missing ends the connection, as a
/// lost segment that nobody repeats would.
package enum EnsembleMessage: Hashable, Sendable, CanonicalEncodable {
    /// What travels on a connection.
    package enum Content: Hashable, Sendable {
        case packet(Packet)
        /// SNAP and the bytes behind it.
        case snapshot(Zxid, [UInt8])
        case request(ForwardedRequest, [Identity])
        /// The answer to PING.
        case touched(Zxid, [QuorumSession])
        case revalidate(QuorumSession)
        case revalidated(SessionID, isValid: Bool)
        case synchronized
        /// Between a client and a server, either way. The words are for diagrams.
        case bytes([UInt8], label: String, detail: String)
    }

    case notification(Notification)
    case open(UInt64)
    case accept(UInt64)
    case close(UInt64)
    case stream(UInt64, position: UInt32, Content)

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .notification(let notification):
            encoder.encode(tag: 0)
            encoder.encode(notification)
        case .open(let number): encode(1, number, &encoder)
        case .accept(let number): encode(2, number, &encoder)
        case .close(let number): encode(3, number, &encoder)
        case .stream(let number, let position, let content):
            encode(4, number, &encoder)
            encoder.encode(position)
            content.encode(into: &encoder)
        }
    }

    private func encode(_ tag: UInt8, _ number: UInt64, _ encoder: inout CanonicalEncoder) {
        encoder.encode(tag: tag)
        encoder.encode(number)
    }
}

extension EnsembleMessage.Content: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .packet(let packet):
            encoder.encode(tag: 0)
            encoder.encode(packet)
        case .snapshot(let zxid, let bytes):
            encoder.encode(tag: 1)
            encoder.encode(zxid)
            encoder.encode(bytes: bytes[...])
        case .request(let request, let identities):
            encoder.encode(tag: 2)
            encoder.encode(bytes: request.encoded[...])
            for identity in identities { encoder.encode(bytes: identity.id.bytes[...]) }
        case .touched(let zxid, let sessions):
            encoder.encode(tag: 3)
            encoder.encode(zxid)
            for session in sessions { encoder.encode(session.session.rawValue) }
        case .revalidate(let session):
            encoder.encode(tag: 4)
            encoder.encode(session.session.rawValue)
        case .revalidated(let session, let isValid):
            encoder.encode(tag: 5)
            encoder.encode(session.rawValue)
            encoder.encode(isValid)
        case .synchronized: encoder.encode(tag: 6)
        case .bytes(let bytes, _, _):
            encoder.encode(tag: 7)
            encoder.encode(bytes: bytes[...])
        }
    }
}

extension EnsembleMessage: Labelled {
    package var label: String {
        switch self {
        case .notification: "VOTE"
        case .open: "CONNECT"
        case .accept: "ACCEPT"
        case .close: "CLOSE"
        case .stream(_, _, let content): content.label
        }
    }

    package var detail: String {
        switch self {
        case .notification(let notification): notification.detail
        case .open, .accept, .close: ""
        case .stream(_, _, let content): content.detail
        }
    }
}

extension EnsembleMessage.Content: Labelled {
    package var label: String {
        switch self {
        case .packet(let packet): packet.label
        case .snapshot: "SNAP"
        case .request: "REQUEST"
        case .touched: "PING"
        case .revalidate, .revalidated: "REVALIDATE"
        case .synchronized: "SYNC"
        case .bytes(_, let label, _): label
        }
    }

    package var detail: String {
        switch self {
        case .packet(let packet): packet.detail
        case .snapshot(let zxid, let bytes): "through \(zxid.shortDescription), \(bytes.count) bytes"
        case .request(let request, _): "session \(request.session), cxid \(request.cxid)"
        case .touched(_, let sessions): "\(sessions.count) sessions"
        case .revalidate(let session): "\(session.session)"
        case .revalidated(let session, let isValid): "\(session) \(isValid ? "lives" : "is gone")"
        case .synchronized: ""
        case .bytes(_, _, let detail): detail
        }
    }
}

/// Every timer of a simulated ensemble.
package enum EnsembleTimer: Hashable, Sendable, CanonicalEncodable, Labelled {
    case core
    case peer(PeerTimer)
    /// A leader has read its log for a learner.
    case logRead(ServerID)
    /// The time for a snapshot has come.
    case snapshot
    /// A client's: it sends a ping, or tries another server.
    case client

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .core: encoder.encode(tag: 0)
        case .peer(let timer):
            encoder.encode(tag: 1)
            encoder.encode(timer)
        case .logRead(let server):
            encoder.encode(tag: 2)
            encoder.encode(server)
        case .snapshot: encoder.encode(tag: 3)
        case .client: encoder.encode(tag: 4)
        }
    }

    package var label: String {
        switch self {
        case .core: "sessions"
        case .peer(let timer): timer.label
        case .logRead: "log read"
        case .snapshot: "snapshot due"
        case .client: "client"
        }
    }
}

/// Something done to a virtual disk; see `VirtualDisk`.
package enum DiskRecord: Hashable, Sendable {
    /// A piece of an append to a log; the last piece is forced, and all pieces with it.
    case append(log: Zxid, [UInt8], isLast: Bool)
    /// The log ends here now.
    case cut(log: Zxid, byteCount: Int)
    /// A snapshot under its name, at once whole: it was forced under another name before.
    case snapshot(Zxid, [UInt8], isCopy: Bool)
    case remove(logs: [Zxid], snapshots: [Zxid])
    case epoch(StoredEpoch)
}

extension DiskRecord: CanonicalEncodable, Labelled {
    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .append(let log, let bytes, let isLast):
            encoder.encode(tag: 0)
            encoder.encode(log)
            encoder.encode(bytes: bytes[...])
            encoder.encode(isLast)
        case .cut(let log, let count):
            encoder.encode(tag: 1)
            encoder.encode(log)
            encoder.encode(UInt32(count))
        case .snapshot(let zxid, let bytes, let isCopy):
            encoder.encode(tag: 2)
            encoder.encode(zxid)
            encoder.encode(bytes: bytes[...])
            encoder.encode(isCopy)
        case .remove(let logs, let snapshots):
            encoder.encode(tag: 3)
            encoder.encode(logs)
            encoder.encode(snapshots)
        case .epoch(let epoch):
            encoder.encode(tag: 4)
            encoder.encode(epoch)
        }
    }

    package var label: String {
        switch self {
        case .append: "log"
        case .cut: "cut"
        case .snapshot: "snapshot"
        case .remove: "remove"
        case .epoch(.accepted): "acceptedEpoch"
        case .epoch(.current): "currentEpoch"
        }
    }

    package var detail: String {
        switch self {
        case .append(let log, let bytes, _): "log of \(log.shortDescription), \(bytes.count) bytes"
        case .cut(let log, let count): "log of \(log.shortDescription) to \(count) bytes"
        case .snapshot(let zxid, let bytes, _): "\(zxid.shortDescription), \(bytes.count) bytes"
        case .remove(let logs, let snapshots): "\(logs.count) logs, \(snapshots.count) snapshots"
        case .epoch(.accepted(let epoch)), .epoch(.current(let epoch)): "\(epoch)"
        }
    }
}
