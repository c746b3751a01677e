package import CommandLines
import Diagrams
package import Messages
import Scenarios
import Simulator
import TraceFiles

/// `zoolab replay`: a run again, event by event, from its file.
package struct ReplayCommand: Command {
    package static let name = "replay"
    package static var summary: LocalizedText { ReplayMessages.summary }
    package static var help: LocalizedText { ReplayMessages.help }

    private let file: String
    private let files: RunFiles
    private let isStep: Bool

    package init(_ arguments: inout ArgumentReader) throws {
        files = try RunFiles(&arguments)
        isStep = arguments.flag("--step")
        if isStep, !files.isEmpty { throw UsageError(StepMessages.onlyWithoutStep) }
        guard let file = arguments.positional() else { throw UsageError(ReplayMessages.needsFile) }
        self.file = file
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        let recorded = try ReplayCoding.read(path: file)
        let replay: SceneReplay
        do {
            let entry = try ProtocolRegistry.named(recorded.header.protocolName)
            if isStep { return try StepSession.play(entry.step(recorded, language: context.language), context) }
            replay = try entry.replay(recorded, language: context.language)
        } catch let failure as ReplayFailure {
            context.printError(failure.message)
            return .fail
        }
        context.print(
            RunMessages.heading(scene: replay.scene.name, title: replay.scene.title, rows: replay.scene.rows))
        for line in RunAccount(language: context.language).lines(of: replay.trace) { context.write(line + "\n") }
        context.write("\n")
        context.print(ReplayMessages.repeated(recorded.entries.count))
        if replay.cycle > 0 { context.print(ReplayMessages.goesOnForEver(replay.cycle)) }
        try files.write(replay.trace, replay: { recorded }, context, isQuiet: false)
        return .pass
    }
}
