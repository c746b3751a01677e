import CoordinationClient
import Foundation
import Testing

/// What real members of an ensemble serve: local sessions, readers without a leader, leaders that only lead.
@Suite(.timeLimit(.minutes(2)))
struct EnsembleModesTests {
    private func ask(_ word: String, _ number: Int, _ ensemble: EnsembleProcess) throws -> String {
        try FourLetters.ask(word, port: ensemble.clientPorts[number - 1])
    }

    private func metric(_ name: String, _ number: Int, _ ensemble: EnsembleProcess) throws -> String? {
        let rows = try ask("mntr", number, ensemble).split(separator: "\n")
        return rows.first { $0.hasPrefix("zk_\(name)\t") }.map { String($0.drop { $0 != "\t" }.dropFirst()) }
    }

    /// Servers by their mode, once one leads and the others follow.
    private func modes(of ensemble: EnsembleProcess) async throws -> (leader: Int, followers: [Int]) {
        try await eventually {
            let states = try ensemble.clientPorts.indices.map { number in
                try ask("srvr", number + 1, ensemble).split(separator: "\n").first { $0.hasPrefix("Mode: ") }
            }
            let numbers = Array(1...states.count)
            let followers = numbers.filter { states[$0 - 1] == "Mode: follower" }
            guard followers.count == states.count - 1, let leader = numbers.first(where: { !followers.contains($0) })
            else { throw NotYet() }
            return (leader, followers)
        }
    }

    private func stop(_ servers: [ServerProcess]) {
        for server in servers {
            server.signal(SIGTERM)
            #expect(server.wait() == 0)
        }
    }

    private func number(_ name: String, _ number: Int, _ ensemble: EnsembleProcess) throws -> Int {
        try #require(try metric(name, number, ensemble).flatMap { Int($0) }, "\(name) of server \(number)")
    }

    @Test func `members measure their disks and the streams between them`() async throws {
        let ensemble = try EnsembleProcess(3)
        var servers = try (1...3).map { try ensemble.start($0) }
        let (leader, followers) = try await modes(of: ensemble)
        let client = try await ensemble.connect(to: followers[0])
        for number in 0..<10 { try await client.create("/\(number)") }
        await client.close()
        for follower in followers {
            let (sizes, times) = ("\(follower)_learner_handler_qp_size", "\(follower)_learner_handler_qp_time_ms")
            let count = try number("cnt_\(sizes)", leader, ensemble)
            #expect(try count > 10 && number("min_\(sizes)", leader, ensemble) >= 1)
            #expect(try number("cnt_\(times)", leader, ensemble) >= count)
            #expect(try metric("cnt_\(leader)_learner_handler_qp_size", follower, ensemble) == nil)
            #expect(try number("cnt_commit_process_time", follower, ensemble) >= 10)
            #expect(try number("cnt_sync_process_time", follower, ensemble) > 0)
            #expect(try number("cnt_sync_processor_queue_time_ms", follower, ensemble) > 0)
        }
        for way in ["diff", "snap"] {
            let count = try number("\(way)_count", leader, ensemble)
            #expect(try number("cnt_inflight_\(way)_count", leader, ensemble) == count)
            #expect(try count == 0 || (1...2).contains(number("max_inflight_\(way)_count", leader, ensemble)))
        }
        let closed = try number("cnt_socket_closing_time", leader, ensemble)
        servers[followers[0] - 1].signal(SIGKILL)
        #expect(servers[followers[0] - 1].wait() == SIGKILL)
        try await eventually {
            if try number("cnt_socket_closing_time", leader, ensemble) <= closed { throw NotYet() }
        }
        servers.remove(at: followers[0] - 1)
        stop(servers)
    }

    @Test func `a local session becomes global with its first ephemeral node`() async throws {
        let ensemble = try EnsembleProcess(
            3, extra: "localSessionsEnabled=true\nlocalSessionsUpgradingEnabled=true\n")
        let servers = try (1...3).map { try ensemble.start($0) }
        let (leader, followers) = try await modes(of: ensemble)
        let client = try await ensemble.connect(to: followers[0])
        try await client.create("/plain")
        #expect(try metric("local_sessions", followers[0], ensemble) == "1")
        #expect(try metric("global_sessions", leader, ensemble) == "0")
        try await client.create("/gone", kind: .ephemeral)
        #expect(try metric("local_sessions", followers[0], ensemble) == "0")
        #expect(try metric("global_sessions", leader, ensemble) == "1")
        await client.close()
        let other = try await ensemble.connect(to: followers[1])
        try await other.sync("/")
        #expect(try await other.getChildren("/").sorted() == ["plain", "zookeeper"])
        await other.close()
        stop(servers)
    }

