import CoordinationClient
import CoordinationCore
import CoordinationServer
import EventLoop
import Foundation
import Messages
import StateMachines
import Synchronization
import Testing

/// Files that `scripts/test-certificates` made.
enum Certificates {
    static let folder = ServerProcess.packageRoot.path + "/Tests/EventLoopTests/Fixtures/Certificates/"
    static let client = ClientTLS(authorities: folder + "authority.pem", certificate: folder + "client.pem")
}

struct TLSServerTests {
    static func options(
        _ folder: TemporaryFolder, _ change: (inout ServerTLSOptions) -> Void = { _ in }
    ) -> ServerOptions {
        var options = ServerOptions()
        options.port = 0
        options.dataFolder = folder.path
        options.tls.securePort = 0
        options.tls.secureHost = "127.0.0.1"
        options.tls.rules.keyStore = TLSStore(Certificates.folder + "server.pem")
        options.tls.rules.trustStore = TLSStore(Certificates.folder + "authority.pem")
        change(&options.tls)
        return options
    }

    @Test func `the plain and the secure port serve the same tree`() async throws {
        let folder = TemporaryFolder()
        let server = try await RunningServer(Self.options(folder))
        let secure = try await server.connectSecurely()
        let plain = try await server.connect()
        let large = [UInt8](repeating: 7, count: 1_000_000)
        #expect(try await secure.create("/large", data: large) == "/large")
        #expect(try await plain.getData("/large").data == large)
        #expect(try await secure.getData("/large").data == large)
        await secure.close()
        await plain.close()
        #expect(try await server.notices.isEmpty)
        await server.stop()
    }

    @Test func `one port may speak both`() async throws {
        let folder = TemporaryFolder()
        let server = try await RunningServer(
            Self.options(folder) {
                $0.securePort = nil
                $0.isPortUnified = true
            })
        let port = try await server.read { $0.port }
        let secure = try await server.connectSecurely(port: port)
        let plain = try await server.connect()
        #expect(try await secure.create("/one") == "/one")
        #expect(try await plain.create("/two") == "/two")
        #expect(try await secure.getChildren("/").contains("two"))
        await secure.close()
        await plain.close()
        #expect(try await server.notices.isEmpty)
        await server.stop()
    }

    @Test func `a server may have the secure port alone`() async throws {
        let folder = TemporaryFolder()
        var options = Self.options(folder)
        options.hasPlainPort = false
        let server = try await RunningServer(options)
        let client = try await server.connectSecurely()
        #expect(try await client.create("/a") == "/a")
        #expect(try await server.read { $0.address.description == $0.secureAddress?.description })
        await client.close()
        await server.stop()
    }

    /// Each kind of wrong visitor leaves one sentence in the log, and the server goes on.
    @Test func `wrong visitors are named in the log`() async throws {
        let folder = TemporaryFolder()
        let server = try await RunningServer(Self.options(folder))
        let (plainPort, securePort) = try await server.read { ($0.port, $0.secureAddress!.port) }
        let visitors: [(UInt16, TLSOptions?, String)] = [
            (securePort, nil, "spoke without TLS on a port for TLS"),
            (plainPort, Certificates.client.options, "spoke TLS on a port without TLS"),
            (
                securePort, ClientTLS(authorities: Certificates.folder + "authority.pem").options,
                "showed no certificate"
            ),
            (
                securePort,
                ClientTLS(
                    authorities: Certificates.folder + "authority.pem",
                    certificate: Certificates.folder + "stranger.pem"
                ).options, "is not accepted: unable to get local issuer certificate"
            ),
            (
                securePort, ClientTLS(authorities: Certificates.folder + "stranger-authority.pem").options,
                "refused the TLS connection: “unknown CA”"
            ),
        ]
        for (count, visitor) in visitors.enumerated() {
            await Visitor.visit(visitor.0, visitor.1)
            while try await server.notices.count <= count { try await Task.sleep(for: .milliseconds(2)) }
            let notice = try await server.notices[count].english
            #expect(notice.contains(visitor.2), "\(notice)")
        }
        let rows = try await server.read { $0.metrics.flatMap(\.monitorRows) }
        let counts: KeyValuePairs = [
            "unsuccessful_handshake": 4, "auth_failed_count": 4, "outstanding_tls_handshake": 0,
            "tls_handshake_exceeded": 0, "non_mtls_local_conn_count": 1, "non_mtls_remote_conn_count": 0,
        ]
        for (name, count) in counts {
            #expect(rows.first { $0.name == name }?.value == .whole(count), "\(name)")
        }
        let client = try await server.connectSecurely()
        #expect(try await client.create("/a") == "/a")
        await client.close()
        await server.stop()
    }

