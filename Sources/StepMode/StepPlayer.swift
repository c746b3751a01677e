package import Messages
package import Scenarios
import Simulator
package import Terminal
import Traces

/// Plays the step mode on a terminal, or from a script of keys.
package final class StepPlayer {
    /// What the player needs from the program around it.
    package struct Host {
        package var keys: any KeySource
        /// Writes to standard output, as it is.
        package var write: (String) -> Void
        package var size: () -> TerminalSize
        package var theme: Theme
        /// Whether somebody sees the window; else it is printed once, at the end.
        package var isInteractive: Bool
        /// Writes the run to a file, in the format that the file's name says; returns what was written.
        package var save: (_ path: String, any SteppedRun) throws -> [String]

        package init(
            keys: any KeySource, write: @escaping (String) -> Void, size: @escaping () -> TerminalSize, theme: Theme,
            isInteractive: Bool, save: @escaping (_ path: String, any SteppedRun) throws -> [String]
        ) {
            self.keys = keys
            self.write = write
            self.size = size
            self.theme = theme
            self.isInteractive = isInteractive
            self.save = save
        }
    }

    package enum Ending: Hashable, Sendable { case left, interrupted }

    private let host: Host
    package private(set) var model: StepModel

    package init(_ run: any SteppedRun, language: Language, host: Host) {
        self.host = host
        model = StepModel(run, language: language)
    }

    /// Plays until the person leaves.
    package func play() -> Ending {
        // The window of before comes back afterwards.
        if host.isInteractive { host.write("\u{1B}[?1049h\u{1B}[?25l") }
        defer { if host.isInteractive { host.write("\u{1B}[?25h\u{1B}[?1049l") } }
        while true {
            model.clampPage(to: StepScreen(model, size: host.size()).lastPageOffset)
            if host.isInteractive { draw() }
            switch model.handle(host.keys.nextKey()) {
            case nil: break
            case .quit: return end(.left)
            case .interrupt: return end(.interrupted)
            case .save(let path): save(path)
            }
        }
    }

    private func end(_ ending: Ending) -> Ending {
        if !host.isInteractive { host.write(host.theme.render(StepScreen(model, size: host.size()).lines)) }
        return ending
    }

    private func draw() {
        let size = host.size()
        // Clearing behind a full line would take its last character.
        let lines = StepScreen(model, size: size).lines.map { line in
            host.theme.render(line) + (line.width < size.columns ? "\u{1B}[K" : "")
        }
        host.write("\u{1B}[H" + lines.joined(separator: "\r\n"))
    }

    private func save(_ path: String) {
        do {
            model.remark = StepMessages.saved(try host.save(path, model.run))
        } catch let failure as any LocalizedFailure {
            model.complain(failure.message)
        } catch {
            model.complain(CommandMessages.failed("\(error)"))
        }
    }
}
