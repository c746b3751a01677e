import Checking
import Foundation
import Messages
import Scenarios
import Simulator
import StateMachines
import TraceFiles
import Testing
import Traces

struct ZabSceneTests {
    private func run(_ scene: String, _ language: Language = .english) throws -> SceneRun {
        try ProtocolRegistry.named("zab").run(SceneRequest(scene, language: language))
    }

    @Test func `every corner case has a scene`() throws {
        let shown = Set(try ProtocolRegistry.named("zab").scenes.flatMap(\.rows))
        #expect(shown == Set((1...20).map { "ZB-\($0)" }))
    }

    /// Which words must be seen in a scene for its story to be true.
    static let words: [(scene: String, words: [String])] = [
        ("election", ["VOTE r1 3 (0, 0:0)", "LEADERINFO epoch 1", "NEWLEADER epoch 1", "UPTODATE", "PROPOSAL 1:1 a"]),
        ("longest-log-wins", ["VOTE r2 1 (1, 1:1)", "NEWLEADER epoch 2", "PROPOSAL 2:1 b"]),
        ("epoch-before-zxid", ["VOTE r3 1 (2, 1:1)", "TRUNC to 1:1"]),
        ("later-round", ["VOTE r1 3 (1, 0:0)", "VOTE r2 3 (1, 0:0)", "NEWLEADER epoch 2"]),
        ("late-joiner", ["VOTE r1 follows 3", "VOTE r1 leads", "PROPOSAL 1:1 a", "UPTODATE"]),
        ("joins-another-round", ["VOTE r1 3 (1, 0:0)", "VOTE r2 leads"]),
        ("promise-outlives-leader", ["acceptedEpoch 2", "acceptedEpoch 3", "NEWLEADER epoch 3"]),
        ("better-follower", ["ACKEPOCH log 1:2, current epoch 1", "ACKEPOCH log 1:2, epoch known", "TRUNC to 1:1"]),
        ("same-epoch-again", ["ACKEPOCH log 0:0, epoch known"]),
        ("leader-crash", ["VOTE r2 2 (1, 1:1)", "NEWLEADER epoch 2", "PROPOSAL 2:1 b"]),
        ("crash-before-quorum", ["TRUNC to 1:1", "truncate 1:1"]),
        ("diff", ["DIFF through 1:2", "PROPOSAL 1:1 a", "PROPOSAL 1:2 b", "log 1:1", "log 1:2", "currentEpoch 1"]),
        ("truncate", ["TRUNC to 1:1", "truncate 1:1", "PROPOSAL 2:1 b"]),
        ("snapshot", ["SNAP through 2:1"]),
        ("observer", ["REQUEST a", "INFORM 1:1 a"]),
    ]

    @Test(arguments: words)
    func `a scene shows what its story tells`(scene: String, words: [String]) throws {
        let labels = Set(try run(scene).trace.events.compactMap(\.label))
        for word in words { #expect(labels.contains(word), "\(scene): \(labels.sorted())") }
    }

    @Test func `a read at a server that is cut off is stale, and no other`() throws {
        let events = try run("stale-read").trace.events
        let reads = events.filter { $0.kind == .invoke && $0.label == "READ" }.map(\.id)
        let answers = reads.map { read in events.first { $0.kind == .respond && $0.id == read }?.label }
        #expect(answers == ["a", "b", "b"])
    }

    @Test func `routine is not shown, and a scene opens with everybody's state`() throws {
        let trace = try run("write").trace
        #expect(!trace.events.contains { $0.label == "PING" || $0.label == "heartbeat" })
        #expect(
            trace.events.prefix(3).map(\.label) == [
                "following 3 epoch 1, log empty", "following 3 epoch 1, log empty", "leading epoch 1, log empty",
            ])
        #expect(trace.events.prefix(3).allSatisfy { $0.kind == .state && $0.time == .milliseconds(480) })
        #expect(trace.events.map(\.order) == Array(1...trace.events.count))
        #expect(trace.events.allSatisfy { ($0.cause ?? 0) < $0.order })
    }

    @Test func `machines speak Chinese to who reads it`() throws {
        let events = try run("leader-crash", .chinese).trace.events
        #expect(events.contains { $0.state == "领导，纪元 2，日志 1:1" })
        #expect(events.contains { $0.label == "NEWLEADER 纪元 2" })
        let english = events.flatMap { [$0.state, $0.kind == .state ? $0.label : nil] }.compactMap(\.self)
            .filter { $0.contains { $0.isASCII && $0.isLetter } }
        #expect(english == [])
    }

    @Test(arguments: ["zxid-before-epoch", "never-truncates", "leader-crash", "stale-read"])
    func `a run is repeated from its file to the same end`(scene: String) throws {
        let run = try run(scene)
        let file = try ReplayCoding.decode(Data(ReplayCoding.encode(run.replay())), name: "test")
        let again = try ProtocolRegistry.named("zab").replay(file, language: .english)
        #expect(again.trace.events == run.trace.events)
        #expect(again.outcome == run.violations.first.map { .violated(invariant: $0.invariant) } ?? .holds)
    }

    @Test func `what breaks a promise of the whole run is shown where it ends`() throws {
        let run = try run("zxid-before-epoch")
        let violation = try #require(run.violations.first)
        let event = try #require(run.trace.events.first { $0.order == violation.event })
        #expect((event.kind, event.label) == (.violation, "primary-integrity"))
        #expect(run.violation(of: "primary-integrity") != nil)
        #expect(run.promises.map(\.invariant).contains("committed-log-durability"))
    }
}
