import EventLoop
import Messages
import StateMachines
import Testing

struct TLSHandshakeTests {
    @Test(arguments: TLSVersion.allCases, ["server.pem", "server-rsa.pem"])
    func `both versions carry bytes both ways, and end in order`(version: TLSVersion, keys: String) throws {
        let exchange = try Exchange(
            .server(keys) { $0.versions = version...version }, .client(), host: "localhost")
        #expect(exchange.server.received == Array("hello".utf8))
        #expect(exchange.client.received == Array("hello".utf8))
        #expect(exchange.server.peer?.version == version)
        #expect(exchange.client.peer?.version == version)
        #expect(
            exchange.client.peer?.subject
                == (keys == "server.pem" ? "CN=server,O=ZooLab" : "CN=server with RSA,O=ZooLab"))
        #expect(exchange.server.peer?.subject == nil)
        #expect(exchange.server.end == .finished)
    }

    @Test(arguments: TLSVersion.allCases)
    func `a client that is asked shows who it is`(version: TLSVersion) throws {
        for keys in ["client.pem", "client.p12", "client-old.p12", "client-locked.pem"] {
            let exchange = try Exchange(
                .server {
                    $0.clientCertificate = .need
                    $0.trustStore = Certificates.store("authority.p12", password: "secret")
                },
                .client { options in
                    options.versions = version...version
                    options.keyStore = Certificates.store(keys, password: "secret")
                })
            #expect(exchange.server.peer?.subject == "CN=alice,OU=Students,O=ZooLab,C=CN", "\(keys)")
            #expect(exchange.client.received == Array("hello".utf8))
        }
    }

    @Test func `a key may lie in a file of its own, and a password too`() throws {
        var keys = Certificates.store("client-certificate.pem")
        keys.keyLocation = Certificates.folder + "client-key.pem"
        let exchange = try Exchange(
            .server { $0.clientCertificate = .want }, .client { $0.keyStore = keys })
        #expect(exchange.server.peer?.subject == "CN=alice,OU=Students,O=ZooLab,C=CN")
        let nobody = try Exchange(.server { $0.clientCertificate = .want }, .client())
        #expect(nobody.server.peer != nil)
        #expect(nobody.server.peer?.subject == nil)
    }

    /// What Java's `X500Principal.getName()` gave for this certificate.
    @Test func `names are written as Java writes them`() throws {
        let exchange = try Exchange(.server { $0.clientCertificate = .need }, .client("names.pem"))
        #expect(
            exchange.server.peer?.subject
                == ##"CN=\<x\;y\>\\z+UID=7,OU=\ 课程 \#1\ ,O=A\, B \+ C \= \"D\",1.2.840.113549.1.9.1=#160c61407a6f6f6c61622e6f7267,DC=zoolab,DC=org"##
        )
    }

    @Test func `a certificate that is not good enough ends the handshake on both sides`() throws {
        struct Case {
            var name: String
            var server = TLSOptions.server()
            var client = TLSOptions.client()
            var host = "127.0.0.1"
            var failure: TLSFailure.Reason
            var alert: String
        }
        let cases = [
            Case(
                name: "another authority",
                client: .client { $0.trustStore = Certificates.store("stranger-authority.pem") },
                failure: .badCertificate("unable to get local issuer certificate"), alert: "unknown CA"),
            Case(
                name: "expired", server: .server("expired.pem"),
                failure: .badCertificate("certificate has expired"), alert: "certificate expired"),
            Case(name: "wrong host", host: "elsewhere.example", failure: .wrongName, alert: "bad certificate"),
            Case(
                name: "wrong address", server: .server("elsewhere.pem"), failure: .wrongName, alert: "bad certificate"),
            Case(
                name: "revoked", server: .server("revoked.pem"),
                client: .client {
                    $0.trustStore = Certificates.store("authority-with-revocations.pem")
                    $0.checksRevocation = true
                },
                failure: .badCertificate("certificate revoked"), alert: "certificate revoked"),
        ]
        for test in cases {
            for version in TLSVersion.allCases {
                var server = test.server
                server.versions = version...version
                let exchange = try Exchange(server, test.client, host: test.host)
                #expect(exchange.client.failure == test.failure, "\(test.name)")
                #expect(exchange.client.peer == nil, "\(test.name)")
                #expect(exchange.client.received.isEmpty, "\(test.name)")
                #expect(exchange.server.failure == .refusedByPeer(test.alert), "\(test.name)")
            }
        }
    }

    @Test func `a host name is checked only where that is wanted`() throws {
        let exchange = try Exchange(
            .server("elsewhere.pem"), .client { $0.verifiesPeerName = false }, host: "nowhere.example")
        #expect(exchange.client.received == Array("hello".utf8))
        #expect(try Exchange(.server("elsewhere.pem"), .client(), host: "elsewhere.example").client.peer != nil)
    }

    @Test(arguments: TLSVersion.allCases)
    func `a client without a good certificate is turned away where one is needed`(version: TLSVersion) throws {
        let needy = TLSOptions.server {
            $0.clientCertificate = .need
            $0.versions = version...version
        }
        let missing = try Exchange(needy, .client())
        #expect(missing.server.failure == .noCertificate)
        #expect(missing.server.received.isEmpty)
        #expect(missing.client.failure != nil)
        let stranger = try Exchange(needy, .client("stranger.pem"))
        #expect(stranger.server.failure == .badCertificate("unable to get local issuer certificate"))
        #expect(stranger.client.failure == .refusedByPeer("unknown CA"))
        var checksName = needy
        checksName.verifiesPeerName = true
        #expect(try Exchange(checksName, .client("client.pem")).client.received == Array("hello".utf8))
        #expect(try Exchange(checksName, .client("elsewhere.pem")).server.failure == .wrongName)
    }

    @Test func `a handshake larger than allowed is cut off`() throws {
        let exchange = try Exchange(.server { $0.handshakeByteLimit = 100 }, .client())
        #expect(exchange.server.failure == .tooLong)
        #expect(exchange.client.peer == nil)
        #expect(exchange.client.end != nil)
    }

    @Test func `versions and cipher suites are kept to`() throws {
        let apart = try Exchange(
            .server { $0.versions = .tls13 ... .tls13 }, .client { $0.versions = .tls12 ... .tls12 })
        #expect(apart.server.failure == .other("unsupported protocol"))
        #expect(apart.client.failure == .refusedByPeer("protocol version"))
        for (name, version) in [
            ("TLS_AES_128_GCM_SHA256", TLSVersion.tls13), ("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", .tls12),
            ("ECDHE-ECDSA-AES256-GCM-SHA384", .tls12),
        ] {
            let exchange = try Exchange(.server { $0.cipherSuites = [name, "TLS_MADE_UP"] }, .client())
            #expect(exchange.server.peer?.version == version)
            let suite = exchange.server.peer?.cipherSuite
            #expect(suite == name || suite == "ECDHE-ECDSA-AES128-GCM-SHA256")
        }
    }
}

