import Checking
package import ConsensusProtocols
import Explorer
import Messages
import Simulator
import StateMachines
import Traces

/// Multi-Paxos: servers S1, S2… keep an account. S1 is told to lead at once, and leads after 24 ms; one deposit takes 22 ms.
package enum MultiPaxosScenes {
    package static let protocolScenes = ProtocolScenes<MultiPaxosNode>(
        name: "multi-paxos", title: MultiPaxosMessages.title, labels: labels, vocabulary: MultiPaxosMessages.vocabulary,
        presentation: presentation, catalog: leaderScenes + orderScenes + readScenes + memoryScenes,
        search: { explore($0, invariants: $1, $2, elapsed: $3, report: $4) },
        play: { Explorer.play($0, in: $1, breaking: $2) }, isBlocked: { $0.isStuck })

    static let labels = [
        "PREPARE", "PROMISE", "ACCEPT", "ACCEPTED", "REJECT", "CHOSEN", "ASK", "CONFIRM", "CONFIRMED", "promised",
        "accepted", "chosen", "retry", "renew",
    ]

    /// Setting a timer tells nothing, nor do those that only tick; an account changes with every message.
    static let presentation = TracePresentation(
        joinsPayload: true,
        isRoutine: { event in
            switch event.kind {
            case .timerSet: true
            case .timerFire: event.label == "renew" || event.label == "retry"
            default: false
            }
        })

    typealias Command = SimulationPlan<MultiPaxosNode>.ScheduledCommand

    static func lead(_ server: Int, at milliseconds: UInt64 = 0) -> Command {
        Command(at: .milliseconds(milliseconds), to: NodeID(server - 1), .lead)
    }
    static func deposit(_ deposit: Deposit, at milliseconds: UInt64, to server: Int) -> Command {
        Command(at: .milliseconds(milliseconds), to: NodeID(server - 1), .deposit(deposit))
    }
    static func read(at milliseconds: UInt64, from server: Int) -> Command {
        Command(at: .milliseconds(milliseconds), to: NodeID(server - 1), .read)
    }

    static let first = Deposit(client: 1, number: 1, amount: 100)
    static let second = Deposit(client: 2, number: 1, amount: 50)

    /// What a scene of this protocol is made of, for a number of servers; the rest is the same everywhere.
    struct Recipe: Sendable {
        var servers = 3...3
        var reads = MultiPaxosConfiguration.Reads.confirmed
        var mutation: MultiPaxosMutation?
        var commands: [Command]
        var faults: [String] = []
        var expectation = Expectation.keeps("[1]: \(first)", "[2]: \(second)")
        /// In milliseconds.
        var end: UInt64 = 400
        /// Reads without any care, or clocks that leases cannot bear, are a bug without a mutation.
        var isMisconfigured = false
    }

    static func scene(
        _ name: String, _ text: MultiPaxosSceneTexts.Text, rows: String..., recipe: Recipe
    ) -> Scene<MultiPaxosNode> {
        let description = SceneDescription(
            name: name, title: text.title, story: text.story, rows: rows, participants: recipe.servers,
            usualParticipants: 3, isMutant: recipe.mutation != nil || recipe.isMisconfigured)
        return Scene(description) { servers in
            var configuration = MultiPaxosConfiguration(servers: servers)
            configuration.reads = recipe.reads
            configuration.mutation = recipe.mutation
            let names = (1...servers).map { "S\($0)" }
            let invariants = MultiPaxosInvariants(configuration, names: names)
            var setup = SceneSetup(
                names: names, machines: MultiPaxosNode.nodes(configuration), commands: recipe.commands,
                faults: recipe.faults, invariants: invariants.always, expectation: recipe.expectation,
                timeLimit: .milliseconds(recipe.end))
            setup.milestones = invariants.milestones
            setup.wholeRunInvariants = invariants.ofWholeRun
            return setup
        }
    }
}
