import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Columns and rows of a terminal window.
package struct TerminalSize: Hashable, Sendable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// The window behind standard output; nil where there is none.
    package static func ofStandardOutput() -> TerminalSize? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
}

/// The keyboard, read key by key without echo while the object is open.
///
/// The terminal gets its settings back on `close()`, when the process ends through a signal, and while it is stopped
/// with Control-Z. Only one may be open in a process.
package final class RawTerminal: KeySource {
    private var decoder = KeyDecoder()
    private var keys: [Key] = []
    /// Only what has been opened is closed: `deinit` runs too where `init` gives up.
    private var isOpen = false

    /// - Parameter farewell: written when a signal ends the process while nobody waits for a key.
    /// - Returns: nil unless both standard input and standard output are terminals.
    package init?(farewell: String) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
        guard SignalState.install(farewell: Array(farewell.utf8)) else { return nil }
        SignalState.makeRaw()
        isOpen = true
    }

    deinit { close() }

    /// Gives the terminal back; may be called again.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        SignalState.uninstall()
    }

    package func nextKey() -> Key {
        SignalState.isWaiting.store(true, ordering: .sequentiallyConsistent)
        defer { SignalState.isWaiting.store(false, ordering: .sequentiallyConsistent) }
        while keys.isEmpty { waitForInput() }
        return keys.removeFirst()
    }

    package func discardTypedKeys() {
        keys = []
        decoder = KeyDecoder()
        tcflush(STDIN_FILENO, TCIFLUSH)
    }

    private func waitForInput() {
        var descriptors = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: SignalState.wakeReader, events: Int16(POLLIN), revents: 0),
        ]
        // A lone escape byte is a key of its own only if nothing follows at once.
        let count = poll(&descriptors, 2, decoder.isInsideSequence ? 30 : -1)
        if count < 0 { return }  // Interrupted by a signal, which has written to the pipe.
        if count == 0 {
            keys += decoder.flush()
            return
        }
        if descriptors[1].revents != 0 { takeSignals() }
        if descriptors[0].revents != 0 { takeBytes() }
    }

    private func takeSignals() {
        for byte in Self.read(SignalState.wakeReader) {
            switch Int32(byte) {
            case SIGWINCH: keys.append(.resize)
            case SIGCONT:
                SignalState.makeRaw()
                keys.append(.resize)
            default: keys.append(.interrupt)
            }
        }
    }

    private func takeBytes() {
        let bytes = Self.read(STDIN_FILENO)
        keys += bytes.isEmpty ? [.endOfInput] : decoder.feed(bytes)
    }

    static var isInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }
    /// Waits for bytes of standard input; none at its end.
    static func readInput() -> [UInt8] { read(STDIN_FILENO) }

    private static func read(_ descriptor: Int32) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
            #if canImport(Glibc)
                count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
            #elseif canImport(Musl)
                count = max(0, Musl.read(descriptor, buffer.baseAddress, buffer.count))
            #else
                count = max(0, Darwin.read(descriptor, buffer.baseAddress, buffer.count))
            #endif
        }
    }
}

/// What the signal handler needs: plain memory, written before the handler is installed.
private enum SignalState {
    // SAFETY: written only by `install`, on one thread, before any handler can run; read-only afterwards.
    //
    // Behind a pointer, because Swift 6.3 gives a global `termios` 57 bytes of its 60, without the padding before its last
    // fields, and the C library writes all of them; the address sanitizer saw it.
    nonisolated(unsafe) private static var original: UnsafeMutablePointer<termios>?
    // SAFETY: as above.
    nonisolated(unsafe) static var wakeReader: Int32 = -1
    // SAFETY: as above.
    nonisolated(unsafe) private static var wakeWriter: Int32 = -1
    // SAFETY: as above; the handler only reads it.
    nonisolated(unsafe) private static var farewell = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
    /// True while `nextKey` waits, and so will see what the handler writes.
    static let isWaiting = Atomic<Bool>(false)

    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT]

    static func install(farewell words: [UInt8]) -> Bool {
        var settings = termios()
        var ends: [Int32] = [-1, -1]
        guard tcgetattr(STDIN_FILENO, &settings) == 0, pipe(&ends) == 0 else { return false }
        original = .allocate(capacity: 1)
        original?.initialize(to: settings)
        (wakeReader, wakeWriter) = (ends[0], ends[1])
        farewell = .allocate(capacity: words.count)
        _ = farewell.initialize(from: words)
        isWaiting.store(false, ordering: .sequentiallyConsistent)
        for number in signals { signal(number, onSignal) }
        return true
    }

    static func uninstall() {
        for number in signals { signal(number, SIG_DFL) }
        tcsetattr(STDIN_FILENO, TCSADRAIN, original)
        original?.deallocate()
        original = nil
        close(wakeReader)
        close(wakeWriter)
        farewell.deallocate()
    }

    /// No echo and no lines; Control-C and Control-Z stay signals, so that they work while a command runs.
    static func makeRaw() {
        guard var raw = original?.pointee else { return }
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        raw.c_iflag &= ~tcflag_t(IXON)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
    }

    /// Calls only what POSIX allows inside a handler.
    private static let onSignal: @convention(c) (Int32) -> Void = { number in
        let saved = errno
        let isQuestion = number != SIGWINCH && number != SIGCONT
        if isQuestion, !isWaiting.load(ordering: .sequentiallyConsistent) {
            tcsetattr(STDIN_FILENO, TCSANOW, original)
            _ = write(STDOUT_FILENO, farewell.baseAddress, farewell.count)
            _exit(128 + number)
        }
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(wakeWriter, &byte, 1)
        errno = saved
    }
}
