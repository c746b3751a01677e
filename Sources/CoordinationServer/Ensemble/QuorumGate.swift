import Bytes
import EventLoop
import Messages
import StateMachines
import WireProtocol

/// Holds a connection between two servers until they have logged in, where they must; then its owner has it as if nothing had been.
///
/// Confined to its stream's loop. The stream keeps it alive.
final class QuorumGate {
    private let stream: TCPConnection
    private let options: QuorumLoginOptions
    private let isDialler: Bool
    private let onNotice: (LocalizedText) -> Void
    private let onOpen: () -> Void
    /// Of the stream's owner, put back when the gate opens.
    private let deliver: ((UnsafeRawBufferPointer) -> Void)?
    private let report: ((StreamEnd) -> Void)?
    private var login: QuorumLogin
    private var packets = QuorumAuthPacketReader()
    /// Whether the side that dialled has begun to log in: nobody need who is not made to.
    private var hasBegun: Bool
    private var timer: LoopTimer?

    /// Logs in, or has the other side log in, and begins to read.
    /// - Parameters:
    ///   - received: what has come already.
    ///   - onOpen: called once; what came behind the login is given to the stream's owner afterwards. Where the gate stays shut
    ///     the owner is told by its `onEnd`.
    static func close(
        _ stream: TCPConnection, _ options: QuorumLoginOptions, as credentials: QuorumLoginOptions.Credentials?,
        within limit: Tick, on loop: EventLoop, received: [UInt8] = [],
        onNotice: @escaping (LocalizedText) -> Void, onOpen: @escaping () -> Void
    ) {
        let gate = QuorumGate(stream, options, credentials, onNotice, onOpen)
        stream.onBytes = { gate.receive(Array($0)) }
        stream.onEnd = { gate.end($0) }
        gate.timer = loop.schedule(after: limit) { [weak gate] in gate?.expire() }
        if gate.isDialler { stream.write(QuorumLogin.beginning.encoded) }
        stream.startReading()
        gate.receive(received)
    }

    private init(
        _ stream: TCPConnection, _ options: QuorumLoginOptions, _ credentials: QuorumLoginOptions.Credentials?,
        _ onNotice: @escaping (LocalizedText) -> Void, _ onOpen: @escaping () -> Void
    ) {
        self.stream = stream
        self.options = options
        self.onNotice = onNotice
        self.onOpen = onOpen
        (deliver, report) = (stream.onBytes, stream.onEnd)
        (isDialler, hasBegun) = (credentials != nil, credentials != nil)
        let nonce = Self.makeNonce()
        login =
            credentials.map { QuorumLogin(diallingAs: $0.user, password: $0.password, cnonce: nonce) }
            ?? QuorumLogin(dialledWith: nonce)
    }

    deinit { timer?.cancel() }

    private static func makeNonce() -> String {
        (0..<3).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
    }

    // MARK: Receiving

    private func receive(_ bytes: [UInt8]) {
        packets.append(bytes)
        if !hasBegun {
            guard let isLogin = packets.isLoginNext else { return }
            guard isLogin else { return passUnproved() }
            hasBegun = true
        }
        do {
            while stream.isOpen, let packet = try packets.next() {
                switch try login.take(packet, password: { options.users[$0] }) {
                case .answer(let packet): stream.write(packet.encoded)
                case .lastAnswer(let packet):
                    stream.write(packet.encoded)
                    return open()
                case .done: return open()
                }
            }
        } catch let failure as QuorumLogin.Failure {
            refuse(failure)
        } catch {
            refuse(.malformed)
        }
    }

    /// The other side says what servers say, and has not logged in.
    private func passUnproved() {
        guard options.isRequired else { return open() }
        shut(EnsembleMessages.noLogin(stream.remoteAddress))
    }

    private func refuse(_ failure: QuorumLogin.Failure) {
        let address = stream.remoteAddress
        if !isDialler { stream.write(QuorumLogin.refusal.encoded) }
        switch failure {
        case .refusedByPeer: shut(EnsembleMessages.loginRefusedByPeer(address))
        case .unproven: shut(EnsembleMessages.loginUnproven(address))
        case .wrongPassword: shut(EnsembleMessages.wrongLogin(address))
        case .malformed where isDialler: shut(EnsembleMessages.loginBroken(address))
        case .malformed: shut(EnsembleMessages.loginMalformed(address))
        }
    }

    // MARK: Opening and ending

    private func open() {
        restore()
        let rest = packets.takePending()
        onOpen()
        guard stream.isOpen, !rest.isEmpty else { return }
        rest.withUnsafeBytes { stream.onBytes?($0) }
    }

    private func restore() {
        timer?.cancel()
        (stream.onBytes, stream.onEnd) = (deliver, report)
    }

    /// Ends the stream, and tells its owner.
    private func shut(_ notice: LocalizedText) {
        onNotice(notice)
        timer?.cancel()
        stream.close()
        report?(.failed(.connectionReset))
    }

    private func end(_ end: StreamEnd) {
        if isDialler {
            if case .insecure = end {} else { onNotice(EnsembleMessages.loginBroken(stream.remoteAddress)) }
        } else if !hasBegun, !options.isRequired {
            // It has said all that it wanted.
            open()
            return stream.onEnd?(end) ?? ()
        }
        restore()
        report?(end)
    }

    private func expire() {
        if !isDialler, !hasBegun, !options.isRequired { return open() }
        shut(EnsembleMessages.loginLate(stream.remoteAddress))
    }
}
