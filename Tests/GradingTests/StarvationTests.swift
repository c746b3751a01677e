import Foundation
import Grading
import Messages
import StateMachines
import Testing

/// Whether a busy machine is told from a slow program.
struct StarvationTests {
    private static let late = RuleVerdict.late(JudgementMessages.neverEntered("B", "6 s"), at: nil)

    @Test(arguments: [
        // Half a session timeout of two seconds went by without a processor, and others had them.
        (waited: 1_000, used: 100, CheckReport.Status.unknown), (waited: 5_000, used: 9_999, .unknown),
        (waited: 999, used: 100, .failed), (waited: 0, used: 0, .failed),
        // It asks without waiting, and so keeps itself from going on.
        (waited: 5_000, used: 10_000, .failed),
    ])
    func `being late is excused where others had the processors`(
        waited: UInt64, used: UInt64, status: CheckReport.Status
    ) {
        let starvation = Starvation(
            waited: .milliseconds(waited), used: .milliseconds(used), elapsed: .seconds(10), processors: 2)
        #expect(conclusion(of: Self.late, starvation).status == status)
    }

    @Test func `what is a fact, or was in time, stays so on any machine`() {
        let starvation = Starvation(waited: .seconds(60), used: .zero, elapsed: .seconds(60), processors: 2)
        let text = JudgementMessages.tooFewStays
        #expect(conclusion(of: .failed(text, at: 3), starvation).status == .failed)
        #expect(conclusion(of: .passed(text), starvation).status == .passed)
        #expect(conclusion(of: Self.late, starvation).happened.english.contains("60 s for a processor"))
    }

    private func conclusion(of verdict: RuleVerdict, _ starvation: Starvation) -> CheckReport {
        var report = CheckReport(
            rule: .makesProgress, status: .skipped, possible: 10, isHidden: false, parent: nil, lesson: "locks",
            happened: GradingMessages.nothingRan, expected: GradingMessages.nothingRan, replay: "", seconds: 0,
            output: [])
        report.conclude(from: verdict, starvation, sessionTimeout: .seconds(2))
        return report
    }

    @Test func `the meter counts from the beginning, and threads that have ended`() {
        var meter = StarvationMeter(at: .zero)
        func time(_ used: UInt64, _ waited: UInt64) -> ProcessorTime {
            ProcessorTime(used: .milliseconds(used), waited: .milliseconds(waited))
        }
        meter.add([1: time(100, 900), 2: time(10, 0)], of: "A")
        meter.looked(at: .seconds(4))  // Starting may take its time.
        meter.begin(at: .seconds(5))
        meter.looked(at: .milliseconds(5_250))
        meter.add([1: time(200, 1_000)], of: "A")
        meter.add([7: time(50, 300)], of: "B")
        meter.add([2: time(20, 30)], of: "A")
        meter.looked(at: .milliseconds(5_500))
        #expect(
            meter.starvation(at: .seconds(6), processors: 2)
                == Starvation(waited: .milliseconds(300), used: .milliseconds(160), elapsed: .seconds(1), processors: 2)
        )
        meter.looked(at: .milliseconds(6_500))  // The judge itself was kept waiting.
        #expect(meter.starvation(at: .milliseconds(6_500), processors: 2).waited == .milliseconds(740))
    }

    #if os(Linux)
        @Test func `the system tells what threads have had`() {
            let begun = ContinuousClock.now
            var sum = 0
            while ContinuousClock.now - begun < .milliseconds(30) { sum &+= 1 }
            let times = ProcessorTime.ofThreads(process: String(ProcessInfo.processInfo.processIdentifier))
            #expect(sum > 0 && times.values.contains { $0.used > .zero })
            #expect(ProcessorTime.ofThreads(process: "0").isEmpty)
        }
    #endif
}
