package import CommandLines
import Messages
import ServerProgram

/// The list of verbs, and the way from an argument vector to an exit code.
package enum ZooLabCommandLine {
    package static let verbs: [any Command.Type] = [
        // One line a verb, in the order of `zoolab --help`.
        LearnCommand.self,
        RunCommand.self,
        ExploreCommand.self,
        CompareCommand.self,
        CheckCommand.self,
        ReplayCommand.self,
        DrawCommand.self,
        ServerCommand.self,
        EnsembleCommand.self,
        ShellCommand.self,
        SnapshotCommand.self,
        LogCommand.self,
        GradeCommand.self,
        BenchCommand.self,
        DoctorCommand.self,
    ]

    /// Runs one command line.
    ///
    /// - Parameter arguments: without the program's name.
    package static func run(_ arguments: [String], in world: CommandContext) async -> ExitCode {
        var context = world
        var reader = ArgumentReader(arguments)
        do {
            context = try world.settingLanguage(from: &reader)
            return try await runVerb(&reader, context)
        } catch {
            return context.report(error)
        }
    }

    private static func runVerb(_ reader: inout ArgumentReader, _ context: CommandContext) async throws -> ExitCode {
        let wantsHelp = reader.flag("--help", "-h")
        guard let name = reader.positional() else {
            context.write(overview(in: context.language))
            return wantsHelp ? .pass : .usage
        }
        guard let verb = verbs.first(where: { $0.name == name }) else {
            throw UsageError(
                CommandMessages.unknownVerb(name, nearest: nearestWord(to: name, among: verbs.map { $0.name })))
        }
        if wantsHelp {
            context.print(verb.help)
            return .pass
        }
        let command = try verb.init(&reader)
        try reader.finish()
        return try await command.run(context)
    }

    static func overview(in language: Language) -> String {
        let width = verbs.map { $0.name.count }.max() ?? 0
        let rows = verbs.map { verb in
            let padding = String(repeating: " ", count: width - verb.name.count + 2)
            return "  \(verb.name)\(padding)\(verb.summary.text(in: language))\n"
        }
        return CommandMessages.usage.text(in: language) + "\n" + rows.joined()
            + CommandMessages.moreHelp.text(in: language) + "\n"
    }
}
