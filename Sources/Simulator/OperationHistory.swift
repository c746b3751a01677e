public import StateMachines

/// What clients have asked so far and what they came to know, in the order in which it happened.
///
/// It is part of a world's state: two worlds in which clients lived through different things are different, although
/// their nodes may be the same. What is not different is the order of two begins with no end between them, or of two ends
/// with no begin between them: neither changes which operation was over before which other one began, and no promise
/// about histories depends on more. (The sequence of such groups is the canonical form of an interval order; Greenough,
/// "Representation and enumeration of interval orders and semiorders", 1976.)
public struct OperationHistory: Hashable, Sendable {
    /// Who asks.
    public enum Client: Hashable, Sendable {
        /// A node is a new client after each restart.
        case node(NodeID, incarnation: Int)
        case named(String)
    }

    public enum Happening: Hashable, Sendable {
        case began(request: String)
        case ended(OperationOutcome)
    }

    public struct Event: Hashable, Sendable {
        public let client: Client
        public let number: UInt32
        public let happening: Happening

        @inlinable init(client: Client, number: UInt32, happening: Happening) {
            (self.client, self.number, self.happening) = (client, number, happening)
        }
    }

    @usableFromInline struct Session: Hashable, Sendable {
        @usableFromInline let client: Client
        @usableFromInline var latest: UInt32
        /// Operations that have not ended.
        @usableFromInline var open: [UInt32]

        @inlinable init(client: Client, latest: UInt32) {
            (self.client, self.latest, open) = (client, latest, [latest])
        }
    }

    public private(set) var events: [Event] = []
    @usableFromInline private(set) var sessions: [Session] = []
    /// Of all groups of begins and ends before the last.
    private var earlier = Fingerprint(high: 0, low: 0)
    /// Of the last group, the sum of what is in it.
    private var latest = Fingerprint(high: 0, low: 0)

    @inlinable public init() {}

    @inlinable public var isEmpty: Bool { events.isEmpty }

    /// Equal for histories that no promise tells apart; like chance otherwise.
    public var fingerprint: Fingerprint {
        Fingerprint(
            earlier.high &+ latest.high &* 0x9E37_79B9_7F4A_7C15, earlier.low ^ latest.low &* 0xC2B2_AE3D_27D4_EB4F)
    }

    /// Whether a node, in its present incarnation, has begun an operation of its own that has not ended.
    @inlinable public func isWaiting(_ node: NodeID, incarnation: Int) -> Bool {
        sessions.contains { $0.client == .node(node, incarnation: incarnation) && !$0.open.isEmpty }
    }

    /// Notes that an operation has begun; one that has begun before does not begin again.
    mutating func begin(_ number: UInt32, of client: Client, request: String) -> Bool {
        if let index = sessions.firstIndex(where: { $0.client == client }) {
            guard number > sessions[index].latest else { return false }
            sessions[index].latest = number
            sessions[index].open.append(number)
        } else {
            sessions.append(Session(client: client, latest: number))
        }
        append(Event(client: client, number: number, happening: .began(request: request)))
        return true
    }

    /// Notes what a client came to know; of an operation that has ended it comes to know no more.
    mutating func end(_ number: UInt32, of client: Client, _ outcome: OperationOutcome) -> Bool {
        guard let session = sessions.firstIndex(where: { $0.client == client }),
            let index = sessions[session].open.firstIndex(of: number)
        else { return false }
        sessions[session].open.remove(at: index)
        append(Event(client: client, number: number, happening: .ended(outcome)))
        return true
    }

    private mutating func append(_ event: Event) {
        if let last = events.last, last.isBegin != event.isBegin {
            earlier = fingerprint
            latest = Fingerprint(high: 0, low: 0)
        }
        let own = Fingerprint(of: event)
        latest = Fingerprint(high: latest.high &+ own.high, low: latest.low &+ own.low)
        events.append(event)
    }
}

extension OperationHistory.Event: CanonicalEncodable {
    var isBegin: Bool { if case .began = happening { true } else { false } }

    public func encode(into encoder: inout CanonicalEncoder) {
        switch client {
        case .node(let node, let incarnation):
            encoder.encode(tag: 1)
            encoder.encode(node)
            encoder.encode(UInt32(incarnation))
        case .named(let name):
            encoder.encode(tag: 2)
            encoder.encode(name)
        }
        encoder.encode(number)
        switch happening {
        case .began(let request):
            encoder.encode(tag: 1)
            encoder.encode(request)
        case .ended(.answered(let answer, let version)):
            encoder.encode(tag: version == nil ? 2 : 3)
            encoder.encode(answer)
            encoder.encode(version ?? 0)
        case .ended(.failed): encoder.encode(tag: 4)
        case .ended(.unknown): encoder.encode(tag: 5)
        }
    }
}

extension World {
    /// Takes down what a node tells of operations.
    /// - Returns: false where it tells nothing new.
    @usableFromInline mutating func note(_ announcement: Announcement, of node: NodeID) -> Bool {
        switch announcement {
        case .began(let operation, let request):
            return history.begin(operation.number, of: client(of: operation, toldBy: node), request: request)
        case .ended(let operation, let outcome):
            return history.end(operation.number, of: client(of: operation, toldBy: node), outcome)
        case .decided, .responded, .phaseBegan, .phaseEnded, .noted: return true
        }
    }

    /// Who asks for an operation that a node tells of.
    func client(of operation: ClientOperation, toldBy node: NodeID) -> OperationHistory.Client {
        precondition(
            initialMachines[node.index].tellsOperations, "node \(node.index) tells of operations and does not say so")
        return operation.client.map { .named($0) } ?? .node(node, incarnation: nodes[node.index].incarnation)
    }
}
