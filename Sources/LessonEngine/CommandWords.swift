/// Command lines as a shell reads them: words, 'single' and "double" quotes. Nothing else has a meaning.
package enum CommandWords {
    /// - Returns: nil where a quote is never closed.
    package static func split(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let finished = word { words.append(finished) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        return words + (word.map { [$0] } ?? [])
    }

    /// The line that `split` would take apart again, and that can be pasted into a shell.
    package static func join(_ words: [String]) -> String {
        words.map { word in
            let isPlain = !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber || "-_=./:,+@%".contains($0) }
            if isPlain { return word }
            return word.contains("\"") || word.contains("$") ? "'\(word)'" : "\"\(word)\""
        }.joined(separator: " ")
    }
}
