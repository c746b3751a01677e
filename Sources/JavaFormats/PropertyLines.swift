/// The lines of a Java properties file, which a `zoo.cfg` is: comments, continued lines, escapes.
///
/// Looks at scalars, as Java looks at units: a sign stays a sign whatever accent follows it.
package struct PropertyLines: Sequence, IteratorProtocol {
    package struct Property: Hashable, Sendable {
        package var key: String
        package var value: String
        /// Where it begins, from 1.
        package var line: Int
        /// False for a line of one word.
        package var hasSeparator: Bool
        /// As in the file.
        package var text: String
    }

    private typealias Scalars = Substring.UnicodeScalarView

    private var rest: Scalars
    private var number = 0

    package init(_ text: String) { rest = text[...].unicodeScalars }

    package mutating func next() -> Property? {
        while let first = nextLine() {
            let start = number
            var line = first.drop(while: Self.isBlank)
            guard let sign = line.first, sign != "#", sign != "!" else { continue }
            var text = String.UnicodeScalarView()
            while Self.continues(line) {
                text.append(contentsOf: line.dropLast())
                line = nextLine()?.drop(while: Self.isBlank) ?? Scalars()
            }
            text.append(contentsOf: line)
            return Self.property(Substring(String(text)).unicodeScalars, at: start)
        }
        return nil
    }

    /// Up to a line feed, a carriage return, or both; `nil` behind the last line.
    private mutating func nextLine() -> Scalars? {
        guard !rest.isEmpty else { return nil }
        number += 1
        let end = rest.firstIndex { $0 == "\n" || $0 == "\r" } ?? rest.endIndex
        let line = rest[..<end]
        rest = rest[end...]
        if rest.popFirst() == "\r", rest.first == "\n" { rest.removeFirst() }
        return line
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\u{C}"
    }

    /// An odd number of backslashes at the end: the last one escapes the end of the line.
    private static func continues(_ line: Scalars) -> Bool {
        line.reversed().prefix { $0 == "\\" }.count % 2 == 1
    }

    private static func property(_ line: Scalars, at number: Int) -> Property {
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
            key: String(unescaped(line[..<end])), value: String(value), line: number, hasSeparator: hasSeparator,
            text: String(line))
    }

    private static func unescaped(_ text: Scalars) -> String.UnicodeScalarView {
        var result = String.UnicodeScalarView()
        var rest = text
        while let scalar = rest.popFirst() {
            guard scalar == "\\", let escaped = rest.popFirst() else {
                if scalar != "\\" { result.append(scalar) }
                continue
            }
            switch escaped {
            case "t": result.append("\t")
            case "n": result.append("\n")
            case "r": result.append("\r")
            case "f": result.append("\u{C}")
            case "u":
                if let code = UInt32(String(rest.prefix(4)), radix: 16), let scalar = Unicode.Scalar(code) {
                    result.append(scalar)
                    rest = rest.dropFirst(4)
                }
            default: result.append(escaped)
            }
        }
        return result
    }
}
