import Bytes
import StateMachines
import WireProtocol
import ZNodes

/// Requests by which a client proves who it is. They are answered at once, even before earlier ones.
extension CoordinationCore {
    /// False where the server wants a proof that the client has not given.
    func mustNotProveMore(_ slot: Int) -> Bool {
        let wanted = configuration.access.enforceAuthSchemes
        if wanted.isEmpty { return true }
        return connections[slot]!.identities.contains { identity in
            wanted.contains { ByteString($0) == identity.scheme }
        }
    }

    mutating func handleAuthentication(
        _ request: ClientRequest, _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        switch request {
        case .auth(let body): authenticate(body, xid, slot, &effects)
        default: preconditionFailure("\(request.operation.name) proves nothing")
        }
    }

    private mutating func authenticate(
        _ request: AuthRequest, _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        let connection = connections[slot]!
        switch access.authenticate(request, address: ByteString(connection.host), known: connection.identities) {
        case .identities(let identities):
            addIdentities(identities, slot)
            writeHeader(xid, .zero, .ok, slot, &effects)
        case .refused:
            writeHeader(xid, .zero, .authFailed, slot, &effects)
            close(slot, &effects)
        case .hangUp: close(slot, &effects)
        }
    }
}
