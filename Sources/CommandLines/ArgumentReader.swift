package import Messages

/// Reads one command line: flags (`--json`), options (`--seed 7`, `--seed=7`, `-o FILE`) and positionals, in any order.
package struct ArgumentReader {
    private var remaining: [String]
    /// What follows `--`: positionals even where they begin with a dash.
    private var literal: [String]

    package init(_ arguments: [String]) {
        if let separator = arguments.firstIndex(of: "--") {
            remaining = Array(arguments[..<separator])
            literal = Array(arguments[(separator + 1)...])
        } else {
            remaining = arguments
            literal = []
        }
    }

    /// Removes every `name`; true if there was one.
    package mutating func flag(_ names: String...) -> Bool {
        let before = remaining.count
        remaining.removeAll(where: names.contains)
        return remaining.count < before
    }

    /// The value of an option given at most once.
    package mutating func option(_ names: String...) throws -> String? {
        let values = try values(of: names)
        guard values.count <= 1 else { throw UsageError(CommandMessages.givenTwice(names[0])) }
        return values.first
    }

    /// Every value of an option that may be repeated.
    package mutating func options(_ names: String...) throws -> [String] { try values(of: names) }

    package mutating func number<Number: FixedWidthInteger>(
        _ name: String, as type: Number.Type = Number.self, in range: ClosedRange<Number>
    ) throws -> Number? {
        guard let text = try values(of: [name]).last else { return nil }
        guard let value = Number(text), range.contains(value) else {
            throw UsageError(
                CommandMessages.notANumber(
                    name, text, lowest: String(range.lowerBound), highest: String(range.upperBound)))
        }
        return value
    }

    private mutating func values(of names: [String]) throws -> [String] {
        var found: [String] = []
        var kept: [String] = []
        var index = 0
        while index < remaining.count {
            let argument = remaining[index]
            index += 1
            if names.contains(argument) {
                guard index < remaining.count else { throw UsageError(CommandMessages.missingValue(argument)) }
                found.append(remaining[index])
                index += 1
            } else if let name = names.first(where: { $0.hasPrefix("--") && argument.hasPrefix($0 + "=") }) {
                found.append(String(argument.dropFirst(name.count + 1)))
            } else {
                kept.append(argument)
            }
        }
        remaining = kept
        return found
    }

    /// Removes every argument that begins so (`-Dkey=value`); what follows the beginning.
    package mutating func prefixed(_ prefix: String) -> [String] {
        let found = remaining.filter { $0.hasPrefix(prefix) }
        remaining.removeAll { $0.hasPrefix(prefix) }
        return found.map { String($0.dropFirst(prefix.count)) }
    }

    /// The next positional; read flags and options first.
    package mutating func positional() -> String? {
        if let index = remaining.firstIndex(where: { !$0.hasPrefix("-") || $0 == "-" }) {
            return remaining.remove(at: index)
        }
        return literal.isEmpty ? nil : literal.removeFirst()
    }

    /// All positionals that are left; read flags and options first.
    package mutating func positionals() -> [String] {
        var words: [String] = []
        while let word = positional() { words.append(word) }
        return words
    }

    /// The next positional, which must say what to do.
    ///
    /// - Parameters:
    ///   - missing: said where there is none.
    ///   - unknown: said of a word that is no action, with the one that it most resembles.
    package mutating func action<Action: RawRepresentable & CaseIterable>(
        _ type: Action.Type = Action.self, missing: LocalizedText,
        unknown: (_ word: String, _ nearest: String?) -> LocalizedText
    ) throws -> Action where Action.RawValue == String {
        guard let word = positional() else { throw UsageError(missing) }
        guard let action = Action(rawValue: word) else {
            throw UsageError(unknown(word, nearestWord(to: word, among: Action.allCases.map(\.rawValue))))
        }
        return action
    }

    /// All that is left, as it stands: for a verb with a grammar of its own.
    package mutating func everything() -> [String] {
        defer { (remaining, literal) = ([], []) }
        return remaining + (literal.isEmpty ? [] : ["--"] + literal)
    }

    /// Refuses what nobody took.
    package func finish() throws {
        guard let left = remaining.first ?? literal.first else { return }
        throw UsageError(CommandMessages.unexpectedArgument(left))
    }
}
