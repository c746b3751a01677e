package import StateMachines

/// Everything servers and clients say to each other.
package enum RaftMessage: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// RequestVote. `isPreVote` asks only whether one would; `overrides` was told by the leader to take over.
    case requestVote(RaftTerm, lastIndex: RaftIndex, lastTerm: RaftTerm, isPreVote: Bool, overrides: Bool)
    /// Granted: the term asked for. Refused: the term of who refuses.
    case vote(RaftTerm, isGranted: Bool, isPreVote: Bool)
    /// AppendEntries; a heartbeat without entries.
    case append(
        RaftTerm, previous: RaftIndex, previousTerm: RaftTerm, entries: [RaftEntry], commit: RaftIndex, round: UInt32)
    /// The log agrees up to `match`.
    case appended(RaftTerm, match: RaftIndex, round: UInt32, isHeartbeat: Bool)
    /// It has no such entry before the new ones: try from `retry` on, which begins `conflict` where there is another
    /// term.
    case rejected(RaftTerm, previous: RaftIndex, retry: RaftIndex, conflict: RaftTerm?, round: UInt32)
    /// InstallSnapshot.
    case snapshot(RaftTerm, RaftSnapshot, round: UInt32)
    /// From a leader to its successor.
    case timeoutNow(RaftTerm)
    /// From a client.
    case request(RaftRequest)
    case reply(serial: UInt32, value: Int)
    /// Not me; perhaps this one.
    case redirect(serial: UInt32, leader: NodeID?)

    package var label: String {
        switch self {
        case .requestVote(_, _, _, let isPreVote, _): isPreVote ? "PRE-VOTE" : "REQUEST-VOTE"
        case .vote(_, let isGranted, isPreVote: true): isGranted ? "PRE-YES" : "PRE-NO"
        case .vote(_, let isGranted, isPreVote: false): isGranted ? "VOTE" : "NO-VOTE"
        case .append(_, _, _, let entries, _, _): entries.isEmpty ? "HEARTBEAT" : "APPEND"
        case .appended(_, _, _, let isHeartbeat): isHeartbeat ? "HEARD" : "OK"
        case .rejected: "REJECT"
        case .snapshot: "SNAPSHOT"
        case .timeoutNow: "TIMEOUT-NOW"
        case .request: "REQUEST"
        case .reply: "REPLY"
        case .redirect: "REDIRECT"
        }
    }

    package var detail: String {
        switch self {
        case .requestVote(let term, let lastIndex, let lastTerm, _, let overrides):
            "t\(term), log \(lastIndex)/t\(lastTerm)\(overrides ? ", sent by the leader" : "")"
        case .vote(let term, _, _): "t\(term)"
        case .append(let term, let previous, _, let entries, let commit, _):
            entries.isEmpty
                ? "t\(term), commit \(commit)"
                : "t\(term), \(previous + 1)=\(entries.map(\.description).joined(separator: " "))"
        case .appended(let term, let match, _, _): "t\(term), \(match)"
        case .rejected(let term, let previous, let retry, _, _): "t\(term), \(previous) unknown, from \(retry)"
        case .snapshot(let term, let snapshot, _): "t\(term), through \(snapshot.index)"
        case .timeoutNow(let term): "t\(term)"
        case .request(let request): "#\(request.serial) \(request.operation)"
        case .reply(let serial, let value): "#\(serial) \(value)"
        case .redirect(let serial, let leader):
            "#\(serial)" + (leader.map { " to \(RaftConfiguration.name($0))" } ?? "")
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .requestVote(let term, let lastIndex, let lastTerm, let isPreVote, let overrides):
            encoder.encode(tag: 1)
            for number in [term, lastIndex, lastTerm] { encoder.encode(number) }
            encoder.encode(isPreVote)
            encoder.encode(overrides)
        case .vote(let term, let isGranted, let isPreVote):
            encoder.encode(tag: 2)
            encoder.encode(term)
            encoder.encode(isGranted)
            encoder.encode(isPreVote)
        case .append(let term, let previous, let previousTerm, let entries, let commit, let round):
            encoder.encode(tag: 3)
            for number in [term, previous, previousTerm, commit, round] { encoder.encode(number) }
            encoder.encode(entries)
        case .appended(let term, let match, let round, let isHeartbeat):
            encoder.encode(tag: 4)
            for number in [term, match, round] { encoder.encode(number) }
            encoder.encode(isHeartbeat)
        case .rejected(let term, let previous, let retry, let conflict, let round):
            encoder.encode(tag: 5)
            for number in [term, previous, retry, conflict ?? 0, round] { encoder.encode(number) }
        case .snapshot(let term, let snapshot, let round):
            encoder.encode(tag: 6)
            encoder.encode(term)
            encoder.encode(snapshot)
            encoder.encode(round)
        case .timeoutNow(let term):
            encoder.encode(tag: 7)
            encoder.encode(term)
        case .request, .reply, .redirect: encodeOfClient(into: &encoder)
        }
    }

    private func encodeOfClient(into encoder: inout CanonicalEncoder) {
        switch self {
        case .request(let request):
            encoder.encode(tag: 8)
            encoder.encode(request)
        case .reply(let serial, let value):
            encoder.encode(tag: 9)
            encoder.encode(serial)
            encoder.encode(value)
        case .redirect(let serial, let leader):
            encoder.encode(tag: 10)
            encoder.encode(serial)
            encoder.encode(leader)
        case .requestVote, .vote, .append, .appended, .rejected, .snapshot, .timeoutNow: break
        }
    }
}

