import Checking
package import CommandLines
import Diagrams
import Explorer
package import Messages
import PublishedModels
import Scenarios
import Simulator
import Traces

/// `zoolab explore`: every schedule of a protocol.
package struct ExploreCommand: Command {
    package static let name = "explore"
    package static var summary: LocalizedText { ExploreMessages.summary }
    package static var help: LocalizedText { ExploreMessages.help }

    private enum Subject {
        case publishedModels([PublishedModel])
        case scene(protocolName: String, ExplorationRequest, scene: String?)
    }

    private let subject: Subject
    private let cores: Int
    private let files: RunFiles
    private let isJSON: Bool

    package init(_ arguments: inout ArgumentReader) throws {
        let scene = try arguments.option("--scene")
        var request = ExplorationRequest("")
        request.participants = try arguments.number("--nodes", in: 1...20)
        for name in try arguments.options("--invariant") where !request.invariants.contains(name) {
            request.invariants.append(name)
        }
        request.budgets = try Self.budgets(&arguments)
        request.rules.isOrdered = !arguments.flag("--unordered")
        request.rules.isCalm = arguments.flag("--calm")
        request.options = try Self.options(&arguments)
        request.stages = try arguments.options("--until")
        let steps = try arguments.number("--steps", in: 1...1_000_000) ?? 1_000
        let seed = try arguments.number("--seed", in: 0...UInt64.max) ?? 1
        if let walks = try arguments.number("--walks", in: 1...1_000_000_000) {
            request.method = .walks(walks, steps: steps, seed: seed)
        }
        cores = try arguments.number("--cores", in: 1...1_024) ?? Cores.all
        files = try RunFiles(&arguments)
        isJSON = arguments.flag("--json")
        if arguments.flag("--golden") {
            subject = .publishedModels(try PublishedModelTable.models(named: arguments.positionals()))
        } else {
            guard let protocolName = arguments.positional() else { throw UsageError(ExploreMessages.needsProtocol) }
            guard DemonstrationRegistry.named(protocolName) == nil else {
                throw UsageError(DemonstrationMessages.alreadySearched(protocolName))
            }
            subject = .scene(protocolName: protocolName, request, scene: scene)
        }
    }

    private static func budgets(_ arguments: inout ArgumentReader) throws -> FaultBudgets {
        let crashes = try arguments.number("--crashes", in: 0...20) ?? 1
        return FaultBudgets(
            losses: try arguments.number("--losses", in: 0...20) ?? 0,
            duplications: try arguments.number("--duplications", in: 0...20) ?? 0, crashes: crashes,
            restarts: try arguments.number("--restarts", in: 0...20) ?? crashes,
            partitions: try arguments.number("--partitions", in: 0...20) ?? 0,
            earlyTimeouts: try arguments.number("--early-timeouts", in: 0...20) ?? 0,
            pauses: try arguments.number("--pauses", in: 0...20) ?? 0,
            cuts: try arguments.number("--one-way", in: 0...20) ?? 0)
    }

    private static func options(_ arguments: inout ArgumentReader) throws -> SearchOptions {
        var options = SearchOptions()
        options.bounds = SearchBounds(
            states: try arguments.number("--states", in: 1...1_000_000_000) ?? 1_000_000,
            depth: try arguments.number("--depth", in: 1...1_000_000),
            elapsed: .seconds(try arguments.number("--seconds", in: 1...86_400) ?? 60),
            memoryBytes: (try arguments.number("--memory", in: 1...1_000_000) ?? ProcessMemory.usualLimit) << 20)
        options.heldBytes = ProcessMemory.residentBytes
        options.isReduced = arguments.flag("--reduce")
        options.findsCycles = arguments.flag("--livelock")
        return options
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        switch subject {
        case .publishedModels(let models):
            return try PublishedModelTable(models: models, cores: cores, isJSON: isJSON).print(context)
        case .scene(let protocolName, let request, let scene):
            return try explore(protocolName, request, scene: scene, context)
        }
    }

    private func explore(
        _ protocolName: String, _ request: ExplorationRequest, scene: String?, _ context: CommandContext
    ) throws -> ExitCode {
        let line = ProgressLine(context, isShown: !isJSON)
        let found = try RunCommand.asUsage {
            let entry = try ProtocolRegistry.named(protocolName)
            var request = request
            request.scene = try entry.scene(named: scene).name
            request.language = context.language
            request.options.workers = Cores.workers(cores)
            let start = ContinuousClock.now
            defer { line.clear() }
            return try entry.explore(
                request, elapsed: { ContinuousClock.now - start },
                report: { line.show($0) })
        }
        if isJSON {
            context.write(try RunReport.text(ExplorationReport(found, language: context.language)))
        } else {
            tell(found, context)
        }
        if let trace = found.trace, let replay = found.replay {
            try files.write(trace, replay: replay, context, isQuiet: isJSON)
        } else if !files.isEmpty, !isJSON {
            context.print(ExploreMessages.nothingToWrite)
        }
        switch found.verdict {
        case .holds: return found.isExhaustive ? .pass : .unknown
        case .violated: return .fail
        case .unknown: return .unknown
        }
    }
}

