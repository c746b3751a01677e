/// The lines of a Java properties file, which a `zoo.cfg` is: comments, continued lines, escapes.
struct PropertyLines: Sequence, IteratorProtocol {
    struct Property: Equatable {
        var key: String
        var value: String
        /// Where it begins, from 1.
        var line: Int
        /// False for a line of one word.
        var hasSeparator: Bool
        /// As in the file.
        var text: String
    }

    private var lines: ArraySlice<Substring>
    private var number = 0

    init(_ text: String) {
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
    }

    mutating func next() -> Property? {
        while let first = lines.popFirst() {
            number += 1
            let start = number
            var line = String(first.drop(while: Self.isBlank))
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("!") { continue }
            while Self.continues(line) {
                line.removeLast()
                guard let more = lines.popFirst() else { break }
                number += 1
                line += more.drop(while: Self.isBlank)
            }
            return Self.property(line, at: start)
        }
        return nil
    }

    private static func isBlank(_ character: Character) -> Bool {
        character == " " || character == "\t" || character == "\u{C}"
    }

    /// An odd number of backslashes at the end: the last one escapes the end of the line.
    private static func continues(_ line: String) -> Bool {
        line.reversed().prefix { $0 == "\\" }.count % 2 == 1
    }

    private static func property(_ line: String, at number: Int) -> Property {
        var end = line.startIndex
        var isEscaped = false
        while end < line.endIndex, isEscaped || !(isBlank(line[end]) || line[end] == "=" || line[end] == ":") {
            isEscaped = line[end] == "\\" && !isEscaped
            end = line.index(after: end)
        }
        var rest = line[end...].drop(while: isBlank)
        let hasSeparator = !rest.isEmpty
        if let mark = rest.first, mark == "=" || mark == ":" { rest = rest.dropFirst().drop(while: isBlank) }
        var value = unescaped(rest)
        // ZooKeeper trims what Java leaves.
        while let last = value.last, isBlank(last) { value.removeLast() }
        return Property(
            key: unescaped(line[..<end]), value: value, line: number, hasSeparator: hasSeparator, text: line)
    }

    private static func unescaped(_ text: Substring) -> String {
        guard text.contains("\\") else { return String(text) }
        var result = ""
        var rest = text
        while let character = rest.popFirst() {
            guard character == "\\", let escaped = rest.popFirst() else {
                if character != "\\" { result.append(character) }
                continue
            }
            switch escaped {
            case "t": result.append("\t")
            case "n": result.append("\n")
            case "r": result.append("\r")
            case "f": result.append("\u{C}")
            case "u":
                if let code = UInt32(rest.prefix(4), radix: 16), let scalar = Unicode.Scalar(code) {
                    result.unicodeScalars.append(scalar)
                    rest = rest.dropFirst(4)
                }
            default: result.append(escaped)
            }
        }
        return result
    }
}
