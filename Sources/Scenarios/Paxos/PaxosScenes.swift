import Checking
package import ConsensusProtocols
import Explorer
import Messages
import Simulator
import StateMachines
import Traces

/// Single-decree Paxos: proposers P1, P2…, acceptors A1, A2…, further learners L1, L2…, or servers S1, S2… that are all three.
///
/// One undisturbed ballot takes 44 ms: PREPARE arrives at 10, the promise is on disk at 12, PROMISE arrives at 22, ACCEPT at
/// 32, the vote is on disk at 34, ACCEPTED arrives at 44.
package enum PaxosScenes {
    package static let protocolScenes = ProtocolScenes<PaxosNode>(
        name: "paxos", title: PaxosMessages.title, labels: labels, vocabulary: PaxosMessages.vocabulary,
        presentation: presentation,
        catalog: basicScenes + contentionScenes + adoptionScenes + memoryScenes + acceptanceScenes + ballotScenes
            + learningScenes + quorumScenes,
        search: { explore($0, invariants: $1, $2, elapsed: $3, report: $4) },
        play: { Explorer.play($0, in: $1, breaking: $2) }, isBlocked: { $0.isUndecided })

    static let labels = [
        "PREPARE", "PROMISE", "ACCEPT", "ACCEPTED", "REJECT", "CHOSEN", "REQUEST", "QUERY", "PROMISED", "promised",
        "accepted", "round", "retry", "back-off", "take-over", "north", "south", "east",
    ]

    /// Ballots and values belong on the arrows. Setting a timer tells nothing.
    static let presentation = TracePresentation(joinsPayload: true, isRoutine: { $0.kind == .timerSet })

    typealias Command = SimulationPlan<PaxosNode>.ScheduledCommand

    /// A client asks the proposer of this number.
    static func propose(_ value: PaxosValue, at milliseconds: UInt64 = 0, to proposer: Int = 1) -> Command {
        Command(at: .milliseconds(milliseconds), to: NodeID(proposer - 1), PaxosCommand(value))
    }

    /// What a scene of this protocol is made of, for a number of acceptors; the rest is the same everywhere.
    struct Recipe: Sendable {
        var proposers = 2
        var furtherLearners = 0
        var acceptors = 3...3
        /// Whether every node plays every role.
        var isShared = false
        var contention = PaxosConfiguration.Contention.persistent
        var roundMemory = PaxosConfiguration.RoundMemory.readBack
        var quorums: PaxosConfiguration.QuorumSizes?
        var attempts: UInt8?
        var mutation: PaxosMutation?
        var commands: [Command] = [propose("north")]
        var faults: [String] = []
        var expectation = Expectation.keeps("chosen: north")
        /// In milliseconds.
        var end: UInt64 = 1_000
        /// The promises that are judged where the protocol is broken; otherwise all of them are, and the obligations, too.
        var judged: [String] = []
        /// Quorums that do not meet are a bug in the configuration alone.
        var isMisconfigured = false
        /// Learners that hear from acceptors; `nil`: all of them.
        var distinguishedLearners: NodeSet?
    }

    static func scene(
        _ name: String, _ text: PaxosSceneTexts.Text, rows: String..., recipe: Recipe
    ) -> Scene<PaxosNode> {
        let description = SceneDescription(
            name: name, title: text.title, story: text.story, rows: rows, participants: recipe.acceptors,
            usualParticipants: max(3, recipe.acceptors.lowerBound),
            isMutant: recipe.mutation != nil || recipe.isMisconfigured)
        return Scene(description) { acceptors in
            let configuration = configuration(recipe, acceptors: acceptors)
            let names = names(configuration)
            let invariants = PaxosInvariants(
                configuration, names: names, proposed: recipe.commands.map(\.command.value))
            let all = invariants.promises + invariants.obligations
            var setup = SceneSetup(
                names: names, machines: PaxosNode.nodes(configuration), commands: recipe.commands,
                faults: recipe.faults,
                invariants: recipe.judged.isEmpty ? all : all.filter { recipe.judged.contains($0.name) },
                expectation: recipe.expectation, timeLimit: .milliseconds(recipe.end))
            setup.milestones = invariants.milestones
            return setup
        }
    }

    private static func configuration(_ recipe: Recipe, acceptors: Int) -> PaxosConfiguration {
        var configuration =
            recipe.isShared
            ? PaxosConfiguration(servers: acceptors)
            : PaxosConfiguration(
                proposers: recipe.proposers, acceptors: acceptors, furtherLearners: recipe.furtherLearners)
        configuration.contention = recipe.contention
        configuration.roundMemory = recipe.roundMemory
        configuration.attempts = recipe.attempts
        configuration.mutation = recipe.mutation
        if let quorums = recipe.quorums { configuration.quorums = quorums }
        if let learners = recipe.distinguishedLearners { configuration.distinguishedLearners = learners }
        return configuration
    }

    private static func names(_ configuration: PaxosConfiguration) -> [String] {
        let (proposers, acceptors) = (configuration.proposers, configuration.acceptors)
        if proposers == acceptors { return (1...configuration.nodeCount).map { "S\($0)" } }
        let further = configuration.learners.subtracting(proposers).count
        return (1...proposers.count).map { "P\($0)" } + (1...acceptors.count).map { "A\($0)" }
            + (0..<further).map { "L\($0 + 1)" }
    }
}
