import Bytes
import EventLoop
import FaultProxy
import StateMachines
import WireProtocol

/// Ends the session of a client that knows nothing of it, and that then finds its session expired.
///
/// A second connection takes the session over, which the password allows, and closes it. Meanwhile the client may have come
/// back and have taken it over in its turn; then it is tried again.
final class SessionEnding {
    private static let retryDelay = Tick.milliseconds(20)
    private static let closeXid: Int32 = 1

    private let session: ProxiedSession
    private let loop: EventLoop
    /// Where the server listens that the client is connected to.
    private let port: () -> UInt16
    private var triesLeft = 50

    private init(_ session: ProxiedSession, on loop: EventLoop, port: @escaping () -> UInt16) {
        (self.session, self.loop, self.port) = (session, loop, port)
    }

    /// Begins, and lives on by itself until it is done or has been tried often enough.
    static func begin(_ session: ProxiedSession, on loop: EventLoop, port: @escaping () -> UInt16) {
        SessionEnding(session, on: loop, port: port).attempt()
    }

    private func attempt() {
        guard triesLeft > 0 else { return }
        triesLeft -= 1
        loop.connect(to: "127.0.0.1", port: port()) { [self] result in
            guard case .success(let stream) = result else { return again() }
            takeOver(stream)
        }
    }

    private func again() {
        loop.schedule(after: Self.retryDelay) { [self] in attempt() }
    }

    private func takeOver(_ stream: TCPConnection) {
        var frames = FrameBuffer()
        var isWelcomed = false
        stream.onEnd = { [self, unowned stream] _ in
            stream.close()
            again()
        }
        stream.onBytes = { [self, unowned stream] bytes in
            frames.append(bytes.bytes)
            while let payload = try? frames.nextPayload() {
                guard isWelcomed else {
                    isWelcomed = true
                    guard isOurs(payload) else { return stream.close() }
                    stream.write(ClientRequest.closeSession.frame(xid: Self.closeXid))
                    continue
                }
                guard let hasWorked = answer(payload) else { continue }
                stream.close()
                return hasWorked ? () : again()
            }
        }
        stream.startReading()
        var writer = ByteWriter()
        writer.writeFrame { writer in
            ConnectRequest(
                lastZxidSeen: .zero, timeoutMilliseconds: session.timeoutMilliseconds, session: session.identifier,
                password: session.password
            ).encode(into: &writer)
        }
        stream.write(writer.bytes)
    }

    /// False where the session is gone already.
    private func isOurs(_ payload: [UInt8]) -> Bool {
        var reader = ByteReader(payload.span.bytes)
        return ((try? ConnectResponse(from: &reader))?.timeoutMilliseconds ?? 0) > 0
    }

    /// Whether the session was closed; nil for what is no answer to that.
    private func answer(_ payload: [UInt8]) -> Bool? {
        var reader = ByteReader(payload.span.bytes)
        guard let header = try? ReplyHeader(from: &reader), header.xid == Self.closeXid else { return nil }
        return header.error == 0
    }
}
