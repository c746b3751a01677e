import Checking
package import CommandLines
import Explorer
package import Messages
import Scenarios
import Simulator
import Traces

/// `zoolab explore`: every schedule of a protocol.
package struct ExploreCommand: Command {
    package static let name = "explore"
    package static var summary: LocalizedText { ExploreMessages.summary }
    package static var help: LocalizedText { ExploreMessages.help }

    private let protocolName: String
    private let scene: String?
    private let participants: Int?
    private let invariants: [String]
    private let budgets: FaultBudgets
    private let rules: ExplorationRules
    private let bounds: SearchBounds
    private let files: RunFiles
    private let isJSON: Bool

    package init(_ arguments: inout ArgumentReader) throws {
        scene = try arguments.option("--scene")
        participants = try arguments.number("--nodes", in: 1...20)
        invariants = try arguments.options("--invariant")
        let crashes = try arguments.number("--crashes", in: 0...20) ?? 1
        budgets = FaultBudgets(
            losses: try arguments.number("--losses", in: 0...20) ?? 0,
            duplications: try arguments.number("--duplications", in: 0...20) ?? 0, crashes: crashes,
            restarts: try arguments.number("--restarts", in: 0...20) ?? crashes,
            partitions: try arguments.number("--partitions", in: 0...20) ?? 0,
            earlyTimeouts: try arguments.number("--early-timeouts", in: 0...20) ?? 0)
        var rules = ExplorationRules()
        rules.isOrdered = !arguments.flag("--unordered")
        self.rules = rules
        bounds = SearchBounds(
            states: try arguments.number("--states", in: 1...1_000_000_000) ?? 1_000_000,
            depth: try arguments.number("--depth", in: 1...1_000_000),
            elapsed: .seconds(try arguments.number("--seconds", in: 1...86_400) ?? 60))
        files = try RunFiles(&arguments)
        isJSON = arguments.flag("--json")
        guard let protocolName = arguments.positional() else { throw UsageError(ExploreMessages.needsProtocol) }
        self.protocolName = protocolName
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        let found = try RunCommand.asUsage {
            let entry = try ProtocolRegistry.named(protocolName)
            var request = ExplorationRequest(try entry.scene(named: scene).name)
            request.participants = participants
            request.invariants = invariants
            request.budgets = budgets
            request.rules = rules
            request.bounds = bounds
            request.language = context.language
            let start = ContinuousClock.now
            return try entry.explore(request, elapsed: { ContinuousClock.now - start }, report: { _ in })
        }
        if isJSON {
            context.write(try RunReport.text(ExplorationReport(found, language: context.language)))
        } else {
            tell(found, context)
        }
        // The shortest run to a violation, where there is one.
        if let trace = found.trace, let replay = found.replay {
            try files.write(trace, replay: replay, context, isQuiet: isJSON)
        } else if !files.isEmpty, !isJSON {
            context.print(ExploreMessages.nothingToWrite)
        }
        switch found.verdict {
        case .holds: return .pass
        case .violated: return .fail
        case .unknown: return .unknown
        }
    }
}

// MARK: - Telling

extension ExploreCommand {
    private func tell(_ found: SceneExploration, _ context: CommandContext) {
        let budgets = found.budgets
        context.print(
            ExploreMessages.searching(
                scene: found.scene.name, title: found.scene.title, participants: found.participants,
                budgets: [
                    ("crashes", "宕机", Int(budgets.crashes)), ("restarts", "重启", Int(budgets.restarts)),
                    ("losses", "丢失", Int(budgets.losses)), ("duplications", "复制", Int(budgets.duplications)),
                    ("partitions", "分区", Int(budgets.partitions)),
                    ("early timeouts", "过早超时", Int(budgets.earlyTimeouts)),
                ]))
        let progress = found.progress
        context.print(
            ExploreMessages.counts(
                states: progress.states, generated: progress.generated, depth: progress.depth,
                seconds: progress.elapsed / .seconds(1), rate: progress.rate))
        switch found.verdict {
        case .holds:
            for (promise, _) in found.verdicts {
                context.print(RunMessages.kept(promise.invariant, explanation: promise.explanation))
            }
            context.print(ExploreMessages.holds)
        case .violated(let violation):
            context.print(
                RunMessages.broken(
                    violation.invariant, explanation: violation.explanation, problem: violation.problem))
            guard let trace = found.trace else { return }
            context.print(ExploreMessages.shortest(found.steps))
            for line in RunAccount(language: context.language).lines(of: trace) { context.write(line + "\n") }
        case .unknown(let bound):
            context.print(ExploreMessages.stopped(by: Self.text(of: bound)))
        }
    }

    private static func text(of bound: Bound) -> LocalizedText {
        switch bound {
        case .states(let count): ExploreMessages.boundStates(count)
        case .depth(let count): ExploreMessages.boundDepth(count)
        case .elapsed(let milliseconds): ExploreMessages.boundElapsed(milliseconds)
        case .memory, .virtualTime, .events: ExploreMessages.boundOther
        }
    }
}

/// What `--json` prints for one search.
struct ExplorationReport: Encodable {
    var `protocol`: String
    var scene: String
    var participants: Int
    /// By name of the promise: "holds", "violated" or "unknown".
    var promises: [String: String]
    /// "holds", "violated" or "unknown".
    var verdict: String
    var problem: String?
    var states: Int
    var generated: Int
    var depth: Int
    /// Of the shortest run to the violation.
    var steps: Int?

    init(_ found: SceneExploration, language: Language) {
        `protocol` = found.protocolName
        scene = found.scene.name
        participants = found.participants
        promises = Dictionary(
            uniqueKeysWithValues: found.verdicts.map { ($0.promise.invariant, Self.word($0.verdict)) })
        verdict = Self.word(found.verdict)
        if case .violated(let violation) = found.verdict { problem = violation.problem.text(in: language) }
        states = found.progress.states
        generated = found.progress.generated
        depth = found.progress.depth
        steps = found.trace == nil ? nil : found.steps
    }

    private static func word(_ verdict: Verdict) -> String {
        switch verdict {
        case .holds: "holds"
        case .violated: "violated"
        case .unknown: "unknown"
        }
    }
}
