import CoordinationClient
import CoordinationServer
import EventLoop
import Foundation
import Messages
import StateMachines
import Testing

/// The client library's own view of TLS.
struct TLSClientTests {
    private func options(_ change: (inout ClientTLS) -> Void = { _ in }) -> ClientOptions {
        var tls = Certificates.client
        change(&tls)
        return ClientOptions(sessionTimeout: .milliseconds(700), tls: tls)
    }

    @Test func `options are all that a client needs`() async throws {
        let folder = TemporaryFolder()  // Lives as long as the server.
        let server = try await RunningServer(TLSServerTests.options(folder))
        let port = try await server.read { $0.secureAddress!.port }
        let client = try await CoordinationClient.connect(to: "localhost:\(port)", options: options())
        let alice = "CN=alice,OU=Students,O=ZooLab,C=CN"
        #expect(try await client.identities().contains { $0.scheme == "x509" && $0.user == alice })
        _ = try await client.create(
            "/a", data: [1], kind: .persistent, access: [AccessRule(.all, scheme: "x509", identity: alice)])
        let stranger = try await server.connect()
        await #expect {
            _ = try await stranger.getData("/a")
        } throws: {
            ($0 as? CoordinationError)?.code == CoordinationError.noAuth
        }
        _ = try await client.getData("/a")
        #expect(await client.connectionProblem == nil)
        await stranger.close()
        await client.close()
        await server.stop()
    }

    @Test func `what is wrong with certificates is said, not that nobody answers`() async throws {
        let folder = TemporaryFolder()  // Lives as long as the server.
        let server = try await RunningServer(TLSServerTests.options(folder))
        let port = try await server.read { $0.secureAddress!.port }
        let wrong: [(ClientOptions, String)] = [
            (options { $0.authorities = Certificates.folder + "stranger-authority.pem" }, "is not accepted: unable"),
            (options { $0.authorities = Certificates.folder + "absent.pem" }, "absent.pem cannot be read"),
            (
                options {
                    $0.password = "x"; $0.certificate = Certificates.folder + "client.p12"
                }, "does not open"
            ),
        ]
        for (options, sentence) in wrong {
            let problem = await #expect(throws: (any Error).self) {
                try await CoordinationClient.connect(to: "127.0.0.1:\(port)", options: options)
            }
            let message = (problem as? any LocalizedFailure)?.message.english ?? ""
            #expect(message.contains(sentence), "\(message)")
        }
        // With TLS 1.3 the server's refusal comes when the client believes to be through.
        let client = try CoordinationClient.make(
            "127.0.0.1:\(port)", ClientOptions(tls: ClientTLS(authorities: Certificates.folder + "authority.pem")))
        await client.start()
        while await !(client.connectionProblem is TLSFailure) { try await Task.sleep(for: .milliseconds(2)) }
        #expect(await client.connectionProblem?.message.english.contains("refused the TLS connection") == true)
        await client.close()
        await server.stop()
    }

    /// The server comes back with a certificate of another authority, and the client has been given that one meanwhile.
    @Test func `a reconnection reads the client's files again`() async throws {
        let folder = TemporaryFolder()
        let trust = folder.path + "/trust.pem"
        func trustFile(_ name: String) throws {
            let bytes = try Data(contentsOf: URL(filePath: Certificates.folder + name))
            try bytes.write(to: URL(filePath: trust), options: .atomic)
        }
        try trustFile("authority.pem")
        var server = try await RunningServer(TLSServerTests.options(folder))
        let port = try await server.read { $0.secureAddress!.port }
        let client = try CoordinationClient.make(
            "127.0.0.1:\(port)",
            ClientOptions(sessionTimeout: .seconds(20), tls: options { $0.authorities = trust }.tls))
        try await client.open()
        await server.stop()
        try trustFile("stranger-authority.pem")
        server = try await RunningServer(TLSServerTests.options(folder) { $0.securePort = port })
        while await !(client.connectionProblem is TLSFailure) { try await Task.sleep(for: .milliseconds(2)) }
        try trustFile("authority.pem")
        #expect(try await client.create("/back") == "/back")
        #expect(await client.connectionProblem == nil)
        await client.close()
        await server.stop()
    }
}
