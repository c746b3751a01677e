import Checking
import Messages
import Scenarios
import Simulator
import Testing
import Traces

struct MultiPaxosSceneTests {
    private func run(_ scene: String, _ language: Language = .english) throws -> SceneRun {
        try ProtocolRegistry.named("multi-paxos").run(SceneRequest(scene, language: language))
    }

    @Test func `every corner case has a scene`() throws {
        let shown = Set(try ProtocolRegistry.named("multi-paxos").scenes.flatMap(\.rows))
        #expect(shown == Set((1...6).map { "MP-\($0)" }))
    }

    @Test func `a leader asks for promises once, and each deposit costs one round`() throws {
        let labels = try run("one-phase-1").trace.events.filter { $0.kind == .send }.compactMap(\.label)
        #expect(labels.count { $0.hasPrefix("PREPARE") } == 2)
        #expect(labels.count { $0.hasPrefix("ACCEPT ") } == 6)
    }

    /// What each read was answered, in the order of the reads; `nil`: nothing.
    static let reads: [(scene: String, answers: [String?])] = [
        ("one-phase-1", ["balance 160"]),
        ("stale-read", ["balance 100"]),
        ("confirmed-read", [nil, "balance 150"]),
        ("leased-read", ["balance 100", nil, "balance 150"]),
        ("lease-and-clocks", ["balance 100"]),
        ("restart-waits", ["balance 100"]),
        ("forgets-grant", ["balance 100"]),
        ("client-retry", ["balance 100"]),
        ("applies-twice", ["balance 200"]),
    ]

    @Test(arguments: reads)
    func `a read is answered as its story tells`(scene: String, answers: [String?]) throws {
        let events = try run(scene).trace.events
        let reads = events.filter { $0.kind == .invoke && $0.label == "read" }.map(\.id)
        #expect(reads.map { read in events.first { $0.kind == .respond && $0.id == read }?.label } == answers)
    }

    /// Which words must be seen in a scene for its story to be true.
    static let words: [(scene: String, words: [String])] = [
        (
            "new-leader-finishes",
            ["PROMISE 2.2, has [1] 1.1 c1.1 +100", "ACCEPT [1] 2.2 c1.1 +100", "ACCEPT [2] 2.2 c2.1 +50"]
        ),
        ("gap-filled", ["ACCEPT [1] 2.2 no-op", "ACCEPT [2] 2.2 c2.1 +50"]),
        ("old-leader", ["REJECT 1.1, promised 2.2", "stepped down"]),
        ("disk-survives", ["PROMISE 1.2, has [1] 1.1 c1.1 +100"]),
    ]

    @Test(arguments: words)
    func `a scene shows what its story tells`(scene: String, words: [String]) throws {
        let labels = Set(try run(scene).trace.events.compactMap(\.label))
        for word in words { #expect(labels.contains(word), "\(scene): \(labels.sorted())") }
    }
}
