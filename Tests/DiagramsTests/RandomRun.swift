import StateMachines
import Traces

/// Runs of every kind of event in every order a trace file may hold, for properties.
enum RandomRun {
    private static let words = [
        "PREPARE", "YES", "a rather long label of a message, with details", "准备", "提交事务并释放全部锁", "x", "<&\"\\N>",
        "COMMIT?", "term 4 index 17",
    ]

    static func make(events count: Int, using random: inout SplitMix64) -> Trace {
        let nodes = Array(["C", "P1", "节点二", "a longer name", "S5"].prefix(Int(random.uniform(in: 1...5))))
        var trace = Trace(header: TraceHeader(protocolName: "random", nodes: nodes, seed: 1, title: pick(&random)))
        var sent: [String] = []
        var time = Tick.zero
        for order in 1...count {
            if random.chance(partsPerMillion: 600_000) {
                let isLong = random.chance(partsPerMillion: 30_000)
                time = time + Tick(microseconds: random.uniform(in: 1...(isLong ? 9_000_000 : 4_000)))
            }
            var event = Event(
                order: order, time: time, kind: kind(&random), node: any(nodes, &random), peer: any(nodes, &random),
                label: maybe(pick(&random), &random), payload: maybe(pick(&random), &random),
                state: random.chance(partsPerMillion: 150_000) ? pick(&random) : nil)
            switch event.kind {
            case .send:
                event.id = "m\(order)"
                event.label = pick(&random)
                sent.append(event.id!)
            case .receive, .drop, .duplicate:
                if sent.isEmpty {
                    event.kind = .note
                } else {
                    event.id = any(sent, &random)
                }
            case .partition:
                let split = Int(random.uniform(in: 0...UInt64(nodes.count)))
                event.label =
                    nodes.prefix(split).joined(separator: ",") + "|" + nodes.dropFirst(split).joined(separator: ",")
            default: break
            }
            trace.events.append(event)
        }
        return trace
    }

    /// Half of all events are messages.
    private static func kind(_ random: inout SplitMix64) -> EventKind {
        if random.chance(partsPerMillion: 500_000) { return any([.send, .send, .receive, .receive, .drop], &random) }
        return any(EventKind.allCases, &random)
    }

    private static func any<Value>(_ values: [Value], _ random: inout SplitMix64) -> Value {
        values[Int(random.uniform(in: 0...UInt64(values.count - 1)))]
    }
    private static func pick(_ random: inout SplitMix64) -> String { any(words, &random) }
    private static func maybe<Value>(_ value: Value, _ random: inout SplitMix64) -> Value? {
        random.chance(partsPerMillion: 700_000) ? value : nil
    }
}
