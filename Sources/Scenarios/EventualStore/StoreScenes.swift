import Checking
import Explorer
import Messages
package import ReplicationProtocols
import Simulator
import StateMachines
import Traces

/// A register that is always answered from one replica: what becomes the same in the end, and what sessions may count on before.
package enum StoreScenes {
    package static let protocolScenes = ProtocolScenes<StoreNode>(
        name: "base", title: StoreMessages.title,
        labels: ["READ", "WRITE", "VALUE", "WRITTEN", "SPREAD", "HAVE", "write", "spreading", "patience"],
        vocabulary: StoreMessages.vocabulary,
        presentation: TracePresentation(
            joinsPayload: true,
            isRoutine: { event in
                switch event.kind {
                case .timerSet, .persist, .persisted: true
                default: false
                }
            }),
        catalog: convergenceScenes + sessionScenes + comparisonScenes,
        search: { explore($0, invariants: $1, $2, elapsed: $3, report: $4) },
        play: { Explorer.play($0, in: $1, breaking: $2) }, isBlocked: { $0.isWaiting })

    typealias Promise = Invariant<World<StoreNode>>
    typealias Script = [(client: Character, at: UInt64, command: StoreCommand)]

    static func read(at replica: Int) -> StoreCommand { .read(at: NodeID(replica - 1)) }
    static func write(_ value: UInt8, at replica: Int) -> StoreCommand { .write(value, at: NodeID(replica - 1)) }

    /// What a scene of this protocol is made of.
    struct Recipe: Sendable {
        var merging = StoreConfiguration.Merging.lastWriterByLogicalTime
        var guarantees: SessionGuarantee = []
        var hasLeader = false
        var mutation: StoreMutation?
        /// What the clients do, by letter, in milliseconds.
        var script: Script
        var faults: [String] = []
        var promises: [Consistency] = []
        var losesNothing = false
        var converges = true
        var isAvailable = false
        var expectation: Expectation
    }

    static func scene(
        _ name: String, _ text: StoreSceneTexts.Text, rows: String..., recipe: Recipe
    ) -> Scene<StoreNode> {
        var configuration = StoreConfiguration(
            replicas: 3, clients: Set(recipe.script.map(\.client)).count)
        configuration.merging = recipe.merging
        configuration.guarantees = recipe.guarantees
        configuration.hasLeader = recipe.hasLeader
        configuration.mutation = recipe.mutation
        let description = SceneDescription(
            name: name, title: text.title, story: text.story, rows: rows, participants: 3...3, usualParticipants: 3,
            isMutant: recipe.mutation != nil)
        return Scene(description) { [configuration] _ in setUp(recipe, configuration) }
    }

    private static func setUp(_ recipe: Recipe, _ configuration: StoreConfiguration) -> SceneSetup<StoreNode> {
        let names = configuration.names
        let promises = ClientPromises.remembering(of: RegisterModel(), names: names)
        let own = StoreInvariants(configuration: configuration)
        var invariants: [Promise] = recipe.promises.map { promises.invariant($0) }
        if recipe.losesNothing { invariants.append(own.noLostUpdate) }
        if recipe.converges { invariants.append(own.convergence) }
        if recipe.isAvailable { invariants.append(Availability.invariant(names: names)) }
        var setup = SceneSetup(
            names: names, machines: StoreNode.nodes(configuration),
            commands: recipe.script.map { step in
                let client = Int(step.client.asciiValue! - UInt8(ascii: "A"))
                return .init(at: .milliseconds(step.at), to: configuration.client(client), step.command)
            }, faults: recipe.faults, invariants: invariants, expectation: recipe.expectation,
            timeLimit: .seconds(2))
        setup.milestones = [.clientAnswered()]
        setup.judged = recipe.promises.first.map { .init(model: RegisterModel.name, promise: $0) }
        return setup
    }
}
