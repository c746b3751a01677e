import Bytes
import StateMachines
import WireProtocol

/// A login by SASL, between the handshake and the first request.
extension ClientSession {
    mutating func beginLogin(_ login: Login, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        // The server has as long as it has to answer a ping.
        phase = .loggingIn(deadline: now + readLimit)
        exchange = DigestMD5Login(
            user: login.user, password: login.password, cnonce: "\(takeRandom())\(takeRandom())")
        sendToken([], now, &effects)
    }

    private mutating func takeRandom() -> UInt64 {
        var generator = random ?? SplitMix64(seed: 0)
        defer { if random != nil { random = generator } }
        return generator.next()
    }

    private mutating func sendToken(_ token: [UInt8], _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        send(ClientRequest.sasl(TokenRequest(token: token)).frame(xid: takeNextXid()), now, &effects)
    }

    mutating func onLoginAnswered(
        _ reader: inout ByteReader, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) throws(ByteError) {
        let header = try ReplyHeader(from: &reader)
        guard header.xid == xid else { throw .unknownValue(Int(header.xid), offset: 0) }
        guard header.error == 0 else { return refuse(header.error, &effects) }
        // Without a token the server offers no login: nothing would be proved, and that is not what was asked for.
        guard let token = try TokenRequest(from: &reader).token, let step = exchange?.take(token) else {
            return refuse(ErrorCode.authFailed.rawValue, &effects)
        }
        switch step {
        case .answer(let token): sendToken(token, now, &effects)
        case .done: beginWork(now, &effects)
        case .failed: refuse(ErrorCode.authFailed.rawValue, &effects)
        }
    }

    private mutating func refuse(_ code: Int32, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.disconnect)
        end(.refused(code), &effects)
    }
}
