import CoordinationClient
import Foundation
import Testing

/// Real servers that log in to each other.
@Suite(.timeLimit(.minutes(2)))
struct QuorumLoginProcessTests {
    private static let enabled = "quorum.auth.enableSasl=true\n"
    private static let dialling = enabled + "quorum.auth.learnerRequireSasl=true\n"
    private static let required = dialling + "quorum.auth.serverRequireSasl=true\n"

    /// A JAAS file for each password; the line of `zoo.cfg` that names it.
    private func logins(_ password: String, in folder: TemporaryFolder) throws -> String {
        let path = folder.path + "/\(password).jaas"
        let text = """
            QuorumServer { org.apache.zookeeper.server.auth.DigestLoginModule required user_zab="\(password)"; };
            QuorumLearner {
                org.apache.zookeeper.server.auth.DigestLoginModule required username="zab" password="\(password)";
            };
            """
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return "java.security.auth.login.config=\(path)\n"
    }

    private func create(_ path: String, _ ensemble: EnsembleProcess, at number: Int) async throws {
        let client = try await eventually { try await ensemble.connect(to: number) }
        try await client.create(path)
        await client.close()
    }

    private func children(_ ensemble: EnsembleProcess, at number: Int) async throws -> [String] {
        try await eventually {
            let client = try await ensemble.connect(to: number)
            try await client.sync("/")
            let names = try await client.getChildren("/").sorted()
            await client.close()
            return names
        }
    }

    /// Two servers that replicate, and a third that is not let in; what they and it have logged.
    private func outsider(_ inside: String, _ outside: String, _ folder: TemporaryFolder) async throws -> [String] {
        let ensemble = try EnsembleProcess(3, extra: inside)
        var servers = try (1...2).map { try ensemble.start($0) }
        try await create("/one", ensemble, at: 1)
        ensemble.change(outside)
        servers.append(try ensemble.start(3))
        try await create("/two", ensemble, at: 2)
        let answer = try FourLetters.ask("srvr", port: ensemble.clientPorts[2])
        #expect(!answer.contains("Mode:"), "\(answer)")
        // Each has dialled the other by now, or does so before it gives up.
        try await Task.sleep(for: .seconds(1))
        return servers.map { server in
            server.signal(SIGTERM)
            #expect(server.wait() == 0)
            return server.problems
        }
    }

    @Test func `servers that know the password replicate, and whoever comes back does too`() async throws {
        let folder = TemporaryFolder()
        let ensemble = try EnsembleProcess(3, observers: 1, extra: Self.required + (try logins("right", in: folder)))
        var servers = try (1...4).map { try ensemble.start($0) }
        for number in 1...4 { try await create("/by\(number)", ensemble, at: number) }
        for number in 1...4 {
            servers[number - 1].signal(SIGKILL)
            _ = servers[number - 1].wait()
            servers[number - 1] = try ensemble.start(number)
            #expect(try await children(ensemble, at: number) == ["by1", "by2", "by3", "by4", "zookeeper"])
        }
        for server in servers {
            server.signal(SIGTERM)
            #expect(server.wait() == 0)
            let problems = server.problems
            #expect(!problems.contains("log in"), "\(problems)")
        }
    }

    @Test func `a wrong password is refused, and both sides say so`() async throws {
        let folder = TemporaryFolder()
        let logs = try await outsider(
            Self.required + (try logins("right", in: folder)), Self.required + (try logins("wrong", in: folder)), folder
        )
        #expect(logs[2].contains("does not accept this server's login"), "\(logs[2])")
        #expect(
            logs.prefix(2).contains { $0.contains("with a user or a password that this server does not have") },
            "\(logs)")
    }

    @Test func `where a login is required, whoever does not log in is turned away`() async throws {
        let folder = TemporaryFolder()
        let logs = try await outsider(Self.required + (try logins("right", in: folder)), "", folder)
        #expect(
            logs.prefix(2).contains { $0.contains("did not log in, as quorum.auth.serverRequireSasl demands") },
            "\(logs)")
    }

    @Test func `whoever logs in where nobody knows logins says so`() async throws {
        let folder = TemporaryFolder()
        let logs = try await outsider("", Self.dialling + (try logins("right", in: folder)), folder)
        #expect(logs[2].contains("while this one was logging in"), "\(logs[2])")
    }

    /// One key after the other, one server after the other, and all the time they replicate; then back again.
    @Test func `an ensemble at work gets its password`() async throws {
        let folder = TemporaryFolder()
        let ensemble = try EnsembleProcess(3)
        var servers = try (1...3).map { try ensemble.start($0) }
        let logins = try logins("right", in: folder)
        let steps =
            [Self.enabled, Self.dialling, Self.required, Self.dialling, Self.enabled].map { $0 + logins } + [""]
        for (step, keys) in steps.enumerated() {
            ensemble.change(keys)
            for number in 1...3 {
                servers[number - 1].signal(SIGKILL)
                _ = servers[number - 1].wait()
                servers[number - 1] = try ensemble.start(number)
                try await create("/step\(step)-\(number)", ensemble, at: number)
            }
        }
        for number in 1...3 { #expect(try await children(ensemble, at: number).count == 19) }
    }
}
