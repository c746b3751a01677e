package import StateMachines

/// A node of single-decree Paxos: proposer, acceptor, learner, or several of them at once.
///
/// Roles of one node talk to each other without the network, by the same messages and under the same rules: a proposer's
/// own acceptor promises and accepts like any other, and only what is on its disk counts.
///
/// - Source: Lamport, "The Part-Time Parliament", TOCS 1998, and "Paxos Made Simple", 2001, sections 2.2 to 2.5.
///
/// Deviations:
/// - An acceptor that refuses says so, and what it has promised (Paxos Made Simple, 2.5, allows it); a proposer gives a
///   ballot up at the first refusal.
/// - An acceptor answers a PREPARE or ACCEPT that it has answered before once more, since the answer may be lost.
/// - Sizes of quorums are free for each phase (Howard, Malkhi and Spiegelman, 2016).
/// - Learners keep nothing on disk: who wants to know asks a proposer.
package struct PaxosNode: ProtocolNode {
    package typealias Message = PaxosMessage
    package typealias Timer = PaxosTimer
    package typealias Record = PaxosRecord
    package typealias Command = PaxosCommand
    package typealias Input = NodeInput<PaxosMessage, PaxosTimer, PaxosRecord, PaxosCommand>
    package typealias Effect = NodeEffect<PaxosMessage, PaxosTimer, PaxosRecord>

    package let id: NodeID
    package private(set) var proposer: PaxosProposer?
    package private(set) var acceptor: PaxosAcceptor?
    package private(set) var learner: PaxosLearner?

    /// The node of one position in a run.
    package init(_ id: NodeID, _ configuration: PaxosConfiguration) {
        precondition(configuration.proposers.isSubset(of: configuration.learners), "a proposer must learn when to stop")
        self.id = id
        if configuration.proposers.contains(id) { proposer = PaxosProposer(id: id, configuration) }
        if configuration.acceptors.contains(id) { acceptor = PaxosAcceptor(configuration) }
        if configuration.learners.contains(id) { learner = PaxosLearner(configuration) }
    }

    /// Every node of a run, by position.
    package static func nodes(_ configuration: PaxosConfiguration) -> [PaxosNode] {
        (0..<configuration.nodeCount).map { PaxosNode(NodeID($0), configuration) }
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        var outbox = PaxosOutbox(me: id)
        swap(&effects, &outbox.effects)
        switch input {
        case .started: break
        case .recovered(let records): recover(records)
        case .received(let message, let sender): receive(message, from: sender, &outbox)
        case .timerFired(let timer): proposer?.timerFired(timer, &outbox)
        case .persisted(let record): persisted(record, &outbox)
        case .invoked(let command): proposer?.propose(command.value, known: learner?.learned, &outbox)
        }
        while !outbox.own.isEmpty { receive(outbox.own.removeFirst(), from: id, &outbox) }
        swap(&effects, &outbox.effects)
    }

    private mutating func recover(_ records: [PaxosRecord]) {
        proposer?.recover(records)
        acceptor?.recover(records)
    }

    private mutating func receive(_ message: PaxosMessage, from sender: NodeID, _ outbox: inout PaxosOutbox) {
        switch message {
        case .prepare(let ballot): acceptor?.prepare(ballot, from: sender, &outbox)
        case .accept(let vote): acceptor?.accept(vote, from: sender, &outbox)
        case .query: acceptor?.query(from: sender, &outbox)
        case .promise(let ballot, let accepted):
            proposer?.promise(ballot, accepted: accepted, from: sender, &outbox)
        case .reject(let ballot, let promised): proposer?.reject(ballot, promised: promised, &outbox)
        case .promised(let ballot): proposer?.readBack(ballot, from: sender, &outbox)
        case .request(let value): proposer?.propose(value, known: learner?.learned, &outbox)
        case .accepted(let vote): learner?.accepted(vote, from: sender)
        case .chosen(let value): learner?.hear(value)
        }
        if let value = learner?.tell(&outbox) { proposer?.finish(value, &outbox) }
    }

    private mutating func persisted(_ record: PaxosRecord, _ outbox: inout PaxosOutbox) {
        switch record {
        case .promised, .accepted: acceptor?.persisted(&outbox)
        case .round(let round): proposer?.persisted(round, &outbox)
        }
    }

    /// Votes stay, since whether a value is chosen is a question about all of them; of promises and rounds the highest.
    package static func compact(_ log: inout [PaxosRecord]) {
        var (promised, round): (Ballot?, UInt32?) = (nil, nil)
        for record in log {
            switch record {
            case .promised(let ballot): promised = max(promised ?? .none, ballot)
            case .round(let number): round = max(round ?? 0, number)
            case .accepted: continue
            }
        }
        log.removeAll { if case .accepted = $0 { false } else { true } }
        if let promised { log.append(.promised(promised)) }
        if let round { log.append(.round(round)) }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(proposer)
        encoder.encode(acceptor)
        encoder.encode(learner)
    }

    package var summary: String {
        var parts: [String] = []
        if let learned = learner?.learned { parts.append("learned \(learned)") }
        if learner?.learned == nil, let proposer { parts.append(proposer.summary) }
        if let acceptor { parts.append(acceptor.summary) }
        return parts.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// Whether it knows that something is being decided, and not what.
    package var isUndecided: Bool {
        guard let learner, learner.learned == nil else { return false }
        return learner.isCounting || proposer?.value != nil
    }
}

typealias PaxosOutbox = RoleOutbox<PaxosNode>
