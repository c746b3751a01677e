package import StateMachines

/// What there is to agree on.
package enum BattleOrder: UInt8, CaseIterable, Hashable, Comparable, Sendable, CanonicalEncodable {
    case retreat = 0
    case attack = 1

    /// What silence means, and what is done when there is no majority.
    package static let byDefault = BattleOrder.retreat

    package var word: String {
        switch self {
        case .attack: "attack"
        case .retreat: "retreat"
        }
    }

    package var opposite: BattleOrder {
        switch self {
        case .attack: .retreat
        case .retreat: .attack
        }
    }

    package static func < (left: BattleOrder, right: BattleOrder) -> Bool { left.rawValue < right.rawValue }
    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// Through whose mouths, or under whose signatures, an order came: the commander first, the sender last.
package struct MessengerPath: Hashable, Comparable, Sendable, CanonicalEncodable, CustomStringConvertible {
    package var generals: [NodeID]

    package init(_ generals: [NodeID]) { self.generals = generals }
    package init(_ generals: Int...) { self.generals = generals.map { NodeID($0) } }

    package static let commander = MessengerPath([ByzantineConfiguration.commander])

    package var length: Int { generals.count }
    package func contains(_ general: NodeID) -> Bool { generals.contains(general) }
    package func adding(_ general: NodeID) -> MessengerPath { MessengerPath(generals + [general]) }

    /// Shorter ones first.
    package static func < (left: MessengerPath, right: MessengerPath) -> Bool {
        guard left.length == right.length else { return left.length < right.length }
        return left.generals.lexicographicallyPrecedes(right.generals)
    }

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(generals) }

    /// "C:L1:L2".
    package var description: String {
        generals.map { $0 == ByzantineConfiguration.commander ? "C" : "L\($0.index)" }.joined(separator: ":")
    }

    /// Every path of a length on which `general` may hear something: from the commander, nobody twice.
    package static func all(ofLength length: Int, among generals: Int, without general: NodeID) -> [MessengerPath] {
        var paths = general == ByzantineConfiguration.commander ? [] : [MessengerPath.commander]
        for _ in 1..<max(1, length) {
            paths = paths.flatMap { path in
                (1..<generals).map { NodeID($0) }.filter { $0 != general && !path.contains($0) }.map(path.adding)
            }
        }
        return paths
    }
}

/// An order on its way. In OM(m) the path says who told whom; in SM(m) it is the chain of signatures v:0:i:j….
package struct ByzantineMessage: Hashable, Sendable, CanonicalEncodable, Labelled {
    package var order: BattleOrder
    package var path: MessengerPath
    /// A signature on it is not that of the general whose name it bears. Everyone can see that: assumption A4(b).
    package var isForged: Bool

    package init(_ order: BattleOrder, _ path: MessengerPath, isForged: Bool = false) {
        self.order = order
        self.path = path
        self.isForged = isForged
    }

    package var label: String { order.word.uppercased() }
    /// "C:L1".
    package var detail: String { isForged ? "\(path), forged" : "\(path)" }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(order)
        encoder.encode(path)
        encoder.encode(isForged)
    }
}

/// A round is over.
package struct ByzantineTimer: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// From 1.
    package var round: Int

    package init(round: Int) { self.round = round }

    package var label: String { "round" }
    package var detail: String { "\(round)" }
    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: UInt8(round)) }
}

package enum ByzantineCommand: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// To a loyal commander: send this order to your lieutenants.
    case order(BattleOrder)
    /// To a traitor, who has no will of its own: say this.
    case lie(Lie)

    /// Anything a traitor may say to one general. What it does not say is silence.
    package struct Lie: Hashable, Comparable, Sendable, CanonicalEncodable {
        package var order: BattleOrder
        /// Ends with the traitor: nobody can pretend to be somebody else (A2).
        package var path: MessengerPath
        package var receiver: NodeID

        package init(_ order: BattleOrder, _ path: MessengerPath, to receiver: NodeID) {
            self.order = order
            self.path = path
            self.receiver = receiver
        }

        /// Everything that some traitor of this army could say to some lieutenant, whether or not it can sign for it.
        package static func all(in army: ByzantineConfiguration) -> [Lie] {
            let nobody = NodeID(army.generals)
            let paths = (1...army.rounds).flatMap { length in
                MessengerPath.all(ofLength: length, among: army.generals, without: nobody)
                    .filter { army.traitors.contains($0.generals[length - 1]) }
            }
            return paths.flatMap { path in
                army.lieutenants.filter { !path.contains($0) }.flatMap { receiver in
                    BattleOrder.allCases.map { Lie($0, path, to: receiver) }
                }
            }
        }

        package static func < (left: Lie, right: Lie) -> Bool {
            (left.path, left.receiver, left.order) < (right.path, right.receiver, right.order)
        }

        package func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(order)
            encoder.encode(path)
            encoder.encode(receiver)
        }
    }

    package var label: String {
        switch self {
        case .order(let order): order.word
        case .lie: "lie"
        }
    }

    package var detail: String {
        switch self {
        case .order: ""
        case .lie(let lie): "\(lie.order.word) \(lie.path)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .order(let order):
            encoder.encode(tag: 1)
            encoder.encode(order)
        case .lie(let lie):
            encoder.encode(tag: 2)
            encoder.encode(lie)
        }
    }
}