    @Test func `with too many handshakes under way, others are turned away`() async throws {
        let folder = TemporaryFolder()
        let server = try await RunningServer(Self.options(folder) { $0.handshakeLimit = 1 })
        let address = ServerAddress(host: "127.0.0.1", port: try await server.read { $0.secureAddress!.port })
        @Sendable func count(_ name: String) async throws -> Metric.Row.Number? {
            try await server.read { $0.metrics.flatMap(\.monitorRows).first { $0.name == name }?.value }
        }
        let silent = try await TCPTransport.shared().connect(to: address)
        while try await count("outstanding_tls_handshake") != .whole(1) {
            try await Task.sleep(for: .milliseconds(2))
        }
        let late = try await TCPTransport.shared().connect(to: address)
        for await _ in late.incoming {}
        late.close()
        #expect(try await count("tls_handshake_exceeded") == .whole(1))
        silent.close()
        while try await count("outstanding_tls_handshake") != .whole(0) {
            try await Task.sleep(for: .milliseconds(2))
        }
        let client = try await server.connectSecurely()
        #expect(try await client.create("/a") == "/a")
        await client.close()
        await server.stop()
    }

    @Test func `new connections get renewed certificates, and broken files change nothing`() async throws {
        let folder = TemporaryFolder()
        let keys = folder.path + "/keys.pem"
        func put(_ name: String) throws {
            try Data(contentsOf: URL(filePath: Certificates.folder + name)).write(to: URL(filePath: keys))
        }
        try put("server.pem")
        let server = try await RunningServer(Self.options(folder) { $0.rules.keyStore = TLSStore(keys) })
        let port = try await server.read { $0.secureAddress!.port }
        let early = try await server.connectSecurely()
        #expect(try await Visitor.subject(at: port) == "CN=server,O=ZooLab")
        try put("renewed.pem")
        #expect(try await Visitor.subject(at: port) == "CN=server,O=ZooLab")
        for (name, subject, notice) in [
            ("renewed.pem", "CN=renewed server,O=ZooLab", "The certificates were read again"),
            ("authority.pem", "CN=renewed server,O=ZooLab", "those in use stay"),
            ("server-rsa.pem", "CN=server with RSA,O=ZooLab", "The certificates were read again"),
        ] {
            try put(name)
            let before = try await server.notices.count
            _ = try await server.read { $0.reloadCertificates() }
            while try await server.notices.count == before { try await Task.sleep(for: .milliseconds(2)) }
            #expect(try await server.notices.last?.english.contains(notice) == true)
            #expect(try await Visitor.subject(at: port) == subject)
        }
        #expect(try await early.create("/still") == "/still")
        await early.close()
        await server.stop()
    }

    @Test func `changed files are noticed where that is wanted`() async throws {
        let folder = TemporaryFolder()
        let keys = folder.path + "/keys.pem"
        try FileManager.default.copyItem(atPath: Certificates.folder + "server.pem", toPath: keys)
        let server = try await RunningServer(
            Self.options(folder) {
                $0.rules.keyStore = TLSStore(keys)
                $0.reloadsCertificates = true
                $0.reloadPeriod = .milliseconds(10)
            })
        let port = try await server.read { $0.secureAddress!.port }
        try Data(contentsOf: URL(filePath: Certificates.folder + "renewed.pem")).write(to: URL(filePath: keys))
        while try await Visitor.subject(at: port) != "CN=renewed server,O=ZooLab" {
            try await Task.sleep(for: .milliseconds(5))
        }
        await server.stop()
    }

    @Test func `a server without usable keys does not start, and its folder and ports are free`() async throws {
        let folder = TemporaryFolder()
        for keys in [nil, TLSStore(folder.path + "/absent.pem")] {
            await #expect(throws: TLSSetupFailure.self) {
                try await RunningServer(Self.options(folder) { $0.rules.keyStore = keys })
            }
        }
        try await RunningServer(Self.options(folder)).stop()
    }
}

extension RunningServer {
    func connectSecurely(port: UInt16? = nil) async throws -> CoordinationClient {
        let secure = try await read { $0.secureAddress?.port }
        let client = CoordinationClient(
            servers: [ServerAddress(host: "127.0.0.1", port: try #require(port ?? secure))],
            sessionTimeout: .seconds(10), transport: try TLSTransport.shared(Certificates.client.options),
            clock: SystemClock())
        try await client.open()
        return client
    }
}

/// A client that only shakes hands, or says four letters without TLS, and leaves.
enum Visitor {
    static func visit(_ port: UInt16, _ options: TLSOptions?) async {
        let address = ServerAddress(host: "127.0.0.1", port: port)
        guard let options else {
            guard let plain = try? await TCPTransport.shared().connect(to: address) else { return }
            plain.send(Array("ruok".utf8))
            for await _ in plain.incoming {}
            return plain.close()
        }
        guard let secure = try? await TLSTransport.shared(options).connect(to: address) else { return }
        for await _ in secure.incoming {}
        secure.close()
    }

    /// The name in the certificate that the server shows.
    static func subject(at port: UInt16) async throws -> String? {
        let thread = try LoopThread()
        let found = Mutex<String?>(nil)
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            thread.post { loop in
                guard let context = try? TLSContext(Certificates.client.options, for: .client) else {
                    return continuation.resume()
                }
                loop.connect(to: "127.0.0.1", port: port) { result in
                    guard let stream = try? result.get() else { return continuation.resume() }
                    stream.onEnd = { _ in continuation.resume() }
                    let isStarted: Void? = try? stream.startTLS(context, host: "127.0.0.1") { peer in
                        found.withLock { $0 = peer.subject }
                        stream.close()
                        continuation.resume()
                    }
                    if isStarted == nil { continuation.resume() }
                }
            }
        }
        await thread.stop()
        return found.withLock { $0 }
    }
}
