import Foundation

/// A golden conversation: `>` and `<` lines, with the speaker's name before them where there are several.
struct Transcript {
    struct Line {
        var speaker: String
        var sign: Character
        var text: String
    }
    var lines: [Line]

    init(named name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Goldens/\(name).txt")
        lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            guard !line.hasPrefix("#") else { return nil }
            if line.hasSuffix(" disconnects") { return Line(speaker: String(line.prefix(1)), sign: "!", text: "") }
            let sign = line.firstIndex { $0 == ">" || $0 == "<" } ?? line.startIndex
            return Line(
                speaker: String(line[..<sign]), sign: line[sign], text: String(line[line.index(sign, offsetBy: 2)...]))
        }
    }
}
