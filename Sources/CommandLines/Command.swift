package import Messages

/// How a verb ends; the process exits with the raw value.
package enum ExitCode: Int32, Sendable {
    case pass = 0
    case fail = 1
    /// A bound was hit before the answer was known.
    case unknown = 2
    /// The tool itself failed: missing library, unreadable file, port in use.
    case toolFailed = 3
    case usage = 64
    /// A command of the shell that does not exist.
    case commandNotFound = 127
    case interrupted = 130
}

/// One verb of `zoolab`.
///
/// A verb parses its own arguments from an `ArgumentReader`, so that it can be tested without a process.
package protocol Command: SendableMetatype {
    /// What a person types: "learn".
    static var name: String { get }
    /// One line for the list of verbs.
    static var summary: LocalizedText { get }
    /// The whole page for `--help`: usage, options, examples.
    static var help: LocalizedText { get }

    /// Takes every argument it knows; `ArgumentReader.finish()` refuses the rest.
    init(_ arguments: inout ArgumentReader) throws
    func run(_ context: CommandContext) async throws -> ExitCode
}

/// A wrong command line; exit code 64.
package struct UsageError: LocalizedFailure {
    package let message: LocalizedText
    package init(_ message: LocalizedText) { self.message = message }
}
