package import StateMachines

/// A place in the sequence of commands, from 1.
package typealias Slot = UInt32

/// A client's command: adding to an account, which must not happen twice.
package struct Deposit: Hashable, Sendable, CanonicalEncodable, CustomStringConvertible {
    package var client: UInt8
    /// Of this client's commands, from 1; repeated when the client tries again.
    package var number: UInt8
    package var amount: Int32

    package init(client: UInt8, number: UInt8, amount: Int32) {
        self.client = client
        self.number = number
        self.amount = amount
    }

    package var description: String { "c\(client).\(number) +\(amount)" }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(tag: client)
        encoder.encode(tag: number)
        encoder.encode(amount)
    }
}

/// What a slot holds.
package enum SlotEntry: Hashable, Sendable, CanonicalEncodable, CustomStringConvertible {
    case deposit(Deposit)
    /// Nothing, for good: what a new leader puts where nobody knows of anything.
    case noOperation

    package var description: String {
        switch self {
        case .deposit(let deposit): "\(deposit)"
        case .noOperation: "no-op"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .deposit(let deposit):
            encoder.encode(tag: 1)
            encoder.encode(deposit)
        case .noOperation: encoder.encode(tag: 2)
        }
    }
}

/// An entry accepted for a slot under a ballot.
package struct SlotVote: Hashable, Sendable, CanonicalEncodable, CustomStringConvertible {
    package var slot: Slot
    package var ballot: Ballot
    package var entry: SlotEntry

    package init(_ slot: Slot, _ ballot: Ballot, _ entry: SlotEntry) {
        self.slot = slot
        self.ballot = ballot
        self.entry = entry
    }

    package var description: String { "[\(slot)] \(ballot) \(entry)" }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(slot)
        encoder.encode(ballot)
        encoder.encode(entry)
    }
}

/// What servers of Multi-Paxos say to each other.
package enum MultiPaxosMessage: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// Phase 1a for this slot and all after it.
    case prepare(Ballot, from: Slot)
    /// Phase 1b: the votes of the highest ballot in each of those slots.
    case promise(Ballot, votes: [SlotVote])
    /// Phase 2a for one slot.
    case accept(SlotVote)
    /// Phase 2b, to the leader.
    case accepted(Ballot, Slot)
    /// A ballot is too low, or has come while a lease is granted to somebody else.
    case reject(Ballot, promised: Ballot)
    /// From whoever knows: this slot is decided.
    case chosen(Slot, SlotEntry)
    /// From whoever lacks this slot: tell me what you know from there on.
    case ask(from: Slot)
    /// From a leader: do you still follow this ballot? Numbered, so that old answers do not count.
    case confirm(Ballot, number: UInt32)
    case confirmed(Ballot, number: UInt32)

    package var label: String {
        switch self {
        case .prepare: "PREPARE"
        case .promise: "PROMISE"
        case .accept: "ACCEPT"
        case .accepted: "ACCEPTED"
        case .reject: "REJECT"
        case .chosen: "CHOSEN"
        case .ask: "ASK"
        case .confirm: "CONFIRM"
        case .confirmed: "CONFIRMED"
        }
    }

    package var detail: String {
        switch self {
        case .prepare(let ballot, let slot): "\(ballot) from [\(slot)]"
        case .promise(let ballot, let votes):
            ([votes.isEmpty ? "\(ballot)" : "\(ballot), has"] + votes.map(\.description)).joined(separator: " ")
        case .accept(let vote): "\(vote)"
        case .accepted(let ballot, let slot): "[\(slot)] \(ballot)"
        case .reject(let ballot, let promised): "\(ballot), promised \(promised)"
        case .chosen(let slot, let entry): "[\(slot)] \(entry)"
        case .ask(let slot): "from [\(slot)]"
        case .confirm(let ballot, _), .confirmed(let ballot, _): "\(ballot)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .prepare(let ballot, let slot):
            encoder.encode(tag: 1)
            encoder.encode(ballot)
            encoder.encode(slot)
        case .promise(let ballot, let votes):
            encoder.encode(tag: 2)
            encoder.encode(ballot)
            encoder.encode(votes)
        case .accept(let vote):
            encoder.encode(tag: 3)
            encoder.encode(vote)
        case .accepted(let ballot, let slot):
            encoder.encode(tag: 4)
            encoder.encode(ballot)
            encoder.encode(slot)
        case .reject(let ballot, let promised):
            encoder.encode(tag: 5)
            encoder.encode(ballot)
            encoder.encode(promised)
        case .chosen(let slot, let entry):
            encoder.encode(tag: 6)
            encoder.encode(slot)
            encoder.encode(entry)
        case .ask(let slot):
            encoder.encode(tag: 7)
            encoder.encode(slot)
        case .confirm(let ballot, let number), .confirmed(let ballot, let number):
            if case .confirm = self { encoder.encode(tag: 8) } else { encoder.encode(tag: 9) }
            encoder.encode(ballot)
            encoder.encode(number)
        }
    }
}

/// What a server of Multi-Paxos waits for.
package enum MultiPaxosTimer: UInt8, Hashable, Sendable, CanonicalEncodable, Labelled {
    /// A leader: answers are missing.
    case retry
    /// A leader: time to have the lease granted anew.
    case renew
    /// A leader: its lease has run out.
    case lease
    /// What it has granted to a leader has run out.
    case grant

    package var label: String {
        switch self {
        case .retry: "retry"
        case .renew: "renew"
        case .lease: "lease over"
        case .grant: "grant over"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// One entry of a server's log.
package enum MultiPaxosRecord: Hashable, Sendable, CanonicalEncodable, Labelled {
    case promised(Ballot)
    case accepted(SlotVote)
    /// Not forced: whoever forgets it can ask.
    case chosen(Slot, SlotEntry)

    package var label: String {
        switch self {
        case .promised: "promised"
        case .accepted: "accepted"
        case .chosen: "chosen"
        }
    }

    package var detail: String {
        switch self {
        case .promised(let ballot): "\(ballot)"
        case .accepted(let vote): "\(vote)"
        case .chosen(let slot, let entry): "[\(slot)] \(entry)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .promised(let ballot):
            encoder.encode(tag: 1)
            encoder.encode(ballot)
        case .accepted(let vote):
            encoder.encode(tag: 2)
            encoder.encode(vote)
        case .chosen(let slot, let entry):
            encoder.encode(tag: 3)
            encoder.encode(slot)
            encoder.encode(entry)
        }
    }
}

/// What is asked of a server.
package enum MultiPaxosCommand: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// Whoever watches over the servers tells this one to lead.
    case lead
    case deposit(Deposit)
    /// What is the balance?
    case read

    package var label: String {
        switch self {
        case .lead: "lead"
        case .deposit: "deposit"
        case .read: "read"
        }
    }

    package var detail: String {
        if case .deposit(let deposit) = self { "\(deposit)" } else { "" }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .lead: encoder.encode(tag: 1)
        case .deposit(let deposit):
            encoder.encode(tag: 2)
            encoder.encode(deposit)
        case .read: encoder.encode(tag: 3)
        }
    }
}
