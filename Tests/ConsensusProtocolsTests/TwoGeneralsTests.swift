import ConsensusProtocols
import StateMachines
import Testing

struct TwoGeneralsTests {
    @Test(arguments: 0...8)
    func `every rule for so many messengers fails`(messengers: Int) {
        let rules = MessengerRules(messengers: messengers)
        let failures = rules.all.map(rules.failure)
        #expect(failures.count == 1 << (messengers / 2 + 1 + (messengers + 1) / 2 + 1))
        #expect(!failures.contains(nil))
    }

    @Test func `who wants to see every messenger is broken by the last one only`() {
        for messengers in 1...12 {
            let expected = TwoGeneralsConfiguration.expected(messengers)
            let rules = MessengerRules.Rules(a: 1 << UInt32(expected[0]), b: 1 << UInt32(expected[1]))
            #expect(MessengerRules(messengers: messengers).failure(of: rules) == .alone(caught: messengers))
        }
    }

    /// The machine, against the rules on paper.
    @Test func `machines see as many messengers as the rules say`() {
        for messengers in 1...9 {
            for arrivals in 0...messengers {
                let (generals, decisions) = play(TwoGeneralsConfiguration(messengers: messengers), arrivals: arrivals)
                #expect(generals.map(\.seen) == [arrivals / 2, (arrivals + 1) / 2])
                let isA = arrivals / 2 == messengers / 2
                let isB = arrivals > 0 && (arrivals + 1) / 2 == (messengers + 1) / 2
                #expect(decisions == ["A \(isA ? "attack" : "stay")", "B \(isB ? "attack" : "stay")"])
            }
        }
    }

    private func play(
        _ configuration: TwoGeneralsConfiguration, arrivals: Int
    ) -> (generals: [TwoGeneralsNode], decisions: [String]) {
        var generals = TwoGeneralsNode.nodes(configuration)
        var effects = EffectBuffer<TwoGeneralsNode.Effect>()
        var decisions: [String] = []
        var waiting: [(to: NodeID, message: TwoGeneralsNode.Message)] = []
        func step(_ general: Int, _ input: TwoGeneralsNode.Input) {
            generals[general].step(input, at: .zero, into: &effects)
            while let effect = effects.popFirst() {
                if case .send(let message, let to) = effect { waiting.append((to, message)) }
                if case .announce(.decided(let subject, let outcome)) = effect {
                    decisions.append("\(subject) \(outcome)")
                }
            }
        }
        for general in 0...1 { step(general, .started) }
        step(0, .invoked(.propose))
        while !waiting.isEmpty {
            let next = waiting.removeFirst()
            guard next.message.number <= arrivals else { break }
            step(next.to.index, .received(next.message, from: NodeID(1 - next.to.index)))
        }
        for general in 0...1 { step(general, .timerFired(.dawn)) }
        return (generals, decisions)
    }
}
