package import StateMachines

/// The memory of Paxos. It promises, and it accepts what its promise allows; both are on its disk before it answers.
package struct PaxosAcceptor: Hashable, Sendable, CanonicalEncodable {
    /// It accepts nothing below.
    package private(set) var promised = Ballot.none
    /// The vote of the highest ballot.
    package private(set) var accepted: Vote?
    /// Answers that wait for their record to be on disk, oldest first; one for each record.
    private var waiting: [Answer] = []
    private let learners: NodeSet
    private let mutation: PaxosMutation?

    private struct Answer: Hashable, Sendable {
        var message: PaxosMessage
        var receivers: NodeSet
    }

    init(_ configuration: PaxosConfiguration) {
        learners = configuration.distinguishedLearners
        mutation = configuration.mutation
    }

    mutating func recover(_ records: [PaxosRecord]) {
        for record in records {
            switch record {
            case .promised(let ballot) where mutation != .forgetsPromise: promised = max(promised, ballot)
            case .accepted(let vote) where mutation != .forgetsAccepted:
                if vote.ballot >= accepted?.ballot ?? .none { accepted = vote }
                if mutation != .forgetsPromise, mutation != .acceptsWithoutPromise {
                    promised = max(promised, vote.ballot)
                }
            case .promised, .accepted, .round: continue
            }
        }
    }

    mutating func prepare(_ ballot: Ballot, from proposer: NodeID, _ outbox: inout PaxosOutbox) {
        guard ballot >= promised else {
            return outbox.send(.reject(ballot, promised: promised), to: proposer)
        }
        let isKnown = ballot == promised
        promised = ballot
        answer(
            .promise(ballot, accepted: accepted), to: NodeSet(bits: 1 << UInt64(proposer.rawValue)),
            after: .promised(ballot), isKnown: isKnown, &outbox)
    }

    mutating func accept(_ vote: Vote, from proposer: NodeID, _ outbox: inout PaxosOutbox) {
        guard vote.ballot >= promised || mutation == .acceptsWithoutTest else {
            return outbox.send(.reject(vote.ballot, promised: promised), to: proposer)
        }
        let isKnown = accepted == vote
        if mutation != .acceptsWithoutPromise { promised = max(promised, vote.ballot) }
        accepted = vote
        answer(.accepted(vote), to: learners, after: .accepted(vote), isKnown: isKnown, &outbox)
    }

    func query(from proposer: NodeID, _ outbox: inout PaxosOutbox) {
        outbox.send(.promised(promised), to: proposer)
    }

    /// Answers once the record is on disk; at once where nothing is new and everything is on disk already.
    private mutating func answer(
        _ message: PaxosMessage, to receivers: NodeSet, after record: PaxosRecord, isKnown: Bool,
        _ outbox: inout PaxosOutbox
    ) {
        if isKnown, waiting.isEmpty { return outbox.send(message, to: receivers) }
        outbox.effects.append(.persist(record, forced: true))
        if mutation == .answersBeforeForcing {
            waiting.append(Answer(message: message, receivers: NodeSet()))
            outbox.send(message, to: receivers)
        } else {
            waiting.append(Answer(message: message, receivers: receivers))
        }
    }

    mutating func persisted(_ outbox: inout PaxosOutbox) {
        let answer = waiting.removeFirst()
        outbox.send(answer.message, to: answer.receivers)
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(promised)
        encoder.encode(accepted)
        encoder.encode(UInt32(waiting.count))
        for answer in waiting {
            encoder.encode(answer.message)
            encoder.encode(answer.receivers)
        }
    }

    var summary: String {
        if let accepted, accepted.ballot == promised { return "accepted \(accepted)" }
        let promise = promised == .none ? "" : "promised \(promised)"
        return [promise, accepted.map { "accepted \($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
