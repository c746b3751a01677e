import Messages

extension CommandContext {
    /// Takes the option that every program has: `--lang`.
    package func settingLanguage(from reader: inout ArgumentReader) throws -> CommandContext {
        guard let wanted = try reader.option("--lang") else { return self }
        guard let language = Language(rawValue: wanted) else {
            throw UsageError(CommandMessages.unknownLanguage(wanted))
        }
        var context = self
        context.language = language
        return context
    }

    /// Says what went wrong; how the process ends for it.
    package func report(_ error: any Error) -> ExitCode {
        switch error {
        case let error as UsageError:
            printError(error.message)
            return .usage
        case let error as any LocalizedFailure:
            printError(error.message)
            return .toolFailed
        default:
            printError(CommandMessages.failed("\(error)"))
            return .toolFailed
        }
    }
}
