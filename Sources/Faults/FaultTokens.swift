import Messages

/// One word or sign of a fault.
struct FaultToken: Hashable {
    var text: String
    /// Of its first character, from 1.
    var column: Int

    /// Letters, digits, `-`, `_` and `.`, and not a number alone: what nodes, labels and sessions are called.
    var isName: Bool {
        !isNumber && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }
    }

    var isNumber: Bool { text.allSatisfy { $0.isASCII && $0.isNumber } }

    /// A length of time of at most ten years: "50ms".
    var microseconds: UInt64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let unit = TimeText.units.first(where: { $0.name == text.dropFirst(digits.count) }),
            let count = UInt64(digits)
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit.microseconds)
        return overflow || product > 315_360_000_000_000 ? nil : product
    }

    /// A percentage above zero and up to 100, with at most four digits behind the point: "0.25%".
    var partsPerMillion: UInt64? {
        let parts = text.dropLast().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first.flatMap({ UInt64($0) }), whole <= 100 else { return nil }
        var fraction: UInt64 = 0
        if parts.count == 2 {
            guard (1...4).contains(parts[1].count), let digits = UInt64(parts[1]) else { return nil }
            fraction = (parts[1].count..<4).reduce(digits) { value, _ in value * 10 }
        }
        let value = whole * 10_000 + fraction
        return (1...1_000_000).contains(value) ? value : nil
    }
}

/// A fault split into words and the signs `,` `|` `>`, with a reading position.
struct FaultTokens {
    /// Words that no node and no label can be called, since they would be misread.
    static let keywords: Set<String> = ["every", "from", "to", "by", "at", "after", "for"]

    private let line: String
    private let tokens: [FaultToken]
    private var position = 0

    init(_ line: String) {
        self.line = line
        var tokens: [FaultToken] = []
        var isInWord = false
        for (index, character) in line.enumerated() {
            if character.isWhitespace {
                isInWord = false
            } else if character == "," || character == "|" || character == ">" {
                tokens.append(FaultToken(text: String(character), column: index + 1))
                isInWord = false
            } else if isInWord {
                tokens[tokens.count - 1].text.append(character)
            } else {
                tokens.append(FaultToken(text: String(character), column: index + 1))
                isInWord = true
            }
        }
        self.tokens = tokens
    }

    /// The next token; `nil` at the end.
    var peek: FaultToken? { position < tokens.count ? tokens[position] : nil }

    mutating func advance() { position += 1 }

    /// Steps over `word` if it is next.
    mutating func take(_ word: String) -> Bool {
        guard peek?.text == word else { return false }
        position += 1
        return true
    }

    /// An error at the next token, or behind the last.
    ///
    /// - Parameter candidates: words of which one may have been meant.
    func error(
        _ problem: LocalizedText, expected: LocalizedText? = nil, among candidates: [String] = []
    ) -> FaultSyntaxError {
        let column = peek?.column ?? line.count + 1
        let nearest = peek.flatMap { nearestWord(to: $0.text, among: candidates) }
        return FaultSyntaxError(line: line, column: column, problem: problem, expected: expected, nearest: nearest)
    }
}
