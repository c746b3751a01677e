package import CommitProtocols
import Explorer
import Messages
import Simulator
import StateMachines

/// Three-phase commit and its scenes, in the lecture notes' form, in Skeen's, and with quorums.
package enum ThreePhaseCommitScenes: TransferScenes {
    package static let protocolScenes = ProtocolScenes<ThreePhaseCommitNode>(
        name: "three-phase-commit", title: ThreePhaseCommitMessages.title, labels: labels,
        vocabulary: ThreePhaseCommitMessages.vocabulary,
        catalog: notesScenes + electedScenes + failureScenes + quorumScenes + mutantScenes,
        search: { explore($0, invariants: $1, $2, elapsed: $3, report: $4) },
        play: { Explorer.play($0, in: $1, breaking: $2) }, isBlocked: { $0.isUndecided })

    static let labels = [
        "CAN-COMMIT", "YES", "NO", "PRE-COMMIT", "PRE-ABORT", "ACK", "DO-COMMIT", "ABORT", "ELECT", "STATE-REQ",
        "UNCERTAIN", "PRE-COMMITTED", "PRE-ABORTED", "INQUIRE", "RECOVERING", "prepared", "pre-commit", "pre-abort",
        "follow", "alive", "commit", "abort", "votes", "acks", "states", "silence", "inquiry",
    ]

    /// "C", "P1", "P2"…
    static func names(_ participants: Int) -> [String] { ["C"] + participantNames(participants) }

    /// "P2,P3" of three.
    static func list(_ participants: ClosedRange<Int>) -> String {
        participants.map { "P\($0)" }.joined(separator: ",")
    }

    /// What a scene of this protocol is made of; the rest is the same everywhere.
    struct Recipe: Sendable {
        var variant = ThreePhaseConfiguration(participants: 3)
        /// Who is told to refuse.
        var refusing: NodeID?
        var faults: @Sendable (Int) -> [String] = { _ in [] }
        /// Of a number of participants.
        var expectation: @Sendable (Int) -> Expectation
        var timeLimit = Tick.seconds(2)
        var atLeast = 2
        var usually = 3
    }

    static func scene(
        _ name: String, _ text: ThreePhaseCommitSceneTexts.Text, rows: String..., recipe: Recipe
    ) -> Scene<ThreePhaseCommitNode> {
        let description = SceneDescription(
            name: name, title: text.title, story: text.story, rows: rows, participants: recipe.atLeast...20,
            usualParticipants: recipe.usually, isMutant: recipe.variant.mutation != nil)
        return Scene(description) { participants in
            var configuration = recipe.variant
            configuration.participants = participants
            configuration.cells = cells
            let plan = transfer(participants: participants)
            let names = names(participants)
            let refusals = recipe.refusing.map {
                [SimulationPlan<ThreePhaseCommitNode>.ScheduledCommand(at: .zero, to: $0, .refuse(first))]
            }
            let invariants = AtomicCommitmentInvariants<ThreePhaseCommitNode>(plans: [plan], names: names)
            var setup = SceneSetup(
                names: names, machines: ThreePhaseCommitNode.nodes(configuration),
                commands: (refusals ?? []) + [.init(at: .zero, to: NodeID(0), .transact(plan))],
                faults: recipe.faults(participants),
                invariants: invariants.all,
                expectation: recipe.expectation(participants), timeLimit: recipe.timeLimit)
            setup.milestones = invariants.milestones
            return setup
        }
    }

    static func variant(
        _ termination: ThreePhaseTermination, abortsWithoutAcknowledgement: Bool = true,
        mutation: ThreePhaseMutation? = nil
    ) -> ThreePhaseConfiguration {
        ThreePhaseConfiguration(
            participants: 3, termination: termination, abortsWithoutAcknowledgement: abortsWithoutAcknowledgement,
            mutation: mutation)
    }
}
