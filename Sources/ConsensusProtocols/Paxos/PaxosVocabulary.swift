package import StateMachines

/// What the roles of Paxos say to each other.
package enum PaxosMessage: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// Phase 1a: accept nothing below this ballot, and tell what you have accepted.
    case prepare(Ballot)
    /// Phase 1b: promised; the vote of the highest ballot so far.
    case promise(Ballot, accepted: Vote?)
    /// Phase 2a.
    case accept(Vote)
    /// Phase 2b, to learners.
    case accepted(Vote)
    /// To a proposer whose ballot is too low, so that it need not wait: what has been promised instead.
    case reject(Ballot, promised: Ballot)
    /// From a distinguished learner to the others.
    case chosen(PaxosValue)
    /// From a proposer to the distinguished one: please propose this.
    case request(PaxosValue)
    /// From a proposer after its restart: which ballot have you promised?
    case query
    /// The answer to it.
    case promised(Ballot)

    package var label: String {
        switch self {
        case .prepare: "PREPARE"
        case .promise: "PROMISE"
        case .accept: "ACCEPT"
        case .accepted: "ACCEPTED"
        case .reject: "REJECT"
        case .chosen: "CHOSEN"
        case .request: "REQUEST"
        case .query: "QUERY"
        case .promised: "PROMISED"
        }
    }

    package var detail: String {
        switch self {
        case .prepare(let ballot): "\(ballot)"
        case .promise(let ballot, nil): "\(ballot)"
        case .promise(let ballot, let vote?): "\(ballot), has \(vote)"
        case .accept(let vote), .accepted(let vote): "\(vote)"
        case .reject(let ballot, let promised): "\(ballot), promised \(promised)"
        case .chosen(let value), .request(let value): "\(value)"
        case .query: ""
        case .promised(let ballot): ballot == .none ? "nothing" : "\(ballot)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .prepare(let ballot):
            encoder.encode(tag: 1)
            encoder.encode(ballot)
        case .promise(let ballot, let accepted):
            encoder.encode(tag: 2)
            encoder.encode(ballot)
            encoder.encode(accepted)
        case .accept(let vote):
            encoder.encode(tag: 3)
            encoder.encode(vote)
        case .accepted(let vote):
            encoder.encode(tag: 4)
            encoder.encode(vote)
        case .reject(let ballot, let promised):
            encoder.encode(tag: 5)
            encoder.encode(ballot)
            encoder.encode(promised)
        case .chosen(let value):
            encoder.encode(tag: 6)
            encoder.encode(value)
        case .request(let value):
            encoder.encode(tag: 7)
            encoder.encode(value)
        case .query: encoder.encode(tag: 8)
        case .promised(let ballot):
            encoder.encode(tag: 9)
            encoder.encode(ballot)
        }
    }
}

/// What a proposer waits for.
package enum PaxosTimer: UInt8, Hashable, Sendable, CanonicalEncodable, Labelled {
    /// A quorum is missing.
    case retry
    /// It was refused, and lets others go first.
    case backOff
    /// The distinguished proposer is silent.
    case takeOver

    package var label: String {
        switch self {
        case .retry: "retry"
        case .backOff: "back-off"
        case .takeOver: "take-over"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// One entry of a node's log.
package enum PaxosRecord: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// An acceptor will accept nothing below.
    case promised(Ballot)
    /// An acceptor has accepted.
    case accepted(Vote)
    /// A proposer uses this round.
    case round(UInt32)

    package var label: String {
        switch self {
        case .promised: "promised"
        case .accepted: "accepted"
        case .round: "round"
        }
    }

    package var detail: String {
        switch self {
        case .promised(let ballot): "\(ballot)"
        case .accepted(let vote): "\(vote)"
        case .round(let round): "\(round)"
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
        case .round(let round):
            encoder.encode(tag: 3)
            encoder.encode(growing: UInt64(round))
        }
    }
}

/// What a client asks of a proposer: get this chosen, or tell me what has been.
package struct PaxosCommand: Hashable, Sendable, CanonicalEncodable, Labelled {
    package var value: PaxosValue

    package init(_ value: PaxosValue) { self.value = value }

    package var label: String { "propose" }
    package var detail: String { value.name }
    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(value) }
}
