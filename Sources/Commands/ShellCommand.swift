package import CommandLines
import Foundation
package import Messages
import Shell
import Terminal

/// `zoolab shell [options] [command]`.
package struct ShellCommand: Command {
    package static let name = "shell"
    package static let summary = ShellMessages.summary
    package static let help = ShellMessages.help

    private let options: ShellOptions

    package init(_ arguments: inout ArgumentReader) throws {
        do throws(ShellOptions.Problem) {
            options = try ShellOptions(arguments.everything())
        } catch {
            switch error {
            case .missingValue(let option): throw UsageError(ShellMessages.missingValue(option))
            case .unknownOption(let option): throw UsageError(ShellMessages.unknownOption(option))
            case .notANumber(let option, let text): throw UsageError(ShellMessages.notMilliseconds(option, text))
            case .neitherOnNorOff(let option, let text): throw UsageError(ShellMessages.neitherOnNorOff(option, text))
            case .missingCompanion(let option, let other):
                throw UsageError(ShellMessages.missingCompanion(option, other))
            }
        }
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        var options = options
        if let file = options.clientConfiguration {
            guard let text = Self.text(of: file) else { throw UsageError(ShellMessages.noConfiguration(file)) }
            let configuration = try ClientConfiguration(text, file: file, read: Self.text)
            for warning in configuration.warnings { context.printError(warning) }
            options.apply(configuration)
        }
        return try await options.command.isEmpty ? converse(options, context) : runOnce(options, context)
    }

    private static func text(of file: String) -> String? { try? String(contentsOfFile: file, encoding: .utf8) }

    private func runOnce(_ options: ShellOptions, _ context: CommandContext) async throws -> ExitCode {
        let shell = Shell(
            options, language: context.language,
            output: ShellOutput(write: context.write, writeError: context.writeError))
        await shell.start()
        if await shell.exitCode == 0 { await shell.execute(words: options.command) }
        await shell.finishQuietly()
        return Self.exitCode(await shell.exitCode)
    }

    private func converse(_ options: ShellOptions, _ context: CommandContext) async throws -> ExitCode {
        // The editor completes with what the shell knows, and the shell prints through the editor.
        let completer = ShellCompleter()
        let editor = CommandPrompt(
            historyFile: historyFile(context),
            // What proves an identity does not belong into a file.
            isRemembered: { !$0.drop(while: \.isWhitespace).hasPrefix("addauth") },
            completer: { await completer.completions(of: $0) })
        let output =
            editor.map { editor in
                ShellOutput(
                    write: { editor.show($0) }, writeError: { editor.show($0) },
                    changePrompt: { editor.change(prompt: $0) })
            }
            ?? ShellOutput(write: context.write, writeError: context.writeError)
        let shell = Shell(options, language: context.language, output: output)
        await completer.use(shell)
        output.write("Welcome to ZooKeeper!\n")
        await shell.start()
        let input = StandardInput()
        while await !shell.hasQuit {
            let line: String?
            if let editor {
                line = await editor.readLine { await shell.prompt }
            } else {
                line = await input.readLine()
            }
            guard let line else { break }
            await shell.execute(line: line)
        }
        await shell.finish()
        return Self.exitCode(await shell.exitCode)
    }

    private static func exitCode(_ status: Int32) -> ExitCode {
        ExitCode(rawValue: status) ?? .fail
    }

    /// Where lines are remembered; nil where nothing can be written.
    private func historyFile(_ context: CommandContext) -> String? {
        let state = context.environment["XDG_STATE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        let home = context.environment["HOME"] ?? NSHomeDirectory()
        let folder = (state ?? home + "/.local/state") + "/zoolab"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            context.printError(ShellMessages.historyNotKept(folder))
            return nil
        }
        return folder + "/shell-history"
    }
}

/// The way from an editor to the shell that is made after it.
private actor ShellCompleter {
    private var shell: Shell?

    func use(_ shell: Shell) { self.shell = shell }
    func completions(of before: String) async -> [String] { await shell?.completions(of: before) ?? [] }
}

/// Lines of standard input where nobody types.
private struct StandardInput {
    func readLine() async -> String? {
        await withCheckedContinuation { continuation in
            // Waits for input, which no thread of the runtime may do.
            Thread.detachNewThread { continuation.resume(returning: Swift.readLine()) }
        }
    }
}
