import Foundation
import Grading
import Messages
import StateMachines
import Testing

/// One program of the corpus and the whole verdict it must get, from the real server, every time.
struct CorpusEntry: CustomStringConvertible, Sendable {
    var exercise: String
    var folder: String
    /// The rules it breaks; every other rule that is judged must be kept.
    var broken: Set<RuleID>

    var description: String { "\(exercise)/\(folder)" }

    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

    /// Every folder of the fixtures: the folder's name says what must be found.
    static let all: [CorpusEntry] = ["exclusive-lock", "leader-election"].flatMap { exercise in
        let folder = fixtures.appendingPathComponent(exercise)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().map { CorpusEntry(exercise: exercise, folder: $0, broken: broken(by: $0, in: exercise)) }
    }

    /// `wrong-RULE`, and `wrong-RULE-VARIANT`, break their rule and no other; the one-node programs of lecture notes lose what the task says.
    private static func broken(by name: String, in exercise: String) -> Set<RuleID> {
        if name.hasPrefix("wrong-") {
            let rule = name.dropFirst("wrong-".count)
            return RuleID.allCases.first { (rule + "-").hasPrefix($0.rawValue + "-") }.map { [$0] } ?? []
        }
        guard name == "one-node" else { return [] }
        return exercise == "exclusive-lock" ? [.fairOrder, .noHerd] : [.noHerd]
    }

    /// The submission as a student would hand it in. A wrong program in Python changes one thing of the right one, which it
    /// finds beside itself as `right.py`.
    func submission() throws -> URL {
        let source = Self.fixtures.appendingPathComponent(exercise).appendingPathComponent(folder)
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent(
            "corpus-\(UUID().uuidString)/\(folder)")
        try FileManager.default.createDirectory(
            at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: source, to: copy)
        let isSwift = FileManager.default.fileExists(atPath: copy.appendingPathComponent("main.swift").path)
        if !isSwift, folder.hasPrefix("wrong-") {
            try FileManager.default.copyItem(
                at: Self.fixtures.appendingPathComponent("\(exercise)/right-python/main.py"),
                to: copy.appendingPathComponent("right.py"))
        }
        let manifest = "{\"exercise\": \"\(exercise)\", \"language\": \"\(isSwift ? "swift" : "python")\"}\n"
        try Data(manifest.utf8).write(to: copy.appendingPathComponent("submission.json"))
        return copy
    }

    /// What `report` says otherwise than it must, in words; empty where all is well.
    func deviations(in report: SubmissionReport) -> [String] {
        var deviations: [String] = []
        if let problem = report.problem ?? report.judgeFailure { deviations.append(problem.english) }
        for check in report.checks {
            let skips = check.parent.map { skipped(from: $0, in: report) } ?? false
            let wanted: CheckReport.Status = skips ? .skipped : broken.contains(check.rule) ? .failed : .passed
            if check.status != wanted {
                deviations.append(
                    "\(check.rule.rawValue): \(check.status.rawValue), not \(wanted.rawValue): \(check.happened.english)"
                )
            }
        }
        return deviations
    }

    /// Whether a check below `parent` must be skipped.
    private func skipped(from parent: RuleID, in report: SubmissionReport) -> Bool {
        if broken.contains(parent) { return true }
        guard let above = report.checks.first(where: { $0.rule == parent })?.parent else { return false }
        return skipped(from: above, in: report)
    }
}

/// Real processes and real time: these tests take minutes. `ZOOLAB_CORPUS_RUNS=20` grades everything twenty times, and
/// `ZOOLAB_CORPUS_ONLY=no-herd` only what has that in its name.
@Suite(.serialized)
struct CorpusTests {
    @Test func `the corpus holds two right programs of each exercise, one wrong one for each rule, and a one-node one`()
        throws
    {
        for exercise in try ExerciseCatalogue(contentRoot: ContentTests.root).exercises {
            let names = CorpusEntry.all.filter { $0.exercise == exercise.id }.map(\.folder)
            #expect(names.count { $0.hasPrefix("right-") } >= 2)
            #expect(names.contains("one-node"))
            for (check, _) in exercise.flatChecks { #expect(names.contains("wrong-\(check.rule.rawValue)")) }
        }
    }

    @Test(.timeLimit(.minutes(60)))
    func `every program of the corpus gets its whole verdict`() async throws {
        let environment = ProcessInfo.processInfo.environment
        let runs = environment["ZOOLAB_CORPUS_RUNS"].flatMap(Int.init) ?? 1
        let only = environment["ZOOLAB_CORPUS_ONLY"] ?? ""
        let entries = CorpusEntry.all.filter { only.isEmpty || $0.description.contains(only) }
        #expect(!entries.isEmpty)
        for run in 1...runs {
            var missed = 0
            try await withThrowingTaskGroup(of: (CorpusEntry, [String]).self) { group in
                for (index, entry) in entries.enumerated() {
                    if index >= Self.width, let (entry, deviations) = try await group.next() {
                        missed += note(deviations, entry, run)
                    }
                    group.addTask { (entry, try await Self.grade(entry, seed: UInt64(run))) }
                }
                for try await (entry, deviations) in group { missed += note(deviations, entry, run) }
            }
            if runs > 1 {
                print("run \(run) of \(runs): \(entries.count - missed) of \(entries.count) as they must be")
            }
        }
    }

    /// Submissions graded at the same time.
    private static let width = 2

    private func note(_ deviations: [String], _ entry: CorpusEntry, _ run: Int) -> Int {
        if !deviations.isEmpty {
            Issue.record("\(entry), run and seed \(run): \(deviations.joined(separator: "; "))")
        }
        return deviations.isEmpty ? 0 : 1
    }

    private static func grade(_ entry: CorpusEntry, seed: UInt64) async throws -> [String] {
        let folder = try entry.submission()
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        var grader = try Grader(contentRoot: ContentTests.root, environment: ProcessInfo.processInfo.environment)
        grader.seed = seed
        return entry.deviations(in: await grader.grade(folder))
    }
}
