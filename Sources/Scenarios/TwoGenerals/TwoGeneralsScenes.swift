package import Checking
package import ConsensusProtocols
import Explorer
import Messages
package import Simulator
import StateMachines

/// Two generals on two hills; as many participants as messengers.
package enum TwoGeneralsScenes {
    package static let protocolScenes = ProtocolScenes<TwoGeneralsNode>(
        name: "two-generals", title: TwoGeneralsMessages.title,
        labels: (1...messengers.upperBound).map { "M\($0)" } + ["propose", "dawn", "again", "attack", "stay"],
        vocabulary: TwoGeneralsMessages.vocabulary, catalog: catalog,
        search: { Explorer.explore($0, invariants: $1, $2, elapsed: $3, report: $4) },
        play: { Explorer.play($0, in: $1, breaking: $2) }, isBlocked: { $0.phase == .waiting })

    static let names = ["A", "B"]
    static let messengers = 1...20

    /// - Source: the properties of the coordinated attack problem: Lynch, "Distributed Algorithms", 1996, section 5.1,
    ///   where it is shown that no algorithm has them all if messages may be lost.
    package static let invariants: [Invariant<World<TwoGeneralsNode>>] = [agreement, validity]

    private static func attacks(_ general: Int, in world: World<TwoGeneralsNode>) -> Bool? {
        switch world.nodes[general].machine.phase {
        case .decided(let attacks): attacks
        case .waiting, .lost: nil
        }
    }

    static let agreement = Invariant<World<TwoGeneralsNode>>("agreement", explanation: TwoGeneralsMessages.agreement) {
        world in
        guard let a = attacks(0, in: world), let b = attacks(1, in: world), a != b else { return nil }
        return TwoGeneralsMessages.alone(names[a ? 0 : 1], without: names[a ? 1 : 0])
    }

    static let validity = Invariant<World<TwoGeneralsNode>>("validity", explanation: TwoGeneralsMessages.validity) {
        world in
        guard attacks(1, in: world) == true, world.nodes[1].machine.latest == 0 else { return nil }
        return TwoGeneralsMessages.untold(names[1])
    }

    private static func scene(
        _ name: String, _ text: TwoGeneralsSceneTexts.Text, messengers: ClosedRange<Int> = messengers, usual: Int = 3,
        faults: @escaping @Sendable (Int) -> [String] = { _ in [] },
        expectation: @escaping @Sendable (Int) -> Expectation,
        plan: @escaping @Sendable (Int) -> TwoGeneralsConfiguration = { TwoGeneralsConfiguration(messengers: $0) }
    ) -> Scene<TwoGeneralsNode> {
        let description = SceneDescription(
            name: name, title: text.title, story: text.story, rows: [], participants: messengers,
            usualParticipants: usual, isMutant: false)
        return Scene(description) { messengers in
            SceneSetup(
                names: names, machines: TwoGeneralsNode.nodes(plan(messengers)),
                commands: [.init(at: .zero, to: NodeID(0), .propose)], faults: faults(messengers),
                invariants: invariants, expectation: expectation(messengers), timeLimit: .seconds(1))
        }
    }

    private static let bothAttack = Expectation.keeps("A: attack", "B: attack")
    private static let bothStay = Expectation.keeps("A: stay", "B: stay")
    private static let splits = Expectation.violates("agreement")

    private static let catalog: [Scene<TwoGeneralsNode>] = [
        scene("all-arrive", TwoGeneralsSceneTexts.allArrive, expectation: { _ in bothAttack }),
        scene(
            "last-messenger-caught", TwoGeneralsSceneTexts.lastCaught, faults: { ["drop M\($0)"] },
            expectation: { _ in splits }),
        scene(
            "first-messenger-caught", TwoGeneralsSceneTexts.firstCaught, messengers: 2...20,
            faults: { _ in ["drop M1"] }, expectation: { _ in bothStay }),
        scene(
            "content-with-less", TwoGeneralsSceneTexts.contentWithLess, messengers: 2...20, usual: 4,
            faults: { ["drop M\($0 - 1)"] }, expectation: { _ in splits }
        ) { messengers in
            TwoGeneralsConfiguration(
                messengers: messengers, wanted: TwoGeneralsConfiguration.expected(messengers - 1))
        },
        scene(
            "attack-anyway", TwoGeneralsSceneTexts.attackAnyway, faults: { _ in ["drop M1"] },
            expectation: { _ in splits }
        ) { messengers in
            TwoGeneralsConfiguration(messengers: messengers, wanted: [0, 1])
        },
        scene(
            "until-answered", TwoGeneralsSceneTexts.untilAnswered, messengers: 2...2, usual: 2,
            faults: { _ in ["drop M2 1", "drop M2 2"] }, expectation: { _ in bothAttack }, plan: repeating),
        scene(
            "without-luck", TwoGeneralsSceneTexts.noLuck, messengers: 2...2, usual: 2, faults: { _ in ["drop M2"] },
            expectation: { _ in splits }, plan: repeating),
    ]

    @Sendable private static func repeating(_ messengers: Int) -> TwoGeneralsConfiguration {
        TwoGeneralsConfiguration(messengers: messengers, repeats: .milliseconds(60))
    }
}
