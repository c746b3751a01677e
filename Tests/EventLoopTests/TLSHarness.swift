import EventLoop
import Foundation
import StateMachines
import Testing

/// Files that `scripts/test-certificates` made.
enum Certificates {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures/Certificates/"

    static func store(_ name: String, password: String = "") -> TLSStore {
        var store = TLSStore(folder + name)
        store.password = password
        return store
    }
}

extension TLSOptions {
    /// A server of the tests: trusts their authority, asks for no certificate.
    static func server(_ keys: String = "server.pem", _ change: (inout TLSOptions) -> Void = { _ in }) -> TLSOptions {
        var options = TLSOptions(verifiesPeerName: false)
        options.keyStore = Certificates.store(keys)
        options.trustStore = Certificates.store("authority.pem")
        options.clientCertificate = .none
        change(&options)
        return options
    }

    static func client(_ keys: String? = nil, _ change: (inout TLSOptions) -> Void = { _ in }) -> TLSOptions {
        var options = TLSOptions(verifiesPeerName: true)
        options.keyStore = keys.map { Certificates.store($0) }
        options.trustStore = Certificates.store("authority.pem")
        change(&options)
        return options
    }
}

/// What one side of an exchange has seen.
struct Witness {
    var peer: TLSPeer?
    var received: [UInt8] = []
    var end: StreamEnd?

    var failure: TLSFailure.Reason? {
        if case .insecure(let failure) = end { failure.reason } else { nil }
    }
}

/// A server that sends everything back, and a client that says something and hangs up once it has it all back.
final class Exchange {
    private(set) var server = Witness()
    private(set) var client = Witness()
    private var listener: TCPListener?

    @discardableResult
    init(
        _ serverOptions: TLSOptions, _ clientOptions: TLSOptions, host: String = "127.0.0.1",
        message: [UInt8] = Array("hello".utf8)
    ) throws {
        let serverContext = try TLSContext(serverOptions, for: .server)
        let clientContext = try TLSContext(clientOptions, for: .client)
        try withLoop { loop in
            listener = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { [self] in serve($0, serverContext) }
            loop.connect(to: "127.0.0.1", port: listener!.port) { [self] result in
                do {
                    try ask(try result.get(), clientContext, host, message)
                } catch {
                    Issue.record("\(error)")
                    loop.stop()
                }
            }
        }
    }

    private func serve(_ stream: TCPConnection, _ context: TLSContext) {
        // The client's verdict may come after the server's; the loop ends by itself once both are closed.
        listener?.close()
        stream.onBytes = { [self, unowned stream] bytes in
            server.received.append(contentsOf: bytes)
            stream.write(bytes)
            if stream.unwrittenByteCount > 0 { stream.pauseReading() }
        }
        stream.onDrain = { [unowned stream] in stream.startReading() }
        stream.onEnd = { [self, unowned stream] end in
            server.end = end
            stream.close()
        }
        stream.startReading()
        #expect(throws: Never.self) { try stream.startTLS(context) { [self] in server.peer = $0 } }
    }

    private func ask(_ stream: TCPConnection, _ context: TLSContext, _ host: String, _ message: [UInt8]) throws {
        stream.onBytes = { [self, unowned stream] bytes in
            client.received.append(contentsOf: bytes)
            if client.received.count >= message.count { stream.close() }
        }
        stream.onEnd = { [self, unowned stream] end in
            client.end = end
            stream.close()
        }
        stream.startReading()
        try stream.startTLS(context, host: host) { [self] in client.peer = $0 }
        stream.write(message)
    }
}

/// A listener that speaks TLS and sends everything back.
func tlsEcho(
    _ context: TLSContext, on loop: EventLoop, onEnd: @escaping (StreamEnd) -> Void = { _ in }
) throws -> TCPListener {
    try TCPListener(host: "127.0.0.1", port: 0, on: loop) { stream in
        stream.onBytes = { [unowned stream] in stream.write($0) }
        stream.onEnd = { [unowned stream] end in
            onEnd(end)
            stream.close()
        }
        stream.startReading()
        #expect(throws: Never.self) { try stream.startTLS(context) { _ in } }
    }
}

/// Passes a connection on, each byte by itself and in its own turn of the loop.
final class Middleman {
    private let loop: EventLoop
    private var listener: TCPListener?
    private var near: TCPConnection?
    private var far: TCPConnection?

    init(to port: UInt16, on loop: EventLoop) throws {
        self.loop = loop
        listener = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { [self] near in
            self.near = near
            loop.connect(to: "127.0.0.1", port: port) { [self] result in
                guard let far = try? result.get() else { return loop.stop() }
                self.far = far
                pass(from: near, to: far)
                pass(from: far, to: near)
            }
        }
    }

    var port: UInt16 { listener!.port }

    /// Ends both sides without a word.
    func cut() {
        near?.close()
        far?.close()
    }

    private func pass(from source: TCPConnection, to target: TCPConnection) {
        var waiting: [UInt8] = []
        func next() {
            guard let byte = waiting.first else { return source.startReading() }
            waiting.removeFirst()
            target.write([byte])
            loop.schedule(after: .zero) { next() }
        }
        source.onBytes = { bytes in
            source.pauseReading()
            waiting = Array(bytes)
            next()
        }
        source.onEnd = { _ in target.close() }
        source.startReading()
    }
}

/// A folder that is gone after the test.
final class TestFolder {
    private let path = FileManager.default.temporaryDirectory.path + "/zoolab-tls-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: path + "/" + name))
        return path + "/" + name
    }

    func contents(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
}