/// What a node waits for.
package enum RaftTimer: UInt8, Hashable, Sendable, CanonicalEncodable, Labelled {
    /// Nobody leads.
    case election = 1
    /// A leader: time to be heard.
    case heartbeat = 2
    /// A leader: who has been heard of?
    case quorum = 3
    /// The least election timeout since the leader was heard of.
    case leaderHeard = 4
    /// A leader may no longer read by itself.
    case lease = 5
    /// A leader: its successor has not taken over.
    case transfer = 6
    /// A leader: the new server is too slow.
    case catchUp = 7
    /// A client: no answer.
    case retry = 8

    package var label: String {
        switch self {
        case .election: "election"
        case .heartbeat: "heartbeat"
        case .quorum: "quorum"
        case .leaderHeard: "leader-heard"
        case .lease: "lease"
        case .transfer: "transfer"
        case .catchUp: "catch-up"
        case .retry: "retry"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// What a server writes to its disk.
package enum RaftRecord: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// currentTerm and votedFor.
    case term(RaftTerm, votedFor: NodeID?)
    case entry(RaftIndex, RaftEntry)
    /// This entry and all that follow are gone.
    case truncate(from: RaftIndex)
    /// `keepsSuffix`: entries after it stay where they fit.
    case snapshot(RaftSnapshot, keepsSuffix: Bool)

    package var label: String {
        switch self {
        case .term: "term"
        case .entry: "entry"
        case .truncate: "truncate"
        case .snapshot: "snapshot"
        }
    }

    package var detail: String {
        switch self {
        case .term(let term, let votedFor):
            "\(term)" + (votedFor.map { ", vote \(RaftConfiguration.name($0))" } ?? "")
        case .entry(let index, let entry): "\(index)=\(entry)"
        case .truncate(let index): "from \(index)"
        case .snapshot(let snapshot, _): "through \(snapshot.index)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .term(let term, let votedFor):
            encoder.encode(tag: 1)
            encoder.encode(term)
            encoder.encode(votedFor)
        case .entry(let index, let entry):
            encoder.encode(tag: 2)
            encoder.encode(index)
            encoder.encode(entry)
        case .truncate(let index):
            encoder.encode(tag: 3)
            encoder.encode(index)
        case .snapshot(let snapshot, let keepsSuffix):
            encoder.encode(tag: 4)
            encoder.encode(snapshot)
            encoder.encode(keepsSuffix)
        }
    }
}

/// What a person or a program asks. Operations go to clients, or to servers without a session; the rest is for leaders.
package enum RaftCommand: Hashable, Sendable, CanonicalEncodable, Labelled {
    case perform(RaftOperation)
    case addServer(NodeID)
    case addLearner(NodeID)
    case removeServer(NodeID)
    /// Several at once: refused, but by a mutation.
    case changeMembers([NodeID])
    case transfer(to: NodeID)
    /// To any server: put a snapshot in the place of what has been applied.
    case compact

    package var label: String {
        switch self {
        case .perform(.read): "READ"
        case .perform: "WRITE"
        case .addServer: "ADD"
        case .addLearner: "ADD-LEARNER"
        case .removeServer: "REMOVE"
        case .changeMembers: "MEMBERS"
        case .transfer: "TRANSFER"
        case .compact: "COMPACT"
        }
    }

    package var detail: String {
        switch self {
        case .perform(.read(let key)): key
        case .perform(let operation): operation.description
        case .addServer(let server), .addLearner(let server), .removeServer(let server), .transfer(let server):
            RaftConfiguration.name(server)
        case .changeMembers(let servers): servers.map(RaftConfiguration.name).joined(separator: ",")
        case .compact: ""
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .perform(let operation):
            encoder.encode(tag: 1)
            encoder.encode(operation)
        case .addServer(let server):
            encoder.encode(tag: 2)
            encoder.encode(server)
        case .addLearner(let server):
            encoder.encode(tag: 3)
            encoder.encode(server)
        case .removeServer(let server):
            encoder.encode(tag: 4)
            encoder.encode(server)
        case .changeMembers(let servers):
            encoder.encode(tag: 5)
            encoder.encode(servers)
        case .transfer(let server):
            encoder.encode(tag: 6)
            encoder.encode(server)
        case .compact: encoder.encode(tag: 7)
        }
    }
}
