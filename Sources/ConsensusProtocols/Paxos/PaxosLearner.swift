package import StateMachines

/// Finds out what has been chosen: a value that a quorum has accepted under one ballot.
package struct PaxosLearner: Hashable, Sendable, CanonicalEncodable {
    package private(set) var learned: PaxosValue?
    /// Who has accepted what, by ballot; forgotten once something is learned.
    private var tallies: [Tally] = []
    private var hasTold = false
    private let quorum: Int
    private let distinguished: NodeSet
    private let others: NodeSet
    private let mutation: PaxosMutation?

    private struct Tally: Hashable, Sendable {
        var vote: Vote
        var voters: NodeSet
        /// Only a broken learner counts it.
        var messages: Int
    }

    init(_ configuration: PaxosConfiguration) {
        quorum = configuration.quorums.phase2
        distinguished = configuration.distinguishedLearners
        others = configuration.learners.subtracting(distinguished)
        mutation = configuration.mutation
    }

    /// Whether it has seen some acceptances, and too few.
    var isCounting: Bool { !tallies.isEmpty }

    mutating func accepted(_ vote: Vote, from acceptor: NodeID) {
        guard learned == nil else { return }
        let index = place(of: vote)
        tallies[index].voters.insert(acceptor)
        if mutation == .countsDuplicates { tallies[index].messages += 1 }
        if max(tallies[index].voters.count, tallies[index].messages) >= quorum { hear(vote.value) }
    }

    /// The position of a vote's tally, made where it is missing.
    private mutating func place(of vote: Vote) -> Int {
        let isCareless = mutation == .learnsAcrossBallots
        let known = tallies.firstIndex { $0.vote == vote || isCareless && $0.vote.value == vote.value }
        if let known { return known }
        let index = tallies.firstIndex { vote.ballot < $0.vote.ballot } ?? tallies.count
        tallies.insert(Tally(vote: vote, voters: NodeSet(), messages: 0), at: index)
        return index
    }

    mutating func hear(_ value: PaxosValue) {
        guard learned == nil else { return }
        learned = value
        tallies = []
    }

    /// Tells whoever must hear of it what has just been learned.
    ///
    /// - Returns: the value, the first time.
    mutating func tell(_ outbox: inout PaxosOutbox) -> PaxosValue? {
        guard let learned, !hasTold else { return nil }
        hasTold = true
        outbox.effects.append(.announce(.decided(subject: "chosen", outcome: learned.name)))
        if distinguished.contains(outbox.me) { outbox.send(.chosen(learned), to: others) }
        return learned
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(learned)
        encoder.encode(UInt32(tallies.count))
        for tally in tallies {
            encoder.encode(tally.vote)
            encoder.encode(tally.voters)
            encoder.encode(tag: UInt8(tally.messages))
        }
    }
}
