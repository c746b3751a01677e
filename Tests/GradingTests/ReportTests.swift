import Goldens
import Grading
import Messages
import StateMachines
import Testing

/// Every format of one made-up class, compared with goldens.
struct ReportTests {
    static let reports: [SubmissionReport] = {
        var lin = SubmissionReport(name: "lin", seed: 7, sandbox: .bubblewrap)
        lin.exercise = "exclusive-lock"
        lin.exerciseTitle = LocalizedText("An exclusive lock", zh: "排他锁")
        lin.language = "python"
        lin.checks = [
            check(.makesProgress, .passed, JudgementMessages.allEntered("A, B, C")),
            check(.mutualExclusion, .failed, JudgementMessages.bothInside("A", "B", "1.5 s"), parent: .makesProgress),
            check(.releasesOnExpiry, .failed, JudgementMessages.neverEntered("B", "6 s"), parent: .makesProgress),
            check(
                .fencingTokenRises, .skipped, GradingMessages.skippedBecause("releases-on-expiry"),
                parent: .releasesOnExpiry),
            check(
                .fairOrder, .unknown,
                GradingMessages.machineTooBusy(JudgementMessages.neverEntered("C", "6 s"), "2.5 s"),
                parent: .makesProgress),
            check(
                .noHerd, .judgeFailed,
                GradingMessages.judgeFailed(GradingMessages.cannotWrite("/data", "No space left on device")),
                parent: .makesProgress),
        ]
        var broken = SubmissionReport(name: "=Ada, \"the\" first", seed: 7, sandbox: .limits)
        broken.problem = GradingMessages.doesNotCompile("main.swift:3: error: <unexpected> & 'odd' \u{1B}[31m")
        return [lin, broken]
    }()

    private static func check(
        _ rule: RuleID, _ status: CheckReport.Status, _ happened: LocalizedText, parent: RuleID? = nil
    ) -> CheckReport {
        var report = CheckReport(
            rule: rule, status: status, possible: 10, isHidden: false, parent: parent, lesson: "locks",
            happened: happened, expected: rule.expected(sessionTimeout: .milliseconds(2_000)),
            replay: "zoolab grade 'my lock' --rule \(rule.rawValue) --seed 7", seconds: 1.234, output: [])
        if status == .failed {
            report.diagram = LocalizedText("runs/diagram.en.svg", zh: "runs/diagram.zh.svg")
            report.trace = "runs/trace.jsonl"
            report.output = [CheckReport.ProgramOutput(program: "B", text: "waiting\nPASS 100/100\n")]
        }
        return report
    }

    @Test func `the text report reads as its golden, in both languages`() throws {
        for language in Language.allCases {
            let text = Self.reports.map { $0.text(in: language) }.joined(separator: "\n")
            #expect(try Golden.difference(text, "report.\(language.rawValue).txt") == nil)
        }
    }

    @Test func `the JSON report reads as its golden`() throws {
        #expect(try Golden.difference(Self.reports.map { try $0.json() }.joined(), "report.json") == nil)
    }

    @Test func `JUnit and CSV read as their goldens`() throws {
        #expect(try Golden.difference(ClassReport.junit(Self.reports, in: .english), "junit.xml") == nil)
        #expect(try Golden.difference(ClassReport.csv(Self.reports, in: .chinese), "grades.csv") == nil)
    }
}
