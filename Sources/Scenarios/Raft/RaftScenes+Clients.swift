import ConsensusProtocols
import Messages
import StateMachines

extension RaftScenes {
    static let clientScenes: [Scene<RaftNode>] = [
        scene(
            "retry", RaftSceneTexts.retry, rows: "RF-18",
            recipe: retry(
                nil,
                expecting: .keeps(firstTerm, firstNoop, "2: x+1", "term 2: S2", "3: no-op", "4: x+1", "5: read x"))),
        scene(
            "retry-repeated", RaftSceneTexts.retryRepeated, rows: "RF-18",
            recipe: retry(.repeatsRetries, expecting: .violates("at-most-once"))),
    ]

    /// The answer is lost with the leader; the client repeats its request to the next one.
    private static func retry(_ mutation: RaftMutation?, expecting expectation: Expectation) -> Recipe {
        Recipe(
            clients: 1, adjust: { $0.timing.retry = .milliseconds(350) }, mutation: mutation,
            commands: { servers in
                [
                    command(.perform(.add("x", 1)), at: 300, to: servers + 1),
                    command(.perform(.read("x")), at: 301, to: servers + 1),
                ]
            },
            faults: { _ in ["drop REPLY 1", "crash S1 after send REPLY 1"] },
            expectation: expectation, end: 950)
    }
}
