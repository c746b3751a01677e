import Checking
import Messages
import Scenarios
import Simulator
import StateMachines
import Testing
import Traces

struct EnsembleSimulationTests {
    private func problems(_ schedule: EnsembleSchedule) throws -> [String] {
        let run = EnsembleRun(try Simulation.run(schedule.plan), serverCount: schedule.serverCount)
        return EnsembleInvariants.problems(of: run).map { "\($0.invariant): \($0.problem.text(in: .english))" }
    }

    @Test func `nights have everything that can go wrong`() throws {
        var counts: [String: Int] = [:]
        for seed in 0..<20 as Range<UInt64> {
            let schedule = EnsembleSchedule(seed: seed)
            let result = try Simulation.run(schedule.plan)
            for event in result.trace.events {
                switch event.kind {
                case .receive: counts[event.label ?? "", default: 0] += 1
                case .persisted: counts["disk: " + (event.label ?? ""), default: 0] += 1
                case .decide, .crash, .restart, .pause, .skew: counts["\(event.kind)", default: 0] += 1
                default: break
                }
            }
            for client in EnsembleRun(result, serverCount: schedule.serverCount).clientEvents {
                counts["client: \(client)", default: 0] += 1
            }
        }
        for word in [
            "DIFF", "TRUNC", "SNAP", "REQUEST", "REVALIDATE", "SYNC", "SETWATCHES", "disk: log", "disk: cut",
            "disk: snapshot", "disk: remove", "disk: acceptedEpoch", "disk: currentEpoch", "decide", "crash", "restart",
            "pause", "skew", "client: answered", "client: refused", "client: notified", "client: opened",
            "client: resumed", "client: lost", "client: expired",
        ] {
            #expect(counts[word, default: 0] > 0, "no night had a ‘\(word)’")
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `three whole servers survive a bad night`(_ seed: UInt64) throws {
        #expect(try problems(EnsembleSchedule(seed: seed)) == [], "seed \(seed)")
    }
}
