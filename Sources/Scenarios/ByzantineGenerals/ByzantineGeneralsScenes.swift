package import ConsensusProtocols
package import Explorer
import Messages
import Simulator
import StateMachines
import Traces

/// The Byzantine generals and their scenes: one order, and traitors who say what they are told to say.
package enum ByzantineGeneralsScenes {
    package static let protocolScenes = ProtocolScenes<ByzantineGeneral>(
        name: "byzantine-generals", title: ByzantineGeneralsMessages.title,
        labels: ["ATTACK", "RETREAT", "round", "attack", "retreat", "lie"],
        vocabulary: ByzantineGeneralsMessages.vocabulary,
        presentation: TracePresentation(joinsPayload: true, isRoutine: isRoutine),
        catalog: threeGenerals + oralScenes + signedScenes + mutantScenes,
        search: { model, invariants, order, elapsed, report in
            Explorer.explore(everyLie(model), invariants: invariants, order, elapsed: elapsed, report: report)
        },
        play: { Explorer.play($0, in: everyLie($1), breaking: $2) },
        isBlocked: { !$0.isTraitor && $0.phase == .exchanging })

    /// All timers are set at the beginning, and what a traitor is told to say is seen when it says it.
    @Sendable private static func isRoutine(_ event: Event) -> Bool {
        event.kind == .timerSet || event.kind == .invoke && event.label?.hasPrefix("lie") == true
    }

    /// The synchronous model of a scene, in which its traitors say anything they can instead of what the scene writes
    /// down.
    package static func everyLie(_ model: WorldModel<ByzantineGeneral>) -> LockstepModel<ByzantineGeneral> {
        let commands = model.commands.filter { if case .lie = $0.command { false } else { true } }
        return LockstepModel(WorldModel(model.start, commands: commands, rules: model.rules)) { world in
            let round = world.nodes[0].machine.round
            guard world.nodes.allSatisfy({ $0.machine.round == round || !$0.isUp || $0.incarnation > 0 }) else {
                return []
            }
            return world.identifiers.filter { world[$0].isUp }.flatMap { general in
                world[general].machine.possibleLies.map { (general, .lie($0)) }
            }
        }
    }

    /// "C", "L1", "L2"….
    package static func names(_ generals: Int) -> [String] { ["C"] + (1..<generals).map { "L\($0)" } }

    typealias Command = SimulationPlan<ByzantineGeneral>.ScheduledCommand
    typealias Lie = ByzantineCommand.Lie

    /// What a scene of this protocol is made of; the rest is the same everywhere.
    struct Recipe: Sendable {
        /// Of a number of generals.
        var army: @Sendable (Int) -> ByzantineConfiguration
        /// Of a loyal commander.
        var order = BattleOrder.attack
        /// Told in the round that their paths say.
        var lies: @Sendable (ByzantineConfiguration, UInt64) -> [Lie] = { _, _ in [] }
        /// Lies with the rounds in which they are told instead.
        var late: @Sendable (ByzantineConfiguration) -> [(round: Int, lie: Lie)] = { _ in [] }
        var faults: @Sendable (Int) -> [String] = { _ in [] }
        var expectation: @Sendable (Int) -> Expectation
        var generals = 4...4
    }

    static let attack = "order: attack"
    static let retreat = "order: retreat"

    static func scene(
        _ name: String, _ text: ByzantineGeneralsSceneTexts.Text, rows: String..., recipe: Recipe
    ) -> Scene<ByzantineGeneral> {
        let usual = recipe.generals.lowerBound
        let description = SceneDescription(
            name: name, title: text.title, story: text.story, rows: rows, participants: recipe.generals,
            usualParticipants: usual, isMutant: recipe.army(usual).mutation != nil)
        return Scene(description) { generals, seed in
            let army = recipe.army(generals)
            let names = names(generals)
            var setup = SceneSetup(
                names: names, machines: ByzantineGeneral.nodes(army), commands: commands(recipe, army, seed),
                faults: recipe.faults(generals), invariants: ByzantineGeneralsInvariants(army, names: names).all,
                expectation: recipe.expectation(generals), timeLimit: .seconds(1))
            setup.adversaryCommands = ByzantineCommand.Lie.all(in: army).map { .lie($0) }
            return setup
        }
    }

    /// A lie is told early enough in its round to arrive within it.
    private static func commands(_ recipe: Recipe, _ army: ByzantineConfiguration, _ seed: UInt64) -> [Command] {
        let lies = recipe.lies(army, seed).map { ($0.path.length, $0) } + recipe.late(army)
        let told = lies.map { round, lie in
            let begin = army.roundLength * UInt64(round - 1) + .milliseconds(round > 1 ? 1 : 0)
            return Command(at: begin, to: lie.path.generals[lie.path.length - 1], .lie(lie))
        }
        if army.traitors.contains(ByzantineConfiguration.commander) { return told }
        return [Command(at: .zero, to: ByzantineConfiguration.commander, .order(recipe.order))] + told
    }

    /// A traitor says this to each of those who can still hear it.
    static func says(
        _ army: ByzantineConfiguration, _ path: MessengerPath, _ order: (NodeID) -> BattleOrder?
    ) -> [Lie] {
        army.lieutenants.filter { !path.contains($0) }.compactMap { receiver in
            order(receiver).map { Lie($0, path, to: receiver) }
        }
    }

    /// ATTACK to odd lieutenants, RETREAT to even ones.
    @Sendable static func splits(_ receiver: NodeID) -> BattleOrder? { receiver.index % 2 == 1 ? .attack : .retreat }
}
