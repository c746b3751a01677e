package import StateMachines

/// How long servers and clients wait, by their own clocks.
package struct RaftTiming: Hashable, Sendable {
    /// An election timeout is drawn between these; both the same means that nothing is drawn.
    package var electionMinimum: Tick
    package var electionMaximum: Tick
    package var heartbeat: Tick
    /// How long a leader may answer reads by itself after it has sent heartbeats that a majority answers.
    package var lease: Tick
    /// A client, before it asks somebody else.
    package var retry: Tick

    /// The proportions of the Raft paper, for a network whose round trip is 20 ms.
    package static let usual = RaftTiming(
        electionMinimum: .milliseconds(150), electionMaximum: .milliseconds(300), heartbeat: .milliseconds(50),
        lease: .milliseconds(120), retry: .milliseconds(200))
}

/// How a leader answers reads.
package enum RaftReadMode: UInt8, Hashable, Sendable {
    /// As writes: through the log.
    case log = 1
    /// After a round of heartbeats has shown that it still leads (thesis section 6.4).
    case readIndex = 2
    /// At once while its lease lasts, else as `readIndex` (thesis section 6.4.1).
    case lease = 3
}

/// A known way to get Raft wrong, for lessons and for testing the checkers. One at a time.
package enum RaftMutation: UInt8, CaseIterable, Hashable, Sendable {
    /// A leader commits entries of older terms by counting replicas (RF-1).
    case countsOlderTerms = 1
    /// Votes go to the longer log, whatever its last term (RF-2).
    case comparesLengthFirst = 2
    /// A restarted server does not know whom it voted for (RF-3).
    case forgetsVote = 3
    /// Replies leave while what they promise is on its way to the disk (RF-3).
    case answersBeforePersisting = 4
    /// A pre-vote of a lower term is not answered (RF-8).
    case ignoresLowerTermPreVotes = 5
    /// Who was told to take over asks for votes like anybody else (RF-7).
    case transfersWithoutOverride = 6
    /// Several servers are exchanged at once (RF-10).
    case changesSeveralServers = 7
    /// Members change before the leader has committed anything of its own term, as first published (RF-11).
    case changesMembersAtOnce = 8
    /// An abandoned configuration stays in force (RF-12).
    case keepsAbandonedMembers = 9
    /// A leader reads before it has committed anything of its own term (RF-14).
    case readsBeforeOwnCommit = 10
    /// A leader reads without asking whether it still leads (RF-14).
    case readsWithoutRound = 11
    /// A leader that hands over keeps its lease (RF-15).
    case keepsLeaseInTransfer = 12
    /// Everything behind what an APPEND brings is cut off, in conflict or not (RF-16).
    case truncatesAlways = 13
    /// A snapshot replaces the whole log and state, however old it is (RF-17).
    case installsAnySnapshot = 14
    /// Retries are carried out again (RF-18).
    case repeatsRetries = 15
    /// A follower takes entries without looking at the one before them (RF-16).
    case skipsConsistencyCheck = 16
    /// A follower commits as far as the leader has, not only what it knows to agree (RF-16).
    case commitsBeyondMatch = 17
    /// Entries of a leader whose term is over are taken, even by the next leader.
    case obeysOldLeaders = 18
}

/// Everything the nodes of one run agree on before it begins: servers first, then clients.
package struct RaftConfiguration: Hashable, Sendable {
    /// A timeout that is not drawn: loaded dice, so that a scene knows who is first.
    package struct LoadedTimeout: Hashable, Sendable {
        package var server: NodeID
        /// In force while this is the server's term.
        package var term: RaftTerm
        package var timeout: Tick
        package init(_ server: NodeID, term: RaftTerm, _ timeout: Tick) {
            self.server = server
            self.term = term
            self.timeout = timeout
        }
    }

    /// Everybody who may ever be a member.
    package var servers: Int
    package var clients: Int
    /// Before the first entry that changes them.
    package var members: RaftMembers
    package var timing = RaftTiming.usual
    /// Of the election timeouts.
    package var seed: UInt64 = 1
    package var loadedTimeouts: [LoadedTimeout] = []
    /// A leader begins its term with an entry of its own.
    package var beginsTermsWithNoop = true
    /// Nobody raises its term before a majority has said that it would vote for it (thesis section 9.6).
    package var preVote = false
    /// Who has heard of a leader within the least election timeout ignores candidates (thesis section 4.2.3).
    package var stickiness = false
    /// A leader that hears of no majority within the least election timeout steps down (thesis section 6.2).
    package var checkQuorum = false
    package var readMode = RaftReadMode.log
    /// A server with so many applied entries in its log takes a snapshot; `nil`: only when told.
    package var snapshotThreshold: Int?
    /// A bound for searches: nobody begins an election for a later term.
    package var termLimit: RaftTerm?
    package var mutation: RaftMutation?

    /// - Precondition: leases need stickiness, see `readMode`.
    package init(servers: Int, members: Int? = nil, clients: Int = 0) {
        self.servers = servers
        self.clients = clients
        self.members = RaftMembers(voters: (0..<(members ?? servers)).map { NodeID($0) })
    }

    /// "S1" for node 0.
    package static func name(_ server: NodeID) -> String { "S\(server.index + 1)" }
    package var nodeCount: Int { servers + clients }
}
