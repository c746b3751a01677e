import Checking
import Explorer
import Faults
import Messages
import Simulator
import StateMachines
import Testing

/// Searches that judge what clients lived through.
struct HistoryTests {
    typealias Step = WorldStep<LazyRegister.Command>

    private let promises = ClientPromises(of: RegisterModel(), names: LazyRegister.names)

    private func model(waits: Bool) -> WorldModel<LazyRegister> {
        WorldModel(
            World(LazyRegister.machines(waits: waits)),
            commands: [
                (LazyRegister.writer, .write(1)), (LazyRegister.reader, .read), (LazyRegister.reader, .read),
            ])
    }

    private func search(
        _ consistency: Consistency, waits: Bool, isReduced: Bool = false
    ) -> SearchResult<Step> {
        var order = ExplorationOrder<LazyRegister>()
        order.options.isReduced = isReduced
        return explore(model(waits: waits), invariants: [promises.invariant(consistency)], order).search
    }

    @Test func `the explorer finds the stale read by itself`() throws {
        let found = search(.linearizable, waits: false)
        guard case .violated(let violation) = found.verdict else {
            Issue.record("\(found.verdict)")
            return
        }
        #expect(violation.invariant == "linearizable")
        // Write, its delivery, the answer's; then a read and its two deliveries.
        #expect(found.path.count == 6)
    }

    @Test(arguments: [
        (Consistency.sequential, false), (.causal, false), (.linearizable, true), (.sequential, true),
        (.sessionGuarantees, false),
    ])
    func `what is promised holds in every schedule`(consistency: Consistency, waits: Bool) {
        let found = search(consistency, waits: waits)
        #expect(found.verdict == .holds)
        #expect(found.isExhaustive)
    }

    @Test(arguments: [false, true])
    func `a reduced search of histories sees the same states`(waits: Bool) {
        let (whole, reduced) = (
            search(.sequential, waits: waits), search(.sequential, waits: waits, isReduced: true)
        )
        #expect(reduced.verdicts == whole.verdicts)
        #expect(reduced.progress.states == whole.progress.states)
        #expect(reduced.progress.generated < whole.progress.generated)
        let linearizable = search(.linearizable, waits: waits)
        #expect(search(.linearizable, waits: waits, isReduced: true).verdict == linearizable.verdict)
    }

    @Test func `what two clients are told cannot be exchanged`() {
        let model = model(waits: false)
        // Deliveries to each of the four nodes from each, then their writes.
        #expect(model.choices(independentOf: 8) == 0b0011_0000_0000_1111_1111)
        #expect(model.choices(independentOf: 0) == 0b1110_1111_1111_1111_0000)
    }

    /// The worlds after these steps of a model, one after the other.
    private func world(after steps: [Step], waits: Bool = false) -> World<LazyRegister> {
        var world = model(waits: waits).initialStates[0].world
        var observer = SilentObserver<LazyRegister>()
        for step in steps { #expect(world.apply(step, at: .zero, observer: &observer), "\(step)") }
        return world
    }

    private func name(_ node: NodeID, _ step: Int, _ ordinal: Int) -> CausalName {
        CausalName(node: node.index, incarnation: 0, step: step, ordinal: ordinal)
    }

    @Test func `only the order that promises are about tells histories apart`() {
        let (writer, reader) = (LazyRegister.writer, LazyRegister.reader)
        let write = Step(.invoke(writer, .write(1)))
        let read = Step(.invoke(reader, .read))
        let reading = [
            Step(.deliver(name(reader, 2, 1))), Step(.deliver(name(NodeID(1), 2, 0))),
        ]
        let writing = [
            Step(.deliver(name(writer, 2, 1))), Step(.deliver(name(NodeID(0), 2, 1))),
        ]
        #expect(world(after: [write, read]) == world(after: [read, write]))
        // The same nodes and messages; but here the read was over before the write began.
        let (during, before) = (world(after: [write, read] + reading), world(after: [read] + reading + [write]))
        #expect(during.nodes.map { $0.machine } == before.nodes.map { $0.machine })
        #expect(during != before)
        let both = world(after: [write, read] + reading + writing)
        #expect(both == world(after: [write, read] + writing + reading))
        #expect(both == world(after: [read, write] + writing + reading))
        #expect(both != world(after: [write] + writing + [read] + reading))
        #expect(both != world(after: [read] + reading + [write] + writing))
    }
}
