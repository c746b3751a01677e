import CEditLine
import Foundation
import Messages
import Synchronization

/// Lines typed at a terminal, with history, and with completion by the tab key. libedit does the editing.
///
/// Text that others have to say while somebody types appears above the line being typed.
// SAFETY: `line`, `history`, `prompt` and `isGivenUp` are touched only inside `readLine`, whose calls follow each other; all else is
// constant, in `shared` behind its lock, or in the pipe.
package final class CommandPrompt: @unchecked Sendable {
    /// Finds what the word before the cursor may become.
    ///
    /// - Parameter before: the line up to the cursor.
    /// - Returns: whole words; the answer may take its time, a key that is pressed meanwhile gives it up.
    package typealias Completer = @Sendable (_ before: String) async -> [String]

    private struct Shared {
        var messages: [String] = []
        /// To be shown from now on.
        var prompt: String?
        var isReading = false
        /// The question that is open, and its answer.
        var question = 0
        var answer: [String]?
    }

    private let line: OpaquePointer
    private let history: OpaquePointer
    private let historyFile: String?
    private let isRemembered: @Sendable (String) -> Bool
    private let completer: Completer
    private let shared = Mutex(Shared())
    private let wakeReader: Int32
    private let wakeWriter: Int32
    private var prompt: UnsafeMutablePointer<CChar>?
    private var isGivenUp = false

    /// "3.1": the library that edits.
    package static let libraryVersion = "\(LIBEDIT_MAJOR).\(LIBEDIT_MINOR)"

    /// Lines that are remembered.
    private static let historySize: Int32 = 1_000

    /// - Parameters:
    ///   - historyFile: where lines are remembered from one run to the next; its folder must exist.
    ///   - isRemembered: whether a line is one to remember at all.
    ///   - completer: asked when the tab key is pressed.
    /// - Returns: nil unless standard input and standard output are terminals that can be edited on.
    package init?(
        historyFile: String?, isRemembered: @escaping @Sendable (String) -> Bool = { _ in true },
        completer: @escaping Completer
    ) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
        zoolab_use_utf8()
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        guard let history = zoolab_history_create(Self.historySize),
            let line = zoolab_editline_create(CommandPrompt.showPrompt, CommandPrompt.readCharacter)
        else { return nil }
        (wakeReader, wakeWriter) = (ends[0], ends[1])
        (self.line, self.history, self.historyFile) = (line, history, historyFile)
        (self.isRemembered, self.completer) = (isRemembered, completer)
        if let historyFile { _ = zoolab_history_load(history, historyFile) }
        zoolab_editline_use_history(line, history)
        zoolab_editline_bind(line, "zoolab-complete", CommandPrompt.complete, "\t")
        zoolab_editline_bind_interrupt(line, "zoolab-give-up", CommandPrompt.giveUp)
    }

    deinit {
        el_end(line)
        history_end(history)
        free(prompt)
        close(wakeReader)
        close(wakeWriter)
    }

    /// Waits for a line.
    ///
    /// - Parameter prompt: asked once; `change(prompt:)` counts more from that moment on.
    /// - Returns: the line without its end, "" where Control-C gave it up; nil at the end of input (Control-D).
    package func readLine(prompt: () async -> String) async -> String? {
        // First, so that no change is missed that the answer is too old for.
        shared.withLock { ($0.isReading, $0.prompt) = (true, nil) }
        let prompt = await prompt()
        return await withCheckedContinuation { continuation in
            // The library waits for keys inside a call, which no thread of the runtime may do.
            Thread.detachNewThread { continuation.resume(returning: self.edit(prompt)) }
        }
    }

    private func edit(_ prompt: String) -> String? {
        free(self.prompt)
        self.prompt = strdup(prompt)
        zoolab_editline_set_owner(line, Unmanaged.passUnretained(self).toOpaque())
        defer {
            shared.withLock { $0.isReading = false }
            showMessages()
        }
        var count: Int32 = 0
        isGivenUp = false
        let typed = el_gets(line, &count)
        if isGivenUp { return "" }
        guard let bytes = typed, count > 0 else { return nil }
        var text = String(cString: bytes)
        while text.last?.isNewline == true { text.removeLast() }
        if !text.isEmpty, isRemembered(text) {
            zoolab_history_enter(history, text)
            if let historyFile { _ = zoolab_history_save(history, historyFile) }
        }
        return text
    }

    /// Shows text, above the line being typed if there is one.
    package func show(_ text: String) {
        let isReading = shared.withLock { shared in
            shared.messages.append(text)
            return shared.isReading
        }
        if isReading { wake() } else { showMessages() }
    }

    /// Shows another prompt before the line being typed, if there is one.
    package func change(prompt: String) {
        let isReading = shared.withLock { shared in
            if shared.isReading { shared.prompt = prompt }
            return shared.isReading
        }
        if isReading { wake() }
    }

    private func wake() {
        var byte: UInt8 = 0
        _ = write(wakeWriter, &byte, 1)
    }

    @discardableResult
    private func showMessages() -> Bool {
        let messages = shared.withLock { shared in
            defer { shared.messages = [] }
            return shared.messages
        }
        for message in messages { FileHandle.standardOutput.write(Data(message.utf8)) }
        return !messages.isEmpty
    }

    private static func owner(_ line: OpaquePointer?) -> CommandPrompt? {
        zoolab_editline_owner(line).map { Unmanaged<CommandPrompt>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let showPrompt: zoolab_prompt_function = { line in
        takeSingleKeys()
        return CommandPrompt.owner(line)?.prompt
    }

    /// The library shows the prompt before it stops the terminal from collecting lines; a Control-D pressed in between
    /// would be taken for the end of an empty line, and lost.
    private static func takeSingleKeys() {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0, settings.c_lflag & tcflag_t(ICANON) != 0 else { return }
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }

    // MARK: Keys

    private static let readCharacter: zoolab_read_function = { line, character in
        guard let editor = CommandPrompt.owner(line), let character else { return 0 }
        while true {
            guard let hasKey = editor.waitForInput() else { return -1 }
            if hasKey { return CommandPrompt.decodeKey(character) }
            editor.showAboveLine()
        }
    }

    /// - Returns: true when a key can be read, false when there may be something to show; nil when waiting failed.
    private func waitForInput() -> Bool? {
        var descriptors = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, 2, -1) > 0 else {
            guard errno == EINTR else { return nil }
            zoolab_editline_refresh(line)  // The window may have another size.
            return false
        }
        if descriptors[1].revents != 0 {
            var bytes = [UInt8](repeating: 0, count: 64)
            _ = read(wakeReader, &bytes, bytes.count)
            return false
        }
        return true
    }

    /// Reads one character of UTF-8, and not a byte more.
    /// - Returns: 1; 0 at the end of input; −1 on failure.
    private static func decodeKey(_ character: UnsafeMutablePointer<wchar_t>) -> Int32 {
        var bytes: [UInt8] = []
        repeat {
            var byte: UInt8 = 0
            let count = read(STDIN_FILENO, &byte, 1)
            guard count == 1 else { return Int32(count) }
            bytes.append(byte)
        } while bytes.count < length(of: bytes[0])
        character.pointee = wchar_t(String(decoding: bytes, as: UTF8.self).unicodeScalars.first?.value ?? 0xFFFD)
        return 1
    }

    /// How many bytes the character has that begins with this one.
    private static func length(of byte: UInt8) -> Int {
        switch (~byte).leadingZeroBitCount {
        case 2: 2
        case 3: 3
        case 4: 4
        default: 1
        }
    }

    /// Control-C gives up the line, not the conversation.
    private static let giveUp: zoolab_edit_function = { line, _ in
        guard let editor = CommandPrompt.owner(line) else { return UInt8(CC_ERROR) }
        editor.isGivenUp = true
        FileHandle.standardOutput.write(Data("^C\n".utf8))
        return UInt8(CC_NEWLINE)
    }

    private func showAboveLine() {
        let (hasMessages, prompt) = shared.withLock { shared in
            defer { shared.prompt = nil }
            return (!shared.messages.isEmpty, shared.prompt)
        }
        if let prompt {
            free(self.prompt)
            self.prompt = strdup(prompt)
        }
        guard hasMessages || prompt != nil else { return }
        FileHandle.standardOutput.write(Data("\r\u{1B}[K".utf8))
        showMessages()
        zoolab_editline_refresh(line)
    }

    // MARK: Completion

    private static let complete: zoolab_edit_function = { line, _ in
        guard let editor = CommandPrompt.owner(line), let line, let info = el_line(line) else { return UInt8(CC_ERROR) }
        let length = info.pointee.buffer.distance(to: info.pointee.cursor)
        let bytes = UnsafeBufferPointer(start: info.pointee.buffer, count: length).map { UInt8(bitPattern: $0) }
        return editor.complete(String(decoding: bytes, as: UTF8.self))
    }

    private func complete(_ before: String) -> UInt8 {
        guard let candidates = ask(before), !candidates.isEmpty else { return UInt8(CC_ERROR) }
        let word = Completion.lastWord(of: before)
        let extended = Completion.commonBeginning(of: candidates)
        if extended.count > word.count {
            let addition = String(extended.dropFirst(word.count)) + (candidates.count == 1 ? " " : "")
            return el_insertstr(line, addition) == 0 ? UInt8(CC_REFRESH) : UInt8(CC_ERROR)
        }
        guard candidates.count > 1 else { return UInt8(CC_REFRESH) }
        let columns = TerminalSize.ofStandardOutput()?.columns ?? 80
        let list = Completion.columns(candidates.map(Completion.shortName), width: columns)
        FileHandle.standardOutput.write(Data("\n\(list)".utf8))
        // Below the list; the library's own redisplay would clear the list's last row first.
        zoolab_editline_refresh(line)
        return UInt8(CC_NORM)
    }

    /// Asks the completer, and waits for its answer or for a key.
    private func ask(_ before: String) -> [String]? {
        let question = shared.withLock { shared in
            shared.question += 1
            shared.answer = nil
            return shared.question
        }
        let completer = completer
        Task { [weak self] in
            let answer = await completer(before)
            guard let self else { return }
            shared.withLock { if $0.question == question { $0.answer = answer } }
            wake()
        }
        while waitForInput() == false {
            if let answer = shared.withLock({ $0.answer }) { return answer }
            showAboveLine()
        }
        return nil
    }
}

