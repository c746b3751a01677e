import Bytes
import CoordinationClient
import EventLoop
import FaultProxy
import Faults
import Messages
import StateMachines
import Synchronization
import Testing
import Traces
import WireProtocol

/// A scripted server behind a proxy, both on one loop, with a port for A and one for B.
final class ProxyBench: Sendable {
    let thread: LoopThread
    let peer: LoopBound<ScriptedPeer>
    let proxy: LoopBound<FaultProxy>
    let ports: [String: UInt16]
    let records: Records

    final class Records: Sendable {
        let all = Mutex<[ProxyRecord]>([])
    }

    init(firstTimeout: Tick = .seconds(60)) async throws {
        thread = try LoopThread()
        let records = Records()
        self.records = records
        (peer, proxy, ports) = try await thread.run { loop in
            let peer = try ScriptedPeer(firstTimeout: firstTimeout, on: loop)
            let proxy = FaultProxy(host: "127.0.0.1", port: peer.port, on: loop)
            proxy.onRecord = { record in records.all.withLock { $0.append(record) } }
            let ports = ["A": try proxy.addClient("A"), "B": try proxy.addClient("B")]
            return (LoopBound(peer, on: loop), LoopBound(proxy, on: loop), ports)
        }
    }

    func connect(_ name: String) async throws -> CoordinationClient {
        try await CoordinationClient.connect(to: "127.0.0.1:\(ports[name]!)", sessionTimeout: .seconds(60))
    }

    func proxy<Value: Sendable>(_ body: @escaping @Sendable (FaultProxy) throws -> Value) async throws -> Value {
        try await thread.run { [proxy] loop in try body(proxy.value(on: loop)) }
    }

    func apply(_ words: String) async throws {
        let fault = try Fault(parsing: words)
        try await proxy { try $0.apply(fault) }
    }

    var peerLog: [String] {
        get async throws { try await thread.run { [peer] loop in peer.value(on: loop).log } }
    }

    var facts: [ProxyFact] { records.all.withLock { $0.map(\.fact) } }

    func stop() async throws {
        try await proxy { $0.close() }
        await thread.stop()
    }
}

struct FaultProxyTests {
    @Test func `without faults everything passes, and is recorded in order`() async throws {
        let bench = try await ProxyBench()
        let client = try await bench.connect("A")
        #expect(try await client.create("/n-") == "/n-1")
        #expect(try await client.getChildren("/") == ["child0"])
        await client.close()
        #expect(try await bench.peerLog == ["connect 0x0", "create /n-", "getChildren /", "closeSession"])
        let records = bench.records.all.withLock { $0 }
        #expect(records.map(\.order) == Array(1...records.count))
        #expect(records.allSatisfy { $0.client == "A" })
        let events = records.map { $0.event(order: $0.order, server: "server") }
        let create = events.filter { $0.id == "A.1-1" || $0.id == "A.1-1'" }
        #expect(create.map(\.kind) == [.send, .receive, .send, .receive])
        #expect(create.map(\.node) == ["A", "server", "server", "A"])
        #expect(create.last?.payload == "ok /n-1")
        try await bench.stop()
    }

