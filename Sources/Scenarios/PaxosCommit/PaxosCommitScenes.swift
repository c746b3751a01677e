package import CommitProtocols
import Explorer
import Messages
import Simulator
import StateMachines

/// Paxos Commit and its scenes: the same transfer, with 2F + 1 acceptors in the coordinator's place.
package enum PaxosCommitScenes: TransferScenes {
    package static let protocolScenes = ProtocolScenes<PaxosCommitNode>(
        name: "paxos-commit", title: PaxosCommitMessages.title, labels: labels,
        vocabulary: PaxosCommitMessages.vocabulary, catalog: basicScenes + survivalScenes + mutantScenes,
        search: { explore($0, invariants: $1, $2, elapsed: $3, report: $4) },
        play: { Explorer.play($0, in: $1, breaking: $2) }, isBlocked: { $0.isUndecided })

    static let labels = [
        "PREPARE", "PREPARED", "ABORTED", "PHASE-1A", "PHASE-1B", "PHASE-2A", "PHASE-2B", "COMMIT", "ABORT", "INQUIRE",
        "prepared", "promised", "accepted", "commit", "abort", "votes", "answers", "take-over", "silence",
    ]

    /// "C", "P1", "P2"…, "A2", "A3"…: C is the first acceptor.
    static func names(_ configuration: PaxosCommitConfiguration) -> [String] {
        ["C"] + participantNames(configuration.participants)
            + configuration.acceptors.indices.dropFirst().map { "A\($0 + 1)" }
    }

    /// What a scene of this protocol is made of; the rest is the same everywhere.
    struct Recipe: Sendable {
        var variant = PaxosCommitConfiguration(participants: 3)
        /// Who is told to refuse.
        var refusing: NodeID?
        var faults: @Sendable (Int) -> [String] = { _ in [] }
        /// Of a number of participants.
        var expectation: @Sendable (Int) -> Expectation
        var timeLimit = Tick.seconds(4)
        var atLeast = 2
    }

    static func scene(
        _ name: String, _ text: PaxosCommitSceneTexts.Text, rows: String..., recipe: Recipe
    ) -> Scene<PaxosCommitNode> {
        let description = SceneDescription(
            name: name, title: text.title, story: text.story, rows: rows, participants: recipe.atLeast...20,
            usualParticipants: 2, isMutant: recipe.variant.mutation != nil)
        return Scene(description) { participants in
            var configuration = recipe.variant
            configuration.participants = participants
            configuration.cells = cells
            let plans = [transfer(participants: participants)]
            let names = names(configuration)
            let refusals = recipe.refusing.map {
                [SimulationPlan<PaxosCommitNode>.ScheduledCommand(at: .zero, to: $0, .refuse(first))]
            }
            let invariants = AtomicCommitmentInvariants<PaxosCommitNode>(plans: plans, names: names)
            var setup = SceneSetup(
                names: names, machines: PaxosCommitNode.nodes(configuration),
                commands: (refusals ?? []) + [.init(at: .zero, to: NodeID(0), .transact(plans[0]))],
                faults: recipe.faults(participants),
                invariants: invariants.all
                    + [PaxosCommitInvariants.agreement(configuration, plans: plans, names: names)],
                expectation: recipe.expectation(participants), timeLimit: recipe.timeLimit)
            setup.milestones = invariants.milestones
            return setup
        }
    }

    static func variant(_ toleratedFailures: Int, mutation: PaxosCommitMutation? = nil) -> PaxosCommitConfiguration {
        PaxosCommitConfiguration(participants: 3, toleratedFailures: toleratedFailures, mutation: mutation)
    }
}

extension PaxosCommitScenes {
    static let basicScenes: [Scene<PaxosCommitNode>] = [
        scene(
            "happy-path", PaxosCommitSceneTexts.happyPath, rows: "2PC-12",
            recipe: Recipe(expectation: { _ in .keeps(committed) }, atLeast: 1)),
        scene(
            "without-spare", PaxosCommitSceneTexts.withoutSpare, rows: "2PC-12",
            recipe: Recipe(variant: variant(0), expectation: { _ in .keeps(committed) }, atLeast: 1)),
        scene(
            "one-no-vote", PaxosCommitSceneTexts.oneNoVote,
            recipe: Recipe(refusing: NodeID(2), expectation: { _ in .keeps(aborted) })),
        scene(
            "missing-vote", PaxosCommitSceneTexts.missingVote,
            recipe: Recipe(
                faults: { _ in ["drop PREPARE to P1"] }, expectation: { _ in .keeps(aborted) }, atLeast: 1)),
    ]

