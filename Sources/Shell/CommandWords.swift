/// A line as words: separated by blanks, unless quotes hold them together.
package enum CommandWords {
    package static func split(_ line: String) -> [String] {
        var words: [String] = []
        var rest = line[...]
        while let start = rest.firstIndex(where: { !$0.isWhitespace }) {
            rest = rest[start...]
            if rest[start] == "\"" || rest[start] == "'" {
                let inside = rest.index(after: start)
                guard let end = rest[inside...].firstIndex(of: rest[start]) else {
                    rest = rest[inside...]  // A quote without its partner counts for nothing.
                    continue
                }
                words.append(String(rest[inside..<end]))
                rest = rest[rest.index(after: end)...]
            } else {
                let end = rest.firstIndex(where: \.isWhitespace) ?? rest.endIndex
                words.append(String(rest[..<end]))
                rest = rest[end...]
            }
        }
        return words
    }
}

/// What a command may be told beside its arguments.
struct OptionRules: Sendable {
    struct Option: Sendable {
        var name: String
        var takesValue = false
        var description = ""
        /// Options of a group exclude each other.
        var isInGroup = false
    }
    var options: [Option] = []
    /// Whether one of the group must be given.
    var requiresGroup = false

    /// "-s -w" as "sw"; those with a value as "v:".
    init(_ letters: String = "") {
        for letter in letters {
            if letter == ":" {
                options[options.count - 1].takesValue = true
            } else {
                options.append(Option(name: String(letter)))
            }
        }
    }

    init(_ options: [Option], requiresGroup: Bool = false) {
        self.options = options
        self.requiresGroup = requiresGroup
    }

    func option(_ name: String) -> Option? { options.first { $0.name == name } }
}

/// A command's words, told apart. What goes wrong is said as ZooKeeper's shell, which uses Apache Commons CLI, says it.
struct ParsedCommand: Sendable {
    private(set) var values: [String: String] = [:]
    /// The command's name first.
    private(set) var arguments: [String] = []

    func has(_ option: String) -> Bool { values[option] != nil }
    mutating func set(_ option: String) { values[option] = "" }
    mutating func removeArgument(at index: Int) { arguments.remove(at: index) }

    init(_ words: [String], _ rules: OptionRules) throws(ShellFailure) {
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                arguments += rest
                break
            }
            guard word.hasPrefix("-"), word.count > 1, Double(word) == nil else {
                arguments.append(word)
                continue
            }
            try take(word, rules, &rest)
        }
        if rules.requiresGroup, !rules.options.contains(where: { $0.isInGroup && has($0.name) }) {
            let names = rules.options.filter(\.isInGroup).map { "-\($0.name) \($0.description)" }
            throw Self.failure("MissingOptionException", "Missing required option: [\(names.joined(separator: ", "))]")
        }
    }

    private mutating func take(
        _ word: String, _ rules: OptionRules, _ rest: inout ArraySlice<String>
    ) throws(ShellFailure) {
        let text = String(word.dropFirst())
        if let option = rules.option(text) {
            guard option.takesValue else { return try set(option, to: "", rules) }
            guard let value = rest.first, !Self.isOption(value, rules) else {
                throw Self.failure("MissingArgumentException", "Missing argument for option: \(option.name)")
            }
            rest.removeFirst()
            return try set(option, to: value, rules)
        }
        if let equals = text.firstIndex(of: "="), let option = rules.option(String(text[..<equals])), option.takesValue
        {
            return try set(option, to: String(text[text.index(after: equals)...]), rules)
        }
        if let first = text.first, let option = rules.option(String(first)), option.takesValue, !text.hasPrefix("-") {
            return try set(option, to: String(text.dropFirst()), rules)  // "-v1".
        }
        let letters = text.map { rules.option(String($0)) }
        guard letters.allSatisfy({ $0.map { !$0.takesValue } ?? false }) else {
            throw Self.failure("UnrecognizedOptionException", "Unrecognized option: \(word)")
        }
        for case let option? in letters { try set(option, to: "", rules) }  // "-sw".
    }

    private mutating func set(
        _ option: OptionRules.Option, to value: String, _ rules: OptionRules
    ) throws(ShellFailure) {
        if option.isInGroup,
            let other = rules.options.first(where: { $0.isInGroup && $0.name != option.name && has($0.name) })
        {
            throw Self.failure(
                "AlreadySelectedException",
                "The option '\(option.name)' was specified but an option from this group has already been selected: "
                    + "'\(other.name)'")
        }
        if values[option.name] == nil { values[option.name] = value }
    }

    private static func isOption(_ word: String, _ rules: OptionRules) -> Bool {
        guard word.hasPrefix("-"), word.count > 1 else { return false }
        return rules.option(String(word.dropFirst())) != nil
            || word.dropFirst().first.map { rules.option(String($0)) != nil } ?? false
    }

    private static func failure(_ kind: String, _ text: String) -> ShellFailure {
        ShellFailure("org.apache.commons.cli.\(kind): \(text)")
    }
}

/// A command that did not work.
struct ShellFailure: Error, Hashable, Sendable {
    var message: String
    var exitCode: Int32

    init(_ message: String, exitCode: Int32 = 1) {
        self.message = message
        self.exitCode = exitCode
    }
}
