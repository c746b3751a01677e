import Checking
package import CommandLines
import Diagrams
import Faults
package import Messages
import Scenarios
import Simulator
import Traces

/// `zoolab run`: a scene of a protocol in the simulator.
package struct RunCommand: Command {
    package static let name = "run"
    package static var summary: LocalizedText { RunMessages.summary }
    package static var help: LocalizedText { RunMessages.help }

    private enum Mode {
        case list, all, one, step
    }

    private let mode: Mode
    private let protocolName: String?
    private let scene: String?
    private let participants: Int?
    private let seed: UInt64
    private let faults: [String]
    /// Numbers of a demonstration.
    private let given: [(name: String, value: Int)]
    private let invariant: String?
    private let files: RunFiles
    private let isJSON: Bool
    private let telling: Telling

    /// How a run is told.
    private enum Telling: String, CaseIterable {
        /// Line by line.
        case account
        /// As a diagram of its messages.
        case diagram
        /// Only what came of it.
        case verdict
    }

    package init(_ arguments: inout ArgumentReader) throws {
        let isList = arguments.flag("--list")
        let isAll = arguments.flag("--all")
        let isStep = arguments.flag("--step")
        mode = isList ? .list : isAll ? .all : isStep ? .step : .one
        scene = try arguments.option("--scene")
        participants = try arguments.number("--nodes", in: 1...64)
        seed = try arguments.number("--seed", in: 0...UInt64.max) ?? 1
        faults = try arguments.options("--fault")
        given = try arguments.options("--given").map(DemonstrationAccount.number)
        invariant = try arguments.option("--invariant")
        files = try RunFiles(&arguments)
        isJSON = arguments.flag("--json")
        let show = try arguments.option("--show")
        let wanted = show ?? Telling.account.rawValue
        guard let telling = Telling(rawValue: wanted) else {
            throw UsageError(RunMessages.unknownTelling(wanted, known: Telling.allCases.map(\.rawValue)))
        }
        self.telling = telling
        protocolName = arguments.positional()
        let isPlain = scene == nil && faults.isEmpty && given.isEmpty && invariant == nil && files.isEmpty
        if isStep, isList || isAll || isJSON || show != nil || invariant != nil || !given.isEmpty || !files.isEmpty {
            throw UsageError(StepMessages.onlyWithoutStep)
        }
        if isList || isAll, !isPlain || (isList && isAll) {
            throw UsageError(RunMessages.onlyAlone(isList ? "--list" : "--all"))
        }
        if !isList, !isAll, protocolName == nil { throw UsageError(RunMessages.needsProtocol) }
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        try Self.asUsage {
            let (protocols, demonstrations) = try chosen()
            switch mode {
            case .list:
                try list(protocols, context)
                demonstrations.forEach(DemonstrationAccount(context: context).list)
                return .pass
            case .all: return try runAll(protocols, demonstrations, context)
            case .one:
                if let demonstration = demonstrations.first { return try show(demonstration, context) }
                return try runOne(protocols[0], context)
            case .step:
                if let demonstration = demonstrations.first {
                    throw UsageError(DemonstrationMessages.onlyForProtocols("--step", demonstration.name))
                }
                return try StepSession.play(protocols[0].step(request(protocols[0], context)), context)
            }
        }
    }

    /// What is named, or everything.
    private func chosen() throws -> (protocols: [any PlayableProtocol], demonstrations: [Demonstration]) {
        guard let protocolName else { return (ProtocolRegistry.protocols, DemonstrationRegistry.demonstrations) }
        if let demonstration = DemonstrationRegistry.named(protocolName) { return ([], [demonstration]) }
        return ([try ProtocolRegistry.named(protocolName)], [])
    }

    /// What a person typed wrong ends with exit code 64, whoever noticed it.
    static func asUsage<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as ScenarioError {
            throw UsageError(error.message)
        } catch let error as FaultSyntaxError {
            throw UsageError(error.message)
        } catch let error as SimulationError {
            throw UsageError(error.message)
        }
    }
}

// MARK: - Modes

