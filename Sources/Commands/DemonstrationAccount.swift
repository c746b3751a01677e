import CommandLines
import Diagrams
import Messages
import Scenarios

/// How claims that are checked on every case are listed and told.
struct DemonstrationAccount {
    let context: CommandContext

    /// Every scene with what must come of it.
    func list(_ demonstration: Demonstration) {
        let language = context.language
        context.write("\(demonstration.name)  \(demonstration.title.text(in: language))\n")
        let width = demonstration.scenes.map(\.name.count).max() ?? 0
        for scene in demonstration.scenes {
            let padding = String(repeating: " ", count: width - scene.name.count)
            let rows = scene.rows.isEmpty ? "" : "  [\(scene.rows.joined(separator: ", "))]"
            let verdict = DemonstrationMessages.expected(isRefuted: scene.isRefuted).text(in: language)
            context.write("  \(scene.name)\(padding)  \(scene.title.text(in: language))\(rows)  · \(verdict)\n")
        }
    }

    /// What was looked at, and what came of it.
    func tell(_ run: DemonstrationRun, isBrief: Bool) {
        let scene = run.scene
        context.print(RunMessages.heading(scene: scene.name, title: scene.title, rows: scene.rows))
        if !isBrief {
            context.write(scene.story.text(in: context.language) + "\n\n")
            if let table = run.cases.board.text(columns: context.columns) {
                context.write(table + "\n")
            } else {
                context.print(DemonstrationMessages.tooWide(context.columns))
            }
        }
        context.print(DemonstrationMessages.claim(run.cases.claim, numbers: run.numbers.text))
        context.print(Self.verdict(on: run))
        if let matches = run.matchesExpectation {
            context.print(
                matches ? RunMessages.asExpected : DemonstrationMessages.notAsExpected(isRefuted: scene.isRefuted))
        }
    }

    /// In one sentence.
    static func verdict(on run: DemonstrationRun) -> LocalizedText {
        run.holds
            ? DemonstrationMessages.holds(run.cases.count)
            : DemonstrationMessages.refuted(run.cases.counterexamples, of: run.cases.count)
    }

    /// The cases as they are drawn: with the claim, the numbers it is about, and what came of it.
    static func board(of run: DemonstrationRun, _ language: Language) -> Board {
        var board = run.cases.board
        let claim = DemonstrationMessages.claim(run.cases.claim, numbers: run.numbers.text)
        let others = board.caption.filter { $0 != run.cases.claim.text(in: language) }
        board.caption = [claim, verdict(on: run)].map { $0.text(in: language) } + others
        return board
    }

    /// With the usual numbers: as the scene says; with a reader's own: true.
    static func exitCode(of run: DemonstrationRun) -> ExitCode { run.matchesExpectation ?? run.holds ? .pass : .fail }

    /// Reads "W=2".
    static func number(_ text: String) throws -> (name: String, value: Int) {
        let halves = text.split(separator: "=", maxSplits: 1)
        guard halves.count == 2, let value = Int(halves[1]) else {
            throw UsageError(DemonstrationMessages.unreadableNumber(text))
        }
        return (String(halves[0]), value)
    }
}

/// What `--json` prints for one claim.
struct DemonstrationReport: Encodable {
    var demonstration: String
    var scene: String
    var numbers: String
    var claim: String
    var cases: Int
    var counterexamples: Int
    var holds: Bool
    var asExpected: Bool?

    init(_ run: DemonstrationRun, language: Language) {
        demonstration = run.demonstration
        scene = run.scene.name
        numbers = run.numbers.text
        claim = run.cases.claim.text(in: language)
        cases = run.cases.count
        counterexamples = run.cases.counterexamples
        holds = run.holds
        asExpected = run.matchesExpectation
    }
}

/// A run of a protocol's scene, or a claim that was checked.
enum SceneReport: Encodable {
    case run(RunReport)
    case demonstration(DemonstrationReport)

    var asExpected: Bool? {
        switch self {
        case .run(let report): report.asExpected
        case .demonstration(let report): report.asExpected
        }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .run(let report): try report.encode(to: encoder)
        case .demonstration(let report): try report.encode(to: encoder)
        }
    }
}
