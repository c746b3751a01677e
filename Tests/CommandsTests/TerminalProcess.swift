#if os(Linux)
    import Foundation
    import Messages
    import Testing

    /// `zoolab` at the keyboard: a process whose terminal is a pseudo-terminal of ours, 80 columns by 24 rows.
    final class TerminalProcess {
        private(set) var screen = TerminalScreen(columns: 80, rows: 24)
        /// What was written since the last key.
        private var fresh = ""
        private let keyboard: Int32
        private let process = Process()

        /// - Parameter environment: added to that of the tests.
        init(_ arguments: [String], environment: [String: String]) throws {
            keyboard = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
            var (number, unlocked): (UInt32, Int32) = (0, 0)
            guard keyboard >= 0, ioctl(keyboard, Linux.unlock, &unlocked) == 0,
                ioctl(keyboard, Linux.number, &number) == 0
            else { throw Failure.noPseudoTerminal }
            setSize(columns: 80, rows: 24)
            let other = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
            guard other >= 0 else { throw Failure.noPseudoTerminal }
            let terminal = FileHandle(fileDescriptor: other, closeOnDealloc: true)
            // A session of its own with this terminal in control of it: only so does Control-C become a signal.
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["setsid", "--ctty", "--wait", try #require(ZooLabProcess.executable).path] + arguments
            process.environment = ProcessInfo.processInfo.environment
                .merging(["TERM": "xterm", "NO_COLOR": "1", "DISPLAY": "", "WAYLAND_DISPLAY": ""]) { _, new in new }
                .merging(environment) { _, new in new }
            process.standardInput = terminal
            process.standardOutput = terminal
            process.standardError = terminal
            try Self.withoutBlockedSignals { try process.run() }
            // From here on only the program holds it, so that its end is seen.
            try terminal.close()
        }

        /// Tests run on threads that block every signal, and a child would inherit that.
        static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
            let (none, before) = (
                UnsafeMutablePointer<sigset_t>.allocate(capacity: 1),
                UnsafeMutablePointer<sigset_t>.allocate(capacity: 1)
            )
            defer {
                none.deallocate()
                before.deallocate()
            }
            sigemptyset(none)
            pthread_sigmask(SIG_SETMASK, none, before)
            defer { pthread_sigmask(SIG_SETMASK, before, nil) }
            try body()
        }

        deinit {
            if process.isRunning { process.terminate() }
            close(keyboard)
        }

        enum Failure: Error { case noPseudoTerminal }

        /// Requests of `ioctl_tty(2)` that Swift's C library module leaves out.
        private enum Linux {
            static let unlock: UInt = 0x4004_5431  // TIOCSPTLCK
            static let number: UInt = 0x8004_5430  // TIOCGPTN
            static let settings: UInt = 0x5401  // TCGETS
        }

        /// Whether the terminal edits and echoes lines, as a shell's commands expect it.
        private var isCooked: Bool {
            var settings = [UInt32](repeating: 0, count: 16)
            guard ioctl(keyboard, Linux.settings, &settings) == 0 else { return false }
            let (lineEditing, echo): (UInt32, UInt32) = (0x2, 0x8)
            return settings[3] & (lineEditing | echo) == lineEditing | echo
        }

        private func setSize(columns: UInt16, rows: UInt16) {
            var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
            _ = ioctl(keyboard, UInt(TIOCSWINSZ), &size)
        }

        /// Gives the window another size, which the program learns by a signal.
        func resize(columns: Int, rows: Int) {
            fresh = ""
            screen.resize(columns: columns, rows: rows)
            setSize(columns: UInt16(columns), rows: UInt16(rows))
        }

        /// Presses keys; Control-C is "\u{3}".
        func press(_ keys: String) {
            fresh = ""
            let bytes = Array(keys.utf8)
            _ = write(keyboard, bytes, bytes.count)
        }

        /// Waits until one of these was written since the last key.
        ///
        /// - Returns: which.
        @discardableResult
        func wait(for texts: String...) throws -> String {
            while true {
                if let found = texts.first(where: { fresh.contains($0) }) { return found }
                let isOpen = try receive()
                try #require(isOpen, "the program ended without ‘\(texts)’; the screen:\n\(screen.text)")
            }
        }

        /// Presses a key and waits for what follows, turning pages on the way.
        func press(_ keys: String, turningPagesTo text: String, in language: Language) throws {
            let more = LessonMessages.keysMore.text(in: language)
            press(keys)
            while try wait(for: text, more) != text { press(" ") }
        }

        /// In milliseconds; only a bound: a program that hangs must not hang the tests. A search takes ten times as long under
        /// a sanitizer.
        private static let patience: Int32 =
            ProcessInfo.processInfo.environment["ZOOLAB_SANITIZE"] == nil ? 60_000 : 600_000

        /// Takes what the program writes next.
        ///
        /// - Returns: false when nobody has the terminal open any more.
        private func receive() throws -> Bool {
            var descriptor = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
            try #require(
                poll(&descriptor, 1, Self.patience) > 0, "nothing was written for long; the screen:\n\(screen.text)")
            var bytes = [UInt8](repeating: 0, count: 65_536)
            let count = read(keyboard, &bytes, bytes.count)
            guard count > 0 else { return false }
            fresh += screen.feed(Array(bytes.prefix(count)))
            return true
        }

        /// Waits until the program and all it started have let go of the terminal.
        ///
        /// - Returns: its exit code, and whether typed lines are echoed again as a shell expects.
        func end() throws -> (code: Int32, isRestored: Bool) {
            while try receive() {}
            process.waitUntilExit()
            return (process.terminationStatus, isCooked)
        }
    }
#endif