struct TLSStreamTests {
    @Test(arguments: TLSVersion.allCases, [1, 16_384, 1_000_000])
    func `large messages arrive whole, paused by back-pressure`(version: TLSVersion, count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        let message = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let exchange = try Exchange(.server(), .client { $0.versions = version...version }, message: message)
        #expect(exchange.server.received == message)
        #expect(exchange.client.received == message)
        #expect(exchange.server.end == .finished)
    }

    /// A middleman cuts the stream into single bytes.
    @Test(arguments: TLSVersion.allCases)
    func `everything may come one byte at a time`(version: TLSVersion) throws {
        let context = try TLSContext(.server { $0.versions = version...version }, for: .server)
        let clientContext = try TLSContext(.client(), for: .client)
        var answer: [UInt8] = []
        try withLoop { loop in
            let server = try tlsEcho(context, on: loop)
            let middle = try Middleman(to: server.port, on: loop)
            loop.connect(to: "127.0.0.1", port: middle.port) { result in
                guard let stream = try? result.get() else { return loop.stop() }
                stream.onBytes = { bytes in
                    answer.append(contentsOf: bytes)
                    if answer.count == 100 { loop.stop() }
                }
                stream.onEnd = { end in
                    Issue.record("\(end)")
                    loop.stop()
                }
                stream.startReading()
                #expect(throws: Never.self) { try stream.startTLS(clientContext, host: "localhost") { _ in } }
                stream.write([UInt8](repeating: 7, count: 100))
            }
        }
        #expect(answer == [UInt8](repeating: 7, count: 100))
    }

