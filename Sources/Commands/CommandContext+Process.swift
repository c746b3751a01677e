import Foundation
import Messages

extension CommandContext {
    /// The real process: its environment, terminal, language and content folder.
    package static func ofThisProcess() -> CommandContext {
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = isatty(STDOUT_FILENO) == 1
        return CommandContext(
            language: Language.preferred(in: environment),
            environment: environment,
            isTerminal: isTerminal,
            columns: columns(from: environment),
            usesColor: isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb",
            contentRoot: contentRoot(from: environment),
            write: { text in
                FileHandle.standardOutput.write(Data(text.utf8))
            },
            writeError: { text in
                FileHandle.standardError.write(Data(text.utf8))
            })
    }

    private static func columns(from environment: [String: String]) -> Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return environment["COLUMNS"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil } ?? 80
    }

    /// `ZOOLAB_HOME`, else the nearest folder above the executable, else the working folder, that holds `Lessons`.
    private static func contentRoot(from environment: [String: String]) -> String? {
        let files = FileManager.default
        func hasContent(_ folder: String) -> Bool { files.fileExists(atPath: folder + "/Lessons") }
        if let home = environment["ZOOLAB_HOME"], !home.isEmpty { return home }
        var folder = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
        while let candidate = folder, candidate.path != "/" {
            if hasContent(candidate.path) { return candidate.path }
            folder = candidate.deletingLastPathComponent()
        }
        return hasContent(files.currentDirectoryPath) ? files.currentDirectoryPath : nil
    }
}
