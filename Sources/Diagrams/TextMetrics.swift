import Messages

/// How much room text needs on a figure, from our own table: no font is asked, so that a figure is the same everywhere.
///
/// Widths are those of the widest common sans-serif faces, in classes, so that text set in any of them fits its box.
enum TextMetrics {
    /// The distance from one line to the next, in sizes of the font.
    static let lineHeight = 1.25

    static func width(of text: some StringProtocol, size: Double, isBold: Bool = false) -> Double {
        var ems = 0.0
        for character in text { ems += width(of: character) }
        return ems * size * (isBold ? 1.07 : 1)
    }

    /// In ems.
    private static func width(of character: Character) -> Double {
        guard let ascii = character.asciiValue else {
            return switch DisplayWidth.of(character) {
            case 0: 0
            case 1 where character == "●": 1.02  // As wide as a Chinese character in fonts that have both.
            case 1: 0.64
            default: 1.02
            }
        }
        switch ascii {
        case UInt8(ascii: "i"), UInt8(ascii: "j"), UInt8(ascii: "l"), UInt8(ascii: "I"), UInt8(ascii: "|"),
            UInt8(ascii: "'"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: ";"),
            UInt8(ascii: "!"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"):
            return 0.34
        case UInt8(ascii: "f"), UInt8(ascii: "t"), UInt8(ascii: "r"), UInt8(ascii: " "), UInt8(ascii: "-"),
            UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\""),
            UInt8(ascii: "*"):
            return 0.39
        case UInt8(ascii: "m"), UInt8(ascii: "w"), UInt8(ascii: "M"), UInt8(ascii: "W"), UInt8(ascii: "@"),
            UInt8(ascii: "%"):
            return 0.9
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "&"), UInt8(ascii: "="), UInt8(ascii: "+"),
            UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "~"), UInt8(ascii: "#"):
            return 0.68
        default: return 0.57
        }
    }

    /// Cuts text to one line of at most `width` points, with an ellipsis where something is left out.
    static func clipped(_ text: String, to width: Double, size: Double, isBold: Bool = false) -> String {
        if Self.width(of: text, size: size, isBold: isBold) <= width { return text }
        var kept = ""
        var used = Self.width(of: "…", size: size, isBold: isBold)
        for character in text {
            used += Self.width(of: String(character), size: size, isBold: isBold)
            if used > width { break }
            kept.append(character)
        }
        while kept.last == " " { kept.removeLast() }
        return kept + "…"
    }

    /// Breaks text into at most `limit` lines of at most `width` points: at spaces where there are any, after any
    /// full-width character, and inside a word only where the word alone is too long.
    static func wrapped(_ text: String, to width: Double, size: Double, limit: Int, isBold: Bool = false) -> [String] {
        var lines: [String] = []
        var line = ""
        var words = breakable(text)[...]
        while let word = words.popFirst() {
            let candidate = line + word
            if Self.width(of: candidate.trimmingTrailingSpaces, size: size, isBold: isBold) <= width || line.isEmpty {
                line = candidate
                continue
            }
            if lines.count == limit - 1 {
                line = candidate + words.joined()
                words = []
                break
            }
            lines.append(line.trimmingTrailingSpaces)
            line = word
        }
        lines.append(line.trimmingTrailingSpaces)
        return lines.map { clipped($0, to: width, size: size, isBold: isBold) }
    }

    /// Pieces between which a line may break; their sum is the text, with line feeds as spaces.
    private static func breakable(_ text: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for character in text {
            piece.append(character.isNewline ? " " : character)
            if character.isWhitespace || (DisplayWidth.of(character) == 2 && !character.isPunctuation) {
                pieces.append(piece)
                piece = ""
            }
        }
        if !piece.isEmpty { pieces.append(piece) }
        // Punctuation stays with what it follows.
        var joined: [String] = []
        for piece in pieces {
            if let first = piece.first, first.isPunctuation, DisplayWidth.of(first) == 2, !joined.isEmpty {
                joined[joined.count - 1] += piece
            } else {
                joined.append(piece)
            }
        }
        return joined
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
