import Faults
import Simulator
import StateMachines

/// The smallest protocol with everything in it: the client pings until it is answered, the server writes each ping to
/// its log before it answers, and answers a ping it knows from the log at once.
struct PingPong: ProtocolNode {
    enum Message: Hashable, Sendable, CanonicalEncodable, Labelled {
        case ping(UInt8)
        case pong(UInt8)
        var label: String {
            switch self {
            case .ping: "PING"
            case .pong: "PONG"
            }
        }
        var detail: String {
            switch self {
            case .ping(let number), .pong(let number): "number \(number)"
            }
        }
        func encode(into encoder: inout CanonicalEncoder) {
            switch self {
            case .ping(let number):
                encoder.encode(tag: 0)
                encoder.encode(number)
            case .pong(let number):
                encoder.encode(tag: 1)
                encoder.encode(number)
            }
        }
    }
    struct Record: Hashable, Sendable, CanonicalEncodable, Labelled {
        var number: UInt8
        var label: String { "SEEN" }
        func encode(into encoder: inout CanonicalEncoder) { encoder.encode(number) }
    }
    enum Timer: UInt8, Hashable, Sendable, CanonicalEncodable, Labelled {
        case retry
        var label: String { "retry" }
        func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
    }
    struct Command: Hashable, Sendable, CanonicalEncodable, Labelled {
        var number: UInt8
        var label: String { "ping \(number)" }
        func encode(into encoder: inout CanonicalEncoder) { encoder.encode(number) }
    }

    var server: NodeID?
    var seen: [UInt8] = []
    var waitingFor: UInt8?
    var asker: NodeID?
    var answers: UInt8 = 0

    /// Pings node 1.
    static let client = PingPong(server: NodeID(1))
    static let server = PingPong(server: nil)

    var summary: String {
        if server != nil { return waitingFor.map { "waiting for \($0)" } ?? "idle" }
        return "seen \(seen.count)"
    }

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(server)
        encoder.encode(UInt32(seen.count))
        for number in seen { encoder.encode(number) }
        encoder.encode(waitingFor != nil)
        encoder.encode(waitingFor ?? 0)
        encoder.encode(asker)
        encoder.encode(answers)
    }

    mutating func step(
        _ input: NodeInput<Message, Timer, Record, Command>, at now: Tick,
        into effects: inout EffectBuffer<NodeEffect<Message, Timer, Record>>
    ) {
        switch input {
        case .started: break
        case .recovered(let records): seen = records.map(\.number)
        case .invoked(let command): ask(command.number, &effects)
        case .timerFired(.retry): if let number = waitingFor { ask(number, &effects) }
        case .received(.ping(let number), let from):
            asker = from
            if seen.contains(number) {
                effects.append(.send(.pong(number), to: from))
            } else {
                effects.append(.persist(Record(number: number), forced: true))
            }
        case .persisted(let record):
            seen.append(record.number)
            if let asker { effects.append(.send(.pong(record.number), to: asker)) }
        case .received(.pong(let number), _):
            guard waitingFor == number else { return }
            waitingFor = nil
            answers += 1
            effects.append(.cancelTimer(.retry))
            effects.append(.announce(.decided(subject: "ping \(number)", outcome: "answered")))
            effects.append(.announce(.responded("pong \(number)")))
        }
    }

    private mutating func ask(_ number: UInt8, _ effects: inout EffectBuffer<NodeEffect<Message, Timer, Record>>) {
        guard let server else { return }
        waitingFor = number
        effects.append(.send(.ping(number), to: server))
        effects.append(.setTimer(.retry, after: .milliseconds(50)))
    }
}

extension SimulationPlan<PingPong> {
    static func pingPong(_ faults: String..., seed: UInt64 = 1, pings: UInt8 = 1) throws -> SimulationPlan {
        var plan = SimulationPlan(
            protocolName: "ping-pong", names: ["C", "S"], machines: [.client, .server],
            commands: (0..<pings).map {
                ScheduledCommand(at: .milliseconds(UInt64($0) * 100), to: NodeID(0), PingPong.Command(number: $0))
            }, faults: try faults.map { try Fault(parsing: $0, in: .simulated(nodes: ["C", "S"])) }, seed: seed)
        plan.checksDeterminism = true
        return plan
    }
}