extension RunCommand {
    private func list(_ protocols: [any PlayableProtocol], _ context: CommandContext) throws {
        for entry in protocols {
            context.write("\(entry.name)  \(entry.title.text(in: context.language))\n")
            let width = entry.scenes.map(\.name.count).max() ?? 0
            for scene in entry.scenes {
                let padding = String(repeating: " ", count: width - scene.name.count)
                let rows = scene.rows.isEmpty ? "" : "  [\(scene.rows.joined(separator: ", "))]"
                let expectation = try entry.expectation(of: scene.name)
                let verdict = RunMessages.expected(violated: expectation.violated, blocked: expectation.blocked)
                    .text(in: context.language)
                context.write(
                    "  \(scene.name)\(padding)  \(scene.title.text(in: context.language))\(rows)  · \(verdict)\n")
            }
        }
    }

    private func runAll(
        _ protocols: [any PlayableProtocol], _ demonstrations: [Demonstration], _ context: CommandContext
    ) throws -> ExitCode {
        var reports: [SceneReport] = []
        for entry in protocols {
            for scene in entry.scenes {
                let count = participants.map {
                    min(max($0, scene.participants.lowerBound), scene.participants.upperBound)
                }
                var request = SceneRequest(scene.name, seed: seed, participants: count, language: context.language)
                request.checksDeterminism = true
                let run = try entry.run(request)
                reports.append(.run(RunReport(run, language: context.language)))
                guard !isJSON else { continue }
                let isRight = run.matchesExpectation == true
                context.write("\(isRight ? "✓" : "✗") \(entry.name) \(scene.name): \(short(run, context.language))\n")
                if !isRight { context.print(Self.expectationText(run)) }
            }
        }
        for demonstration in demonstrations {
            for scene in demonstration.scenes {
                let run = try demonstration.run(request(scene.name, context))
                reports.append(.demonstration(DemonstrationReport(run, language: context.language)))
                guard !isJSON else { continue }
                let verdict = DemonstrationAccount.verdict(on: run).text(in: context.language)
                let sign = run.matchesExpectation == true ? "✓" : "✗"
                context.write("\(sign) \(demonstration.name) \(scene.name): \(verdict)\n")
            }
        }
        let right = reports.count { $0.asExpected == true }
        if isJSON {
            context.write(try RunReport.text(reports))
        } else {
            context.print(RunMessages.confirmed(right, of: reports.count))
        }
        return right == reports.count ? .pass : .fail
    }

    private func request(_ scene: String?, _ context: CommandContext) -> DemonstrationRequest {
        var request = DemonstrationRequest(scene)
        request.given = given
        request.seed = seed
        request.language = context.language
        return request
    }

    /// Looks at every case of a claim.
    private func show(_ demonstration: Demonstration, _ context: CommandContext) throws -> ExitCode {
        let misplaced = [
            (participants != nil, "--nodes"), (!faults.isEmpty, "--fault"), (invariant != nil, "--invariant"),
            (files.wantsRun, "--trace/--replay"),
        ]
        if let option = misplaced.first(where: \.0)?.1 {
            throw UsageError(DemonstrationMessages.onlyForProtocols(option, demonstration.name))
        }
        let run = try demonstration.run(request(scene, context))
        if isJSON {
            context.write(try RunReport.text(DemonstrationReport(run, language: context.language)))
        } else {
            DemonstrationAccount(context: context).tell(run, isBrief: telling == .verdict)
        }
        try files.draw(DemonstrationAccount.board(of: run, context.language), context, isQuiet: isJSON)
        return DemonstrationAccount.exitCode(of: run)
    }

    private func short(_ run: SceneRun, _ language: Language) -> String {
        if case .nondeterminism(let node) = run.end { return StepMessages.nondeterministic(node).text(in: language) }
        if let violation = run.violations.first {
            return RunMessages.violation(violation.invariant, violation.problem.text(in: language)).text(in: language)
        }
        var sentences = [RunMessages.decided(run.decisions)]
        if !run.blocked.isEmpty { sentences.append(Self.blockedText(run)) }
        return sentences.map { $0.text(in: language) }.joined(separator: " ")
    }

