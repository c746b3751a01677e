package import StateMachines

/// The number of a reign: at most one leader is elected in each. 0 before the first election.
package typealias RaftTerm = UInt32
/// The place of an entry in the log; the first is 1, and 0 is before it.
package typealias RaftIndex = UInt32

/// One access to the replicated store. Values are whole numbers; a key never written holds 0.
package enum RaftOperation: Hashable, Sendable, CanonicalEncodable, CustomStringConvertible {
    case set(String, Int)
    /// Not idempotent: a retry that is carried out twice shows.
    case add(String, Int)
    case read(String)

    package var key: String {
        switch self {
        case .set(let key, _), .add(let key, _), .read(let key): key
        }
    }

    /// "x=1", "x+1", "read x".
    package var description: String {
        switch self {
        case .set(let key, let value): "\(key)=\(value)"
        case .add(let key, let amount): amount < 0 ? "\(key)\(amount)" : "\(key)+\(amount)"
        case .read(let key): "read \(key)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .set(let key, let value):
            encoder.encode(tag: 1)
            encoder.encode(key)
            encoder.encode(value)
        case .add(let key, let amount):
            encoder.encode(tag: 2)
            encoder.encode(key)
            encoder.encode(amount)
        case .read(let key):
            encoder.encode(tag: 3)
            encoder.encode(key)
        }
    }
}

/// What a client asks for, with what makes a retry recognisable.
package struct RaftRequest: Hashable, Sendable, CanonicalEncodable {
    /// The client, which opens its session with its first request; `nil` for a request made at the server itself.
    package var session: NodeID?
    /// Counts the requests of a session from 1. A retry has the number of what it repeats.
    package var serial: UInt32
    package var operation: RaftOperation

    package init(_ operation: RaftOperation, session: NodeID? = nil, serial: UInt32 = 0) {
        self.session = session
        self.serial = serial
        self.operation = operation
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(session)
        encoder.encode(serial)
        encoder.encode(operation)
    }
}

/// Who belongs to the cluster.
package struct RaftMembers: Hashable, Sendable, CanonicalEncodable, CustomStringConvertible {
    /// Those who vote and are counted; sorted.
    package private(set) var voters: [NodeID]
    /// Those who only receive the log; sorted.
    package private(set) var learners: [NodeID]

    package init(voters: [NodeID], learners: [NodeID] = []) {
        self.voters = voters.sorted()
        self.learners = learners.sorted()
    }

    package func isVoter(_ node: NodeID) -> Bool { voters.contains(node) }
    package func contains(_ node: NodeID) -> Bool { isVoter(node) || learners.contains(node) }
    package var majority: Int { Quorum.majority(of: voters.count) }

    package func adding(_ node: NodeID) -> RaftMembers {
        RaftMembers(voters: voters.filter { $0 != node } + [node], learners: learners.filter { $0 != node })
    }
    package func addingLearner(_ node: NodeID) -> RaftMembers {
        RaftMembers(voters: voters, learners: learners.filter { $0 != node } + [node])
    }
    package func removing(_ node: NodeID) -> RaftMembers {
        RaftMembers(voters: voters.filter { $0 != node }, learners: learners.filter { $0 != node })
    }

    /// "S1,S2,S3", a learner with a star.
    package var description: String {
        (voters.map(RaftConfiguration.name) + learners.map { RaftConfiguration.name($0) + "*" })
            .joined(separator: ",")
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(voters)
        encoder.encode(learners)
    }
}

