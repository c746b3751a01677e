import CoordinationClient
import Foundation
import Testing

/// Two real servers, each with an oracle of its own.
@Suite(.timeLimit(.minutes(2)))
struct OracleProcessTests {
    private let ensemble: EnsembleProcess
    private let servers: [ServerProcess]

    init() throws {
        ensemble = try EnsembleProcess(2)
        let ensemble = ensemble
        servers = try (1...2).map { try Self.start($0, ensemble) }
    }

    private static func oracle(_ number: Int, _ ensemble: EnsembleProcess) -> String {
        ensemble.folder.path + "/oracle\(number)"
    }

    private static func start(_ number: Int, _ ensemble: EnsembleProcess) throws -> ServerProcess {
        ensemble.change("oraclePath=" + oracle(number, ensemble))
        return try ensemble.start(number)
    }

    private func tell(_ number: Int, _ word: String) throws {
        try word.write(toFile: Self.oracle(number, ensemble), atomically: true, encoding: .utf8)
    }

    private func kill(_ server: ServerProcess) {
        server.signal(SIGKILL)
        #expect(server.wait() == SIGKILL)
    }

    private func isLeading(_ number: Int) -> Bool {
        (try? FourLetters.ask("srvr", port: ensemble.clientPorts[number - 1]))?.contains("Mode: leader") == true
    }

    private func leader() async throws -> Int {
        try await eventually {
            guard let leader = [1, 2].first(where: isLeading) else { throw NotYet() }
            return leader
        }
    }

    private func create(_ path: String, at number: Int) async throws {
        let client = try await eventually { try await ensemble.connect(to: number) }
        _ = try await client.create(path)
        await client.close()
    }

    private func children(at number: Int) async throws -> [String] {
        try await eventually {
            let client = try await ensemble.connect(to: number)
            try await client.sync("/")
            let names = try await client.getChildren("/").sorted()
            await client.close()
            return names
        }
    }

    private func end(_ servers: [ServerProcess]) {
        for server in servers {
            server.signal(SIGTERM)
            #expect(server.wait() == 0)
        }
    }

    @Test func `a leader whose follower is lost goes on while the oracle lets it, and no longer`() async throws {
        let leader = try await leader()
        let follower = 3 - leader
        try await create("/both", at: follower)
        try tell(leader, "1\n")
        kill(servers[follower - 1])
        try await create("/alone", at: leader)
        // It comes back, and needs no oracle to follow: its own has nothing to say.
        let again = try Self.start(follower, ensemble)
        #expect(try await children(at: follower) == ["alone", "both", "zookeeper"])
        try await create("/together", at: follower)
        try tell(leader, "0")
        kill(again)
        try await eventually { if isLeading(leader) { throw NotYet() } }
        let last = try Self.start(follower, ensemble)
        #expect(try await children(at: follower) == ["alone", "both", "together", "zookeeper"])
        end([servers[leader - 1], last])
        #expect(servers[leader - 1].problems.contains("lets this server go on without the other voter"))
    }

    @Test func `a follower whose leader is lost takes its place when the oracle lets it`() async throws {
        let leader = try await leader()
        let follower = 3 - leader
        try await create("/both", at: leader)
        kill(servers[leader - 1])
        try await eventually { if mode(follower) != nil { throw NotYet() } }
        try tell(follower, "1")
        try await create("/alone", at: follower)
        #expect(isLeading(follower))
        let again = try Self.start(leader, ensemble)
        #expect(try await children(at: leader) == ["alone", "both", "zookeeper"])
        #expect(isLeading(follower))
        end([again, servers[follower - 1]])
    }

    /// What a server says that it is; `nil` while it serves nobody.
    private func mode(_ number: Int) -> Substring? {
        let answer = (try? FourLetters.ask("srvr", port: ensemble.clientPorts[number - 1])) ?? ""
        return answer.split(separator: "\n").first { $0.hasPrefix("Mode: ") }
    }
}
