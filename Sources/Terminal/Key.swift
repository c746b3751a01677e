/// What a person did at the keyboard, or what happened to the terminal meanwhile.
package enum Key: Hashable, Sendable {
    case character(Character)
    case enter, backspace, escape, tab
    case up, down, left, right, pageUp, pageDown, home, end, delete
    /// Control and a letter, in lower case.
    case control(Character)
    /// The window has another size, or the program was continued: draw again.
    case resize
    /// Control-C, or a request of the system to end.
    case interrupt
    /// The keyboard is gone.
    case endOfInput
}

/// Where keys come from: a terminal, or a list in a test.
package protocol KeySource: AnyObject {
    /// Waits for the next key.
    func nextKey() -> Key
    /// Forgets what was typed and not yet read, so that a stray key does not answer the next question.
    func discardTypedKeys()
}

/// Keys from a pipe or a file, to their end: a script.
package final class PipedKeys: KeySource {
    private var decoder = KeyDecoder()
    private var keys: [Key] = []

    /// - Returns: nil where standard input is a terminal.
    package init?() {
        guard !RawTerminal.isInputTerminal else { return nil }
    }

    package func nextKey() -> Key {
        while keys.isEmpty {
            let bytes = RawTerminal.readInput()
            keys = bytes.isEmpty ? decoder.flush() + [.endOfInput] : decoder.feed(bytes)
        }
        return keys.removeFirst()
    }

    /// A script knows what it answers.
    package func discardTypedKeys() {}
}

/// Turns the bytes a terminal sends into keys.
package struct KeyDecoder {
    private var pending: [UInt8] = []

    package init() {}

    /// True after an incomplete sequence: more bytes should follow at once.
    package var isInsideSequence: Bool { !pending.isEmpty }

    /// - Returns: the keys that are complete now.
    package mutating func feed(_ bytes: some Sequence<UInt8>) -> [Key] {
        pending += bytes
        var keys: [Key] = []
        while let (key, length) = firstKey() {
            pending.removeFirst(length)
            if let key { keys.append(key) }
        }
        return keys
    }

    /// Nothing followed: a lone escape byte is the escape key, other incomplete sequences are dropped.
    package mutating func flush() -> [Key] {
        defer { pending = [] }
        return pending.first == 0x1B ? [.escape] : []
    }

    /// The first key and its bytes; a nil key is a sequence to ignore. Nil while more bytes are needed.
    private func firstKey() -> (key: Key?, length: Int)? {
        guard let first = pending.first else { return nil }
        switch first {
        case 0x1B: return escapeSequence()
        case 0x0D, 0x0A: return (.enter, 1)
        case 0x09: return (.tab, 1)
        case 0x7F, 0x08: return (.backspace, 1)
        case 0x03: return (.interrupt, 1)
        case 0x01...0x1A: return (.control(Character(UnicodeScalar(first + 0x60))), 1)
        case 0x20..<0x7F: return (.character(Character(UnicodeScalar(first))), 1)
        case 0xC2..<0xF5: return multibyteCharacter(first)
        default: return (nil, 1)
        }
    }

    private func multibyteCharacter(_ first: UInt8) -> (key: Key?, length: Int)? {
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        let bytes = pending.prefix(length)
        guard bytes.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 }) else { return (nil, 1) }
        guard bytes.count == length else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self), let character = text.first else { return (nil, 1) }
        return (.character(character), length)
    }

    /// The sequences of xterm and its kin (ECMA-48 control sequences and SS3).
    private func escapeSequence() -> (key: Key?, length: Int)? {
        guard pending.count > 1 else { return nil }
        guard pending[1] == UInt8(ascii: "[") || pending[1] == UInt8(ascii: "O") else { return (.escape, 1) }
        guard let end = pending.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else {
            return pending.count > 16 ? (nil, pending.count) : nil
        }
        let parameters = String(decoding: pending[2..<end], as: UTF8.self)
        return (Self.key(final: Character(UnicodeScalar(pending[end])), parameters), end + 1)
    }

    private static func key(final: Character, _ parameters: String) -> Key? {
        switch final {
        case "A": .up
        case "B": .down
        case "C": .right
        case "D": .left
        case "H": .home
        case "F": .end
        case "M": .enter  // The keypad's.
        case "~":
            switch parameters.prefix(while: { $0 != ";" }) {
            case "1", "7": .home
            case "4", "8": .end
            case "3": .delete
            case "5": .pageUp
            case "6": .pageDown
            default: nil
            }
        default: nil
        }
    }
}

/// A line of text being typed; the cursor stays at its end.
package struct LineEditor: Sendable {
    package private(set) var text = ""

    package init() {}

    /// What a key did to the line.
    package enum Outcome: Hashable, Sendable { case typing, done, ended, interrupted, redraw }

    package mutating func handle(_ key: Key) -> Outcome {
        switch key {
        case .character(let character): text.append(character)
        case .backspace: _ = text.popLast()
        case .control("u"): text = ""
        case .control("w"):
            while text.last == " " { text.removeLast() }
            while let last = text.last, last != " " { text.removeLast() }
        case .enter: return .done
        case .control("d"): return text.isEmpty ? .ended : .typing
        case .escape, .endOfInput: return .ended
        case .interrupt: return .interrupted
        case .resize: return .redraw
        case .tab, .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .delete, .control: break
        }
        return .typing
    }
}
