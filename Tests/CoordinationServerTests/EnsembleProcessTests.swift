import CoordinationClient
import Foundation
import StateMachines
import Testing
import WireProtocol

/// Real servers, real sockets, real kills.
@Suite(.timeLimit(.minutes(2)))
struct EnsembleProcessTests {
    /// The number of the server that says it leads.
    private func leader(of ensemble: EnsembleProcess, among numbers: [Int]) async throws -> Int {
        try await eventually {
            let leading = numbers.filter { mode(of: ensemble.clientPorts[$0 - 1]) == "leader" }
            guard let leader = leading.first, leading.count == 1 else { throw NotYet() }
            return leader
        }
    }

    private func mode(of port: UInt16) -> String? {
        guard let answer = try? FourLetters.ask("srvr", port: port) else { return nil }
        return answer.split(separator: "\n").first { $0.hasPrefix("Mode: ") }.map { String($0.dropFirst(6)) }
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

    private func create(_ paths: [String], _ ensemble: EnsembleProcess, at number: Int) async throws {
        let client = try await eventually { try await ensemble.connect(to: number) }
        for path in paths { try await client.create(path, data: Array(repeating: 7, count: 100)) }
        await client.close()
    }

    @Test func `three servers elect a leader, replicate, and outlive its death`() async throws {
        let ensemble = try EnsembleProcess(3)
        var servers = try (1...3).map { try ensemble.start($0) }
        let first = try await leader(of: ensemble, among: [1, 2, 3])
        try await create(["/one"], ensemble, at: first % 3 + 1)
        servers[first - 1].signal(SIGKILL)
        #expect(servers[first - 1].wait() == SIGKILL)
        let rest = [1, 2, 3].filter { $0 != first }
        let second = try await leader(of: ensemble, among: rest)
        try await create(["/two"], ensemble, at: rest.first { $0 != second }!)
        servers[first - 1] = try ensemble.start(first)
        for number in 1...3 {
            #expect(try await children(ensemble, at: number) == ["one", "two", "zookeeper"], "server \(number)")
        }
        for server in servers {
            server.signal(SIGTERM)
            #expect(server.wait() == 0)
        }
    }

    /// Writes that only the old leader has on its disk are cut off when it comes back.
    @Test func `what no quorum has is cut off`() async throws {
        let ensemble = try EnsembleProcess(3)
        var servers = try (1...3).map { try ensemble.start($0) }
        let first = try await leader(of: ensemble, among: [1, 2, 3])
        let rest = [1, 2, 3].filter { $0 != first }
        try await create(["/kept"], ensemble, at: first)
        let client = try await ensemble.connect(to: first)
        for number in rest { try await servers[number - 1].pause() }
        let write = Task { try await client.create("/lost", data: []) }
        try await eventually { if !logHolds("/lost", ensemble.data(first)) { throw NotYet() } }
        servers[first - 1].signal(SIGKILL)
        _ = servers[first - 1].wait()
        // They have not read it; killed, they never will.
        for number in rest {
            servers[number - 1].signal(SIGKILL)
            _ = servers[number - 1].wait()
        }
        await #expect(throws: (any Error).self) { try await write.value }
        await client.close()
        for number in rest { servers[number - 1] = try ensemble.start(number) }
        try await create(["/new"], ensemble, at: rest[0])
        servers[first - 1] = try ensemble.start(first)
        for number in 1...3 {
            #expect(try await children(ensemble, at: number) == ["kept", "new", "zookeeper"], "server \(number)")
        }
        #expect(!logHolds("/lost", ensemble.data(first)))
    }

    /// A snapshot with more than anybody has decided cannot be gone back from, where nothing older is left.
    @Test func `what cannot be cut off is replaced by the leader's state`() async throws {
        let ensemble = try EnsembleProcess(3)
        var servers = try (1...3).map { try ensemble.start($0) }
        let first = try await leader(of: ensemble, among: [1, 2, 3])
        try await create(["/kept"], ensemble, at: first)
        servers[first - 1].signal(SIGKILL)
        _ = servers[first - 1].wait()
        let rest = [1, 2, 3].filter { $0 != first }
        _ = try await leader(of: ensemble, among: rest)
        try await create(["/new"], ensemble, at: rest[0])

        let folder = ensemble.data(first)
        let alone = folder + "/alone.cfg"
        let text = "clientPort=0\nclientPortAddress=127.0.0.1\ndataDir=\(folder)\nsnapCount=4\n"
        try text.write(toFile: alone, atomically: false, encoding: .utf8)
        let server = try ServerProcess(arguments: [alone])
        let client = try await CoordinationClient.connect(to: "127.0.0.1:\(try #require(server.port))")
        for number in 0..<20 { try await client.create("/lost\(number)", data: []) }
        await client.close()
        server.signal(SIGTERM)
        _ = server.wait()
        try keepNewestSnapshot(folder + "/version-2")

        let copied = try ensemble.start(first)
        for number in 1...3 {
            #expect(try await children(ensemble, at: number) == ["kept", "new", "zookeeper"], "server \(number)")
        }
        #expect(!logHolds("/lost", folder))
        copied.signal(SIGTERM)
        _ = copied.wait()
        #expect(copied.problems.contains("asks the leader for a copy"))
    }

    private func keepNewestSnapshot(_ folder: String) throws {
        func number(_ name: String) -> UInt64 { UInt64(name.split(separator: ".").last ?? "", radix: 16) ?? 0 }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let newest = names.filter { $0.hasPrefix("snapshot.") }.map(number).max() ?? 0
        #expect(newest > 4)
        for name in names where name.hasPrefix("log.") || name.hasPrefix("snapshot.") && number(name) < newest {
            try FileManager.default.removeItem(atPath: folder + "/" + name)
        }
    }

    private func logHolds(_ path: String, _ folder: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/version-2")) ?? []
        return names.filter { $0.hasPrefix("log.") }.contains { name in
            let bytes = FileManager.default.contents(atPath: folder + "/version-2/" + name) ?? Data()
            return bytes.range(of: Data(path.utf8)) != nil
        }
    }

    /// A follower that missed more than is kept in memory gets the logs, or the whole state where that is shorter.
    @Test(arguments: ["snapshotSizeFactor=0", "snapshotSizeFactor=900"])
    func `whoever was away for long catches up`(factor: String) async throws {
        let ensemble = try EnsembleProcess(3, extra: "commitLogCount=20\n" + factor)
        var servers = try (1...3).map { try ensemble.start($0) }
        let leader = try await leader(of: ensemble, among: [1, 2, 3])
        let away = leader % 3 + 1
        try await create(["/before"], ensemble, at: leader)
        servers[away - 1].signal(SIGKILL)
        _ = servers[away - 1].wait()
        try await create((0..<60).map { "/n\($0)" }, ensemble, at: leader)
        servers[away - 1] = try ensemble.start(away)
        #expect(try await children(ensemble, at: away).count == 62)
        // What it was sent is on its disk.
        for server in servers { server.signal(SIGKILL) }
        for number in 1...3 { servers[number - 1] = try ensemble.start(number) }
        #expect(try await children(ensemble, at: away).count == 62)
    }

    /// A server that was sent the state has a gap in its log. When it leads, nobody may be brought up to date across it.
    @Test func `a leader that was copied itself does not send its log across the gap`() async throws {
        let ensemble = try EnsembleProcess(3, observers: 1, extra: "commitLogCount=20\nsnapshotSizeFactor=0")
        var servers = try (1...2).map { try ensemble.start($0) }
        _ = try await leader(of: ensemble, among: [1, 2])
        servers += try (3...4).map { try ensemble.start($0) }
        try await create((0..<5).map { "/early\($0)" }, ensemble, at: 4)
        #expect(try await children(ensemble, at: 3).count == 6)
        for number in 3...4 {
            servers[number - 1].signal(SIGKILL)
            _ = servers[number - 1].wait()
        }
        try await create((0..<60).map { "/missed\($0)" }, ensemble, at: 2)
        ensemble.change("commitLogCount=20\nsnapshotSizeFactor=900")
        servers[2] = try ensemble.start(3)
        #expect(try await children(ensemble, at: 3).count == 66)
        servers[1].signal(SIGKILL)
        _ = servers[1].wait()
        #expect(try await leader(of: ensemble, among: [1, 3]) == 3)
        try await create((0..<60).map { "/late\($0)" }, ensemble, at: 3)
        servers[3] = try ensemble.start(4)
        #expect(try await children(ensemble, at: 4).count == 126)
    }

    @Test func `an observer serves and follows, and is not missed`() async throws {
        let ensemble = try EnsembleProcess(3, observers: 1)
        let servers = try (1...4).map { try ensemble.start($0) }
        try await create(["/one"], ensemble, at: 4)
        #expect(try await children(ensemble, at: 1) == ["one", "zookeeper"])
        servers[3].signal(SIGKILL)
        _ = servers[3].wait()
        try await create(["/two"], ensemble, at: 1)
        let again = try ensemble.start(4)
        #expect(try await children(ensemble, at: 4) == ["one", "two", "zookeeper"])
        again.signal(SIGTERM)
        #expect(again.wait() == 0)
    }

    /// With TLS between the servers; then one after the other goes back to none, and all the time they replicate.
    @Test func `servers speak TLS with each other`() async throws {
        let secure = """
            sslQuorum=true
            ssl.quorum.keyStore.location=\(Certificates.folder)server.pem
            ssl.quorum.trustStore.location=\(Certificates.folder)authority.pem
            """
        let ensemble = try EnsembleProcess(3, extra: secure)
        var servers = try (1...3).map { try ensemble.start($0) }
        try await create(["/secure"], ensemble, at: 1)
        ensemble.change(secure + "\nportUnification=true")
        for number in 1...3 {
            servers[number - 1].signal(SIGKILL)
            _ = servers[number - 1].wait()
            servers[number - 1] = try ensemble.start(number)
            try await create(["/unified\(number)"], ensemble, at: number)
        }
        // Whoever speaks plainly is taken, and so is what it says.
        ensemble.change(secure.replacing("sslQuorum=true", with: "sslQuorum=false") + "\nportUnification=true")
        for number in 1...2 {
            servers[number - 1].signal(SIGKILL)
            _ = servers[number - 1].wait()
            servers[number - 1] = try ensemble.start(number)
            try await create(["/plain\(number)"], ensemble, at: number)
        }
        #expect(try await children(ensemble, at: 3).count == 7)
    }

    @Test func `a server without a certificate is left outside`() async throws {
        let secure = "sslQuorum=true\nssl.quorum.trustStore.location=\(Certificates.folder)authority.pem\n"
        let key = "ssl.quorum.keyStore.location=\(Certificates.folder)"
        let ensemble = try EnsembleProcess(3, extra: secure + key + "server.pem")
        let servers = try (1...2).map { try ensemble.start($0) }
        ensemble.change(secure + key + "stranger.pem")
        let stranger = try ensemble.start(3)
        try await create(["/one"], ensemble, at: 1)
        #expect(mode(of: ensemble.clientPorts[2]) == nil)
        stranger.signal(SIGTERM)
        #expect(stranger.wait() == 0)
        let problems = stranger.problems
        #expect(problems.contains("TLS"), "\(problems)")
        for server in servers { server.signal(SIGTERM) }
    }

    /// The client that is connected stays, whether the server follows or leads; and after a night the new port is the only one.
    @Test func `a reconfiguration moves the port for clients`() async throws {
        let ensemble = try EnsembleProcess(3, extra: "reconfigEnabled=true\nskipACL=yes")
        var servers = try (1...3).map { try ensemble.start($0) }
        let leading = try await leader(of: ensemble, among: [1, 2, 3])
        let client = try await ensemble.connect(to: leading % 3 + 1)
        let ports = try FreePorts.take(2)
        for (number, port) in zip([leading % 3 + 1, leading], ports) {
            _ = try await client.reconfigure(.change(joining: [ensemble.line(number, clientPort: port)], leaving: []))
            try await eventually { if mode(of: port) == nil { throw NotYet() } }
            #expect(mode(of: ensemble.clientPorts[number - 1]) == nil)
            #expect(try FourLetters.ask("conf", port: port).contains("clientPort=\(port)\n"))
        }
        try await client.create("/still-connected")
        await client.close()
        #expect(mode(of: ports[1]) == "leader")
        servers[leading - 1].signal(SIGTERM)
        #expect(servers[leading - 1].wait() == 0)
        #expect(servers[leading - 1].problems.contains("serves them on 127.0.0.1:\(ports[1]) now"))
        servers[leading - 1] = try ensemble.startAgain(leading)
        #expect(servers[leading - 1].port == ports[1])
        let again = try await eventually {
            try await CoordinationClient.connect(to: "127.0.0.1:\(ports[1])", sessionTimeout: .seconds(20))
        }
        #expect(try await again.getChildren("/") == ["still-connected", "zookeeper"])
        await again.close()
    }

    /// Somebody else has the port; when he goes, the server gets it.
    @Test func `a port for clients that is taken is tried again`() async throws {
        let ensemble = try EnsembleProcess(3, extra: "reconfigEnabled=true\nskipACL=yes")
        let servers = try (1...3).map { try ensemble.start($0) }
        let leading = try await leader(of: ensemble, among: [1, 2, 3])
        let number = leading % 3 + 1
        let other = try EnsembleProcess(1, extra: "standaloneEnabled=false")
        let squatter = try other.start(1)
        let client = try await ensemble.connect(to: number)
        let line = ensemble.line(number, clientPort: other.clientPorts[0])
        _ = try await client.reconfigure(.change(joining: [line], leaving: []))
        try await client.create("/a")
        #expect(mode(of: ensemble.clientPorts[number - 1]) == "follower")
        squatter.signal(SIGTERM)
        #expect(squatter.wait() == 0)
        try await eventually { if mode(of: other.clientPorts[0]) != "follower" { throw NotYet() } }
        #expect(mode(of: ensemble.clientPorts[number - 1]) == nil)
        await client.close()
        servers[number - 1].signal(SIGTERM)
        #expect(servers[number - 1].wait() == 0)
        #expect(servers[number - 1].problems.contains("which cannot be had"))
    }

    /// Observers beyond the limit are sent away until those before them have all that they were sent; voters never are.
    @Test(arguments: [("leader.maxConcurrentDiffSyncs", false), ("leader.maxConcurrentSnapSyncs", true)])
    func `so many observers are brought up to date at once`(key: String, isSnapshot: Bool) async throws {
        let ensemble = try EnsembleProcess(
            3, observers: 3, extra: key + "=2\nsnapshotSizeFactor=0\ncommitLogCount=\(isSnapshot ? 1 : 500)")
        let servers = try (1...3).map { try ensemble.start($0) }
        let leading = try await leader(of: ensemble, among: [1, 2, 3])
        try await create(["/a", "/b", "/c"], ensemble, at: leading)
        // A quorum must be left when one of them dies.
        for number in 1...3 { _ = try await children(ensemble, at: number) }
        let port = ensemble.quorumPorts[leading - 1]
        let learners = try (4...5).map { try RawLearner($0, port: port, last: .zero) }
        for learner in learners { #expect(try learner.next()?.type == (isSnapshot ? .snapshot : .diff)) }
        #expect(try RawLearner(6, port: port, last: .zero).next() == nil)
        // A voter comes back all the same, and one of the observers has done.
        let voter = leading % 3 + 1
        servers[voter - 1].signal(SIGKILL)
        _ = servers[voter - 1].wait()
        let back = try ensemble.start(voter)
        #expect(try await children(ensemble, at: voter) == ["a", "b", "c", "zookeeper"])
        try learners[0].send(QuorumPacket(.acknowledge, zxid: Zxid(epoch: 1, counter: 0)))
        try await eventually {
            guard try RawLearner(6, port: port, last: .zero).next() != nil else { throw NotYet() }
        }
        servers[leading - 1].signal(SIGTERM)
        #expect(servers[leading - 1].wait() == 0)
        #expect(servers[leading - 1].problems.contains("are being brought up to date already (\(key))"))
        back.signal(SIGTERM)
    }

    /// A fourth server joins, the leader goes, and everybody who is left finds the others after a night.
    @Test func `the ensemble changes while it serves`() async throws {
        let ensemble = try EnsembleProcess(3, spares: 1, extra: "reconfigEnabled=true\nskipACL=yes")
        var servers = try (1...3).map { try ensemble.start($0) }
        let first = try await leader(of: ensemble, among: [1, 2, 3])
        try await create(["/three"], ensemble, at: 1)
        servers.append(try ensemble.start(4))
        try await eventually { if mode(of: ensemble.clientPorts[3]) == nil { throw NotYet() } }
        let client = try await ensemble.connect(to: first)
        let added = try await client.reconfigure(.change(joining: [ensemble.line(4)], leaving: []))
        #expect(String(decoding: added.data, as: UTF8.self).contains("server.4="))
        await client.close()
        let survivor = try await eventually { try await ensemble.connect(to: 4) }
        let removed = try await eventually {
            try await survivor.reconfigure(.change(joining: [], leaving: ["\(first)"]))
        }
        #expect(!String(decoding: removed.data, as: UTF8.self).contains("server.\(first)="))
        await survivor.close()
        let rest = [1, 2, 3, 4].filter { $0 != first }
        _ = try await leader(of: ensemble, among: rest)
        try await create(["/changed"], ensemble, at: rest[0])
        for server in servers {
            server.signal(SIGKILL)
            _ = server.wait()
        }
        for number in rest { servers[number - 1] = try ensemble.startAgain(number) }
        for number in rest {
            #expect(try await children(ensemble, at: number) == ["changed", "three", "zookeeper"], "server \(number)")
        }
        let text = try String(contentsOfFile: ensemble.folder.path + "/\(rest[0]).cfg", encoding: .utf8)
        #expect(!text.contains("server.") && text.contains("dynamicConfigFile=") && text.contains("syncLimit=10"))
    }
}
