import Messages

/// What a terminal shows after it was sent some bytes: as much of ECMA-48 as the lesson player uses.
struct TerminalScreen {
    private(set) var columns: Int
    private var rows: [[Character]]
    private var (row, column) = (0, 0)
    private var pending: [UInt8] = []
    /// What was shown before the program took the whole window for itself.
    private var covered: (rows: [[Character]], row: Int, column: Int)?

    init(columns: Int, rows count: Int) {
        self.columns = columns
        rows = Array(repeating: [], count: count)
    }

    /// Without the spaces at their ends.
    var lines: [String] {
        rows.map { cells in
            var line = String(cells.filter { $0 != "\0" })  // The right half of a wide character.
            while line.last == " " { line.removeLast() }
            return line
        }
    }
    var text: String { lines.joined(separator: "\n") }

    /// A window of another size: what is shown stays until the program draws again.
    mutating func resize(columns: Int, rows count: Int) {
        self.columns = columns
        while rows.count > count, row > 0 {
            rows.removeFirst()
            row -= 1
        }
        rows = Array(rows.prefix(count)) + Array(repeating: [], count: max(0, count - rows.count))
        rows = rows.map { Array($0.prefix(columns)) }
        column = min(column, columns)
    }

    /// - Returns: the characters among the bytes, without those that only move the cursor.
    mutating func feed(_ bytes: [UInt8]) -> String {
        pending += bytes
        var written = ""
        while let length = nextLength() {
            let piece = Array(pending.prefix(length))
            pending.removeFirst(length)
            written += take(piece)
        }
        return written
    }

    /// The bytes of the next control sequence or character; `nil` while it is incomplete.
    private func nextLength() -> Int? {
        guard let first = pending.first else { return nil }
        if first == 0x1B {
            guard pending.count > 1 else { return nil }
            if pending[1] == UInt8(ascii: "]") {  // A link; ends with escape and backslash.
                return pending.indices.dropFirst().first { pending[$0 - 1] == 0x1B && pending[$0] == 0x5C }
                    .map { $0 + 1 }
            }
            return pending.indices.dropFirst(2).first { (0x40...0x7E).contains(pending[$0]) }.map { $0 + 1 }
        }
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        return pending.count >= length ? length : nil
    }

    private mutating func take(_ piece: [UInt8]) -> String {
        let text = String(decoding: piece, as: UTF8.self)
        switch text {
        case "\n":
            lineFeed()
            return text
        case "\r": column = 0
        case "\u{1B}[H": (row, column) = (0, 0)
        case "\u{1B}[2J": rows = Array(repeating: [], count: rows.count)
        case "\u{1B}[K": rows[row] = Array(rows[row].prefix(column))
        case "\u{1B}[A": row = max(0, row - 1)
        case "\u{1B}[?1049h":
            covered = (rows, row, column)
            rows = Array(repeating: [], count: rows.count)
        case "\u{1B}[?1049l":
            guard let before = covered else { break }
            let empty = Array(repeating: [Character](), count: max(0, rows.count - before.rows.count))
            rows = Array((before.rows + empty).prefix(rows.count))
            (row, column) = (min(before.row, rows.count - 1), before.column)
            covered = nil
        default:
            guard piece[0] >= 0x20 else { break }  // Colours and links.
            write(Character(text))
            return text
        }
        return ""
    }

    private mutating func lineFeed() {
        guard row == rows.count - 1 else { return row += 1 }
        rows.removeFirst()
        rows.append([])
    }

    private mutating func write(_ character: Character) {
        let width = DisplayWidth.of(character)
        if column + width > columns {
            column = 0
            lineFeed()
        }
        while rows[row].count < column + width { rows[row].append(" ") }
        rows[row][column] = character
        if width == 2 { rows[row][column + 1] = "\0" }
        column += width
    }
}
