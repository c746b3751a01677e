package import Messages

/// What a verb may know of the world around it.
package struct CommandContext: Sendable {
    package var language: Language
    package var environment: [String: String]
    /// True when standard output is a terminal.
    package var isTerminal: Bool
    /// Columns of the terminal; 80 where there is none.
    package var columns: Int
    package var usesColor: Bool
    /// The folder that holds `Lessons` and `Exercises`.
    package var contentRoot: String?
    /// This very program, where the system tells; to start it once more.
    package var program: String?
    /// The program that is a server and nothing else, where it lies beside this one.
    package var serverProgram: String?
    /// Writes to standard output, as it is.
    package var write: @Sendable (String) -> Void
    /// Writes to standard error, as it is.
    package var writeError: @Sendable (String) -> Void

    package init(
        language: Language, environment: [String: String], isTerminal: Bool, columns: Int, usesColor: Bool,
        contentRoot: String?, program: String? = nil, serverProgram: String? = nil,
        write: @escaping @Sendable (String) -> Void,
        writeError: @escaping @Sendable (String) -> Void
    ) {
        self.language = language
        self.environment = environment
        self.isTerminal = isTerminal
        self.columns = columns
        self.usesColor = usesColor
        self.contentRoot = contentRoot
        self.program = program
        self.serverProgram = serverProgram
        self.write = write
        self.writeError = writeError
    }

    package func print(_ text: LocalizedText) { write(text.text(in: language) + "\n") }
    package func printError(_ text: LocalizedText) { writeError(text.text(in: language) + "\n") }
}
