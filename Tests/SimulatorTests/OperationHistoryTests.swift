import Checking
import Faults
import Simulator
import StateMachines
import Testing
import Traces

/// A server that asks nobody, as the client of its own register and for others: the operations of a command are told when it is
/// given, each outcome by a command of its own.
private struct Teller: ProtocolNode {
    enum Nothing: UInt8, Hashable, Sendable, CanonicalEncodable, Labelled {
        case nothing
        var label: String { "" }
        func encode(into encoder: inout CanonicalEncoder) {}
    }
    typealias Message = Nothing
    typealias Timer = Nothing
    typealias Record = Nothing
    struct Command: Hashable, Sendable, CanonicalEncodable, Labelled {
        var operation: ClientOperation
        var request: String?
        var outcome: OperationOutcome?
        var label: String { "tell" }
        func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(operation.number)
            encoder.encode(operation.client)
            encoder.encode(request)
        }
    }
    var summary: String { "" }
    var tellsOperations: Bool { true }
    func encode(into encoder: inout CanonicalEncoder) {}
    mutating func step(
        _ input: NodeInput<Nothing, Nothing, Nothing, Command>, at now: Tick,
        into effects: inout EffectBuffer<NodeEffect<Nothing, Nothing, Nothing>>
    ) {
        guard case .invoked(let command) = input else { return }
        if let request = command.request { effects.append(.announce(.began(command.operation, request: request))) }
        if let outcome = command.outcome { effects.append(.announce(.ended(command.operation, outcome))) }
    }
}

struct OperationHistoryTests {
    private typealias Plan = SimulationPlan<Teller>

    private static func told(
        _ node: Int, _ number: UInt32, of client: String? = nil, _ request: String? = nil,
        _ outcome: OperationOutcome? = nil
    ) -> (Int, Teller.Command) {
        (node, .init(operation: ClientOperation(number, of: client), request: request, outcome: outcome))
    }

    private func run(_ told: [(node: Int, command: Teller.Command)], faults: [String] = []) throws -> SimulationResult<
        Teller
    > {
        let names = ["A", "B"]
        return try Simulation.run(
            Plan(
                protocolName: "tellers", names: names, machines: [Teller(), Teller()],
                commands: told.enumerated().map { index, told in
                    Plan.ScheduledCommand(at: .milliseconds(UInt64(index)), to: NodeID(told.node), told.command)
                }, faults: try faults.map { try Fault(parsing: $0, in: .simulated(nodes: names)) }))
    }

    /// "A: write 1 → ok" in the order of calls.
    private func lines(_ history: History<RegisterModel.Request, RegisterModel.Response>) -> [String] {
        history.operations.map {
            "\(history.clients[$0.client]): \(RegisterModel().text(of: $0)) \($0.begin)…\($0.end ?? -1)"
        }
    }

    private func both(_ result: SimulationResult<Teller>) throws -> [String] {
        let ofWorld = lines(result.world.history.read(as: RegisterModel(), names: ["A", "B"]))
        #expect(try lines(History(result.trace, as: RegisterModel())) == ofWorld)
        return ofWorld
    }

    @Test func `trace and world tell the same history`() throws {
        let result = try run([
            Self.told(0, 1, "write 1"), Self.told(1, 1, "read"), Self.told(0, 1, nil, .answered("ok", version: 7)),
            Self.told(1, 1, nil, .answered("nil")), Self.told(1, 2, "write 2"), Self.told(1, 3, "read"),
            Self.told(1, 2, nil, .failed), Self.told(1, 3, nil, .unknown),
        ])
        #expect(try both(result) == ["A: write 1 → ok 0…2", "B: read → nil 1…3", "B: read → ? 5…-1"])
        #expect(result.trace.events.first { $0.kind == .respond }?.payload == "7")
    }

    @Test func `a client that asks two servers for one operation asks once and is told once`() throws {
        let result = try run([
            Self.told(0, 1, of: "c", "write 1"), Self.told(1, 1, of: "c", "write 1"),
            Self.told(1, 1, of: "c", nil, .answered("ok")), Self.told(0, 1, of: "c", nil, .unknown),
            Self.told(0, 1, of: "c", "write 1"), Self.told(0, 2, of: "c", "read", .answered("1")),
        ])
        #expect(try both(result) == ["c: write 1 → ok 0…1", "c: read → 1 2…3"])
        #expect(result.trace.events.filter { $0.kind == .invoke }.map(\.peer) == ["c", "c"])
    }

    @Test func `a crash leaves its operations open, and a restart begins as a new client`() throws {
        let result = try run(
            [Self.told(0, 1, "write 1"), Self.told(1, 1, "read"), Self.told(0, 1, "write 2", .answered("ok"))],
            faults: ["crash A at 1ms", "restart A at 1ms"])
        #expect(try both(result) == ["A: write 1 → ? 0…-1", "B: read → ? 1…-1", "A (2): write 2 → ok 2…3"])
        #expect(!result.world.history.isWaiting(NodeID(0), incarnation: 1))
        #expect(result.world.history.isWaiting(NodeID(1), incarnation: 0))
    }
}
