package import StateMachines

/// A client: one request at a time, repeated under the same number until somebody answers.
///
/// - Source: thesis chapter 6.
/// - Deviations: no session is registered; the first request opens it, and the client's own name is its number. Whom
///   to ask first is known without asking around: server S1, then whomever a server names, and the next by number when
///   nobody answers in time. Reads are numbered and repeated like writes. A client that restarts has forgotten everything
///   and would be taken for its former life, so scenes do not crash clients.
package struct RaftClient: Machine {
    package typealias Input = RaftNode.Input
    package typealias Effect = RaftNode.Effect

    package let id: NodeID
    package let configuration: RaftConfiguration
    /// The server it takes for the leader.
    private var server = NodeID(0)
    /// The request under way, or the last one.
    private var serial: UInt32 = 0
    private var current: RaftOperation?
    private var waiting = Queue<RaftOperation>()

    package init(id: NodeID, configuration: RaftConfiguration) {
        self.id = id
        self.configuration = configuration
    }

    package var isStuck: Bool { current != nil }
    /// "waiting for #2 x=1"; empty while it has nothing to do.
    package var summary: String { current.map { "waiting for #\(serial) \($0)" } ?? "" }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started, .recovered, .persisted: break  // It writes nothing; who crashes begins a new life.
        case .received(let message, _): onReceived(message, &effects)
        case .timerFired:
            server = NodeID((server.index + 1) % configuration.servers)
            send(&effects)
        case .invoked(.perform(let operation)):
            waiting.append(operation)
            if current == nil { sendNext(&effects) }
        case .invoked: break  // For servers.
        }
    }

    private mutating func onReceived(_ message: RaftMessage, _ effects: inout EffectBuffer<Effect>) {
        switch message {
        case .reply(let number, let value):
            guard number == serial, current != nil else { return }  // An answer that came twice.
            current = nil
            effects.append(.cancelTimer(.retry))
            effects.append(.announce(.responded("\(value)")))
            sendNext(&effects)
        case .redirect(let number, let leader):
            guard number == serial, current != nil, let leader, leader != server else { return }
            server = leader
            send(&effects)
        case .requestVote, .vote, .append, .appended, .rejected, .snapshot, .timeoutNow, .request: break
        }
    }

    private mutating func sendNext(_ effects: inout EffectBuffer<Effect>) {
        guard let next = waiting.popFirst() else { return }
        current = next
        serial += 1
        send(&effects)
    }

    private func send(_ effects: inout EffectBuffer<Effect>) {
        guard let current else { return }
        effects.append(.send(.request(RaftRequest(current, session: id, serial: serial)), to: server))
        effects.append(.setTimer(.retry, after: configuration.timing.retry))
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(server)
        encoder.encode(serial)
        encoder.encode(current)
        encoder.encode(waiting)
    }
}
