import CoordinationClient

/// A command of the shell that asks something of a server.
struct ShellCommand: Sendable {
    var name: String
    /// What stands behind the name in the list of commands.
    var usage: String
    var rules = OptionRules()
    /// Whether the usage lists the options too.
    var describesOptions = false
    /// How many words there must be, the name included, and how many there may.
    var count = 1...Int.max
    var run: @Sendable (Invocation) async throws -> Void

    var takesPath: Bool { usage.split(separator: " ").contains("path") }

    /// What is said of a command that is told too little.
    var usageText: String {
        guard describesOptions else { return "\(name) \(usage)" }
        let heads = rules.options.map { "-\($0.name)" + ($0.takesValue ? " <arg>" : "") }
        let width = heads.map(\.count).max() ?? 0
        let rows = zip(heads, rules.options).sorted { $0.0.lowercased() < $1.0.lowercased() }.map { head, option in
            " \(head)\(String(repeating: " ", count: width - head.count + 3))\(option.description)\n"
        }
        return "\(name) \(usage)\n\(rows.joined())"
    }

    func invocation(_ words: [String], _ client: CoordinationClient, _ output: ShellOutput) throws -> Invocation {
        let parsed = try ParsedCommand(words, rules)
        guard count.contains(parsed.arguments.count) else { throw ShellFailure(usageText) }
        return Invocation(command: self, parsed: parsed, client: client, output: output)
    }

    /// Every command, in no particular order.
    static let all = nodeCommands + accessCommands + quotaCommands + watchCommands + administrationCommands

    static func named(_ name: String) -> ShellCommand? { all.first { $0.name == name } }

    /// Spellings of old that still work and are not listed.
    static let hidden: Set<String> = ["ls2", "rmr"]
}

/// Where a shell's words go.
package struct ShellOutput: Sendable {
    /// Results.
    package var write: @Sendable (String) -> Void
    /// Remarks and failures.
    package var writeError: @Sendable (String) -> Void

    /// Told when the prompt has changed while somebody may be typing behind it.
    package var changePrompt: @Sendable (String) -> Void

    package init(
        write: @escaping @Sendable (String) -> Void, writeError: @escaping @Sendable (String) -> Void,
        changePrompt: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.write = write
        self.writeError = writeError
        self.changePrompt = changePrompt
    }

    func line(_ text: String) { write(text + "\n") }
    func remark(_ text: String) { writeError(text + "\n") }
}

/// One use of a command.
struct Invocation: Sendable {
    let command: ShellCommand
    private(set) var parsed: ParsedCommand
    let client: CoordinationClient
    let output: ShellOutput

    init(command: ShellCommand, parsed: ParsedCommand, client: CoordinationClient, output: ShellOutput) {
        self.command = command
        self.parsed = parsed
        self.client = client
        self.output = output
    }

    /// The same, with a watch.
    func watching() -> Invocation {
        var changed = self
        changed.parsed.set("w")
        return changed
    }

    func has(_ option: String) -> Bool { parsed.has(option) }
    func value(_ option: String) -> String? { parsed.values[option] }
    /// A word after the command's name: 0 is the first.
    func argument(_ index: Int) -> String? {
        index + 1 < parsed.arguments.count ? parsed.arguments[index + 1] : nil
    }

    /// The first argument, as a path that a client may name.
    func path() throws -> String {
        guard let path = argument(0) else { throw ShellFailure(command.usageText) }
        try ShellText.check(path: path)
        return path
    }

    /// Takes "ls path watch" for "ls -w path", as old scripts write it.
    func acceptingWatchWord() -> Invocation {
        guard parsed.arguments.count > 2 else { return self }
        let name = command.name
        let proper = name == "ls" ? "'ls [-w] path'" : name == "get" ? "'get [-s] [-w] path'" : "'stat [-w] path'"
        output.remark("'\(name) path [watch]' has been deprecated. Please use \(proper) instead.")
        var changed = watching()
        changed.parsed.removeArgument(at: 2)
        return changed
    }

    /// The version that a node must have; nil for any.
    func version() throws(ShellFailure) -> Int32? {
        guard let text = value("v") else { return nil }
        guard let number = Int32(text) else { throw ShellFailure("For input string: \"\(text)\"") }
        return number == -1 ? nil : number
    }

    func printStat(_ stat: NodeStat) {
        if has("s") { output.write(ShellText.stat(stat)) }
    }
}
