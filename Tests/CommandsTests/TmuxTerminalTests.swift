#if os(Linux)
    import Foundation
    import Messages
    import Testing

    /// The step mode in a terminal that is not ours: tmux, 80 columns by 24 rows, with a server of its own.
    @Suite(.serialized) struct TmuxTerminalTests {
        @Test(arguments: Language.allCases)
        func `every key of the step mode does in tmux what its line says`(language: Language) throws {
            let tmux = try Tmux(
                ["run", "two-phase-commit", "--scene", "happy-path", "--step", "--lang", language.rawValue])
            func says(_ text: LocalizedText) -> String { text.text(in: language) }
            let foot = says(try #require(StepMessages.keys.last).meaning)
            func press(_ key: String, until shown: (String) -> Bool) throws {
                try tmux.press(key)
                try tmux.wait(for: "what ‘\(key)’ leads to", shown)
            }
            func isRunning(_ screen: String) -> Bool {
                screen.contains(foot) && screen.contains(says(StepMessages.pending))
            }
            /// Asks something, and leaves the question. What is typed behind an Escape that has not been understood yet would be
            /// one key with it, so the question has to be gone first.
            func ask(_ key: String, _ question: String) throws {
                try press(key) { $0.contains(question) }
                try press("Escape") { isRunning($0) && !$0.contains(question) }
            }
            try tmux.wait(for: "the first window", isRunning)
            #expect(tmux.lines.allSatisfy { DisplayWidth.of($0) <= 80 } && tmux.lines.count == 24)

            try press("Space") { isRunning($0) && $0.contains("C → P2  PREPARE") }
            try ask("d", says(StepMessages.whichDrop))
            try press("t") { isRunning($0) && $0.contains("100 ms") }
            try press("c") { $0.contains(says(StepMessages.whichCrash)) }
            try press("1") { isRunning($0) && $0.contains(says(StepMessages.down)) }
            try press("r") { isRunning($0) && !$0.split(separator: "\n")[2].contains(says(StepMessages.down)) }
            try press("p") { $0.contains(says(StepMessages.whichPause)) }
            try press("2") { isRunning($0) && $0.contains(says(StepMessages.paused)) }
            try press("/") { $0.contains(says(StepMessages.askPartition)) }
            try tmux.type("C|P1,P2")
            try press("Enter") { isRunning($0) && $0.contains("C|P1,P2") }
            try press("h", until: isRunning)
            try press("?") { $0.contains(says(StepMessages.whichWhy)) }
            try ask("1", says(StepMessages.whyTitle))
            try ask("g", says(StepMessages.drawing))
            try ask("f", says(StepMessages.branchKeys))
            try press("b") { isRunning($0) && $0.contains("C|P1,P2") }
            try ask("s", "[two-phase-commit-happy-path.replay]")
            try press("q") { $0.contains("ended with 0") && !isRunning($0) }
        }
    }

    /// One window of a tmux server that nobody else uses.
    private final class Tmux {
        private let socket = "zoolab-\(UUID().uuidString)"
        private(set) var lines: [String] = []

        /// Not a daemon, which would hold what it inherits of the test's process.
        private let server: Process

        init(_ arguments: [String]) throws {
            let program = try #require(ZooLabProcess.executable).path
            server = try Self.process(["-L", socket, "-f", "/dev/null", "-D"], output: nil)
            try wait(for: "the server of tmux") {
                try call(["set-option", "-g", "status", "off"], mayFail: true).code == 0
            }
            // The shell stays when the program has ended, in the screen that it gives back.
            let script = #""$@"; echo "ended with $?"; exec cat"#
            try call(
                [
                    "new-session", "-d", "-x", "80", "-y", "24", "-e", "NO_COLOR=1", "/bin/sh", "-c", script, "sh",
                    program,
                ]
                    + arguments)
        }

        deinit {
            server.terminate()
            server.waitUntilExit()
        }

        private static func process(_ arguments: [String], output: Pipe?) throws -> Process {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["tmux", "-u"] + arguments
            process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C.UTF-8", "TMUX": ""]) { $1 }
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = output ?? FileHandle.nullDevice
            process.standardError = output ?? FileHandle.nullDevice
            try TerminalProcess.withoutBlockedSignals { try process.run() }
            return process
        }

        @discardableResult
        private func call(_ arguments: [String], mayFail: Bool = false) throws -> (code: Int32, text: String) {
            let output = Pipe()
            let process = try Self.process(["-N", "-L", socket] + arguments, output: output)
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            try #require(mayFail || process.terminationStatus == 0, "tmux \(arguments): \(text)")
            return (process.terminationStatus, text)
        }

        /// Presses a key by tmux's name for it.
        func press(_ key: String) throws { try call(["send-keys", key]) }

        func type(_ text: String) throws { try call(["send-keys", "-l", text]) }

        private func look() throws -> String {
            let screen = try call(["capture-pane", "-p"]).text
            lines = screen.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
            return screen
        }

        /// Looks until the window shows it.
        func wait(for what: String, _ isShown: (String) -> Bool) throws {
            try wait(for: what) { isShown(try look()) }
        }

        /// The number of tries is only a bound: a program that hangs must not hang the tests.
        private func wait(for what: String, _ isThere: () throws -> Bool) throws {
            for _ in 0..<2_000 {
                if try isThere() { return }
                usleep(20_000)
            }
            Issue.record("waited in vain for \(what); the window:\n\(lines.joined(separator: "\n"))")
            throw Failure.waited
        }

        enum Failure: Error { case waited }
    }
#endif
