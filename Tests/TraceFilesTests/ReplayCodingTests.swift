import Foundation
import Messages
import Simulator
import StateMachines
import Testing
import TraceFiles
import Traces

struct ReplayCodingTests {
    static let replay = ReplayFile(
        header: ReplayFile.Header(
            toolVersion: "0.1", protocolName: "ping-pong", title: "A \"ping\"", nodes: ["C", "S"],
            parameters: [.init(name: "pings", value: "3")], seed: .max,
            network: NetworkModel(delay: .milliseconds(5), jitter: .microseconds(7), isOrdered: false),
            budgets: FaultBudgets(losses: 1, crashes: 2), faults: ["drop PING 1"], invariants: ["answered"]),
        entries: [
            .init(time: .zero, event: "start C", fingerprint: Fingerprint(high: 1, low: .max), state: "idle"),
            .init(
                time: .microseconds(10_977), event: "deliver C.0.2.0", fingerprint: Fingerprint(high: 0, low: 0),
                state: ""),
        ], outcome: .violated(invariant: "answered"))

    @Test(arguments: [ReplayFile.Outcome.holds, .unknown, .violated(invariant: "answered")])
    func `a replay reads back as it was written`(outcome: ReplayFile.Outcome) throws {
        var replay = Self.replay
        replay.outcome = outcome
        #expect(try ReplayCoding.decode(Data(ReplayCoding.encode(replay)), name: "x") == replay)
    }

    @Test func `budgets of pauses and one-way cuts are kept`() throws {
        var replay = Self.replay
        replay.header.budgets = FaultBudgets(losses: 1, pauses: 2, cuts: 3)
        #expect(try ReplayCoding.decode(Data(ReplayCoding.encode(replay)), name: "x") == replay)
    }

    @Test func `a lap is written down, and cannot be longer than the run`() throws {
        var replay = Self.replay
        replay.cycle = 2
        let bytes = ReplayCoding.encode(replay)
        #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("\"invariant\":\"answered\",\"cycle\":2}\n"))
        #expect(try ReplayCoding.decode(Data(bytes), name: "x") == replay)
        replay.cycle = 3
        #expect(throws: TraceFileFailure.self) { try ReplayCoding.decode(Data(ReplayCoding.encode(replay)), name: "x") }
    }

    @Test func `the bytes are written down`() {
        #expect(
            String(decoding: ReplayCoding.encode(Self.replay), as: UTF8.self) == """
                {"format":"zoolab-replay","version":1,"tool":"0.1","protocol":"ping-pong","nodes":["C","S"],"parameters":{"pings":"3"},"network":{"delayMicroseconds":5000,"isOrdered":false,"jitterMicroseconds":7},"disk":{"delayMicroseconds":2000,"jitterMicroseconds":200},"generator":"splitmix64","budgets":{"crashes":2,"duplications":0,"earlyTimeouts":0,"losses":1,"partitions":0,"restarts":0},"faults":["drop PING 1"],"invariants":["answered"],"title":"A \\"ping\\"","seed":"18446744073709551615"}
                {"t":0,"event":"start C","state":"idle","fingerprint":"0000000000000001ffffffffffffffff"}
                {"t":10.977,"event":"deliver C.0.2.0","fingerprint":"00000000000000000000000000000000"}
                {"outcome":"violated","invariant":"answered"}

                """)
    }

    @Test func `every cut is noticed, and bad lines are named`() throws {
        let bytes = ReplayCoding.encode(Self.replay)
        for length in 0..<bytes.count - 1 {
            #expect(throws: TraceFileFailure.self) { try ReplayCoding.decode(Data(bytes.prefix(length)), name: "x") }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        func problem(_ old: String, _ new: String) -> TraceFileFailure? {
            let changed = Data(text.replacingOccurrences(of: old, with: new).utf8)
            return #expect(throws: TraceFileFailure.self) { try ReplayCoding.decode(changed, name: "x") }
        }
        #expect(problem("zoolab-replay", "zoolab-trace")?.problem == .notAReplay)
        #expect(problem("\"version\":1", "\"version\":2")?.problem == .wrongVersion(found: "2"))
        #expect(problem("\"delayMicroseconds\":2000", "\"delayMicroseconds\":\(UInt64.max)")?.problem == .notAReplay)
        #expect(problem("\"losses\":1", "\"losses\":1000")?.problem == .notAReplay)
        #expect(problem("ffffffffffffffff\"", "xyz\"")?.line == 2)
        #expect(problem("\"event\":\"deliver C.0.2.0\",", "")?.line == 3)
        #expect(problem("violated", "won")?.line == 4)
    }
}
