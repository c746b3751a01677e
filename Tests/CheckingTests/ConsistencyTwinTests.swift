import Checking
import StateMachines
import Testing

struct ConsistencyTwinTests {
    /// At most `count` reads and writes of three clients on two keys; reads show anything that is written somewhere.
    static func make(
        count: Int, using random: inout SplitMix64
    ) -> History<KeyValueModel.Request, KeyValueModel.Response> {
        struct Planned {
            var client: String
            var key: String
            var isWrite: Bool
        }
        let plan = (0..<count).map { _ in
            Planned(
                client: ["A", "B", "C"][Int(random.uniform(in: 0...2))],
                key: ["x", "x", "y"][Int(random.uniform(in: 0...2))], isWrite: random.uniform(in: 0...1) == 0)
        }
        var recorder = HistoryRecorder<KeyValueModel.Request, KeyValueModel.Response>()
        for (number, planned) in plan.enumerated() {
            if planned.isWrite {
                let write = recorder.called(by: planned.client, .put(key: planned.key, value: "\(number)"))
                if random.uniform(in: 0...7) > 0 { recorder.answered(write, .done) }
                continue
            }
            let values = plan.indices.filter { plan[$0].isWrite && plan[$0].key == planned.key }.map { "\($0)" } + [""]
            let read = recorder.called(by: planned.client, .get(key: planned.key))
            recorder.answered(read, .value(values[Int(random.uniform(in: 0...UInt64(values.count - 1)))]))
        }
        return recorder.history
    }

    @Test(arguments: 1...25 as ClosedRange<UInt64>)
    func `every verdict is that of trying the definition out`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<8 {
            let history = Self.make(count: Int(random.uniform(in: 2...5)), using: &random)
            let twin = ConsistencyTwin(history: try ReadWriteHistory(history, of: KeyValueModel()))
            func holds(_ consistency: Consistency) throws -> Bool {
                try HistoryCheck(of: KeyValueModel()).judge(history, consistency).verdict == .holds
            }
            for guarantee in ConsistencyTests.sessions.sorted(by: { $0.rawValue < $1.rawValue }) {
                #expect(try holds(guarantee) == twin.holds([guarantee]), "seed=\(seed) \(guarantee): \(history)")
            }
            for causal in [Consistency.causal, .causalMemory, .causalConvergence] {
                #expect(try holds(causal) == twin.isCausal(causal), "seed=\(seed) \(causal): \(history)")
            }
            let verdict = try HistoryCheck(of: KeyValueModel()).judge(history, .eventual).verdict
            switch twin.converges {
            case true?: #expect(verdict == .holds, "seed=\(seed): \(history)")
            case false?:
                guard case .violated = verdict else {
                    Issue.record("seed=\(seed): \(verdict) of \(history)")
                    continue
                }
            case nil: #expect(verdict == .unknown(.events(history.operations.count)), "seed=\(seed): \(history)")
            }
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `what is stronger holds less often`(seed: UInt64) throws {
        let implications: [(Consistency, Consistency)] = [
            (.linearizable, .sequential), (.sequential, .causalMemory), (.sequential, .causalConvergence),
            (.causalMemory, .causal), (.causalConvergence, .causal), (.causalConvergence, .sessionGuarantees),
            (.sessionGuarantees, .readYourWrites), (.sessionGuarantees, .monotonicReads),
            (.sessionGuarantees, .monotonicWrites), (.sessionGuarantees, .writesFollowReads),
        ]
        var random = SplitMix64(seed: seed, stream: "implications")
        for _ in 0..<10 {
            let history = Self.make(count: Int(random.uniform(in: 3...10)), using: &random)
            let check = HistoryCheck(of: KeyValueModel())
            for (stronger, weaker) in implications where try check.judge(history, stronger).verdict == .holds {
                #expect(
                    try check.judge(history, weaker).verdict == .holds,
                    "seed=\(seed): \(stronger) without \(weaker): \(history)")
            }
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `four guarantees together never allow more than their definitions`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed, stream: "together")
        for _ in 0..<8 {
            let history = Self.make(count: Int(random.uniform(in: 2...6)), using: &random)
            let twin = ConsistencyTwin(history: try ReadWriteHistory(history, of: KeyValueModel()))
            if twin.holds(ConsistencyTests.sessions) {
                let judgement = try HistoryCheck(of: KeyValueModel()).judge(history, .sessionGuarantees)
                #expect(judgement.verdict == .holds, "seed=\(seed): \(history)")
            }
        }
    }
}