    static let survivalScenes: [Scene<PaxosCommitNode>] = [
        scene(
            "without-spare-blocks", PaxosCommitSceneTexts.withoutSpareBlocks, rows: "2PC-12", "2PC-1",
            recipe: Recipe(
                variant: variant(0), faults: { ["crash C after receive PREPARED \($0)"] },
                expectation: { Expectation(violated: nil, decisions: [], blocked: participantNames($0)) },
                timeLimit: .milliseconds(400), atLeast: 1)),
        scene(
            "coordinator-crash", PaxosCommitSceneTexts.coordinatorCrash, rows: "2PC-12",
            recipe: Recipe(
                faults: { ["crash C after receive PREPARED \($0)"] }, expectation: { _ in .keeps(committed) },
                atLeast: 1)),
        scene(
            "crash-after-first-commit", PaxosCommitSceneTexts.crashAfterFirst, rows: "2PC-12", "2PC-3",
            recipe: Recipe(
                faults: { _ in ["crash C after send COMMIT 1"] }, expectation: { _ in .keeps(committed) })),
        scene(
            "partition", PaxosCommitSceneTexts.partition, rows: "3PC-3", "3PC-6",
            recipe: Recipe(
                faults: { participants in
                    let others = participantNames(participants).dropFirst().map { $0 + "," }.joined()
                    return ["partition C,P1|\(others)A2,A3 at 28ms", "heal at 800ms"]
                },
                expectation: { _ in .keeps(committed) })),
        scene(
            "false-suspicion", PaxosCommitSceneTexts.falseSuspicion, rows: "3PC-4",
            recipe: Recipe(
                faults: { ["pause C after receive PREPARED \($0) for 600ms"] },
                expectation: { _ in .keeps(committed) }, atLeast: 1)),
        scene(
            "votes-lost-at-acceptors", PaxosCommitSceneTexts.votesLost,
            recipe: Recipe(
                faults: { _ in ["drop PREPARED to A2", "drop PREPARED to A3", "crash C after send COMMIT 1"] },
                expectation: { _ in .keeps(committed) })),
        scene(
            "too-many-failures", PaxosCommitSceneTexts.tooMany,
            recipe: Recipe(
                faults: { _ in ["crash A2 at 5ms", "crash A3 at 5ms", "restart A2 at 400ms"] },
                expectation: { _ in .keeps(committed) }, atLeast: 1)),
        scene(
            "acceptor-restart", PaxosCommitSceneTexts.acceptorRestart,
            recipe: Recipe(
                faults: { _ in
                    [
                        "crash A2 after send PHASE-2B", "restart A2 at 100ms", "drop PREPARED to A3",
                        "crash C after send COMMIT 1",
                    ]
                },
                expectation: { _ in .keeps(committed) })),
    ]

    static let mutantScenes: [Scene<PaxosCommitNode>] = [
        scene(
            "accepts-before-disk", PaxosCommitSceneTexts.mutantDisk,
            recipe: Recipe(
                variant: variant(1, mutation: .acceptsBeforeForcing),
                faults: { _ in
                    [
                        "crash A2 after send PHASE-2B", "restart A2 at 100ms", "drop PREPARED to A3",
                        "crash C after send COMMIT 1",
                    ]
                },
                expectation: { _ in .violates("atomicity") })),
        scene(
            "one-acceptor-is-enough", PaxosCommitSceneTexts.mutantMajority,
            recipe: Recipe(
                variant: variant(1, mutation: .decidesWithOneAcceptor),
                faults: { _ in ["drop PREPARED to A2", "drop PREPARED to A3", "crash C after send COMMIT 1"] },
                expectation: { _ in .violates("atomicity") })),
        scene(
            "ignores-accepted-votes", PaxosCommitSceneTexts.mutantIgnores,
            recipe: Recipe(
                variant: variant(1, mutation: .ignoresAcceptedVotes), faults: { _ in ["crash C after send COMMIT 1"] },
                expectation: { _ in .violates("agreement") })),
    ]
}