/// One entry of the replicated log.
package struct RaftEntry: Hashable, Sendable, CanonicalEncodable, CustomStringConvertible {
    package enum Payload: Hashable, Sendable {
        /// Asks for nothing; its commit shows a new leader what is committed.
        case noop
        case request(RaftRequest)
        case members(RaftMembers)
    }

    package var term: RaftTerm
    package var payload: Payload

    package init(term: RaftTerm, _ payload: Payload) {
        self.term = term
        self.payload = payload
    }

    package var members: RaftMembers? {
        if case .members(let members) = payload { members } else { nil }
    }

    /// What it asks for: "x=1", "no-op", "members S1,S2".
    package var content: String {
        switch payload {
        case .noop: "no-op"
        case .request(let request): request.operation.description
        case .members(let members): "members \(members)"
        }
    }

    /// "2:x=1": term and content.
    package var description: String { "\(term):\(content)" }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(term)
        switch payload {
        case .noop: encoder.encode(tag: 1)
        case .request(let request):
            encoder.encode(tag: 2)
            encoder.encode(request)
        case .members(let members):
            encoder.encode(tag: 3)
            encoder.encode(members)
        }
    }
}

/// The state after every entry up to `index`, in the place of these entries.
package struct RaftSnapshot: Hashable, Sendable, CanonicalEncodable {
    /// Of the last entry that it stands for.
    package var index: RaftIndex
    package var term: RaftTerm
    /// As of that entry.
    package var members: RaftMembers
    package var store: RaftStore

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(index)
        encoder.encode(term)
        encoder.encode(members)
        encoder.encode(store)
    }
}

/// The log: entries, the first of which may have been replaced by a snapshot.
package struct RaftLog: Hashable, Sendable, CanonicalEncodable {
    /// The last entry that is not there any more; 0 while all are.
    package private(set) var baseIndex: RaftIndex = 0
    package private(set) var baseTerm: RaftTerm = 0
    /// Those after `baseIndex`.
    package private(set) var entries: [RaftEntry] = []

    package init() {}

    package var lastIndex: RaftIndex { baseIndex + RaftIndex(entries.count) }
    package var lastTerm: RaftTerm { entries.last?.term ?? baseTerm }

    /// `nil` for what a snapshot has replaced, and beyond the end.
    package subscript(index: RaftIndex) -> RaftEntry? {
        index > baseIndex && index <= lastIndex ? entries[Int(index - baseIndex) - 1] : nil
    }

    /// Of an entry, or of the last one before the entries; `nil` where that is not known.
    package func term(at index: RaftIndex) -> RaftTerm? { index == baseIndex ? baseTerm : self[index]?.term }

    /// The first entry of the term of the entry at `index` in one unbroken row of them.
    func beginning(ofTermAt index: RaftIndex) -> RaftIndex {
        var first = index
        while first > baseIndex + 1, term(at: first - 1) == term(at: index) { first -= 1 }
        return first
    }

    /// The last entry of this term.
    func lastIndex(ofTerm term: RaftTerm) -> RaftIndex? {
        entries.lastIndex { $0.term == term }.map { baseIndex + RaftIndex($0) + 1 }
    }

    /// From an index to the end.
    func suffix(from index: RaftIndex) -> [RaftEntry] { Array(entries.dropFirst(Int(index - baseIndex) - 1)) }

    /// Whether a log that ends like this is at least as up to date: later last term, or the same and no shorter.
    ///
    /// - Source: thesis section 3.6.1.
    func isUpToDate(lastIndex: RaftIndex, lastTerm: RaftTerm) -> Bool {
        (lastTerm, lastIndex) >= (self.lastTerm, self.lastIndex)
    }

    mutating func append(_ entry: RaftEntry) { entries.append(entry) }

    /// Removes this entry and all that follow.
    mutating func truncate(from index: RaftIndex) { entries.removeLast(Int(lastIndex - index) + 1) }

    /// Lets a snapshot stand for everything up to its index; what follows stays where it fits.
    ///
    /// - Parameter keepingSuffix: false removes what follows in any case.
    mutating func replacePrefix(by snapshot: RaftSnapshot, keepingSuffix: Bool = true) {
        let fits = keepingSuffix && term(at: snapshot.index) == snapshot.term
        entries = fits ? Array(entries.dropFirst(Int(snapshot.index - baseIndex))) : []
        baseIndex = snapshot.index
        baseTerm = snapshot.term
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(baseIndex)
        encoder.encode(baseTerm)
        encoder.encode(entries)
    }
}