    @Test func `a paused owner gets nothing until it resumes, and then everything in order`() throws {
        let message = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        var received: [UInt8] = []
        var pauses = 0
        try withLoop { loop in
            let context = try TLSContext(.server(), for: .server)
            let clientContext = try TLSContext(.client(), for: .client)
            let listener = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { stream in
                var isPaused = false
                stream.onBytes = { [unowned stream] bytes in
                    #expect(!isPaused)
                    received.append(contentsOf: bytes)
                    isPaused = true
                    pauses += 1
                    stream.pauseReading()
                    loop.schedule(after: .milliseconds(1)) {
                        isPaused = false
                        stream.startReading()
                        if received.count == message.count { loop.stop() }
                    }
                }
                // Not reading yet: the handshake goes on all the same.
                #expect(throws: Never.self) {
                    try stream.startTLS(context) { _ in
                        loop.schedule(after: .milliseconds(5)) { stream.startReading() }
                    }
                }
            }
            loop.connect(to: "127.0.0.1", port: listener.port) { result in
                guard let stream = try? result.get() else { return loop.stop() }
                #expect(throws: Never.self) { try stream.startTLS(clientContext, host: "localhost") { _ in } }
                stream.startReading()
                stream.write(message)
            }
        }
        #expect(received == message)
        #expect(pauses > 1)
    }

    @Test func `whoever is not TLS, hangs up, dawdles or babbles is told apart`() throws {
        let sixteen = [UInt8](repeating: 0, count: 16 << 10)
        // A handshake message that claims to be long, in endless records.
        let babble = [22, 3, 1, 0x40, 0x00] + [1, 0, 1, 0xFF, 0xFF] + sixteen.dropFirst(5)
        let cases: [(bytes: [UInt8], hangsUp: Bool, reason: TLSFailure.Reason?)] = [
            ([], true, nil),
            (Array("ruok".utf8), false, .plainText),
            ([0, 0, 0, 45, 0, 0, 0, 0], false, .plainText),
            ([22, 3, 1, 0, 200, 1], true, .tornHandshake),
            ([22, 3, 1], false, .timedOut),
            ([], false, .timedOut),
        ]
        for test in cases {
            #expect(try reasonOf(test.bytes, hangsUp: test.hangsUp) == test.reason, "\(test)")
        }
        guard case .other = try reasonOf(Array(babble), hangsUp: false) else {
            Issue.record("an oversized hello was not refused")
            return
        }
    }

    /// How a server ends a connection on which these bytes arrive.
    private func reasonOf(_ bytes: [UInt8], hangsUp: Bool) throws -> TLSFailure.Reason? {
        let context = try TLSContext(.server { $0.handshakeTimeout = .milliseconds(300) }, for: .server)
        var reason: TLSFailure.Reason?
        try withLoop { loop in
            let listener = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { stream in
                stream.onEnd = { end in
                    if case .insecure(let failure) = end { reason = failure.reason }
                    loop.stop()
                }
                stream.startReading()
                #expect(throws: Never.self) { try stream.startTLS(context) { _ in Issue.record("secured") } }
            }
            loop.connect(to: "127.0.0.1", port: listener.port) { result in
                guard let stream = try? result.get() else { return loop.stop() }
                stream.write(bytes)
                if hangsUp { stream.close() } else { stream.startReading() }
            }
        }
        return reason
    }

    @Test func `a connection that is cut without goodbye is a failure`() throws {
        var end: StreamEnd?
        try withLoop { loop in
            let context = try TLSContext(.server(), for: .server)
            let clientContext = try TLSContext(.client(), for: .client)
            let listener = try tlsEcho(context, on: loop) { end = $0 }
            let middle = try Middleman(to: listener.port, on: loop)
            loop.connect(to: "127.0.0.1", port: middle.port) { result in
                guard let stream = try? result.get() else { return loop.stop() }
                stream.onBytes = { _ in
                    middle.cut()
                    loop.schedule(after: .milliseconds(20)) { loop.stop() }
                }
                stream.startReading()
                #expect(throws: Never.self) { try stream.startTLS(clientContext, host: "localhost") { _ in } }
                stream.write([1, 2, 3])
            }
        }
        #expect(end != .finished)
        #expect(end != nil)
    }

    @Test func `a stream may be closed at any moment of its handshake`() throws {
        for delay in [0, 1, 2, 3, 5] {
            let context = try TLSContext(.server(), for: .server)
            let clientContext = try TLSContext(.client(), for: .client)
            try withLoop { loop in
                let listener = try tlsEcho(context, on: loop)
                loop.connect(to: "127.0.0.1", port: listener.port) { result in
                    guard let stream = try? result.get() else { return loop.stop() }
                    stream.startReading()
                    #expect(throws: Never.self) { try stream.startTLS(clientContext, host: "localhost") { _ in } }
                    stream.write([1])
                    loop.schedule(after: .milliseconds(UInt64(delay))) {
                        if delay == 3 { stream.reset() } else { stream.close() }
                        stream.write([2])
                        loop.schedule(after: .milliseconds(10)) { loop.stop() }
                    }
                }
            }
        }
    }
}

