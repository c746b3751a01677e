package import StateMachines

/// The proposer of every slot at once: one phase 1 for all of them, then phase 2 for each command.
package struct SlotLeader: Hashable, Sendable, CanonicalEncodable {
    package enum Phase: UInt8, Hashable, Sendable {
        /// → `preparing` when told to lead.
        case following
        /// → `leading` at a majority of promises, → `following` when refused for a higher ballot.
        case preparing
        /// → `following` when refused.
        case leading
    }

    private struct Proposal: Hashable, Sendable {
        var vote: SlotVote
        var voters = NodeSet()
    }

    /// A read that waits for its leader to be sure, and for this slot to be applied.
    struct Reading: Hashable, Sendable {
        var number: UInt32
        var through: Slot
        var isSure: Bool
    }

    package private(set) var phase = Phase.following
    package private(set) var ballot = Ballot.none
    private var promises = NodeSet()
    private var reports: [SlotVote] = []
    /// Not chosen yet, by slot.
    private var proposals: [Proposal] = []
    private var nextSlot: Slot = 1
    /// Given to it before it could propose, oldest first.
    private var queue: [Deposit] = []
    private var firstOpen: Slot = 1
    /// The last slot that an older leader may have used; whatever it acknowledged is not after it.
    private var inherited: Slot = 0
    private var reads: [Reading] = []
    /// Of the latest CONFIRM, and who has answered it.
    private var confirmation: UInt32 = 0
    private var confirmers = NodeSet()
    /// When whatever may become a lease was asked for; and whether it is one.
    private var askedAt = Tick.zero
    package private(set) var hasLease = false
    private let configuration: MultiPaxosConfiguration

    init(_ configuration: MultiPaxosConfiguration) { self.configuration = configuration }

    private var lease: Tick? { if case .leased(let length) = configuration.reads { length } else { nil } }

    // MARK: Becoming the leader

    mutating func lead(above promised: Ballot, from slot: Slot, at now: Tick, _ outbox: inout MultiPaxosOutbox) {
        guard phase == .following else { return outbox.effects.append(.announce(.responded("already told"))) }
        phase = .preparing
        ballot = Ballot(max(promised.round, ballot.round) + 1, by: outbox.me.rawValue + 1)
        (promises, reports, proposals, reads, firstOpen) = (NodeSet(), [], [], [], slot)
        askedAt = now
        hasLease = false
        outbox.effects.append(.announce(.phaseBegan("phase 1")))
        outbox.effects.append(.setTimer(.retry, after: configuration.patience))
        // Its own promise is on disk before anybody hears of the ballot, so that no restart uses it again.
        outbox.send(.prepare(ballot, from: slot), to: outbox.me)
    }

    mutating func promise(
        _ promised: Ballot, votes: [SlotVote], from acceptor: NodeID, at now: Tick, _ outbox: inout MultiPaxosOutbox
    ) {
        guard phase == .preparing, promised == ballot, !promises.contains(acceptor) else { return }
        promises.insert(acceptor)
        if acceptor == outbox.me {
            outbox.send(.prepare(ballot, from: firstOpen), to: others(outbox))
        }
        for vote in votes {
            if let index = reports.firstIndex(where: { $0.slot == vote.slot }) {
                if reports[index].ballot < vote.ballot { reports[index] = vote }
            } else {
                reports.append(vote)
            }
        }
        guard promises.count >= configuration.quorum else { return }
        begin(at: now, &outbox)
    }

    private func others(_ outbox: MultiPaxosOutbox) -> NodeSet {
        configuration.everyone.subtracting(NodeSet(bits: 1 << UInt64(outbox.me.rawValue)))
    }

    /// Finishes what has been reported, closes the gaps between, and only then gives slots to new commands.
    private mutating func begin(at now: Tick, _ outbox: inout MultiPaxosOutbox) {
        phase = .leading
        outbox.effects.append(.announce(.phaseEnded("phase 1")))
        outbox.effects.append(.announce(.responded("leads")))
        nextSlot = firstOpen
        let last = reports.map(\.slot).max() ?? 0
        if configuration.mutation != .ignoresReports {
            while nextSlot <= last {
                let reported = reports.first { $0.slot == nextSlot }?.entry
                if reported != nil || configuration.mutation != .leavesGaps {
                    propose(reported ?? .noOperation, &outbox)
                } else {
                    nextSlot += 1
                }
            }
        }
        reports = []
        inherited = last
        for deposit in queue { propose(.deposit(deposit), &outbox) }
        queue = []
        takeLease(at: now, &outbox)
        guard let lease else { return }
        outbox.effects.append(.setTimer(.renew, after: Tick(microseconds: lease.microseconds / 3)))
    }

    private mutating func propose(_ entry: SlotEntry, _ outbox: inout MultiPaxosOutbox) {
        let vote = SlotVote(nextSlot, ballot, entry)
        nextSlot += 1
        proposals.append(Proposal(vote: vote))
        outbox.send(.accept(vote), to: configuration.everyone)
        outbox.effects.append(.setTimer(.retry, after: configuration.patience))
    }

    // MARK: Leading

    mutating func deposit(_ deposit: Deposit, _ outbox: inout MultiPaxosOutbox) {
        switch phase {
        case .following: outbox.effects.append(.announce(.responded("not the leader")))
        case .preparing: queue.append(deposit)
        case .leading: propose(.deposit(deposit), &outbox)
        }
    }

    /// - Returns: the slot's entry, once a majority has accepted it.
    mutating func accepted(_ accepted: Ballot, _ slot: Slot, from acceptor: NodeID) -> SlotEntry? {
        guard phase == .leading, accepted == ballot, let index = proposals.firstIndex(where: { $0.vote.slot == slot })
        else { return nil }
        proposals[index].voters.insert(acceptor)
        guard proposals[index].voters.count >= configuration.quorum else { return nil }
        return proposals.remove(at: index).vote.entry
    }

    /// Somebody has promised a higher ballot, or granted a lease to another.
    mutating func reject(_ refused: Ballot, promised: Ballot, _ outbox: inout MultiPaxosOutbox) {
        guard refused == ballot, phase != .following, promised > ballot else { return }
        if phase == .preparing {
            outbox.effects.append(.announce(.phaseEnded("phase 1")))
            outbox.effects.append(.announce(.responded("not the leader")))
        }
        phase = .following
        (hasLease, proposals, queue) = (false, [], [])
        reads = []
        outbox.effects.append(.announce(.noted("stepped down")))
        for timer in [MultiPaxosTimer.retry, .renew, .lease] { outbox.effects.append(.cancelTimer(timer)) }
    }

    mutating func retry(_ outbox: inout MultiPaxosOutbox) {
        switch phase {
        case .following: return
        case .preparing:
            let mine = NodeSet(bits: 1 << UInt64(outbox.me.rawValue))
            let missing = promises.contains(outbox.me) ? others(outbox).subtracting(promises) : mine
            outbox.send(.prepare(ballot, from: firstOpen), to: missing)
        case .leading:
            guard !proposals.isEmpty else { return }
            for proposal in proposals {
                outbox.send(.accept(proposal.vote), to: configuration.everyone.subtracting(proposal.voters))
            }
        }
        outbox.effects.append(.setTimer(.retry, after: configuration.patience))
    }

    // MARK: Reading

    mutating func read(at now: Tick, _ outbox: inout MultiPaxosOutbox) {
        guard phase == .leading else { return outbox.effects.append(.announce(.responded("not the leader"))) }
        switch configuration.reads {
        case .unchecked: reads.append(Reading(number: 0, through: inherited, isSure: true))
        case .leased where hasLease: reads.append(Reading(number: 0, through: inherited, isSure: true))
        case .confirmed, .leased:
            confirm(at: now, &outbox)
            reads.append(Reading(number: confirmation, through: inherited, isSure: false))
        }
    }

    private mutating func confirm(at now: Tick, _ outbox: inout MultiPaxosOutbox) {
        confirmation += 1
        confirmers = NodeSet()
        askedAt = now
        outbox.send(.confirm(ballot, number: confirmation), to: configuration.everyone)
    }

    mutating func confirmed(
        _ confirmed: Ballot, number: UInt32, from acceptor: NodeID, at now: Tick, _ outbox: inout MultiPaxosOutbox
    ) {
        guard phase == .leading, confirmed == ballot, number == confirmation else { return }
        confirmers.insert(acceptor)
        guard confirmers.count == configuration.quorum else { return }
        for index in reads.indices where reads[index].number <= number { reads[index].isSure = true }
        takeLease(at: now, &outbox)
    }

    /// Reads that may be answered by who has applied everything before `open`.
    mutating func readable(before open: Slot) -> Int {
        let ready = reads.count { $0.isSure && $0.through < open }
        reads.removeAll { $0.isSure && $0.through < open }
        return ready
    }

    private mutating func takeLease(at now: Tick, _ outbox: inout MultiPaxosOutbox) {
        guard let lease else { return }
        let length = Tick(microseconds: lease.microseconds / 10 * 9)
        guard askedAt + length > now else { return }
        hasLease = true
        outbox.effects.append(.setTimer(.lease, after: askedAt + length - now))
    }

    mutating func leaseEnded() { hasLease = false }

    mutating func renew(at now: Tick, _ outbox: inout MultiPaxosOutbox) {
        guard phase == .leading, let lease else { return }
        confirm(at: now, &outbox)
        outbox.effects.append(.setTimer(.renew, after: Tick(microseconds: lease.microseconds / 3)))
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(tag: phase.rawValue)
        encoder.encode(ballot)
        encoder.encode(promises)
        encoder.encode(reports)
        encoder.encode(UInt32(proposals.count))
        for proposal in proposals {
            encoder.encode(proposal.vote)
            encoder.encode(proposal.voters)
        }
        encoder.encode(nextSlot)
        encoder.encode(queue)
        encoder.encode(firstOpen)
        encoder.encode(inherited)
        encoder.encode(UInt32(reads.count))
        for read in reads {
            encoder.encode(read.number)
            encoder.encode(read.through)
            encoder.encode(read.isSure)
        }
        encoder.encode(confirmation)
        encoder.encode(confirmers)
        encoder.encode(askedAt)
        encoder.encode(hasLease)
    }
}
