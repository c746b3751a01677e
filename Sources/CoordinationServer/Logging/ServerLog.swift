import HTTPService
package import Messages
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The log of a server: lines with a time and a level, as text or as JSON, to standard error or to a file.
///
/// A message below the level is not even made. Writing happens under a lock, so that lines of several threads stay whole.
package final class ServerLog: Sendable {
    package enum Level: String, CaseIterable, Comparable, Sendable {
        case trace, debug, info, warning, error

        package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
        private var rank: Int { Self.allCases.firstIndex(of: self)! }

        /// Also ZooKeeper's word `warn`, in upper or lower case.
        package init?(named name: String) {
            let word = name.lowercased()
            self.init(rawValue: word == "warn" ? "warning" : word)
        }
    }

    package enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    /// One value that a program may look for: it is a member of the JSON object, and text ends with `name=value`.
    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package let level: Level
    private let format: Format
    private let language: Language
    private let output: LogOutput
    private let now: @Sendable () -> Int64

    /// - Parameter now: the time of day in milliseconds since 1970; replaced by tests.
    package init(
        level: Level, format: Format = .text, language: Language, output: LogOutput,
        now: @escaping @Sendable () -> Int64 = { WallClock.milliseconds }
    ) {
        self.level = level
        self.format = format
        self.language = language
        self.output = output
        self.now = now
    }

    package func write(_ level: Level, _ message: @autoclosure () -> LocalizedText, _ fields: [Field] = []) {
        guard level >= self.level else { return }
        output.write(line(level, message(), fields))
    }

    private func line(_ level: Level, _ message: LocalizedText, _ fields: [Field]) -> String {
        let time = WallClock.text(ofMilliseconds: now())
        switch format {
        case .text:
            let word = level.rawValue.uppercased()
            let padding = String(repeating: " ", count: max(0, 7 - word.count))
            let rest = fields.map { " \($0.name)=\($0.value)" }.joined()
            return "\(time) \(word)\(padding) \(message.text(in: language))\(rest)\n"
        case .json:
            let head: [JSON.Member] = [
                JSON.Member("time", .text(time)), JSON.Member("level", .text(level.rawValue)),
                JSON.Member("message", .text(message.text(in: language))),
            ]
            return JSON.object(head + fields.map { JSON.Member($0.name, .text($0.value)) }).compactText + "\n"
        }
    }

    package var writesFile: Bool { output.path != nil }

    /// Opens the file anew, for programs that move log files away.
    package func reopen() { output.reopen() }
}

/// What the log of a server shall be.
package struct LogOptions: Hashable, Sendable {
    package var level = ServerLog.Level.warning
    package var format = ServerLog.Format.text
    /// `nil` for standard error.
    package var file: String?

    package init() {}
}

/// Where lines go.
package final class LogOutput: Sendable {
    let path: String?
    private let descriptor: Mutex<Int32>
    private let sink: (@Sendable (String) -> Void)?

    /// Gives every line to a function.
    package init(_ sink: @escaping @Sendable (String) -> Void) {
        path = nil
        descriptor = Mutex(-1)
        self.sink = sink
    }

    /// Appends to a file, which is made where it is missing.
    package init(file path: String) throws(ConfigurationFailure) {
        self.path = path
        sink = nil
        let file = Self.open(path)
        guard file >= 0 else {
            throw ConfigurationFailure(message: LoggingMessages.cannotOpen(path, String(cString: strerror(errno))))
        }
        descriptor = Mutex(file)
    }

    deinit {
        let file = descriptor.withLock { $0 }
        if file >= 0 { close(file) }
    }

    private static func open(_ path: String) -> Int32 {
        #if canImport(Glibc)
            Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        #else
            Darwin.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        #endif
    }

    package func write(_ line: String) {
        if let sink { return sink(line) }
        let bytes = Array(line.utf8)
        descriptor.withLock { file in
            // One call for a line: other programs may append to the same file. A full disk must not stop the server.
            _ = bytes.withUnsafeBytes { systemWrite(file, $0.baseAddress, $0.count) }
        }
    }

    /// Keeps the old file where the new one cannot be opened.
    package func reopen() {
        guard let path else { return }
        let file = Self.open(path)
        guard file >= 0 else { return }
        let old = descriptor.withLock { descriptor in
            defer { descriptor = file }
            return descriptor
        }
        close(old)
    }
}
