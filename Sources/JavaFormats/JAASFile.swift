/// Java's files of logins (JAAS), as far as SASL's DIGEST-MD5 needs them.
package enum JAASFile {
    /// Names and passwords of a server's section: `user_NAME="PASSWORD"`.
    package static func users(in text: String, section: String = "Server") -> [String: String] {
        let settings = settings(in: text, section: section).compactMap { name, value in
            name.hasPrefix("user_") ? (String(name.dropFirst(5)), value) : nil
        }
        return Dictionary(settings) { _, last in last }
    }

    /// Who logs in by a section of a client's file: `username="NAME" password="PASSWORD"`; nil where it does not say.
    package static func login(in text: String, section: String = "Client") -> (user: String, password: String)? {
        let settings = settings(in: text, section: section)
        guard let user = settings.last(where: { $0.name == "username" })?.value,
            let password = settings.last(where: { $0.name == "password" })?.value
        else { return nil }
        return (user, password)
    }

    /// Every `name="value"` of a section, in the file's order.
    private static func settings(in text: String, section: String) -> [(name: String, value: String)] {
        let tokens = tokens(of: text)
        guard let head = tokens.indices.first(where: { tokens[$0...].starts(with: [.word(section), .sign("{")]) })
        else { return [] }
        let body = tokens[(head + 2)...].prefix { $0 != .sign("}") }
        return body.indices.compactMap { index in
            guard case .word(let name) = body[index], body[(index + 1)...].first == .sign("="),
                case .quoted(let value)? = body[(index + 1)...].dropFirst().first
            else { return nil }
            return (name, value)
        }
    }

    private enum Token: Hashable {
        case word(String)
        case quoted(String)
        case sign(Character)
    }

    /// By hand, since regular expressions would cost every server a megabyte of memory.
    private static func tokens(of text: String) -> [Token] {
        let signs: [Character] = ["{", "}", "=", ";"]
        var tokens: [Token] = []
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first == "#" || rest.hasPrefix("//") {
                rest = rest.drop { !$0.isNewline }
            } else if signs.contains(first) {
                tokens.append(.sign(rest.removeFirst()))
            } else if first == "\"" {
                let value = rest.dropFirst().prefix { $0 != "\"" }
                tokens.append(.quoted(String(value)))
                rest = rest[value.endIndex...].dropFirst()
            } else {
                let word = rest.prefix { !$0.isWhitespace && $0 != "\"" && !signs.contains($0) }
                tokens.append(.word(String(word)))
                rest = rest[word.endIndex...]
            }
        }
        return tokens
    }
}