    private func request(_ entry: any PlayableProtocol, _ context: CommandContext) throws -> SceneRequest {
        SceneRequest(
            try entry.scene(named: scene).name, seed: seed, participants: participants, extraFaults: faults,
            language: context.language)
    }

    private func runOne(_ entry: any PlayableProtocol, _ context: CommandContext) throws -> ExitCode {
        guard given.isEmpty else { throw UsageError(DemonstrationMessages.onlyForDemonstrations(entry.name)) }
        let run = try entry.run(request(entry, context))
        if let invariant, !run.promises.contains(where: { $0.invariant == invariant }) {
            throw ScenarioError.unknownInvariant(invariant, known: run.promises.map(\.invariant))
        }
        if isJSON {
            context.write(try RunReport.text(RunReport(run, language: context.language)))
        } else {
            tell(run, context)
        }
        try files.write(run.trace, replay: run.replay, context, isQuiet: isJSON)
        return exitCode(of: run)
    }

    private func exitCode(of run: SceneRun) -> ExitCode {
        if run.isCutShort { return .unknown }
        if let invariant { return run.violation(of: invariant) == nil ? .pass : .fail }
        return run.matchesExpectation ?? run.violations.isEmpty ? .pass : .fail
    }
}

// MARK: - Telling

extension RunCommand {
    private func tell(_ run: SceneRun, _ context: CommandContext) {
        context.print(RunMessages.heading(scene: run.scene.name, title: run.scene.title, rows: run.scene.rows))
        if telling == .account { context.write(run.scene.story.text(in: context.language) + "\n") }
        context.print(RunMessages.circumstances(nodes: run.trace.header.nodes, seed: run.seed, faults: run.faults))
        context.write("\n")
        switch telling {
        case .account:
            for line in RunAccount(language: context.language).lines(of: run.trace) { context.write(line + "\n") }
            context.write("\n")
        case .diagram:
            // What the heading would say has just been said.
            let outline = Trace(
                header: TraceHeader(protocolName: "", nodes: run.trace.header.nodes), events: run.trace.outline.events)
            let options = DiagramOptions(language: context.language, columns: context.columns)
            context.write(TextDiagram.draw(outline, options: options).drop(while: \.isNewline) + "\n")
        case .verdict: break
        }
        for sentence in verdict(on: run) { context.print(sentence) }
    }

    private func verdict(on run: SceneRun) -> [LocalizedText] {
        var sentences = run.unusedFaults.map(RunMessages.unusedFault)
        if run.isCutShort { return sentences + [RunMessages.cutShort] }
        sentences.append(RunMessages.decided(run.decisions))
        sentences.append(run.blocked.isEmpty ? RunMessages.nobodyBlocked : Self.blockedText(run))
        if let invariant {
            sentences.append(Self.promiseText(invariant, run))
        } else {
            sentences += run.violations.map(Self.brokenText)
            if run.violations.isEmpty { sentences.append(RunMessages.allKept) }
            if run.expectation != nil { sentences.append(Self.expectationText(run)) }
        }
        return sentences
    }

    private static func promiseText(_ invariant: String, _ run: SceneRun) -> LocalizedText {
        if let violation = run.violation(of: invariant) { return brokenText(violation) }
        let promise = run.promises.first { $0.invariant == invariant }
        return RunMessages.kept(invariant, explanation: promise?.explanation ?? RunMessages.allKept)
    }

    private static func brokenText(_ violation: Violation) -> LocalizedText {
        RunMessages.broken(violation.invariant, explanation: violation.explanation, problem: violation.problem)
    }

    private static func blockedText(_ run: SceneRun) -> LocalizedText {
        RunMessages.blocked(run.blocked.map { ($0.name, $0.state) })
    }

    private static func expectationText(_ run: SceneRun) -> LocalizedText {
        guard run.matchesExpectation == false, let expectation = run.expectation else { return RunMessages.asExpected }
        return RunMessages.notAsExpected(
            violated: expectation.violated, decisions: expectation.decisions, blocked: expectation.blocked)
    }
}