struct TLSStoreTests {
    @Test func `files that cannot be used say why`() throws {
        func failure(_ options: TLSOptions) -> TLSSetupFailure? {
            #expect(throws: TLSSetupFailure.self) { try TLSContext(options, for: .server) }
        }
        func server(_ keys: String, password: String = "") -> TLSOptions {
            .server { $0.keyStore = Certificates.store(keys, password: password) }
        }
        let path = { Certificates.folder + $0 }
        #expect(
            failure(server("absent.pem"))
                == .unreadable(path: path("absent.pem"), problem: "no such file or directory"))
        #expect(failure(server("")) == .unreadable(path: path(""), problem: "illegal operation on a directory"))
        #expect(failure(server("authority.pem")) == .noKey(path: path("authority.pem")))
        #expect(failure(server("client-key.pem")) == .noCertificate(path: path("client-key.pem")))
        #expect(failure(server("mismatch.pem")) == .keyMismatch(path: path("mismatch.pem")))
        #expect(failure(server("client-locked.pem")) == .wrongPassword(path: path("client-locked.pem")))
        #expect(failure(server("client-locked.pem", password: "x")) == .wrongPassword(path: path("client-locked.pem")))
        #expect(failure(server("client.p12", password: "x")) == .wrongPassword(path: path("client.p12")))
        #expect(failure(server("authority.p12", password: "secret")) == .noKey(path: path("authority.p12")))
        #expect(failure(.server { $0.keyStore = nil }) == .missingKeyStore)
        #expect(failure(.server { $0.cipherSuites = ["ROT13"] }) == .unknownCipherSuites(["ROT13"]))
        let noise = TLSOptions.server { $0.keyStore?.format = .pkcs12 }
        guard case .malformed = failure(noise) else {
            Issue.record("PEM was taken for PKCS#12")
            return
        }
    }

    @Test func `Java's own formats are refused with advice`() throws {
        let folder = try TestFolder()
        for (name, bytes) in [("a.jks", [0xFE, 0xED, 0xFE, 0xED, 0, 0]), ("a.pem", [0xCE, 0xCE, 0xCE, 0xCE])]
            as [(String, [UInt8])]
        {
            let path = try folder.write(bytes, to: name)
            let problem = #expect(throws: TLSSetupFailure.self) {
                try TLSContext(.server { $0.keyStore = TLSStore(path) }, for: .server)
            }
            #expect(problem == .javaStore(path: path))
            #expect(problem?.message.english.contains("keytool -importkeystore") == true)
        }
    }

    @Test func `a damaged certificate is never half used`() throws {
        let folder = try TestFolder()
        let whole = try folder.contents(of: Certificates.folder + "server.pem")
        for cut in stride(from: 0, to: whole.count - 1, by: 37) {
            let path = try folder.write(Array(whole[..<cut]), to: "cut.pem")
            #expect(throws: TLSSetupFailure.self, "\(cut)") {
                try TLSContext(.server { $0.keyStore = TLSStore(path) }, for: .server)
            }
        }
    }

    @Test func `a password may lie in a file`() throws {
        let folder = try TestFolder()
        var store = Certificates.store("client.p12", password: "wrong")
        store.passwordLocation = try folder.write(Array("secret\nsecond line\n".utf8), to: "password")
        _ = try TLSContext(.server { $0.keyStore = store }, for: .server)
    }
}
