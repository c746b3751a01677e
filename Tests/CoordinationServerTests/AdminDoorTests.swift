import CoordinationClient
import CoordinationCore
import CoordinationServer
import EventLoop
import Foundation
import Messages
import StateMachines
import Synchronization
import Testing

/// Admin commands over HTTPS.
struct AdminDoorTests {
    /// A server whose administrators may, or must, use TLS; and a loop for their side.
    private final class Bench: Sendable {
        let folder = TemporaryFolder()
        let thread: LoopThread
        private let held: Mutex<LoopBound<(CoordinationServer, AdminServer)>?>
        let port: UInt16

        init(_ lines: String) async throws {
            let thread = try LoopThread()
            let text = """
                clientPort=0
                clientPortAddress=127.0.0.1
                dataDir=\(folder.path)
                admin.serverPort=0
                admin.serverAddress=127.0.0.1
                ssl.quorum.keyStore.location=\(Certificates.folder)server.pem
                ssl.quorum.trustStore.location=\(Certificates.folder)authority.pem

                """ + lines
            let parts = try await thread.run { loop in
                let configuration = try ZooConfiguration(text, file: "zoo.cfg")
                #expect(configuration.warnings.isEmpty)
                let options = configuration.options
                let server = try CoordinationServer(options, on: loop)
                return LoopBound((server, try AdminServer(options.administration, for: server, on: loop)), on: loop)
            }
            self.thread = thread
            held = Mutex(parts)
            port = try await thread.run { loop in parts.value(on: loop).1.port ?? 0 }
        }

        var parts: LoopBound<(CoordinationServer, AdminServer)> { held.withLock { $0! } }

        /// Nobody but the loop holds the server and its door any more.
        func letGo() { held.withLock { $0 = nil } }

        func stop() async throws {
            let parts = self.parts
            try await thread.run { loop in parts.value(on: loop).1.stop() }
            await thread.stop()
        }

        func count(_ name: String) async throws -> Metric.Row.Number? {
            let parts = self.parts
            return try await thread.run { loop in
                parts.value(on: loop).0.metrics.flatMap(\.monitorRows).first { $0.name == name }?.value
            }
        }

        /// The whole answer to one request, or nothing where the connection is refused.
        func get(_ path: String, _ tls: TLSOptions?, authorization: String = "none") async throws -> String {
            let head = "GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: \(authorization)\r\n\r\n"
            let request = Array(head.utf8)
            let address = ServerAddress(host: "127.0.0.1", port: port)
            let transport: any Transport =
                if let tls { try TLSTransport.shared(tls) } else { try TCPTransport.shared() }
            guard let connection = try? await transport.connect(to: address) else { return "" }
            connection.send(request)
            var answer: [UInt8] = []
            for await bytes in connection.incoming { answer += bytes }
            connection.close()
            return String(decoding: answer, as: UTF8.self)
        }
    }

    private static let anonymous = ClientTLS(authorities: Certificates.folder + "authority.pem").options

    @Test func `a unified port speaks both, and counts who does without`() async throws {
        let bench = try await Bench("admin.portUnification=true")
        for tls in [nil, Self.anonymous] as [TLSOptions?] {
            let answer = try await bench.get("/commands/ruok", tls)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(answer)")
            #expect(answer.contains("\"command\" : \"ruok\""))
        }
        #expect(try await bench.get("/commands/icfg", Self.anonymous).contains("admin.portUnification"))
        #expect(try await bench.count("insecure_admin_count") == .whole(1))
        try await bench.stop()
    }

    @Test func `a port for HTTPS speaks nothing else, and may want certificates`() async throws {
        let forced = try await Bench("admin.forceHttps=true")
        #expect(try await forced.get("/commands/ruok", nil).contains("ruok") == false)
        #expect(try await forced.get("/commands/ruok", Self.anonymous).contains("ruok"))
        #expect(try await forced.count("insecure_admin_count") == .whole(0))
        try await forced.stop()
        let strict = try await Bench("admin.forceHttps=true\nadmin.needClientAuth=true")
        #expect(try await strict.get("/commands/ruok", Self.anonymous).isEmpty)
        #expect(try await strict.get("/commands/ruok", Certificates.client.options).contains("ruok"))
        try await strict.stop()
    }

    @Test func `a certificate may authorise a command`() async throws {
        let bench = try await Bench(
            """
            admin.portUnification=true
            admin.needClientAuth=true
            admin.rateLimiterIntervalInMS=0
            authProvider.1=org.apache.zookeeper.server.auth.X509AuthenticationProvider
            """)
        let port = try await bench.thread.run { [parts = bench.parts] loop in parts.value(on: loop).0.port }
        let client = try await CoordinationClient.connect(to: "127.0.0.1:\(port)")
        let alice = AccessRule(.all, scheme: "x509", identity: "CN=alice,OU=Students,O=ZooLab,C=CN")
        _ = try await client.setAccess("/", [alice])
        let path = "/commands/snapshot?streaming=false"
        let secure = Certificates.client.options
        #expect(try await bench.get(path, secure, authorization: "x509").hasPrefix("HTTP/1.1 200"))
        #expect(try await bench.get(path, nil, authorization: "x509").hasPrefix("HTTP/1.1 401"))
        #expect(try await bench.get(path, secure, authorization: "ip").hasPrefix("HTTP/1.1 403"))
        await client.close()
        try await bench.stop()
    }

    /// A test that fails lets go of its server without stopping it.
    @Test func `a door that nobody holds stays open until its loop closes`() async throws {
        let bench = try await Bench("admin.portUnification=true")
        bench.letGo()
        for tls in [nil, Self.anonymous] as [TLSOptions?] {
            #expect(try await bench.get("/commands/ruok", tls).contains("\"command\" : \"ruok\""))
        }
        await bench.thread.stop()
    }

    @Test func `long answers pass through`() async throws {
        let bench = try await Bench("admin.forceHttps=true")
        let port = try await bench.thread.run { [parts = bench.parts] loop in parts.value(on: loop).0.port }
        let client = try await CoordinationClient.connect(to: "127.0.0.1:\(port)")
        for number in 0..<300 {
            _ = try await client.existsAndWatch("/" + String(repeating: "n", count: 4_000) + "\(number)")
        }
        let answer = try await bench.get("/commands/watches_by_path", Self.anonymous)
        #expect(answer.utf8.count > 1_200_000)
        #expect(answer.hasSuffix("}"))
        await client.close()
        try await bench.stop()
    }

    @Test func `without a key there is no HTTPS`() async throws {
        let folder = TemporaryFolder()
        let thread = try LoopThread()
        let text = "clientPort=0\ndataDir=\(folder.path)\nadmin.serverPort=0\nadmin.forceHttps=true"
        await #expect(throws: TLSSetupFailure.missingKeyStore) {
            try await thread.run { loop in
                var options = try ZooConfiguration(text, file: "zoo.cfg").options
                options.host = "127.0.0.1"
                options.administration.host = "127.0.0.1"
                let server = try CoordinationServer(options, on: loop)
                _ = try AdminServer(options.administration, for: server, on: loop)
            }
        }
        await thread.stop()
    }
}
