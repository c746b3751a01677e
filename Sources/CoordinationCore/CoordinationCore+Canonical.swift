import Bytes
package import StateMachines
import TransactionLog
import WireProtocol
import ZNodes

/// Canonical bytes: everything that later behaviour can depend on; statistics cannot.
extension CoordinationCore {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(tree)
        encoder.encode(outstanding.digest)
        encoder.encode(broadcast)
        encoder.encode(member)
        encoder.encode(role)
        encoder.encode(isReadOnly)
        encoder.encode(clockOffset)
        encoder.encode(UInt32(sessions.count))
        for id in sessions.sortedIDs { encode(id, sessions[id]!, into: &encoder) }
        encoder.encode(UInt32(pendingWrites.count))
        for pending in pendingWrites.elements {
            encoder.encode(pending.zxid)
            encoder.encode(pending.connection?.rawValue ?? 0)
            encoder.encode(pending.xid)
            encoder.encode(pending.operation?.rawValue ?? 0)
        }
        encoder.encode(UInt32(slots.count))
        for id in slots.keys.sorted() { encode(connections[slots[id]!], into: &encoder) }
        watches.encode(into: &encoder)
        encoder.encode(connectionThrottle)
        encoder.encode(largeRequests.total)
        var random = random
        encoder.encode(random.next())
        encoder.encode(reaper.nextCheck ?? .zero)
        encoder.encode(UInt32(reaper.candidates.count))
        for path in reaper.candidates { encoder.encode(bytes: path.bytes[...]) }
    }

    private func encode(_ id: SessionID, _ session: Session, into encoder: inout CanonicalEncoder) {
        encoder.encode(id.rawValue)
        encoder.encode(session.timeoutMilliseconds)
        encoder.encode(session.expiresAt)
        encoder.encode(session.connection?.rawValue ?? 0)
        encoder.encode(session.lastProposed)
        encoder.encode(session.isClosing)
        encoder.encode(session.isOpening)
        encoder.encode(session.isLocal)
        encoder.encode(UInt32(session.abandonedWrites.count))
        for xid in session.abandonedWrites { encoder.encode(xid) }
        encoder.encode(session.owner)
    }

    private func encode(_ connection: Connection, into encoder: inout CanonicalEncoder) {
        encoder.encode(connection.id.rawValue)
        encoder.encode(connection.address)
        encoder.encode(connection.lastHeard)
        encoder.encode(connection.session.rawValue)
        encoder.encode(connection.knowsReadOnly)
        encoder.encode(connection.isPaused)
        encoder.encode(connection.grantedSynchronizations)
        encoder.encode(UInt32(connection.identities.count))
        for identity in connection.identities {
            encoder.encode(bytes: identity.scheme.bytes[...])
            encoder.encode(bytes: identity.id.bytes[...])
        }
        encoder.encode(connection.sasl != nil)
        switch connection.phase {
        case .handshaking: encoder.encode(tag: 0)
        case .establishing: encoder.encode(tag: 1)
        case .established: encoder.encode(tag: 2)
        }
        encoder.encode(bytes: connection.input.pendingBytes)
        encoder.encode(bytes: connection.output.bytes[...])
        encoder.encode(UInt32(connection.waiting.count))
        for request in connection.waiting.elements { encode(request, into: &encoder) }
    }

    private func encode(_ request: WaitingRequest, into encoder: inout CanonicalEncoder) {
        switch request {
        case .write(let zxid):
            encoder.encode(tag: 0)
            encoder.encode(zxid)
        case .read(let xid, let request, let after, _):
            encoder.encode(tag: 1)
            encoder.encode(after)
            encoder.encode(bytes: request.frame(xid: xid)[...])
        case .forwarded(let write):
            encoder.encode(tag: 4)
            encoder.encode(write.xid)
            encoder.encode(write.operation.rawValue)
            encoder.encode(write.heldByteCount)
        case .localClosing(let xid, _):
            encoder.encode(tag: 6)
            encoder.encode(xid)
        case .synchronization(let xid, let request, _):
            encoder.encode(tag: 5)
            encoder.encode(bytes: request.frame(xid: xid)[...])
        case .refusal(let xid, let error):
            encoder.encode(tag: 2)
            encoder.encode(xid)
            encoder.encode(error.rawValue)
        case .unknownOperation(let xid):
            encoder.encode(tag: 3)
            encoder.encode(xid)
        }
    }
}
