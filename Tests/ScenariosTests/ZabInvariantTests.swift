import Checking
import Scenarios
import Simulator
import StateMachines
import Testing
import Traces
import Zab

struct ZabInvariantTests {
    private static func zxid(_ epoch: Epoch, _ counter: UInt32) -> Zxid { Zxid(epoch: epoch, counter: counter) }

    /// The only server of its ensemble, which leads with this log.
    private func leader(with log: [Zxid]) -> ZabNode {
        var node = ZabSchedule(servers: 1, seed: 0).machines[0]
        var effects = EffectBuffer<ZabNode.Effect>()
        let epoch = (log.last?.epoch ?? 0) + 1
        for input in [
            .recovered(log.map { .entry(LogEntry(zxid: $0, payload: [])) }), .timerFired(.finalizeElection),
            .persisted(.epoch(.accepted(epoch))), .persisted(.epoch(.current(epoch))),
        ] as [ZabNode.Input] {
            node.step(input, at: .zero, into: &effects)
        }
        #expect(node.peer.role == .leading(epoch))
        return node
    }

    @Test(
        arguments: [
            ([], []), ([zxid(1, 1), zxid(1, 2), zxid(3, 1)], []),
            ([zxid(1, 1), zxid(1, 3)], ["local-primary-order"]), ([zxid(1, 2)], ["local-primary-order"]),
            ([zxid(1, 1), zxid(2, 2)], ["local-primary-order"]), ([zxid(1, 1), zxid(1, 1)], ["total-order"]),
            ([zxid(2, 1), zxid(1, 1)], ["total-order", "global-primary-order"]),
        ] as [([Zxid], [String])])
    func `what is delivered keeps the orders of primaries`(_ log: [Zxid], _ broken: [String]) {
        var world = World([leader(with: log)])
        world.nodes[0].status = .up
        let found = ZabInvariants(names: ["S1"]).always.compactMap { $0.violation(by: world)?.invariant }
        #expect(found == broken)
    }

    /// Of servers that tell this, one after the other: who, what, and the zxid of what is delivered.
    @Test(
        arguments: [
            (["S1 leading epoch 1 after 0:0", "S1 1:1 a", "S2 1:1 a", "S2 leading epoch 2 after 1:1"], []),
            (
                ["S1 leading epoch 1 after 0:0", "S1 looking", "S2 leading epoch 1 after 0:0"],
                ["leadership-over-time"]
            ),
            (
                ["S1 leading epoch 1 after 0:0", "S1 1:1 a", "S2 leading epoch 2 after 0:0"],
                ["primary-integrity", "committed-log-monotonicity"]
            ),
            // The old leader does not know yet that it has been replaced.
            (["S1 leading epoch 1 after 0:0", "S2 leading epoch 2 after 1:1", "S2 2:1 b", "S1 1:1 a"], []),
            (["S1 leading epoch 1 after 0:0", "S1 1:1 a", "S1 1:1 a"], ["committed-log-monotonicity"]),
            (["S1 leading epoch 2 after 1:1", "S3 1:2 a"], ["primary-integrity"]),
            (["S1 1:1 a", "S2 1:1 b"], ["agreement"]), (["S1 1:1 a", "S2 1:2 a"], ["integrity"]),
            (["S1 1:1 never asked"], ["integrity"]), (["S1 untimely commit"], ["should-not-be-triggered"]),
        ] as [([String], [String])])
    func `what servers tell keeps the promises of whole runs`(_ told: [String], _ broken: [String]) {
        let names = ["S1", "S2", "S3"]
        var trace = Trace(header: TraceHeader(protocolName: "zab", nodes: names))
        for payload in ["a", "b"] {
            trace.events.append(
                Event(order: trace.events.count + 1, time: .zero, kind: .invoke, node: "S1", payload: payload))
        }
        for (index, line) in told.enumerated() {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            var event = Event(order: index + 3, time: .zero, kind: .phaseBegin, node: words[0])
            event.label = words.dropFirst().joined(separator: " ")
            if words[1] == "untimely" { event.kind = .note }
            if words[1].contains(":") { (event.kind, event.payload, event.label) = (.decide, words[1], words[2]) }
            trace.events.append(event)
        }
        let run = FinishedRun(trace: trace, world: World(ZabSchedule(seed: 0).machines))
        let found = ZabInvariants(names: names).ofWholeRun.compactMap { $0.violation(by: run)?.invariant }
        #expect(found == broken)
    }
}