// MARK: - Telling

extension ExploreCommand {
    private func tell(_ found: SceneExploration, _ context: CommandContext) {
        let budgets = found.request.budgets
        context.print(
            ExploreMessages.searching(
                scene: found.scene.name, title: found.scene.title, participants: found.participants,
                budgets: [
                    ("crashes", "宕机", Int(budgets.crashes)), ("restarts", "重启", Int(budgets.restarts)),
                    ("losses", "丢失", Int(budgets.losses)), ("duplications", "复制", Int(budgets.duplications)),
                    ("partitions", "分区", Int(budgets.partitions)),
                    ("early timeouts", "过早超时", Int(budgets.earlyTimeouts)),
                    ("pauses", "暂停", Int(budgets.pauses)), ("one-way cuts", "单向断开", Int(budgets.cuts)),
                ]))
        let progress = found.progress
        context.print(
            ExploreMessages.counts(
                states: progress.states, generated: progress.generated, depth: progress.depth,
                seconds: progress.elapsed / .seconds(1), rate: progress.rate))
        switch found.verdict {
        case .holds where found.isExhaustive:
            for (promise, _) in found.verdicts {
                context.print(RunMessages.kept(promise.invariant, explanation: promise.explanation))
            }
            tellLimits(of: found, context)
            context.print(ExploreMessages.exhaustive(depth: progress.depth))
        case .holds, .unknown:
            tellLimits(of: found, context)
            let reason = Self.reason(found)
            context.print(
                found.missedStage == nil ? ExploreMessages.notExhaustive(reason) : ExploreMessages.nothingJudged(reason)
            )
        case .violated(let violation):
            context.print(
                RunMessages.broken(
                    violation.invariant, explanation: violation.explanation, problem: violation.problem))
            guard let trace = found.trace else { return }
            context.print(Self.size(found))
            for line in RunAccount(language: context.language).lines(of: trace) { context.write(line + "\n") }
        }
    }

    /// What the search came to, and what it could not judge.
    private func tellLimits(of found: SceneExploration, _ context: CommandContext) {
        for (milestone, verdict) in found.milestones where found.missedStage == nil {
            let tell =
                switch verdict {
                case .holds: ExploreMessages.reached
                case .violated: ExploreMessages.neverReached
                case .unknown: ExploreMessages.notYetReached
                }
            context.print(tell(milestone.invariant, milestone.explanation))
        }
        guard found.request.invariants.isEmpty, !found.notJudged.isEmpty else { return }
        context.print(ExploreMessages.notJudged(found.notJudged.map(\.invariant)))
    }

