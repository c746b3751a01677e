import Checking
import Explorer
import Messages
package import ReplicationProtocols
import Simulator
import StateMachines
import Traces

/// A register on N replicas, of which W must store a write and R answer a read.
package enum QuorumScenes {
    package static let protocolScenes = ProtocolScenes<QuorumNode>(
        name: "quorum-nwr", title: QuorumMessages.title, labels: labels, vocabulary: QuorumMessages.vocabulary,
        presentation: presentation,
        catalog: strictScenes + writeBackScenes + writerScenes + sloppyScenes + repairScenes + mutantScenes,
        search: { explore($0, invariants: $1, $2, elapsed: $3, report: $4) },
        play: { Explorer.play($0, in: $1, breaking: $2) }, isBlocked: { $0.isWaiting })

    static let labels = [
        "QUERY", "VALUE", "STORE", "STORED", "REPAIR", "HANDOFF", "TAKEN", "stored", "hinted", "handed", "suspicion",
        "patience", "handoff",
    ]

    /// Left out: disks, which are nowhere slow here, and timers that are only set.
    static let presentation = TracePresentation(
        joinsPayload: true,
        isRoutine: { event in
            switch event.kind {
            case .timerSet, .persist, .persisted: true
            default: false
            }
        })

    typealias Promise = Invariant<World<QuorumNode>>
    typealias Command = SimulationPlan<QuorumNode>.ScheduledCommand

    /// What a scene of this protocol is made of.
    struct Recipe: Sendable {
        var configuration: QuorumConfiguration
        /// What the clients do, by letter, in milliseconds.
        var script: [(client: Character, at: UInt64, command: QuorumCommand)]
        var faults: [String] = []
        var promises: [Consistency] = [.linearizable]
        var converges = false
        var isAvailable = false
        var expectation: Expectation
        var end: UInt64 = 1_000
    }

    /// N, W and R, and as many clients as the script has letters.
    static func configuration(
        _ replicas: Int = 3, writing writeQuorum: Int = 2, reading readQuorum: Int = 2, clients: Int = 2,
        _ change: (inout QuorumConfiguration) -> Void = { _ in }
    ) -> QuorumConfiguration {
        var configuration = QuorumConfiguration(
            replicas: replicas, writeQuorum: writeQuorum, readQuorum: readQuorum, clients: clients)
        change(&configuration)
        return configuration
    }

    static func scene(
        _ name: String, _ text: QuorumSceneTexts.Text, rows: String..., recipe: Recipe
    ) -> Scene<QuorumNode> {
        let configuration = recipe.configuration
        let description = SceneDescription(
            name: name, title: text.title, story: text.story, rows: rows,
            participants: configuration.replicas...configuration.replicas,
            usualParticipants: configuration.replicas, isMutant: configuration.mutation != nil)
        return Scene(description) { _ in
            let names = configuration.names
            let promises = ClientPromises.remembering(of: RegisterModel(), names: names)
            let convergence = recipe.converges ? [QuorumInvariants(configuration: configuration).convergence] : []
            let availability = recipe.isAvailable ? [Availability.invariant(names: names) as Promise] : []
            var setup = SceneSetup(
                names: names, machines: QuorumNode.nodes(configuration), commands: commands(recipe),
                faults: recipe.faults,
                invariants: recipe.promises.map { promises.invariant($0) } + convergence + availability,
                expectation: recipe.expectation, timeLimit: .milliseconds(recipe.end))
            setup.milestones = [.clientAnswered()]
            setup.judged = SceneSetup.Judged(model: RegisterModel.name, promise: recipe.promises[0])
            return setup
        }
    }

    private static func commands(_ recipe: Recipe) -> [Command] {
        recipe.script.map { step in
            let client = Int(step.client.asciiValue! - UInt8(ascii: "A"))
            return Command(at: .milliseconds(step.at), to: recipe.configuration.client(client), step.command)
        }
    }
}