    @Test func `a server without a leader lets clients read who want to`() async throws {
        let ensemble = try EnsembleProcess(3, extra: "readonlymode.enabled=true\n")
        var servers = try (1...3).map { try ensemble.start($0) }
        let (leader, followers) = try await modes(of: ensemble)
        let (lonely, fallen) = (followers[0], [leader, followers[1]])
        let writer = try await ensemble.connect(to: lonely)
        try await writer.create("/a", data: [7])
        await writer.close()
        for number in fallen {
            servers[number - 1].signal(SIGKILL)
            #expect(servers[number - 1].wait() == SIGKILL)
        }
        try await eventually { if try ask("isro", lonely, ensemble) != "ro" { throw NotYet() } }
        #expect(try ask("srvr", lonely, ensemble).contains("\nREAD-ONLY mode; serving only read-only clients\n"))
        let reader = try await CoordinationClient.connect(
            to: ensemble.address(lonely), options: ClientOptions(isReadOnlyAllowed: true))
        #expect(try await reader.getData("/a").data == [7])
        await #expect(throws: CoordinationError.self) { try await reader.create("/b") }
        await reader.close()
        servers[fallen[0] - 1] = try ensemble.start(fallen[0])
        try await eventually { if try ask("isro", lonely, ensemble) != "rw" { throw NotYet() } }
        stop([servers[lonely - 1], servers[fallen[0] - 1]])
    }

    /// The number of the server that an observer learns from.
    private func master(of observer: Int, _ ensemble: EnsembleProcess) async throws -> Int {
        try await eventually {
            guard let text = try metric("observer_master_id", observer, ensemble), let number = Int(text) else {
                throw NotYet()
            }
            return number
        }
    }

    @Test func `observers learn from followers, and from another one when theirs is gone`() async throws {
        let port = try FreePorts.take(1)[0]
        let ensemble = try EnsembleProcess(
            3, observers: 2, hasOwnAddresses: true, extra: "observerMasterPort=\(port)\nsnapshotSizeFactor=0\n")
        var servers = try (1...3).map { try ensemble.start($0) }
        let writer = try await eventually { try await ensemble.connect(to: 1) }
        for number in 0..<20 { try await writer.create("/early\(number)") }
        await writer.close()
        // An observer that finds no follower ready goes to the leader.
        for number in 2...3 { try await eventually { try await ensemble.connect(to: number) }.close() }
        servers += try (4...5).map { try ensemble.start($0) }
        let client = try await eventually { try await ensemble.connect(to: 4) }
        try await client.sync("/")
        #expect(try await client.getChildren("/").count == 21)
        try await client.create("/by-observer")
        await client.close()
        let (old, other) = (try await master(of: 4, ensemble), try await master(of: 5, ensemble))
        #expect(old != other)
        let leader = [1, 2, 3].first { $0 != old && $0 != other }!
        #expect(try metric("learners", leader, ensemble) == "2")
        #expect(try metric("synced_observers", old, ensemble) == "1")
        servers[old - 1].signal(SIGKILL)
        #expect(servers[old - 1].wait() == SIGKILL)
        let new = try await eventually {
            let new = try await master(of: 4, ensemble)
            if new == old { throw NotYet() }
            return new
        }
        #expect(new == other || new == leader)
        let survivor = try await eventually { try await ensemble.connect(to: 4) }
        try await survivor.sync("/")
        #expect(try await survivor.getChildren("/").count == 22)
        try await survivor.create("/after")
        await survivor.close()
        servers.remove(at: old - 1)
        stop(servers)
    }

    @Test func `a leader that only leads leaves its clients to the others`() async throws {
        let ensemble = try EnsembleProcess(3, extra: "leaderServes=no\n")
        let servers = try (1...3).map { try ensemble.start($0) }
        let (leader, followers) = try await modes(of: ensemble)
        #expect(try ask("isro", leader, ensemble) == "null")
        #expect(try ask("srvr", leader, ensemble) == "This ZooKeeper instance is not currently serving requests\n")
        let client = try await CoordinationClient.connect(to: ensemble.connectString)
        try await client.create("/a")
        await client.close()
        #expect(try ask("isro", followers[0], ensemble) == "rw")
        stop(servers)
    }
}
