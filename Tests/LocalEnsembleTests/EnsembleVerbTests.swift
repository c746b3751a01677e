import CoordinationClient
import Foundation
import LocalEnsemble
import Testing
import TraceFiles
import Traces

/// Real servers, started and broken by the verb.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct EnsembleVerbTests {
    @Test func `an ensemble starts, survives its leader, and leaves nothing behind`() async throws {
        let verb = EnsembleVerb()
        let table = try verb.done("start", "3", "--tick", "200")
        #expect(table.contains("leader"))
        let first = try #require(try verb.status().leader)
        #expect(try verb.status().servers.filter { $0.mode == "follower" }.count == 2)
        let again = try verb.run("start", "3")
        #expect(again.code == 3)
        #expect(again.errors.contains("runs in \(verb.folder) already"))

        try verb.done("kill", "\(first)")
        let second = try await verb.until { $0.leader != nil && $0.leader != first }
        #expect(second.servers.first { $0.server == first }?.condition == "crashed")
        try verb.done("restart", "\(first)")
        let whole = try await verb.until { $0.isServing }
        #expect(whole.mode(first) == "follower")

        let processes = whole.servers.compactMap(\.process)
        #expect(processes.count == 3)
        try verb.done("stop")
        #expect(processes.filter(EnsembleVerb.lives) == [])
        #expect(try verb.run("status").code == 3)
        try verb.done("stop", "--clean")
        #expect(!FileManager.default.fileExists(atPath: verb.folder))
    }

    @Test func `who is cut off loses the leadership and follows when the network is whole`() async throws {
        let verb = EnsembleVerb()
        try verb.done("start", "3", "--tick", "200")
        let first = try #require(try verb.status().leader)
        try verb.done("isolate", "\(first)")
        let cut = try await verb.until { $0.leader != nil && $0.leader != first && $0.mode(first) == "looking" }
        #expect(cut.faults == ["isolate \(first)"])
        try verb.done("heal")
        let whole = try await verb.until { $0.isServing }
        #expect(whole.mode(first) == "follower")
        #expect(whole.faults == [])
        try verb.done("stop", "--clean")
    }

    @Test func `servers end with whoever runs them, and the folder can be used again`() async throws {
        let verb = EnsembleVerb()
        try verb.done("start", "3", "--tick", "200")
        try verb.done("pause", "1")
        let now = try await verb.until { $0.servers[0].condition == "paused" }
        let processes = now.servers.compactMap(\.process)
        let parent = try #require(Self.parent(of: processes[0]))
        kill(parent, SIGKILL)
        let deadline = ContinuousClock.now + .seconds(20)
        while processes.contains(where: EnsembleVerb.lives), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(processes.filter(EnsembleVerb.lives) == [])
        #expect(try verb.run("status").code == 3)
        let refused = try verb.run("start", "5")
        #expect(refused.errors.contains("holds the data of an ensemble of 3"))
        try verb.done("start")
        #expect(try verb.status().servers.count == 3)
        try verb.done("stop", "--clean")
    }

    @Test func `the record shows a real election and a real write, effects behind their causes`() async throws {
        let verb = EnsembleVerb()
        try verb.done("start", "3", "--tick", "200", "--trace")
        let first = try #require(try verb.status().leader)
        try verb.done("crash", "\(first)", "after", "send", "PROPOSAL")
        // Opening a session is a write; it crashes the leader.
        _ = try? await CoordinationClient.connect(
            to: try verb.status().servers.first { $0.server != first }!.address, sessionTimeout: .seconds(4))
        let now = try await verb.until { $0.leader != nil && $0.leader != first }
        let second = try #require(now.leader)
        let path = verb.folder + "/run.jsonl"
        try await Task.sleep(for: .milliseconds(200))
        try verb.done("trace", "-o", path)
        let events = try TraceFile.read(path: path).events
        #expect(events.allSatisfy { event in event.cause.map { $0 < event.order } ?? true })
        let crash = try #require(events.firstIndex { $0.kind == .crash && $0.node == "S\(first)" })
        #expect(events[..<crash].contains { $0.kind == .send && $0.label?.hasPrefix("PROPOSAL 1:1") == true })
        let rest = events[crash...]
        #expect(rest.contains { $0.kind == .receive && $0.label?.hasPrefix("VOTE r2 \(second) (1, ") == true })
        #expect(rest.contains { $0.kind == .state && $0.node == "S\(second)" && $0.label == "leading epoch 2" })
        #expect(rest.contains { $0.kind == .receive && $0.node != "S\(second)" && $0.label == "NEWLEADER epoch 2" })
        try verb.done("stop", "--clean")
    }

    @Test func `the record shows one write from its client to every disk and back`() async throws {
        let verb = EnsembleVerb()
        try verb.done("start", "3", "--tick", "200", "--trace")
        let now = try verb.status()
        let leader = "S\(try #require(now.leader))"
        let client = try await CoordinationClient.connect(
            to: try #require(now.servers.first { $0.mode == "follower" }).address, sessionTimeout: .seconds(4))
        try await client.create("/a", data: Array("hello".utf8))
        // What led to an answer is in the record as soon as the answer is there.
        let path = verb.folder + "/write.jsonl"
        try verb.done("trace", "-o", path)
        let soon = try TraceFile.read(path: path).events.filter { $0.kind == .receive }.compactMap(\.label)
        #expect(soon.contains("REQUEST create") && soon.contains("PROPOSAL 1:2 create /a") && soon.contains("ACK 1:2"))
        await client.close()
        // The other follower may be later.
        try await Task.sleep(for: .milliseconds(200))
        try verb.done("trace", "--request", "create /a", "-o", path)
        let trace = try TraceFile.read(path: path)
        #expect(trace.header.nodes == ["client 1", "S1", "S2", "S3"])
        #expect(
            Set(trace.events.prefix(3).map(\.label)) == ["leading epoch 1", "following \(leader.dropFirst()) epoch 1"])
        /// The positions of everything with this kind and label.
        func places(_ kind: EventKind, _ label: String) -> [Int] {
            trace.events.indices.filter { trace.events[$0].kind == kind && trace.events[$0].label == label }
        }
        // A session's beginning is 1:1.
        let steps = [
            places(.invoke, "create /a"), places(.receive, "create /a"), places(.send, "REQUEST create"),
            places(.send, "PROPOSAL 1:2 create /a"), places(.persist, "log 1:2"), places(.persisted, "log 1:2"),
            places(.send, "ACK 1:2"), places(.send, "COMMIT 1:2"), places(.decide, "create /a"),
            places(.send, "OK 1:2 /a"), places(.respond, "OK 1:2 /a"),
        ]
        #expect(steps.map(\.count) == [1, 1, 1, 2, 3, 3, 2, 2, 3, 1, 1])
        let order = [steps[0], steps[1], steps[2], steps[3], steps[6], steps[7], steps[9], steps[10]].map { $0[0] }
        #expect(order == order.sorted())
        // Nobody acknowledges what is not on its disk.
        for acknowledgement in steps[6] {
            let server = trace.events[acknowledgement].node
            #expect(steps[5].contains { $0 < acknowledgement && trace.events[$0].node == server })
        }
        let refused = try verb.run("trace", "--request", "creat /b")
        #expect(refused.code == 3 && refused.errors.contains("No client's request begins with"))
        try verb.done("stop", "--clean")
    }

    @Test func `servers come and go, and messages come late`() async throws {
        let verb = EnsembleVerb()
        try verb.done("start", "3", "--tick", "200")
        try verb.done("delay", "from", "1", "20ms")
        try verb.done("drop", "PING", "to", "2", "every", "1000")
        #expect(try verb.status().faults == ["delay from 1 20ms", "drop every 1000 PING to 2"])
        try verb.done("add", "--observer")
        let watched = try await verb.until { $0.isServing && $0.servers.count == 4 }
        #expect(watched.mode(4) == "observer")
        #expect(watched.faults.first == "delay from 1 20ms")
        try verb.done("add")
        let more = try await verb.until { $0.isServing && $0.servers.count == 5 && ($0.servers[0].epoch ?? 0) > 1 }
        #expect(more.servers.map(\.server) == [1, 2, 3, 4, 5])
        #expect(more.mode(4) == "observer")
        try verb.done("remove", "4")
        try verb.done("remove", "2")
        let fewer = try await verb.until { $0.isServing && $0.servers.count == 3 && ($0.servers[0].epoch ?? 0) > 2 }
        #expect(fewer.servers.map(\.server) == [1, 3, 5])
        try verb.done("heal")
        #expect(try verb.status().faults == [])
        try verb.done("stop", "--clean")
    }

    @Test func `an answer is lost with its connection, once or until healed, and the request has worked`() async throws
    {
        let verb = EnsembleVerb()
        try verb.done("start", "3", "--tick", "200")
        let now = try verb.status()
        let client = try await CoordinationClient.connect(to: now.servers[1].address, sessionTimeout: .seconds(20))
        let session = await client.sessionIdentifier
        try verb.done("lose-reply", "2")
        #expect(try verb.status().faults == ["lose-reply 2"])
        // Another server's clients do not suffer.
        let other = try await CoordinationClient.connect(to: now.servers[0].address, sessionTimeout: .seconds(20))
        try await other.create("/b")
        await #expect(throws: CoordinationError.self) { try await client.create("/a") }
        #expect(try await client.exists("/a") != nil, "it was created all the same")
        #expect(await client.sessionIdentifier == session)
        #expect(try verb.status().faults == [])
        try verb.done("lose-reply", "2", "every")
        for _ in 0..<2 {
            await #expect(throws: CoordinationError.self) { try await client.setData("/a", data: [1]) }
        }
        try verb.done("heal")
        #expect(try await client.exists("/a")?.version == 2)
        await client.close()
        await other.close()
        try verb.done("stop", "--clean")
    }

    @Test func `a session ends by its name, and its client finds it expired`() async throws {
        let verb = EnsembleVerb()
        try verb.done("start", "3", "--tick", "200", "--trace")
        let now = try verb.status()
        let follower = try #require(now.servers.first { $0.mode == "follower" })
        let (client, other) = (
            try await CoordinationClient.connect(to: now.connectString, sessionTimeout: .seconds(20)),
            try await CoordinationClient.connect(to: follower.address, sessionTimeout: .seconds(20))
        )
        try await client.create("/mine", kind: .ephemeral)
        var states = await client.states().filter { $0 == .expired }.makeAsyncIterator()
        let name = "0x" + String(await client.sessionIdentifier, radix: 16)
        #expect(try verb.status().servers.flatMap(\.sessions).contains(name))
        #expect(try verb.done("status").contains(name))
        try verb.done("expire-session", name)
        #expect(await states.next() == .expired)
        try await other.sync("/")
        #expect(try await other.exists("/mine") == nil)
        #expect(
            try verb.run("expire-session", name).errors.contains(
                "0x" + String(await other.sessionIdentifier, radix: 16)))
        await other.close()
        try verb.done("stop", "--clean")
    }

    @Test func `the first port holds for servers that come later, and can be moved`() async throws {
        let verb = EnsembleVerb()
        try verb.done("start", "2", "--tick", "200")
        // Ports that were free a moment ago.
        let first = try #require(
            try verb.status().servers.compactMap { UInt16($0.address.split(separator: ":")[1]) }.max())
        try verb.done("stop", "--clean")
        let ports = (0..<4 as Range<UInt16>).map { "127.0.0.1:\(first + $0)" }
        let started = try verb.run("start", "2", "--tick", "200", "--port", "\(first)")
        // Somebody else may have taken a neighbour's port.
        guard started.code == 0 else { return #expect(started.errors.contains("\(first)")) }
        #expect(try verb.status().servers.map(\.address) == Array(ports.prefix(2)))
        if try verb.run("add", "--observer").code == 0 {
            #expect(try verb.status().servers.map(\.address) == Array(ports.prefix(3)))
        }
        try verb.done("stop")
        if try verb.run("start", "--port", "\(first + 1)").code == 0 {
            #expect(try verb.status().servers[0].address == ports[1])
            try verb.done("stop")
        }
        try verb.done("stop", "--clean")
    }

    private static func parent(of process: Int32) -> Int32? {
        let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = text?.split(separator: "\n").first { $0.hasPrefix("PPid:") }
        return line.flatMap { Int32($0.dropFirst(5).trimmingCharacters(in: .whitespaces)) }
    }

    @Test func `what makes no sense is refused with a reason`() throws {
        let verb = EnsembleVerb()
        #expect(try verb.run().code == 64)
        let unknown = try verb.run("kil", "1")
        #expect(unknown.code == 64)
        #expect(unknown.errors.contains("Did you mean ‘kill’?"))
        #expect(try verb.run("status").errors.contains("No ensemble runs in"))
        try verb.done("start", "1")
        for (words, reason) in [
            (["isolate", "9"], "9"), (["partition", "1"], "|"), (["restart", "1"], "running already"),
            (["resume", "1"], "running already"), (["isolate", "1", "after", "persist"], "cannot see"),
            (["remove", "1"], "last server that votes"), (["duplicate", "VOTE"], "delivers every byte once"),
            (["reorder", "VOTE"], "in order"), (["skew", "1", "+2s"], "the clock of their machine"),
            (["lose-unsynced", "1"], "kill -9"), (["expire-session", "0x1"], "No client is connected"),
            (["drop", "VOTE", "to", "1", "evry", "3"], "‘at’, ‘after’, ‘for’ or the end"),
        ] {
            let answer = try verb.run(words)
            #expect(answer.code == 3)
            #expect(answer.errors.contains(reason), "\(words): \(answer.errors)")
        }
        try verb.done("stop", "--clean")
    }
}
