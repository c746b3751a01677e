import Checking
import ConsensusProtocols
import Explorer
import Messages
import Scenarios
import Simulator
import StateMachines
import Testing
import Traces

struct RaftSceneTests {
    private func run(_ scene: String, _ language: Language = .english) throws -> SceneRun {
        try ProtocolRegistry.named("raft").run(SceneRequest(scene, language: language))
    }

    /// Which words must be seen in a scene for its story to be true.
    static let words: [(scene: String, words: [String])] = [
        ("election", ["REQUEST-VOTE t1, log 0/t0", "VOTE t1", "term 1, vote S1", "APPEND t1, 1=1:no-op"]),
        ("split-vote", ["NO-VOTE t1", "VOTE t2"]),
        ("equal-timeouts", ["NO-VOTE t1", "NO-VOTE t2", "NO-VOTE t3"]),
        ("later-term-wins", ["has more in its log: no vote for S1", "cuts its log from 2"]),
        ("vote-remembered", ["NO-VOTE t1"]),
        ("figure-8", ["APPEND t3, 1=1:x=1", "cuts its log from 1", "APPEND t4, 1=2:y=1"]),
        ("partition", ["cuts its log from 2", "APPEND t2, 3=2:y=1"]),
        ("back-off", ["REJECT t3, 5 unknown, from 5", "REJECT t3, 4 unknown, from 1", "cuts its log from 2"]),
        ("retry", ["REQUEST #1 x+1", "REPLY #1 1", "REPLY #2 1"]),
        ("rejoin-pre-vote", ["PRE-VOTE t2, log 1/t1"]),
        ("removed-ignored", ["has a leader: no vote for S4", "PRE-NO t1"]),
        ("pre-vote-lower-term", ["PRE-NO t2", "PRE-YES t3"]),
        ("check-quorum", ["hears no majority: steps down", "REDIRECT #1"]),
        ("transfer", ["TIMEOUT-NOW t1", "REQUEST-VOTE t2, log 1/t1, sent by the leader"]),
        ("add-server", ["APPEND t1, 1=1:no-op 1:x=1", "APPEND t1, 3=1:members S1,S2,S3,S4"]),
        ("remove-leader", ["is no member any more: steps down"]),
        ("sibling-configurations", ["refused: nothing of its own term is committed"]),
        ("abandoned-configuration", ["cuts its log from 2"]),
        ("read-index", ["REPLY #2 1"]),
        ("old-leader-read", ["REPLY #2 2"]),
        ("snapshot", ["SNAPSHOT t1, through 3", "APPEND t1, 4=1:z=3"]),
        ("late-snapshot", ["has more than the snapshot: ignores it"]),
    ]

    @Test(arguments: words)
    func `a scene shows what its story tells`(scene: String, words: [String]) throws {
        let labels = Set(try run(scene).trace.events.compactMap(\.label))
        for word in words { #expect(labels.contains(word), "\(scene): \(labels.sorted())") }
    }

    @Test(arguments: [
        "partition", "retry", "removed-ignored", "check-quorum", "sibling-configurations", "remove-leader",
        "late-snapshot",
        "pre-vote-lower-term",
    ])
    func `machines speak Chinese to who reads it`(scene: String) throws {
        let events = try run(scene, .chinese).trace.events
        let said = events.flatMap { event -> [String?] in
            event.kind == .note || event.kind == .state ? [event.state, event.label] : [event.state]
        }
        for text in said.compactMap(\.self) {
            let words = text.split { !$0.isASCII || !$0.isLetter }.filter { $0.count > 2 }
            #expect(words.isEmpty, "\(text)")
        }
    }

    @Test func `every corner case has a scene`() throws {
        let shown = Set(try ProtocolRegistry.named("raft").scenes.flatMap(\.rows))
        #expect(shown == Set((1...18).map { "RF-\($0)" }))
    }
}
