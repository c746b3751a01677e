import Scenarios
import StateMachines
import Testing
import Traces

struct RunMeasuresTests {
    /// A asks B, B votes on disk and answers, A decides and tells; times in milliseconds.
    private func trace(_ rest: [Event]) -> Trace {
        let events = [
            event(1, 0, .send, "A", id: "before"), event(2, 5, .invoke, "A"),
            event(3, 5, .send, "A", cause: 2, id: "ask"), event(4, 15, .receive, "B", cause: 3, id: "ask"),
            event(5, 15, .persist, "B", cause: 4), event(6, 17, .persisted, "B", cause: 5),
            event(7, 17, .send, "B", cause: 6, id: "vote"), event(8, 27, .receive, "A", cause: 7, id: "vote"),
        ]
        return Trace(
            header: TraceHeader(protocolName: "test", nodes: ["A", "B"], seed: 1, title: nil, parameters: []),
            events: events + rest)
    }

    private func event(
        _ order: Int, _ time: UInt64, _ kind: EventKind, _ node: String, cause: Int? = nil, id: String? = nil,
        label: String? = nil
    ) -> Event {
        Event(order: order, time: .milliseconds(time), kind: kind, node: node, id: id, cause: cause, label: label)
    }

    @Test func `from the request to the last decision`() {
        let trace = trace([
            event(9, 27, .decide, "A", cause: 8, label: "commit"), event(10, 27, .send, "A", cause: 8, id: "tell"),
            event(11, 37, .receive, "B", cause: 10, id: "tell"),
            event(12, 37, .decide, "B", cause: 11, label: "commit"),
            event(13, 90, .send, "B", cause: 11, id: "heartbeat"),
        ])
        let measures = RunMeasures(of: trace, from: trace.events[1], stuck: [])
        #expect(measures.messages == 3 && measures.forcedWrites == 1)
        #expect(measures.delays == 2)
        #expect(measures.waiting == .milliseconds(20))
        #expect(measures.outcomes == ["commit"])
    }

    @Test func `who is stuck waits to the end, who is gone does not`() {
        let trace = trace([event(9, 28, .crash, "A"), event(10, 90, .send, "B", cause: 6, id: "inquire")])
        let stuck = RunMeasures(of: trace, from: trace.events[1], stuck: ["B"])
        #expect(stuck.waiting == .milliseconds(73) && stuck.messages == 3)
        #expect(stuck.delays == nil && stuck.outcomes.isEmpty)
        #expect(RunMeasures(of: trace, from: trace.events[1], stuck: []).waiting == .zero)
    }
}
