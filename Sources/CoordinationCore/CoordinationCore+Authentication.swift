import Bytes
import StateMachines
import WireProtocol
import ZNodes

/// Requests by which a client proves who it is. They are answered at once, even before earlier ones.
extension CoordinationCore {
    /// False where the server wants a proof that the client has not given.
    func mustNotProveMore(_ slot: Int) -> Bool {
        guard configuration.access.enforceAuthEnabled else { return true }
        let wanted = configuration.access.demandedSchemes
        return connections[slot].identities.contains { identity in
            wanted.contains { ByteString($0) == identity.scheme }
        }
    }

    mutating func handleAuthentication(
        _ request: ClientRequest, _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        switch request {
        case .auth(let body): authenticate(body, xid, slot, &effects)
        case .sasl(let body): exchangeToken(body.token ?? [], xid, slot, &effects)
        default: preconditionFailure("\(request.operation.name) proves nothing")
        }
    }

    private mutating func authenticate(
        _ request: AuthRequest, _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        let connection = connections[slot]
        let answer = access.authenticate(request, address: ByteString(connection.host), known: connection.identities)
        if request.scheme == Scheme.ensemble { countEnsemble(request, answer) }
        switch answer {
        case .identities(let identities):
            addIdentities(identities, slot)
            writeHeader(xid, .zero, .ok, slot, &effects)
        case .refused:
            statistics.failedAuthentications += 1
            writeHeader(xid, .zero, .authFailed, slot, &effects)
            close(slot, &effects)
        case .hangUp:
            statistics.failedAuthentications += 1
            close(slot, &effects)
        }
    }

    /// The name of an ensemble is right, wrong, or not looked at.
    private mutating func countEnsemble(_ request: AuthRequest, _ answer: AccessControl.Answer) {
        switch answer {
        case .hangUp: statistics.ensembleFailures += 1
        case .refused: break
        case .identities where configuration.access.ensembleAuthName == nil || request.credentials?.isEmpty != false:
            statistics.ensembleSkips += 1
        case .identities: statistics.ensembleSuccesses += 1
        }
    }

    /// A certificate that the driver did not believe.
    package mutating func countFailedHandshake() { statistics.failedAuthentications += 1 }

    /// One step of SASL. Without users there is no mechanism: ZooKeeper then answers null, and proves nothing.
    private mutating func exchangeToken(
        _ token: [UInt8], _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        let users = configuration.access.saslUsers
        if users.isEmpty { return writeToken(xid, .ok, nil, slot, &effects) }
        var sasl = connections[slot].sasl ?? DigestMD5(nonce: makeNonce())
        let answer: [UInt8]
        do {
            answer = try sasl.evaluate(token) { users[$0] }
        } catch {
            connections[slot].sasl = sasl
            return refuseToken(xid, slot, &effects)
        }
        connections[slot].sasl = sasl
        if let user = sasl.user {
            addIdentities(access.verified(Identity(scheme: Scheme.sasl, id: ByteString(user))), slot)
        }
        writeToken(xid, .ok, answer, slot, &effects)
    }

    private mutating func refuseToken(_ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>) {
        let isRequired = configuration.access.demandedSchemes.contains { ByteString($0) == Scheme.sasl }
        if configuration.access.allowSaslFailedClients, !isRequired {
            return writeToken(xid, .ok, nil, slot, &effects)
        }
        writeToken(xid, isRequired ? .sessionClosedRequireSASLAuth : .authFailed, nil, slot, &effects)
        close(slot, &effects)
    }

    private mutating func writeToken(
        _ xid: Int32, _ error: ErrorCode, _ token: [UInt8]?, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        willWrite(slot, &effects)
        connections[slot].output.writeFrame {
            ReplyHeader(xid: xid, zxid: .zero, error: error).encode(into: &$0)
            TokenRequest(token: token).encode(into: &$0)
        }
    }

    private mutating func makeNonce() -> String {
        (0..<3).map { _ in
            let digits = String(random.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
