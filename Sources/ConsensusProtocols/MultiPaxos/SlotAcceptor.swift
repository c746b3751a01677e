package import StateMachines

/// The acceptor of every slot at once: one promise for all of them, one vote in each. On disk before it answers.
package struct SlotAcceptor: Hashable, Sendable, CanonicalEncodable {
    package private(set) var promised = Ballot.none
    /// The vote of the highest ballot in each slot, by slot.
    package private(set) var votes: [SlotVote] = []
    /// Whether some proposer's lease keeps others away, and whose it is; 0 after a restart: anybody's.
    private var isGranted = false
    private var holder: UInt8 = 0
    /// Answers that wait for their record to be on disk, oldest first; one for each record.
    private var waiting: [Answer] = []
    private let lease: Tick?
    private let mutation: MultiPaxosMutation?

    private struct Answer: Hashable, Sendable {
        var message: MultiPaxosMessage
        var receiver: NodeID
    }

    init(_ configuration: MultiPaxosConfiguration) {
        if case .leased(let length) = configuration.reads { lease = length } else { lease = nil }
        mutation = configuration.mutation
    }

    mutating func recover(_ records: [MultiPaxosRecord], _ outbox: inout MultiPaxosOutbox) {
        for record in records {
            switch record {
            case .promised(let ballot): promised = max(promised, ballot)
            case .accepted(let vote):
                promised = max(promised, vote.ballot)
                keep(vote)
            case .chosen: continue
            }
        }
        // Nobody knows any more what was granted, and to whom.
        if mutation != .forgetsGrant { grant(to: 0, &outbox) }
    }

    private mutating func keep(_ vote: SlotVote) {
        let index = votes.firstIndex { $0.slot >= vote.slot } ?? votes.count
        if index < votes.count, votes[index].slot == vote.slot {
            votes[index] = vote
        } else {
            votes.insert(vote, at: index)
        }
    }

    private mutating func grant(to proposer: UInt8, _ outbox: inout MultiPaxosOutbox) {
        guard let lease else { return }
        (isGranted, holder) = (true, proposer)
        outbox.effects.append(.setTimer(.grant, after: lease))
    }

    mutating func grantEnded() { isGranted = false }

    mutating func prepare(_ ballot: Ballot, from slot: Slot, by proposer: NodeID, _ outbox: inout MultiPaxosOutbox) {
        guard ballot >= promised, !isGranted || holder == ballot.proposer else {
            return outbox.send(.reject(ballot, promised: promised), to: proposer)
        }
        promised = ballot
        grant(to: ballot.proposer, &outbox)
        outbox.effects.append(.persist(.promised(ballot), forced: true))
        let reported = votes.filter { $0.slot >= slot }
        waiting.append(Answer(message: .promise(ballot, votes: reported), receiver: proposer))
    }

    mutating func accept(_ vote: SlotVote, from leader: NodeID, _ outbox: inout MultiPaxosOutbox) {
        guard vote.ballot >= promised || mutation == .acceptsWithoutTest else {
            return outbox.send(.reject(vote.ballot, promised: promised), to: leader)
        }
        promised = max(promised, vote.ballot)
        keep(vote)
        outbox.effects.append(.persist(.accepted(vote), forced: true))
        waiting.append(Answer(message: .accepted(vote.ballot, vote.slot), receiver: leader))
    }

    mutating func confirm(_ ballot: Ballot, number: UInt32, from leader: NodeID, _ outbox: inout MultiPaxosOutbox) {
        guard ballot == promised else { return outbox.send(.reject(ballot, promised: promised), to: leader) }
        grant(to: ballot.proposer, &outbox)
        outbox.send(.confirmed(ballot, number: number), to: leader)
    }

    mutating func persisted(_ outbox: inout MultiPaxosOutbox) {
        let answer = waiting.removeFirst()
        outbox.send(answer.message, to: answer.receiver)
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(promised)
        encoder.encode(votes)
        encoder.encode(isGranted)
        encoder.encode(tag: holder)
        encoder.encode(UInt32(waiting.count))
        for answer in waiting {
            encoder.encode(answer.message)
            encoder.encode(answer.receiver)
        }
    }
}
