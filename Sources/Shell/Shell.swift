import CoordinationClient
package import Messages
import StateMachines

/// A conversation with a coordination server: the commands, spellings and answers of ZooKeeper's own shell.
///
/// What it prints is a contract with scripts of many years, and so it is English, and to the letter, in every language.
package actor Shell {
    private let options: ShellOptions
    private let language: Language
    private let output: ShellOutput
    private var client: CoordinationClient?
    private var printing: Task<Void, Never>?
    private var host = ""
    private var history: [Int: String] = [:]
    private var commandCount = 0
    private var printsWatches = true
    /// Since the last connection.
    private var shownTroubles: Set<LocalizedText> = []
    /// How the last command ended: 0, 1, or 127 for one that does not exist.
    package private(set) var exitCode: Int32 = 0
    /// True after `quit`.
    package private(set) var hasQuit = false

    /// - Parameter language: of the few sentences that are not ZooKeeper's own.
    package init(_ options: ShellOptions, language: Language = .english, output: ShellOutput) {
        self.options = options
        self.language = language
        self.output = output
    }

    /// The commands that need no server, with what stands behind them in the list.
    private static let ownCommands = [
        "connect": "host:port", "history": "", "redo": "cmdno", "printwatches": "on|off", "quit": "",
    ]

    /// "[zk: localhost:2181(CONNECTED) 3] ".
    package var prompt: String {
        get async { "[zk: \(host)(\(await stateName)) \(commandCount)] " }
    }

    private var stateName: String {
        get async {
            switch await client?.state {
            case .connected: "CONNECTED"
            case .connectedReadOnly: "CONNECTEDREADONLY"
            case .disconnected: "CONNECTING"
            case .expired, .closed, nil: "CLOSED"
            }
        }
    }

    // MARK: Connecting

    /// Connects to the server of the options.
    package func start() async {
        output.line("Connecting to \(options.server)")
        await attempt { try await self.connect(to: self.options.server) }
    }

    private func connect(to server: String) async throws {
        await disconnect()
        host = server
        let client = try CoordinationClient.make(server, options.client)
        self.client = client
        let events = await client.events().dropFirst()  // Where it stands before it has connected.
        printing = Task { for await event in events { await self.show(event) } }
        guard options.waitsForConnection else { return await client.start() }
        do {
            try await client.open()
        } catch CoordinationError.notConnected {
            throw ShellFailure("KeeperErrorCode = ConnectionLoss")
        }
    }

    private func disconnect() async {
        await client?.close()
        await printing?.value
        (client, printing) = (nil, nil)
    }

    private func show(_ event: SessionEvent) async {
        switch event {
        case .trouble(let problem):
            // Every attempt tells, and there are many.
            guard shownTroubles.insert(problem).inserted else { return }
            output.remark(problem.text(in: language))
        case .state(let state):
            if state == .connected || state == .connectedReadOnly { shownTroubles = [] }
            show(state: Self.eventName(state), type: "None", path: "null", zxid: -1)
            output.changePrompt(await prompt)
        case .watch(let event):
            show(
                state: "SyncConnected", type: Self.typeName(event.kind), path: event.path,
                zxid: event.zxid?.wireValue ?? -1)
        }
    }

    private func show(state: String, type: String, path: String, zxid: Int64) {
        guard printsWatches else { return }
        output.write("\nWATCHER::\n\nWatchedEvent state:\(state) type:\(type) path:\(path) zxid: \(zxid)\n")
    }

    private static func eventName(_ state: SessionState) -> String {
        switch state {
        case .connected: "SyncConnected"
        case .connectedReadOnly: "ConnectedReadOnly"
        case .disconnected: "Disconnected"
        case .expired: "Expired"
        case .closed: "Closed"
        }
    }

    private static func typeName(_ kind: WatchEvent.Kind) -> String {
        kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst()
    }

    /// Ends the session, if there is one.
    package func finish() async { await disconnect() }

    /// Ends the session without saying so, as after a single command.
    package func finishQuietly() async {
        printsWatches = false
        await disconnect()
    }

    // MARK: Commands

    /// Does what a line says, and remembers it.
    package func execute(line: String) async {
        let words = CommandWords.split(line)
        guard !words.isEmpty else { return }
        history[commandCount] = line
        await execute(words: words)
        commandCount += 1
    }

    /// Does what words say.
    package func execute(words: [String]) async {
        await attempt { try await self.perform(words) }
    }

    private func attempt(_ body: () async throws -> Void) async {
        do {
            try await body()
            exitCode = 0
        } catch let failure as ShellFailure {
            if !failure.message.isEmpty { output.remark(failure.message) }
            exitCode = failure.exitCode
        } catch let error as CoordinationError {
            output.remark(ShellText.message(error))
            exitCode = 1
        } catch {
            output.remark((error as? any LocalizedFailure)?.message.text(in: language) ?? "\(error)")
            exitCode = 1
        }
    }

    private func perform(_ words: [String]) async throws {
        guard let name = words.first else { return }
        let command = ShellCommand.named(name)
        guard command != nil || Self.ownCommands[name] != nil || name == "exit" else {
            output.writeError(Self.usage)
            throw ShellFailure("Command not found: Command not found \(name)", exitCode: 127)
        }
        if try await performOwn(words) { return }
        guard let client, await client.state != .closed, await client.state != .expired else {
            return output.line("Not connected")
        }
        guard let command else { return }
        let invocation = try command.invocation(words, client, output)
        if name != "close", await !settle(client) {
            let path = words.first { $0.hasPrefix("/") }
            throw CoordinationError(CoordinationError.connectionLoss, operation: name, path: path)
        }
        try await command.run(invocation)
        if name == "close" { await printing?.value }
    }

    /// Waits for a connection, but no longer than until every server has been tried in vain: a request would wait for all of
    /// the session timeout, while somebody looks at the screen.
    ///
    /// - Returns: false where there is none.
    private func settle(_ client: CoordinationClient) async -> Bool {
        guard await client.state == .disconnected else { return true }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await event in await client.events() {
                    if case .state(let state) = event, state != .disconnected { return true }
                    if await client.hasTriedAllServers { return false }
                }
                return true
            }
            group.addTask {
                try? await client.sleep(for: client.sessionTimeout)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    /// - Returns: true when that was all.
    private func performOwn(_ words: [String]) async throws -> Bool {
        switch words[0] {
        case "quit", "exit":
            hasQuit = true
            await disconnect()
            return true
        case "redo" where words.count > 1: try await redo(words[1])
        case "history":
            for index in max(0, commandCount - 10)...commandCount {
                output.line("\(index) - \(history[index] ?? "null")")
            }
        case "printwatches":
            if words.count > 1 {
                printsWatches = words[1] == "on"
            } else {
                output.line("printwatches is \(printsWatches ? "on" : "off")")
            }
        case "connect": try await connect(to: words.count > 1 ? words[1] : host)
        default: break
        }
        return false
    }

    private func redo(_ text: String) async throws {
        guard let index = Int(text) else { throw ShellFailure("For input string: \"\(text)\"") }
        guard index >= 0, index < commandCount, let line = history[index] else {
            throw ShellFailure("Command index out of range")
        }
        let words = CommandWords.split(line)
        if words.first == "redo" { throw ShellFailure("No redoing redos") }
        history[commandCount] = line
        await execute(words: words)
        // What went wrong has been said already.
        if exitCode != 0 { throw ShellFailure("", exitCode: exitCode) }
    }

    /// The list of commands.
    package static var usage: String {
        let listed = ShellCommand.all.filter { !ShellCommand.hidden.contains($0.name) }.map { ($0.name, $0.usage) }
        let all = (listed + ownCommands.map { ($0.key, $0.value) }).sorted { $0.0 < $1.0 }
        return "ZooKeeper -server host:port -client-configuration properties-file cmd args\n"
            + all.map { "\t\($0) \($1)\n" }.joined()
    }

    // MARK: Completion

    /// What the last word of a line may become: a command, or a path.
    package func completions(of before: String) async -> [String] {
        let words = before.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let word = words.last ?? ""
        if word.hasPrefix("/") { return await paths(beginning: word) }
        let earlier = words.dropLast().filter { !$0.isEmpty }
        guard let command = earlier.first else {
            let names = ShellCommand.all.map(\.name) + Self.ownCommands.keys
            return names.filter { $0.hasPrefix(word) && !ShellCommand.hidden.contains($0) }.sorted()
        }
        let wantsPath = ShellCommand.named(command)?.takesPath == true && !earlier.contains { $0.hasPrefix("/") }
        return word.isEmpty && wantsPath ? await paths(beginning: "/") : []
    }

    private func paths(beginning word: String) async -> [String] {
        guard let client, let slash = word.lastIndex(of: "/") else { return [] }
        let folder = slash == word.startIndex ? "/" : String(word[..<slash])
        let start = word[...slash]
        let children = (try? await client.getChildren(folder)) ?? []
        return children.map { start + $0 }.filter { $0.hasPrefix(word) }
    }
}
