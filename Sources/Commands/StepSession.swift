import CommandLines
import Diagrams
import GraphvizRenderer
import Messages
import Scenarios
import StepMode
import Terminal
import TraceFiles
import Traces

/// The step mode on this process's terminal, on one that a lesson lends, or by a script of keys.
enum StepSession {
    /// Plays until the person leaves, and says where that was.
    ///
    /// - Returns: whether the promises are kept where the person has left.
    static func play(_ run: any SteppedRun, _ context: CommandContext) throws -> ExitCode {
        let window = try LentWindow.current ?? ownWindow(context)
        let player = StepPlayer(
            run, language: context.language,
            host: StepPlayer.Host(
                keys: window.keys, write: window.isInteractive ? window.write : context.write, size: window.size,
                theme: window.isInteractive ? window.theme : .plain, isInteractive: window.isInteractive,
                save: { try save($1, to: $0, context) }))
        let ending = player.play()
        window.close()
        let state = player.model.state
        context.print(
            StepMessages.left(
                protocolName: state.protocolName, scene: state.scene.name, depth: state.depth,
                branches: state.branches.count))
        if ending == .interrupted { return .interrupted }
        guard let broken = state.firstBroken, case .broken(let problem) = broken.standing else { return .pass }
        context.print(RunMessages.broken(broken.invariant, explanation: broken.explanation, problem: problem))
        // In a lesson, whoever breaks a promise has learnt something.
        return LentWindow.current == nil ? .fail : .pass
    }

    private static func ownWindow(_ context: CommandContext) throws -> LentWindow {
        let columns = context.columns
        func size() -> TerminalSize {
            TerminalSize.ofStandardOutput() ?? TerminalSize(columns: columns, rows: 24)
        }
        if context.isTerminal, context.environment["TERM"] != "dumb",
            let keyboard = RawTerminal(farewell: "\u{1B}[?25h\u{1B}[?1049l")
        {
            let theme = Theme.detect(environment: context.environment, usesColor: context.usesColor)
            return LentWindow(
                keys: keyboard, write: context.write, size: size, theme: theme, isInteractive: true,
                close: keyboard.close)
        }
        guard let script = PipedKeys() else { throw UsageError(StepMessages.needsTerminal) }
        return LentWindow(
            keys: script, write: context.write, size: { TerminalSize(columns: columns, rows: 24) }, theme: .plain,
            isInteractive: false, close: {})
    }

    /// A picture, a trace or a replay file, as the name's ending says.
    private static func save(_ run: any SteppedRun, to path: String, _ context: CommandContext) throws -> [String] {
        if path.hasSuffix(".jsonl") {
            try TraceFile.write(run.trace, path: path)
            return [path]
        }
        if path.hasSuffix(".replay") || !path.contains(".") {
            try ReplayCoding.write(run.replay, path: path)
            return [path]
        }
        _ = try Drawing.Format(path: path)
        return try Drawing.write(
            run.trace, to: path, options: DiagramOptions(language: context.language, columns: context.columns))
    }
}

/// A window that somebody else holds open, for a command to play in.
// SAFETY: who lends it waits until the command has ended, so that never two use it at once.
struct LentWindow: @unchecked Sendable {
    /// Set by a lesson around the commands that it runs.
    @TaskLocal static var current: LentWindow?

    let keys: any KeySource
    let write: (String) -> Void
    let size: () -> TerminalSize
    let theme: Theme
    /// Whether somebody sees it.
    let isInteractive: Bool
    let close: () -> Void
}

/// No keyboard at all: a lesson that plays by itself.
final class NoKeys: KeySource {
    func nextKey() -> Key { .endOfInput }
    func discardTypedKeys() {}
}
