package import StateMachines

/// A server of Multi-Paxos: acceptor of every slot, perhaps their leader, and a replica that applies what is chosen.
///
/// - Source: Lamport, "Paxos Made Simple", 2001, section 3; the client table and leases after Chandra, Griesemer and
///   Redstone, "Paxos Made Live", PODC 2007, section 5.
///
/// Deviations:
/// - Who shall lead is told from outside; Paxos is safe whoever leads, or however many.
/// - A leader proposes commands as they come, without a limit on open slots.
/// - A server tells the others what is chosen by a message of its own; who lacks a slot asks for it.
/// - Neither snapshots nor changes of membership.
package struct MultiPaxosNode: ProtocolNode {
    package typealias Message = MultiPaxosMessage
    package typealias Timer = MultiPaxosTimer
    package typealias Record = MultiPaxosRecord
    package typealias Command = MultiPaxosCommand
    package typealias Input = NodeInput<MultiPaxosMessage, MultiPaxosTimer, MultiPaxosRecord, MultiPaxosCommand>
    package typealias Effect = NodeEffect<MultiPaxosMessage, MultiPaxosTimer, MultiPaxosRecord>

    package let id: NodeID
    package private(set) var acceptor: SlotAcceptor
    package private(set) var leader: SlotLeader
    package private(set) var log: SlotLog
    /// Deposits of clients that wait for this server's answer.
    private var clients: [Deposit] = []
    private let others: NodeSet
    private let mutation: MultiPaxosMutation?

    package init(_ id: NodeID, _ configuration: MultiPaxosConfiguration) {
        self.id = id
        acceptor = SlotAcceptor(configuration)
        leader = SlotLeader(configuration)
        log = SlotLog(configuration)
        mutation = configuration.mutation
        others = configuration.everyone.subtracting(NodeSet(bits: 1 << UInt64(id.rawValue)))
    }

    /// Every server of a run, by position.
    package static func nodes(_ configuration: MultiPaxosConfiguration) -> [MultiPaxosNode] {
        (0..<configuration.servers).map { MultiPaxosNode(NodeID($0), configuration) }
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        var outbox = MultiPaxosOutbox(me: id)
        swap(&effects, &outbox.effects)
        switch input {
        case .started: break
        case .recovered(let records): recover(mutation == .losesDisk ? [] : records, &outbox)
        case .received(let message, let sender): receive(message, from: sender, at: now, &outbox)
        case .timerFired(let timer): timerFired(timer, at: now, &outbox)
        case .persisted: acceptor.persisted(&outbox)
        case .invoked(let command): invoked(command, at: now, &outbox)
        }
        while !outbox.own.isEmpty { receive(outbox.own.removeFirst(), from: id, at: now, &outbox) }
        answerReads(&outbox)
        swap(&effects, &outbox.effects)
    }

    private mutating func recover(_ records: [MultiPaxosRecord], _ outbox: inout MultiPaxosOutbox) {
        acceptor.recover(records, &outbox)
        for case .chosen(let slot, let entry) in records { _ = log.learn(slot, entry) }
        _ = log.advance()
        outbox.send(.ask(from: log.firstOpen), to: others)
    }

    private mutating func receive(
        _ message: MultiPaxosMessage, from sender: NodeID, at now: Tick, _ outbox: inout MultiPaxosOutbox
    ) {
        switch message {
        case .prepare(let ballot, let slot): acceptor.prepare(ballot, from: slot, by: sender, &outbox)
        case .accept(let vote): acceptor.accept(vote, from: sender, &outbox)
        case .confirm(let ballot, let number): acceptor.confirm(ballot, number: number, from: sender, &outbox)
        case .promise(let ballot, let votes): leader.promise(ballot, votes: votes, from: sender, at: now, &outbox)
        case .reject(let ballot, let promised): leader.reject(ballot, promised: promised, &outbox)
        case .confirmed(let ballot, let number):
            leader.confirmed(ballot, number: number, from: sender, at: now, &outbox)
        case .accepted(let ballot, let slot):
            guard let entry = leader.accepted(ballot, slot, from: sender) else { return }
            learn(slot, entry, &outbox)
            outbox.send(.chosen(slot, entry), to: others)
        case .chosen(let slot, let entry):
            learn(slot, entry, &outbox)
            if log.firstOpen < slot { outbox.send(.ask(from: log.firstOpen), to: sender) }
        case .ask(let slot):
            for known in log.chosen where known.slot >= slot {
                outbox.send(.chosen(known.slot, known.entry), to: sender)
            }
        }
    }

    private mutating func learn(_ slot: Slot, _ entry: SlotEntry, _ outbox: inout MultiPaxosOutbox) {
        guard log.learn(slot, entry) else { return }
        outbox.effects.append(.persist(.chosen(slot, entry), forced: false))
        for applied in log.advance() {
            outbox.effects.append(.announce(.decided(subject: "[\(applied.slot)]", outcome: applied.entry.description)))
            guard case .deposit(let deposit) = applied.entry, clients.contains(deposit) else { continue }
            clients.removeAll { $0 == deposit }
            outbox.effects.append(.announce(.responded("\(deposit)")))
        }
    }

    private mutating func timerFired(_ timer: MultiPaxosTimer, at now: Tick, _ outbox: inout MultiPaxosOutbox) {
        switch timer {
        case .retry: leader.retry(&outbox)
        case .renew: leader.renew(at: now, &outbox)
        case .lease: leader.leaseEnded()
        case .grant: acceptor.grantEnded()
        }
    }

    private mutating func invoked(_ command: MultiPaxosCommand, at now: Tick, _ outbox: inout MultiPaxosOutbox) {
        switch command {
        case .lead: leader.lead(above: acceptor.promised, from: log.firstOpen, at: now, &outbox)
        case .deposit(let deposit) where log.hasApplied(deposit):
            outbox.effects.append(.announce(.responded("\(deposit)")))
        case .deposit(let deposit):
            if leader.phase != .following { clients.append(deposit) }
            leader.deposit(deposit, &outbox)
        case .read: leader.read(at: now, &outbox)
        }
    }

    private mutating func answerReads(_ outbox: inout MultiPaxosOutbox) {
        for _ in 0..<leader.readable(before: log.firstOpen) {
            outbox.effects.append(.announce(.responded("balance \(log.balance)")))
        }
    }

    /// Votes stay, since whether an entry is chosen is a question about all of them; of promises the highest.
    package static func compact(_ log: inout [MultiPaxosRecord]) {
        var highest: Ballot?
        for case .promised(let ballot) in log { highest = max(highest ?? .none, ballot) }
        log.removeAll { if case .promised = $0 { true } else { false } }
        if let highest { log.append(.promised(highest)) }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(acceptor)
        encoder.encode(leader)
        encoder.encode(log)
        encoder.encode(clients)
    }

    package var summary: String {
        let role =
            switch leader.phase {
            case .following: "following"
            case .preparing: "preparing \(leader.ballot)"
            case .leading: "leading \(leader.ballot)"
            }
        return log.applied.isEmpty ? role : "\(role), balance \(log.balance)"
    }

    /// Whether a client waits for an answer of this server, or it knows of something that it cannot apply.
    package var isStuck: Bool {
        !clients.isEmpty || log.chosen.contains { !log.applied.contains($0.slot) }
    }
}

typealias MultiPaxosOutbox = RoleOutbox<MultiPaxosNode>
