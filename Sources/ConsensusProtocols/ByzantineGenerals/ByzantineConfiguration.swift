package import StateMachines

/// What the generals of one run have agreed on beforehand, and who among them is a traitor.
///
/// Position 0 is the commander, the others are lieutenants.
package struct ByzantineConfiguration: Hashable, Sendable {
    package enum Algorithm: Hashable, Sendable {
        /// OM(m): who receives a message knows who sent it, and nothing more.
        case oralMessages
        /// SM(m): who signs a message cannot deny it, and what is signed cannot be altered.
        case signedMessages
    }

    /// The commander included.
    package var generals: Int
    /// *m*: the algorithm runs *m* + 1 rounds and promises something while at most so many are faulty.
    package var tolerated: Int
    package var algorithm: Algorithm
    /// Only traitors look at it; it says whose signatures they can make.
    package var traitors: [NodeID]
    package var mutation: ByzantineMutation?
    /// Longer than any message of a loyal general takes, its steps at both ends included: assumption A3.
    package var roundLength = Tick.milliseconds(20)

    /// - Precondition: two to 20 generals, 0 to 4 tolerated.
    package init(
        _ algorithm: Algorithm = .oralMessages, generals: Int, tolerated: Int, traitors: [Int] = [],
        mutation: ByzantineMutation? = nil
    ) {
        precondition((2...20).contains(generals) && (0...4).contains(tolerated), "no such algorithm")
        self.algorithm = algorithm
        self.generals = generals
        self.tolerated = tolerated
        self.traitors = traitors.map { NodeID($0) }
        self.mutation = mutation
    }

    package static let commander = NodeID(0)

    package var rounds: Int { tolerated + 1 }
    package var lieutenants: [NodeID] { (1..<generals).map { NodeID($0) } }

    /// How many messages loyal generals send in each round of OM(m): (n−1), (n−1)(n−2), …, (n−1)(n−2)…(n−m−1).
    package var oralMessageCounts: [Int] {
        (0..<rounds).reduce(into: []) { counts, round in
            counts.append((counts.last ?? 1) * max(0, generals - 1 - round))
        }
    }
}

/// Mistakes that are made in these algorithms, each seeded into an otherwise right machine.
package enum ByzantineMutation: String, CaseIterable, Hashable, Sendable {
    /// A lieutenant does what the commander told it, whatever the others were told.
    case obeysAtOnce
    /// A lieutenant takes the majority of what others say and leaves out what it heard itself.
    case ignoresItsOwnOrder
    /// Nobody looks at signatures.
    case trustsForgedSignatures
    /// A signed order counts whenever it comes, not only in the rounds that its signatures allow.
    case acceptsLateOrders
}
