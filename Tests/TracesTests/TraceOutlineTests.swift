import StateMachines
import Testing
import Traces

struct TraceOutlineTests {
    private func event(
        _ order: Int, _ kind: EventKind, _ node: String = "A", id: String? = nil, state: String? = nil
    ) -> Event {
        Event(order: order, time: .milliseconds(UInt64(order)), kind: kind, node: node, id: id, state: state)
    }

    @Test func `messages stand where they end, and small steps are left out`() {
        let trace = Trace(
            header: TraceHeader(protocolName: "p", nodes: ["A", "B"]),
            events: [
                event(1, .phaseBegin), event(2, .send, id: "m", state: "s"), event(3, .send, id: "lost"),
                event(4, .send, id: "flying"), event(5, .timerSet), event(6, .persist),
                event(7, .persisted, state: "t"),
                event(8, .receive, "B", id: "m", state: "u"), event(9, .drop, "B", id: "lost"),
                event(10, .receive, "B", id: "m"), event(11, .receive, "B", id: "foreign"), event(12, .decide, "B"),
            ])
        let outline = trace.outline
        #expect(outline.header == trace.header)
        #expect(outline.events.map(\.order) == [4, 7, 2, 8, 3, 9, 10, 11, 12])
        #expect(outline.events.map(\.time) == outline.events.map(\.time).sorted())
        #expect(outline.events.compactMap(\.state) == ["t"])
    }
}
