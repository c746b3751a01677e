import CoordinationClient
import CoordinationCore
import CoordinationServer
import Foundation
import LoopbackServer
import Messages
import Shell
import Testing

/// The shell by TLS, and with what a Java client's file of settings says.
struct SecureTests {
    private static let files = LoopbackServer.certificates

    /// What one command says, remarks included.
    private func answer(_ options: ShellOptions, _ words: String...) async -> String {
        let listener = Listener()
        let shell = Shell(options, output: listener.output)
        await shell.start()
        if await shell.exitCode == 0 { await shell.execute(words: words) }
        await shell.finishQuietly()
        return listener.take()
    }

    private func options(_ server: LoopbackServer, _ arguments: [String]) throws -> ShellOptions {
        try ShellOptions(["-server", try #require(server.secureAddress)] + arguments)
    }

    private func withFile<Value>(_ text: String, _ body: (String) async throws -> Value) async throws -> Value {
        let file = FileManager.default.temporaryDirectory.appending(path: "shell-\(UUID().uuidString)")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await body(file.path)
    }

    @Test func `certificates are shown and checked`() async throws {
        let server = try await LoopbackServer.secure()
        let authority = ["-ca", Self.files + "authority.pem"]
        try await withFile("secret\n") { password in
            for (arguments, expected) in [
                (["-cert", "client.pem"], "x509: CN=alice,OU=Students,O=ZooLab,C=CN"),
                (["-cert", "client-certificate.pem", "-key", "client-key.pem"], "x509: CN=alice"),
                (["-cert", "client-locked.pem", "-key-password-file", password], "x509: CN=alice"),
                (["-cert", "client-locked.pem"], "The password does not open"),
                (["-cert", "absent.pem"], "absent.pem cannot be read"),
                ([], "refused the TLS connection"),
            ] as [([String], String)] {
                let named = arguments.map { $0.hasSuffix(".pem") ? Self.files + $0 : $0 }
                let said = await answer(try options(server, authority + named), "whoami")
                #expect(said.contains(expected), "\(arguments): \(said)")
            }
        }
        let said = await answer(
            try options(
                server,
                ["-ca", Self.files + "stranger-authority.pem", "-cert", Self.files + "client.pem"]),
            "whoami")
        #expect(said.contains("is not accepted"), "\(said)")
        try await server.stop()
    }

    @Test func `the name of the host may be left unchecked`() async throws {
        let server = try await LoopbackServer.secure(keys: "elsewhere.pem")
        let keys = ["-ca", Self.files + "authority.pem", "-cert", Self.files + "client.pem"]
        for (arguments, expected) in [
            ([], "does not name the host 127.0.0.1"), (["-verify-host", "on"], "does not name the host 127.0.0.1"),
            (["-verify-host", "off"], "[zookeeper]\n"),
        ] as [([String], String)] {
            let said = await answer(try options(server, keys + arguments), "ls", "/")
            #expect(said.contains(expected), "\(arguments): \(said)")
        }
        try await server.stop()
    }

    @Test func `a Java client's settings do the same, and options count more`() async throws {
        let server = try await LoopbackServer.secure()
        let text = """
            zookeeper.client.secure=true
            zookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty
            zookeeper.ssl.keyStore.location=\(Self.files)client.pem
            zookeeper.ssl.trustStore.location=\(Self.files)stranger-authority.pem
            zookeeper.ssl.protocol=TLSv1.3
            zookeeper.request.timeout=5000
            """
        let configuration = try ClientConfiguration(text, file: "client.cfg") { _ in nil }
        #expect(configuration.warnings.map(\.english).count == 1)
        #expect(configuration.warnings[0].english.hasPrefix("client.cfg, line 6: zookeeper.request.timeout"))
        var wrong = try options(server, [])
        wrong.apply(configuration)
        #expect(await answer(wrong, "whoami").contains("is not accepted"))
        var right = try options(server, ["-ca", Self.files + "authority.pem"])
        right.apply(configuration)
        #expect(await answer(right, "whoami").contains("x509: CN=alice"))
        try await server.stop()
    }

    @Test func `a Java client's limit of answers is kept, and a longer one is named`() async throws {
        let server = try await LoopbackServer.secure()
        let keys = ["-ca", Self.files + "authority.pem", "-cert", Self.files + "client.pem"]
        _ = await answer(try options(server, keys), "create", "/long", String(repeating: "x", count: 2_000))
        for (limit, isNamed) in [("1024", true), ("4096", false)] {
            var options = try options(server, keys)
            options.apply(try ClientConfiguration("jute.maxbuffer=\(limit)", file: "f") { _ in nil })
            let said = await answer(options, "get", "/long")
            #expect(said.contains("takes 1024") == isNamed && said.contains("xxx") == !isNamed, "\(limit): \(said)")
        }
        #expect(throws: ClientConfiguration.Failure.self) {
            try ClientConfiguration("jute.maxbuffer=little", file: "f") { _ in nil }
        }
        try await server.stop()
    }

    @Test func `a login is proved before anything is asked`() async throws {
        let server = try await LoopbackServer { options in
            options.core.access.authProviders = ["sasl"]
            options.core.access.saslUsers = ["bob": "bob's secret"]
        }
        try await withFile("Client { some.Module required username=\"bob\" password=\"bob's secret\"; };") { file in
            let text = "java.security.auth.login.config=\(file)\n"
            var options = try ShellOptions(["-server", server.address("A"), "-waitforconnection"])
            options.apply(try ClientConfiguration(text, file: "f") { try? String(contentsOfFile: $0, encoding: .utf8) })
            #expect(await answer(options, "whoami").contains("sasl: bob\n"))
            options.apply(
                try ClientConfiguration(text + "zookeeper.sasl.client=false", file: "f") { _ in
                    Issue.record("Nobody logs in.")
                    return nil
                })
            #expect(await !answer(options, "whoami").contains("sasl"))
            let wrong = "Client { m required username=\"bob\" password=\"guess\"; };"
            options.apply(try ClientConfiguration(text, file: "f") { _ in wrong })
            #expect(await answer(options, "whoami").contains("KeeperErrorCode = AuthFailed"))
        }
        try await server.stop()
    }

    @Test(arguments: [
        ("zookeeper.client.secure=maybe", "f, line 1: zookeeper.client.secure must be true or false, not ‘maybe’."),
        ("\nzookeeper.ssl.protocol=SSLv3", "f, line 2: zookeeper.ssl.protocol must be TLSv1.2"),
        ("java.security.auth.login.config=/none", "f, line 1: the file /none cannot be read."),
    ])
    func `what is wrong with settings is named with its line`(text: String, sentence: String) {
        let failure = #expect(throws: ClientConfiguration.Failure.self) {
            try ClientConfiguration(text, file: "f") { _ in nil }
        }
        #expect(failure?.message.english.hasPrefix(sentence) == true, "\(failure?.message.english ?? "")")
    }
}
