package import StateMachines

/// How a lieutenant of OM(m) comes to its decision, from everything it has been told.
///
/// - Source: Lamport, Shostak and Pease, "The Byzantine Generals Problem", ACM TOPLAS 4(3), 1982, section 3, steps (1) to
///   (3) of algorithm OM(m), unrolled: what one lieutenant learns over all nested executions is a tree of paths.
package struct OralMajority: Sendable {
    let configuration: ByzantineConfiguration
    let lieutenant: NodeID

    package init(_ configuration: ByzantineConfiguration, of lieutenant: NodeID) {
        self.configuration = configuration
        self.lieutenant = lieutenant
    }

    /// - Parameter told: what came on a path, silence being the default already.
    /// - Complexity: O(nᵐ).
    package func decision(_ told: (MessengerPath) -> BattleOrder) -> BattleOrder {
        configuration.mutation == .obeysAtOnce ? told(.commander) : value(of: .commander, told)
    }

    /// What the last general of a path really said, as far as a majority can tell.
    private func value(of path: MessengerPath, _ told: (MessengerPath) -> BattleOrder) -> BattleOrder {
        guard path.length < configuration.rounds else { return told(path) }
        var attacks = 0
        var votes = 0
        func count(_ vote: BattleOrder) {
            votes += 1
            if vote == .attack { attacks += 1 }
        }
        if configuration.mutation != .ignoresItsOwnOrder { count(told(path)) }
        for other in configuration.lieutenants where other != lieutenant && !path.contains(other) {
            count(value(of: path.adding(other), told))
        }
        if 2 * attacks == votes { return .byDefault }
        return 2 * attacks > votes ? .attack : .retreat
    }
}