    @Test func `a lost reply leaves the node behind, and the client in doubt`() async throws {
        let bench = try await ProxyBench()
        let (first, second) = (try await bench.connect("A"), try await bench.connect("B"))
        _ = try await bench.proxy { $0.add(.loseReply(of: "A", to: "create")) }
        _ = try await second.create("/other-")
        await #expect(throws: CoordinationError.self) { try await first.create("/n-") }
        #expect(try await first.create("/n-") == "/n-3")
        #expect(
            try await bench.peerLog.filter { $0.hasPrefix("create") } == ["create /other-", "create /n-", "create /n-"])
        let lost = bench.facts.compactMap { fact in
            if case .lost(let message) = fact { message.id } else { nil }
        }
        #expect(lost == ["A.1-1'"])
        #expect(bench.facts.contains(.struck(.loseReply(of: "A", to: "create"))))
        #expect(bench.facts.contains(.disconnected(byFault: true)))
        await first.close()
        await second.close()
        try await bench.stop()
    }

    @Test func `a lost request never happened, and the client is in doubt as well`() async throws {
        let bench = try await ProxyBench()
        let client = try await bench.connect("A")
        try await bench.apply("drop delete from A")
        do {
            try await client.delete("/n")
            Issue.record("It was lost.")
        } catch CoordinationError.connectionLoss {
            // The same error as for a lost reply: the client cannot tell them apart.
        }
        _ = try await client.getChildren("/")
        #expect(try await bench.peerLog == ["connect 0x0", "connect 0x1", "getChildren /"])
        await client.close()
        try await bench.stop()
    }

    @Test func `a condition waits for its message`() async throws {
        let bench = try await ProxyBench()
        let client = try await bench.connect("A")
        try await bench.apply("lose-reply A after send create 2 by A")
        #expect(try await client.create("/n-") == "/n-1")
        await #expect(throws: CoordinationError.self) { try await client.create("/n-") }
        #expect(try await client.create("/n-") == "/n-3")
        await client.close()
        try await bench.stop()
    }

    @Test func `a short partition holds what is sent, and healing delivers it`() async throws {
        let bench = try await ProxyBench()
        let client = try await bench.connect("A")
        try await bench.apply("isolate A")
        async let answer = client.create("/n-")
        try await bench.until { $0.isHeld("create") }
        try await bench.apply("heal")
        #expect(try await answer == "/n-1")
        await client.close()
        try await bench.stop()
    }

    @Test(arguments: ["one-way A>server", "one-way server>A", "partition A|server,B", "isolate A"])
    func `a long partition of any kind ends the connection but not for the others`(words: String) async throws {
        let bench = try await ProxyBench(firstTimeout: .seconds(1))
        let (cut, free) = (try await bench.connect("A"), try await bench.connect("B"))
        try await bench.apply(words)
        var states = await cut.states().filter { $0 != .connected }.makeAsyncIterator()
        // On a busy machine the session may have been given up before the first look.
        #expect([.disconnected, .expired].contains(await states.next()))
        _ = try await free.getChildren("/")
        try await bench.apply("heal")
        for await state in await cut.states() where state != .disconnected { break }
        #expect(await cut.state != .disconnected)
        await cut.close()
        await free.close()
        try await bench.stop()
    }

    @Test func `expire-session cuts the client off until its session is over`() async throws {
        let bench = try await ProxyBench(firstTimeout: .seconds(1))
        let client = try await bench.connect("A")
        try await bench.apply("expire-session A")
        var states = await client.states().filter { $0 == .expired }.makeAsyncIterator()
        #expect(await states.next() == .expired)
        #expect(try await bench.peerLog.contains("expire 0x1"))
        #expect(try await bench.peerLog.last == "connect 0x1")
        let next = try await bench.connect("A")
        _ = try await next.getChildren("/")
        await next.close()
        try await bench.stop()
    }

    @Test func `delayed messages keep their order`() async throws {
        let bench = try await ProxyBench()
        let client = try await bench.connect("A")
        try await bench.apply("delay create from A 30ms")
        async let first = client.create("/n-")
        async let second = client.getChildren("/")
        #expect(try await first == "/n-1")
        // The delayed request may be overtaken by nothing that was sent after it.
        let children = try await second
        #expect(children.count <= 1)
        let times = bench.records.all.withLock { records in
            records.filter { record in
                switch record.fact {
                case .sent(let message), .delivered(let message): message.id == "A.1-1"
                default: false
                }
            }.map(\.time)
        }
        #expect(times.count == 2 && times[1] - times[0] >= .milliseconds(30))
        await client.close()
        try await bench.stop()
    }

    @Test func `refused connections end with their time`() async throws {
        let bench = try await ProxyBench()
        try await bench.proxy { $0.refuseConnections(of: "A", for: .seconds(3_600)) }
        async let connecting = bench.connect("A")
        try await bench.until { $0.facts.contains(.refused) }
        try await bench.proxy { $0.refuseConnections(of: "A", for: .milliseconds(5)) }
        let client = try await connecting
        await client.close()
        try await bench.stop()
    }

    @Test func `cut resets at once, a dead server is reported, other protocols pass`() async throws {
        let bench = try await ProxyBench()
        let client = try await bench.connect("A")
        var states = await client.states().filter { $0 == .disconnected }.makeAsyncIterator()
        try await bench.proxy { $0.cut("A") }
        #expect(await states.next() == .disconnected)
        _ = try await client.getChildren("/")
        await client.close()

        let answer = try await bench.say("ruok", as: "B")
        #expect(answer == "imok")
        try await bench.thread.run { [peer = bench.peer] loop in peer.value(on: loop).stopListening() }
        #expect(try await bench.say("ruok", as: "B") == "")
        #expect(bench.facts.contains(.serverUnreachable("ECONNREFUSED")))
        try await bench.stop()
    }

    @Test(arguments: [
        ("duplicate create", ProxyFailure.meaningless("duplicate")), ("reorder", .meaningless("reorder")),
        ("crash A", .notForNetwork("crash")), ("isolate C", .unknownName("C", known: ["A", "B", "server"])),
        ("isolate A after persist", .invisible("persist")), ("drop 5%", .meaningless("drop 5%")),
    ])
    func `what TCP cannot do is refused with a reason`(words: String, failure: ProxyFailure) async throws {
        let bench = try await ProxyBench()
        await #expect(throws: failure) { try await bench.apply(words) }
        #expect(!failure.message.english.isEmpty && !failure.message.chinese.isEmpty)
        try await bench.stop()
    }
}

extension ProxyBench {
    /// Waits for what happens sooner or later; a minute is later than any machine needs.
    func until(_ condition: (ProxyBench) -> Bool) async throws {
        for _ in 0..<12_000 where !condition(self) { try await Task.sleep(for: .milliseconds(5)) }
        #expect(condition(self))
    }

    /// Whether a message with this label was sent and has not arrived.
    func isHeld(_ label: String) -> Bool {
        let ids = facts.compactMap { fact -> String? in
            if case .sent(let message) = fact, message.label == label { message.id } else { nil }
        }
        return !ids.isEmpty
            && !facts.contains { fact in
                if case .delivered(let message) = fact { ids.contains(message.id) } else { false }
            }
    }

    /// Sends plain bytes and returns what comes back until the end.
    func say(_ text: String, as client: String) async throws -> String {
        let port = ports[client]!
        return await withCheckedContinuation { continuation in
            thread.post { loop in
                loop.connect(to: "127.0.0.1", port: port) { result in
                    guard let connection = try? result.get() else { return continuation.resume(returning: "") }
                    var answer = ""
                    connection.onBytes = { answer += String(decoding: $0, as: UTF8.self) }
                    connection.onEnd = { _ in
                        connection.close()
                        continuation.resume(returning: answer)
                    }
                    connection.startReading()
                    connection.write(Array(text.utf8))
                }
            }
        }
    }
}
