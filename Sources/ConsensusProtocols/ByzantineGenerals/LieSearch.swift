package import StateMachines

/// Every lie that traitors can tell in OM(m), without a network: is there one that breaks IC1 or IC2?
///
/// Nothing but what is said matters in a synchronous run, so schedules need not be tried. Silence is the same lie as
/// RETREAT, since everyone takes and relays it as that. What traitors say in the last round is heard by one general
/// each, and nobody passes it on; a majority never moves away from a vote that changes. So of all last words to one
/// general, only "everything ATTACK" and "everything RETREAT" have to be looked at: what is between them leads to nothing
/// else. All other lies are enumerated.
package struct LieSearch: Sendable {
    /// What a traitor says to one general, and what comes of it.
    package struct Finding: Hashable, Sendable {
        package enum Promise: Hashable, Sendable { case agreement, obedience }
        package var broken: Promise
        /// Of a loyal commander.
        package var order: BattleOrder?
        package var lies: [ByzantineCommand.Lie]
        /// What loyal lieutenants do then: the two that differ, or the disobedient one.
        package var decisions: [Decision]
    }

    package struct Decision: Hashable, Sendable {
        package var general: NodeID
        package var order: BattleOrder
    }

    package let configuration: ByzantineConfiguration
    private let loyal: [NodeID]
    /// What is said before the last round, by whom to whom: a bit each.
    private let early: [ByzantineCommand.Lie]

    /// - Precondition: OM(m); at most 20 lies before the last round.
    package init(_ configuration: ByzantineConfiguration) {
        precondition(configuration.algorithm == .oralMessages, "signed messages are searched by the explorer")
        self.configuration = configuration
        let loyal = configuration.lieutenants.filter { !configuration.traitors.contains($0) }
        self.loyal = loyal
        let paths = (1..<configuration.rounds).flatMap { Self.paths(configuration, ofLength: $0) }
        early = paths.flatMap { path in
            loyal.filter { !path.contains($0) }.map { ByzantineCommand.Lie(.attack, path, to: $0) }
        }
        precondition(early.count <= 20, "2 to the \(early.count) lies are too many")
    }

    /// Those that end with a traitor.
    private static func paths(_ configuration: ByzantineConfiguration, ofLength length: Int) -> [MessengerPath] {
        let nobody = NodeID(configuration.generals)
        return MessengerPath.all(ofLength: length, among: configuration.generals, without: nobody)
            .filter { configuration.traitors.contains($0.generals[length - 1]) }
    }

    /// How many choices of lies there are, the last round's included, as a power of two.
    package var liesAsPowerOfTwo: Int {
        early.count
            + Self.paths(configuration, ofLength: configuration.rounds)
            .reduce(0) { sum, path in sum + loyal.count { !path.contains($0) } }
    }

    /// How many choices were looked at, once it has been found that none breaks anything.
    package var choicesLookedAt: Int { orders.count << early.count }

    /// A loyal commander may give either order; a traitor's has no meaning.
    private var orders: [BattleOrder?] {
        configuration.traitors.contains(ByzantineConfiguration.commander) ? [nil] : [.attack, .retreat]
    }

    /// - Returns: lies that break a promise, `nil` if no lie does.
    /// - Complexity: O(2^early · loyal · nᵐ).
    package func firstBreakingLie() -> Finding? {
        for order in orders {
            for choice in 0..<(1 << early.count) {
                if let finding = finding(order, choice) { return finding }
            }
        }
        return nil
    }

    private func finding(_ order: BattleOrder?, _ choice: Int) -> Finding? {
        var earlier: [Decision] = []
        for general in loyal {
            let decisions = BattleOrder.allCases.map { lastWord in
                Decision(general: general, order: decision(of: general, order, choice) { _ in lastWord })
            }
            for decision in decisions {
                if let order, decision.order != order { return told(.obedience, order, choice, [decision]) }
                if let other = earlier.first(where: { $0.order != decision.order }) {
                    return told(.agreement, order, choice, [other, decision])
                }
            }
            earlier += decisions
        }
        return nil
    }

    private func told(
        _ broken: Finding.Promise, _ order: BattleOrder?, _ choice: Int, _ victims: [Decision]
    ) -> Finding {
        var lies = early.enumerated().filter { choice >> $0.offset & 1 == 1 }.map(\.element)
        // Who can be brought to attack at all is brought to it by last words that all say so.
        for victim in victims where victim.order == .attack {
            lies += Self.paths(configuration, ofLength: configuration.rounds)
                .filter { !$0.contains(victim.general) }
                .map { ByzantineCommand.Lie(.attack, $0, to: victim.general) }
        }
        return Finding(broken: broken, order: order, lies: lies.sorted(), decisions: victims)
    }

    /// What one lieutenant does in the end.
    private func decision(
        of general: NodeID, _ order: BattleOrder?, _ choice: Int, lastWord: (MessengerPath) -> BattleOrder
    ) -> BattleOrder {
        OralMajority(configuration, of: general).decision { heard(by: general, on: $0, order, choice, lastWord) }
    }

    /// What `general` hears on a path: what its last mouth heard, unless that is a traitor's.
    private func heard(
        by general: NodeID, on path: MessengerPath, _ order: BattleOrder?, _ choice: Int,
        _ lastWord: (MessengerPath) -> BattleOrder
    ) -> BattleOrder {
        guard let speaker = path.generals.last else { preconditionFailure("nobody spoke") }
        if configuration.traitors.contains(speaker) {
            guard path.length < configuration.rounds else { return lastWord(path) }
            let bit = early.firstIndex { $0.path == path && $0.receiver == general }
            return bit.map { choice >> $0 & 1 == 1 ? .attack : .retreat } ?? .byDefault
        }
        guard path.length > 1 else { return order ?? .byDefault }
        return heard(by: speaker, on: MessengerPath(Array(path.generals.dropLast())), order, choice, lastWord)
    }
}