/// The arithmetic of completion.
package enum Completion {
    /// What stands between the last blank and the cursor.
    package static func lastWord(of line: String) -> String {
        line.lastIndex(of: " ").map { String(line[line.index(after: $0)...]) } ?? line
    }

    /// The longest beginning that all words share.
    package static func commonBeginning(of words: [String]) -> String {
        guard var common = words.first else { return "" }
        for word in words.dropFirst() { common = String(zip(common, word).prefix { $0 == $1 }.map(\.0)) }
        return common
    }

    /// Of a path its last part.
    package static func shortName(_ word: String) -> String {
        guard word.hasPrefix("/"), let slash = word.dropLast().lastIndex(of: "/") else { return word }
        return String(word[word.index(after: slash)...])
    }

    /// Words in as many columns as fit, read downwards; ends with a line break.
    package static func columns(_ words: [String], width: Int) -> String {
        let cell = (words.map { DisplayWidth.of($0) }.max() ?? 0) + 2
        let count = max(1, width / cell)
        let rows = (words.count + count - 1) / count
        return (0..<rows).map { row in
            stride(from: row, to: words.count, by: rows).map { index in
                let padding = index + rows < words.count ? cell - DisplayWidth.of(words[index]) : 0
                return words[index] + String(repeating: " ", count: padding)
            }.joined() + "\n"
        }.joined()
    }
}
