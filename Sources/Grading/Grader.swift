package import Foundation

import Messages
package import StateMachines
import Synchronization
import TraceFiles
import Traces

/// Grades submissions: builds each, plays the scenario of every rule, judges the records, writes the report.
package struct Grader: Sendable {
    package var catalogue: ExerciseCatalogue
    package var contentRoot: URL
    package var environment: [String: String]
    package var sandbox = Sandbox.best
    package var seed: UInt64 = 1
    /// Judges these rules only, and their parents.
    package var rules: Set<RuleID>?
    /// Where the runs that failed are kept; `nil` keeps none.
    package var runsFolder: URL?
    /// Scenarios of one submission that run at the same time.
    package var width = 3
    /// The session timeout of every scenario.
    package var sessionTimeout = Tick.milliseconds(2_000)

    package init(contentRoot: URL, environment: [String: String]) throws {
        self.contentRoot = contentRoot
        self.environment = environment
        catalogue = try ExerciseCatalogue(contentRoot: contentRoot)
    }

    /// Grades one folder. Whatever is wrong with it, or with the judge, is in the report.
    package func grade(_ folder: URL) async -> SubmissionReport {
        var report = SubmissionReport(name: folder.lastPathComponent, seed: seed, sandbox: sandbox.level)
        let work = FileManager.default.temporaryDirectory.appendingPathComponent("zoolab-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: work) }
        do {
            try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
            let submission = try Submission(folder: folder)
            report.language = submission.language.rawValue
            let exercise = try catalogue.exercise(submission.exercise)
            report.exercise = exercise.id
            report.exerciseTitle = exercise.titles.text
            report.checks = unjudged(exercise)
            let builder = Builder(contentRoot: contentRoot, environment: environment, sandbox: sandbox)
            let runnable = try await builder.build(submission, of: exercise, in: work)
            report.checks = await judge(runnable, exercise, submission, work)
        } catch let problem as SubmissionProblem {
            report.problem = problem.message
        } catch let failure as any LocalizedFailure {
            report.judgeFailure = failure.message
        } catch {
            report.judgeFailure = LocalizedText("\(error)", zh: "\(error)")
        }
        return report
    }

    /// The checks of an exercise, none of them judged, so that points are counted even where nothing could be run.
    private func unjudged(_ exercise: Exercise) -> [CheckReport] {
        wanted(exercise).map { check, parent in
            CheckReport(
                rule: check.rule, status: .skipped, possible: check.points, isHidden: check.visibility == .hidden,
                parent: parent, lesson: exercise.lesson, happened: GradingMessages.nothingRan,
                expected: check.rule.expected(sessionTimeout: sessionTimeout), replay: "", seconds: 0, output: [])
        }
    }

    private func wanted(_ exercise: Exercise) -> [(check: Exercise.Check, parent: RuleID?)] {
        let all = exercise.flatChecks
        guard var names = rules else { return all }
        // Parents come before their children, so going backwards finds every ancestor.
        for (check, parent) in all.reversed() where names.contains(check.rule) {
            if let parent { names.insert(parent) }
        }
        return all.filter { names.contains($0.check.rule) }
    }

    // MARK: Checks

    /// Judges parents before their children, and up to `width` checks at the same time.
    private func judge(
        _ runnable: Runnable, _ exercise: Exercise, _ submission: Submission, _ work: URL
    ) async -> [CheckReport] {
        var reports = unjudged(exercise)
        var waiting = Array(reports.indices)
        var statuses: [RuleID: CheckReport.Status] = [:]
        await withTaskGroup(of: (Int, CheckReport).self) { group in
            var running = 0
            func finish(_ index: Int, _ report: CheckReport) {
                reports[index] = report
                statuses[report.rule] = report.status
            }
            while !waiting.isEmpty || running > 0 {
                let ready = waiting.first { index in reports[index].parent.map { statuses[$0] != nil } ?? true }
                if let index = ready, let parent = reports[index].parent, statuses[parent] != .passed {
                    waiting.removeAll { $0 == index }
                    var skipped = reports[index]
                    skipped.happened = GradingMessages.skippedBecause(parent.rawValue)
                    finish(index, skipped)
                } else if let index = ready, running < width {
                    waiting.removeAll { $0 == index }
                    running += 1
                    let check = reports[index]
                    group.addTask { (index, await run(check, index, runnable, exercise, submission, work)) }
                } else if let (index, report) = await group.next() {
                    running -= 1
                    finish(index, report)
                }
            }
        }
        return reports
    }

    private func run(
        _ check: CheckReport, _ index: Int, _ runnable: Runnable, _ exercise: Exercise, _ submission: Submission,
        _ work: URL
    ) async -> CheckReport {
        var report = check
        report.replay = replayCommand(for: check.rule, submission)
        let start = ContinuousClock.now
        do {
            let outcome = try await play(check.rule, index, runnable, exercise, work)
            report.output = outcome.output
            let verdict = check.rule.judge(outcome.record)
            report.conclude(from: outcome.conclusion(verdict), outcome.starvation, sessionTimeout: sessionTimeout)
            if report.status != .passed { try keepRun(outcome.record, verdict, &report, submission) }
        } catch let failure as any LocalizedFailure {
            report.status = .judgeFailed
            report.happened = GradingMessages.judgeFailed(failure.message)
        } catch {
            report.status = .judgeFailed
            report.happened = GradingMessages.judgeFailed(LocalizedText("\(error)", zh: "\(error)"))
        }
        let elapsed = (ContinuousClock.now - start).components
        report.seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        return report
    }

    private func play(
        _ rule: RuleID, _ index: Int, _ runnable: Runnable, _ exercise: Exercise, _ work: URL
    ) async throws -> StageOutcome {
        var random = SplitMix64(seed: seed, stream: "path " + rule.rawValue)
        let plan = StagePlan(
            programs: (0..<rule.programCount).map { String(UnicodeScalar(UInt8(65 + $0))) },
            sessionTimeout: sessionTimeout, kind: exercise.kind,
            path: "/exercise-" + String(random.uniform(in: 0x1000...0xFFFF), radix: 16), seed: seed, runnable: runnable,
            sandbox: sandbox, dataFolder: work.appendingPathComponent("server-\(rule.rawValue)").path,
            firstSlot: SlotAllocator.shared.take(rule.programCount))
        let stage = try await Stage(plan)
        do {
            if try await stage.programsAreReady() {
                var script = Script(stage: stage, rule: rule, seed: seed)
                try await script.play()
            }
        } catch {
            _ = await stage.finish()
            throw error
        }
        return await stage.finish()
    }

    private func replayCommand(for rule: RuleID, _ submission: Submission) -> String {
        let path = submission.folder.path
        let quoted =
            path.contains(where: { " '\"$\\".contains($0) })
            ? "'" + path.replacingOccurrences(of: "'", with: "'\\''") + "'" : path
        return "zoolab grade \(quoted) --rule \(rule.rawValue) --seed \(seed)"
    }

    // MARK: The failing run

    /// Writes trace and diagram of a failing run, and puts their names into the report.
    private func keepRun(
        _ record: JudgeRecord, _ verdict: RuleVerdict, _ report: inout CheckReport, _ submission: Submission
    ) throws {
        guard let runsFolder else { return }
        let folder = runsFolder.appendingPathComponent(submission.name).appendingPathComponent(report.rule.rawValue)
        try RunFiles(folder: folder).write(
            record, verdict: verdict, rule: report.rule, seed: seed, into: &report)
    }
}

extension StageOutcome {
    /// The rule's verdict, unless a program gave it no chance.
    fileprivate func conclusion(_ verdict: RuleVerdict) -> RuleVerdict {
        switch trouble {
        case .misdeed(let text)?: .failed(text, at: nil)
        case .late(let text)?: .late(text, at: nil)
        case nil: verdict
        }
    }
}

extension CheckReport {
    /// Takes the status from a verdict. Where the machine kept everybody waiting, being late is nobody's failure.
    package mutating func conclude(from verdict: RuleVerdict, _ starvation: Starvation, sessionTimeout: Tick) {
        switch verdict {
        case .passed(let text): (status, happened) = (.passed, text)
        case .failed(let text, _): (status, happened) = (.failed, text)
        case .late(let text, _):
            guard starvation.excusesLateness(sessionTimeout: sessionTimeout) else {
                (status, happened) = (.failed, text)
                return
            }
            status = .unknown
            happened = GradingMessages.machineTooBusy(text, Grading.seconds(starvation.waited))
        }
    }
}

/// Hands out numbers that tell sandboxed programs apart, in turn.
final class SlotAllocator: Sendable {
    static let shared = SlotAllocator()
    private let next = Mutex(0)

    /// The first of `count` numbers in a row; they come round again after 900.
    func take(_ count: Int) -> Int {
        next.withLock { next in
            if next + count > 900 { next = 0 }
            defer { next += count }
            return next
        }
    }
}