    private static func size(_ found: SceneExploration) -> LocalizedText {
        if found.cycle > 0 { return ExploreMessages.livelocked(found.steps, cycle: found.cycle) }
        if let before = found.stepsFound {
            return before == found.steps
                ? ExploreMessages.minimal(found.steps)
                : ExploreMessages.shrunk(
                    from: before, to: found.steps, participants: (found.participants, found.participantsNeeded))
        }
        return ExploreMessages.shortest(found.steps)
    }

    /// Why not everything was seen.
    static func reason(_ found: SceneExploration) -> LocalizedText {
        if let stage = found.missedStage { return ExploreMessages.missed(stage) }
        if case .walks(let count, let steps, _) = found.request.method, !found.isStoppedEarly {
            let steps = min(steps, found.request.options.bounds.depth ?? steps)
            return ExploreMessages.walked(count, steps: steps, states: found.progress.states)
        }
        guard case .unknown(let bound) = found.verdict else {
            return found.request.stages.isEmpty
                ? ExploreMessages.onlyCalm : ExploreMessages.onlyAfter(found.request.stages)
        }
        return ExploreMessages.stopped(by: text(of: bound), states: found.progress.states)
    }

    private static func text(of bound: Bound) -> LocalizedText {
        switch bound {
        case .states(let count): ExploreMessages.boundStates(count)
        case .depth(let count): ExploreMessages.boundDepth(count)
        case .elapsed(let milliseconds): ExploreMessages.boundElapsed(milliseconds)
        case .memory(let bytes): ExploreMessages.boundMemory(bytes)
        case .virtualTime, .events: ExploreMessages.boundOther
        }
    }
}

extension SceneExploration {
    /// Whether walks ended at another bound than their length.
    fileprivate var isStoppedEarly: Bool {
        switch verdict {
        case .unknown(.depth), .holds, .violated: false
        case .unknown: true
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
    /// By name of what some schedule should come to: "reached", "never" or "unknown".
    var milestones: [String: String]
    /// Promises about whole runs, which a search cannot judge.
    var notJudged: [String]
    /// "holds", "violated" or "unknown".
    var verdict: String
    var problem: String?
    var states: Int
    var generated: Int
    var depth: Int
    /// Whether every schedule within the budgets was seen.
    var isExhaustive: Bool
    /// Why not.
    var notExhaustive: String?
    /// Of the run to the violation.
    var steps: Int?
    /// How many it had before it was shrunk.
    var stepsFound: Int?
    /// How many participants it has; fewer than were searched where some were not needed.
    var participantsNeeded: Int?
    /// How many of its last steps can be repeated for ever.
    var cycle: Int?

    init(_ found: SceneExploration, language: Language) {
        `protocol` = found.protocolName
        scene = found.scene.name
        participants = found.participants
        promises = Dictionary(
            uniqueKeysWithValues: found.verdicts.map { ($0.promise.invariant, Self.word($0.verdict)) })
        milestones = Dictionary(
            uniqueKeysWithValues: found.milestones.map { milestone, verdict in
                switch verdict {
                case .holds: (milestone.invariant, "reached")
                case .violated: (milestone.invariant, "never")
                case .unknown: (milestone.invariant, "unknown")
                }
            })
        notJudged = found.notJudged.map(\.invariant)
        verdict = Self.word(found.verdict)
        if case .violated(let violation) = found.verdict { problem = violation.problem.text(in: language) }
        states = found.progress.states
        generated = found.progress.generated
        depth = found.progress.depth
        isExhaustive = found.isExhaustive
        switch found.verdict {
        case .violated: break
        case .holds where found.isExhaustive: break
        case .holds, .unknown: notExhaustive = ExploreCommand.reason(found).text(in: language)
        }
        steps = found.trace == nil ? nil : found.steps
        stepsFound = found.stepsFound
        participantsNeeded = found.trace == nil ? nil : found.participantsNeeded
        cycle = found.cycle == 0 ? nil : found.cycle
    }

    private static func word(_ verdict: Verdict) -> String {
        switch verdict {
        case .holds: "holds"
        case .violated: "violated"
        case .unknown: "unknown"
        }
    }
}
