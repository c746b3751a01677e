import Simulator
import StateMachines

/// Two copies of a register and two clients: the writer asks node 0, the reader asks node 1. Node 0 hands each value on to
/// node 1, and answers at once, or, when it `waits`, only when node 1 has it.
struct LazyRegister: ProtocolNode {
    enum Message: Hashable, Sendable, CanonicalEncodable, Labelled {
        case write(UInt8), copy(UInt8), copied, written, read, value(UInt8)
        var label: String {
            switch self {
            case .write: "WRITE"
            case .copy: "COPY"
            case .copied: "COPIED"
            case .written: "WRITTEN"
            case .read: "READ"
            case .value: "VALUE"
            }
        }
        func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(label)
            switch self {
            case .write(let value), .copy(let value), .value(let value): encoder.encode(value)
            case .copied, .written, .read: break
            }
        }
    }
    enum Nothing: UInt8, Hashable, Sendable, CanonicalEncodable, Labelled {
        case nothing
        var label: String { "" }
        func encode(into encoder: inout CanonicalEncoder) {}
    }
    typealias Timer = Nothing
    typealias Record = Nothing
    enum Command: Hashable, Sendable, CanonicalEncodable, Labelled {
        case read
        case write(UInt8)
        var label: String { "ask" }
        func encode(into encoder: inout CanonicalEncoder) {
            switch self {
            case .read: encoder.encode(tag: 0)
            case .write(let value): encoder.encode(value)
            }
        }
    }

    static let names = ["A", "B", "writer", "reader"]
    static func machines(waits: Bool) -> [LazyRegister] { (0..<4).map { LazyRegister(id: NodeID($0), waits: waits) } }
    static let writer = NodeID(2)
    static let reader = NodeID(3)

    let id: NodeID
    let waits: Bool
    var value: UInt8 = 0
    var asked: UInt32 = 0

    var tellsOperations: Bool { id.index > 1 }
    var summary: String { "\(value)" }

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(value)
        encoder.encode(asked)
    }

    mutating func step(
        _ input: NodeInput<Message, Nothing, Nothing, Command>, at now: Tick,
        into effects: inout EffectBuffer<NodeEffect<Message, Nothing, Nothing>>
    ) {
        func send(_ message: Message, to node: Int) { effects.append(.send(message, to: NodeID(node))) }
        switch input {
        case .started, .recovered, .timerFired, .persisted: break
        case .invoked(let command):
            asked += 1
            switch command {
            case .read:
                effects.append(.announce(.began(ClientOperation(asked), request: "read")))
                send(.read, to: 1)
            case .write(let value):
                effects.append(.announce(.began(ClientOperation(asked), request: "write \(value)")))
                send(.write(value), to: 0)
            }
        case .received(.write(let value), _):
            self.value = value
            send(.copy(value), to: 1)
            if !waits { send(.written, to: 2) }
        case .received(.copy(let value), _):
            self.value = value
            if waits { send(.copied, to: 0) }
        case .received(.copied, _): send(.written, to: 2)
        case .received(.read, _): send(.value(value), to: 3)
        case .received(.written, _): effects.append(.announce(.ended(ClientOperation(asked), .answered("ok"))))
        case .received(.value(let value), _):
            let answer = value == 0 ? "nil" : "\(value)"
            effects.append(.announce(.ended(ClientOperation(asked), .answered(answer))))
        }
    }
}
