import Bytes
import CoordinationClient
import EventLoop
import StateMachines
import Synchronization
import WireProtocol

/// A peer that speaks frames and otherwise does what a test tells it.
final class ScriptedServer: Sendable {
    enum Answer: Sendable {
        case response(ClientResponse)
        case error(ErrorCode)
        /// A notification, then the response.
        case event(WatchEventType, ByteString, then: ClientResponse)
        case reset
        case silence
    }

    let thread: LoopThread
    let port: UInt16
    /// What arrived: "connect 0x0", "create /a", …
    var lines: [String] { log.lines.withLock { $0 } }
    private let log = Log()

    /// - Parameters:
    ///   - isReadOnly: asked at every handshake, and for the word `isro`.
    ///   - script: called on the server's thread for every request but pings.
    init(
        timeout: Int32 = 60_000, isExpiring: @escaping @Sendable (SessionID) -> Bool = { _ in false },
        isReadOnly: @escaping @Sendable () -> Bool = { false },
        script: @escaping @Sendable (ClientRequest) -> Answer
    ) async throws {
        thread = try LoopThread()
        let log = log
        port = try await thread.run { loop in
            let listener = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { connection in
                var peer = Peer(timeout: timeout, isExpiring: isExpiring, isReadOnly: isReadOnly, script: script)
                connection.onBytes = { [unowned connection] bytes in
                    peer.receive(Array(bytes), on: connection) { line in log.lines.withLock { $0.append(line) } }
                }
                connection.onEnd = { [unowned connection] _ in connection.close() }
                connection.startReading()
            }
            return listener.port
        }
    }

    final class Log: Sendable {
        let lines = Mutex<[String]>([])
    }

    var address: String { "127.0.0.1:\(port)" }

    /// One connection.
    private struct Peer {
        let timeout: Int32
        let isExpiring: @Sendable (SessionID) -> Bool
        let isReadOnly: @Sendable () -> Bool
        let script: @Sendable (ClientRequest) -> Answer
        var frames = FrameBuffer()
        var isGreeted = false

        mutating func receive(_ bytes: [UInt8], on connection: TCPConnection, log: (String) -> Void) {
            if !isGreeted, bytes == Array("isro".utf8) {
                log("isro")
                connection.write(Array((isReadOnly() ? "ro" : "rw").utf8))
                return connection.close()
            }
            frames.append(bytes)
            while connection.isOpen, let payload = try? frames.nextPayload() {
                var reader = ByteReader(payload.span.bytes)
                if isGreeted { answer(&reader, connection, log) } else { greet(&reader, connection, log) }
            }
        }

        private mutating func greet(_ reader: inout ByteReader, _ connection: TCPConnection, _ log: (String) -> Void) {
            guard let request = try? ConnectRequest(from: &reader) else { return connection.reset() }
            log("connect \(request.session)")
            isGreeted = true
            let session = request.session == .none ? SessionID(rawValue: 0x51) : request.session
            let response =
                isExpiring(request.session)
                ? ConnectResponse.expired(isReadOnly: false)
                : ConnectResponse(
                    timeoutMilliseconds: timeout, session: session, password: Array(1...16), isReadOnly: isReadOnly())
            var writer = ByteWriter()
            writer.writeFrame { response.encode(into: &$0) }
            connection.write(writer.bytes)
        }

        private func answer(_ reader: inout ByteReader, _ connection: TCPConnection, _ log: (String) -> Void) {
            guard let header = try? RequestHeader(from: &reader), let operation = header.operation,
                let request = try? ClientRequest(operation, from: &reader)
            else { return connection.reset() }
            func reply(_ response: ClientResponse, _ error: ErrorCode = .ok) {
                connection.write(
                    response.frame(ReplyHeader(xid: header.xid, zxid: Zxid(rawValue: 9), error: error)))
            }
            if operation == .ping { return reply(.empty) }
            log([operation.name, request.path?.description].compactMap { $0 }.joined(separator: " "))
            if operation == .closeSession || operation == .setWatches { return reply(.empty) }
            switch script(request) {
            case .response(let response): reply(response)
            case .error(let code): reply(.empty, code)
            case .event(let type, let path, let response):
                reply(response)
                var writer = ByteWriter()
                writer.writeFrame { writer in
                    ReplyHeader(xid: SpecialXid.notification, zxid: Zxid(rawValue: 10)).encode(into: &writer)
                    WatcherEvent(type: type, path: path).encode(into: &writer)
                }
                connection.write(writer.bytes)
            case .reset: connection.reset()
            case .silence: break
            }
        }
    }

    /// A client with a timeout that no busy machine reaches by accident.
    func connect() async throws -> CoordinationClient {
        try await CoordinationClient.connect(to: address, sessionTimeout: .seconds(60))
    }

    func stop() async { await thread.stop() }
}
