package import CommitProtocols
import Explorer
import Messages
import Simulator
import StateMachines

/// Two-phase commit and its scenes: a transfer between accounts at P1 and P2, booked by everyone else.
package enum TwoPhaseCommitScenes: TransferScenes {
    package static let protocolScenes = ProtocolScenes<TwoPhaseCommitNode>(
        name: "two-phase-commit", title: TwoPhaseCommitMessages.title, labels: labels,
        vocabulary: TwoPhaseCommitMessages.vocabulary,
        catalog: basicScenes + terminationScenes + loggingScenes + presumptionScenes + decentralisedScenes
            + backupScenes + lateMessageScenes,
        search: { explore($0, invariants: $1, $2, elapsed: $3, report: $4) },
        play: { Explorer.play($0, in: $1, breaking: $2) }, isBlocked: { $0.isUndecided })

    static let labels = [
        "WORK", "PREPARE", "YES", "NO", "READ-ONLY", "COMMIT", "ABORT", "ACK", "INQUIRE", "UNCERTAIN", "WATCH",
        "collecting", "prepared", "commit", "abort", "end", "watching", "votes", "prepare", "decision",
        "acknowledgements", "take-over", "answers",
    ]

    /// "C", "P1", "P2"…, and "B" where there is a backup.
    package static func names(_ configuration: CommitConfiguration) -> [String] {
        ["C"] + participantNames(configuration.participants) + (configuration.backup == nil ? [] : ["B"])
    }

    /// Everyone reads; with `writers`, the first so many take part in a transfer.
    static func reading(writers: Int, participants: Int) -> Plan {
        let transfer = transfer(participants: participants)
        return Plan(
            first,
            transfer.assignments.map { assignment in
                let number = assignment.participant.index
                return number <= writers ? assignment : Assignment(assignment.participant, .read(key(number)))
            })
    }

    typealias Command = SimulationPlan<TwoPhaseCommitNode>.ScheduledCommand

    static func transact(_ plan: Plan, at time: Tick = .zero) -> Command {
        Command(at: time, to: CommitConfiguration.coordinator, .transact(plan))
    }

    /// What a scene of this protocol is made of; the rest is the same everywhere.
    struct Recipe: Sendable {
        var variant = CommitConfiguration(participants: 3)
        /// Of a number of participants; an ordinary transfer unless told otherwise.
        var plans: @Sendable (Int) -> [Plan] = { [transfer(participants: $0)] }
        var commands: @Sendable ([Plan]) -> [Command] = { plans in [transact(plans[0])] }
        var faults: @Sendable (Int) -> [String] = { _ in [] }
        var expectation: @Sendable (Int) -> Expectation
        var timeLimit = Tick.seconds(2)
        var atLeast = 2
    }

    static func scene(
        _ name: String, _ text: TwoPhaseCommitSceneTexts.Text, rows: String..., recipe: Recipe
    ) -> Scene<TwoPhaseCommitNode> {
        let description = SceneDescription(
            name: name, title: text.title, story: text.story, rows: rows, participants: recipe.atLeast...20,
            usualParticipants: 3, isMutant: recipe.variant.mutation != nil)
        return Scene(description) { participants in
            var configuration = recipe.variant
            configuration.participants = participants
            configuration.cells = cells
            let plans = recipe.plans(participants)
            let names = names(configuration)
            let invariants = AtomicCommitmentInvariants<TwoPhaseCommitNode>(plans: plans, names: names)
            var setup = SceneSetup(
                names: names, machines: TwoPhaseCommitNode.nodes(configuration), commands: recipe.commands(plans),
                faults: recipe.faults(participants),
                invariants: invariants.all,
                expectation: recipe.expectation(participants), timeLimit: recipe.timeLimit)
            setup.milestones = invariants.milestones
            return setup
        }
    }

    static func variant(
        _ presumption: Presumption = .nothing, _ topology: CommitTopology = .centralised, isCooperative: Bool = false,
        mutation: CommitMutation? = nil
    ) -> CommitConfiguration {
        CommitConfiguration(
            participants: 3, presumption: presumption, topology: topology, isCooperative: isCooperative,
            mutation: mutation)
    }
}
