package import CommandLines
import EventLoop
import Faults
import Foundation
import LocalEnsemble
package import Messages
import StateMachines
import Terminal
import Traces

/// `zoolab ensemble`: servers on this machine, and faults between them.
package struct EnsembleCommand: Command {
    package static let name = "ensemble"
    package static var summary: LocalizedText { LocalEnsembleMessages.summary }
    package static var help: LocalizedText { LocalEnsembleMessages.help }

    private enum Action: String, CaseIterable {
        case start, run, status, kill, stop, add, remove, logs, trace, note
        // Words of faults.
        case crash, restart, pause, resume, partition, isolate, heal, delay, drop, duplicate, reorder, skew
        case oneWay = "one-way"
        case loseReply = "lose-reply"
        case expireSession = "expire-session"
        case loseUnsynced = "lose-unsynced"
        /// What `start` starts; a person has no use for it.
        case supervise
    }

    private let action: Action
    private let folder: EnsembleFolder
    private let words: [String]
    private let shape: EnsembleShape
    private let isJSON: Bool
    private let isObserver: Bool
    private let isCleaning: Bool
    private let isFollowing: Bool
    private let excerpt: EnsembleExcerpt
    private let plan: EnsemblePlan?

    package init(_ arguments: inout ArgumentReader) throws {
        folder = EnsembleFolder(try arguments.option("--dir") ?? "zoolab-ensemble")
        isJSON = arguments.flag("--json")
        isObserver = arguments.flag("--observer")
        isCleaning = arguments.flag("--clean")
        isFollowing = arguments.flag("-f", "--follow")
        excerpt = try EnsembleExcerpt(&arguments)
        shape = try EnsembleShape(&arguments)
        plan = try arguments.option("--plan").map { text in
            try JSONDecoder().decode(EnsemblePlan.self, from: Data(text.utf8))
        }
        action = try arguments.action(
            missing: LocalEnsembleMessages.missingAction, unknown: LocalEnsembleMessages.unknownAction)
        words = arguments.positionals()
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        switch action {
        case .start: return try await start(context)
        case .run: return try runHere(context)
        case .supervise: return supervise(context)
        case .status: return try status(context)
        case .kill: return try ask(ControlRequest(.fault, (["crash"] + words).joined(separator: " ")), context)
        case .crash, .restart, .pause, .resume, .partition, .oneWay, .isolate, .heal, .delay, .drop, .loseReply,
            .expireSession, .duplicate, .reorder, .skew, .loseUnsynced:
            return try ask(ControlRequest(.fault, ([action.rawValue] + words).joined(separator: " ")), context)
        case .stop where !words.isEmpty: return try ask(ControlRequest(.halt, words[0]), context)
        case .stop: return try await stop(context)
        case .add: return try ask(ControlRequest(.add, isObserver ? "observer" : "participant"), context)
        case .remove:
            guard let number = words.first else { throw UsageError(LocalEnsembleMessages.needsServer) }
            return try ask(ControlRequest(.remove, number), context)
        case .note: return try ask(ControlRequest(.note, words.joined(separator: " ")), context)
        case .logs: return try await logs(context)
        case .trace:
            if try folder.isRunning() { _ = try folder.ask(ControlRequest(.record)) }
            return try excerpt.write(folder, context)
        }
    }

    private func ask(_ request: ControlRequest, _ context: CommandContext) throws -> ExitCode {
        for sentence in try folder.ask(request).done { context.print(sentence.text) }
        return .pass
    }

    // MARK: Starting

    /// The folder's own plan, or a new one of the wanted shape.
    private func wantedPlan() throws -> EnsemblePlan {
        if try folder.isRunning() { throw EnsembleFailure.alreadyRunning(folder.path) }
        let count = try words.first.map { word in
            guard let count = Int(word), 1...9 ~= count else { throw UsageError(LocalEnsembleMessages.notACount(word)) }
            return count
        }
        return try shape.plan(count, after: try folder.plan(), in: folder)
    }

    private func start(_ context: CommandContext) async throws -> ExitCode {
        let plan = try wantedPlan()
        try launch(plan, context)
        context.print(LocalEnsembleMessages.started(plan.members.count, folder.path))
        for _ in 0..<150 {
            if let now = try folder.ask(ControlRequest(.status)).status, now.isServing {
                show(now, context)
                return .pass
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        context.printError(LocalEnsembleMessages.notServing)
        return .unknown
    }

    /// Starts the one who runs the ensemble, and waits until it says that it does.
    private func launch(_ plan: EnsemblePlan, _ context: CommandContext) throws {
        guard let own = context.program else { throw EnsembleFailure.system(LocalEnsembleMessages.noProgram) }
        InheritedDescriptors.keep()
        let text = String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
        var launch = ProcessLaunch(
            own,
            [
                "ensemble", "supervise", "--dir", folder.path, "--lang", context.language.rawValue, "--plan=" + text,
            ])
        launch.standardOutput = .pipe
        launch.standardError = .null
        let loop = try EventLoop()
        defer { loop.close() }
        var output: [UInt8] = []
        let child = try ChildProcess(launch, on: loop) { _ in loop.stop() }
        child.standardOutput?.onBytes = { bytes in
            output.append(contentsOf: bytes)
            if String(decoding: output, as: UTF8.self).contains(Self.readyLine) { loop.stop() }
        }
        child.standardOutput?.startReading()
        loop.run()
        // What it said last may arrive after its end.
        loop.runOnce()
        let said = String(decoding: output, as: UTF8.self)
        guard said.contains(Self.readyLine) else {
            let words = said.trimmingCharacters(in: .whitespacesAndNewlines)
            throw EnsembleFailure.system(LocalEnsembleMessages.didNotStart(words))
        }
        child.release()
    }

    private static let readyLine = "ensemble ready\n"

    /// In the background: whoever started it reads what is printed until it is ready.
    private func supervise(_ context: CommandContext) -> ExitCode {
        do {
            guard let plan else { throw UsageError(LocalEnsembleMessages.missingAction) }
            try EnsembleSupervisor.run(plan, in: folder, program: .own(context)) { context.write(Self.readyLine) }
            return .pass
        } catch {
            context.print((error as? any LocalizedFailure)?.message ?? LocalizedText("\(error)", zh: "\(error)"))
            return .toolFailed
        }
    }

    private func runHere(_ context: CommandContext) throws -> ExitCode {
        let plan = try wantedPlan()
        try EnsembleSupervisor.run(plan, in: folder, program: .own(context)) {
            context.print(LocalEnsembleMessages.started(plan.members.count, folder.path))
            context.print(LocalEnsembleMessages.connectString(plan.connectString))
        }
        context.print(LocalEnsembleMessages.stopped)
        return .pass
    }

    // MARK: Ending

    private func stop(_ context: CommandContext) async throws -> ExitCode {
        let isRunning = try folder.isRunning()
        // What is left of one that runs no longer may be cleaned all the same.
        if isRunning || !isCleaning {
            _ = try ask(ControlRequest(.stop), context)
            for _ in 0..<100 where try folder.isRunning() { try await Task.sleep(for: .milliseconds(50)) }
        }
        if isCleaning {
            folder.clean(try folder.plan())
            context.print(LocalEnsembleMessages.cleaned(folder.path))
        }
        return .pass
    }

    // MARK: Looking

    private func status(_ context: CommandContext) throws -> ExitCode {
        guard let now = try folder.ask(ControlRequest(.status)).status else { return .unknown }
        if isJSON { context.write(try JSONLine.text(now)) } else { show(now, context) }
        return .pass
    }

    private func show(_ status: EnsembleStatus, _ context: CommandContext) {
        let titles = [
            LocalEnsembleMessages.columnServer, LocalEnsembleMessages.columnRole, LocalEnsembleMessages.columnEpoch,
            LocalEnsembleMessages.columnZxid, LocalEnsembleMessages.columnLag, LocalEnsembleMessages.columnConnections,
            LocalEnsembleMessages.columnReceived, LocalEnsembleMessages.columnSent, LocalEnsembleMessages.columnPort,
        ]
        let table = TableLayout(
            alignments: [.right, .left, .right, .right, .right, .right, .right, .right, .right],
            header: titles.map { [Span($0.text(in: context.language), TextStyle(bold: true))] },
            rows: status.servers.map { row($0, context.language) })
        let theme = Theme.detect(environment: context.environment, usesColor: context.usesColor)
        context.write(theme.render(table.lines(width: context.columns)) + "\n")
        for server in status.servers {
            if let words = server.complaint { context.print(LocalEnsembleMessages.ended(server.server, words)) }
        }
        let sessions = status.servers.flatMap { server in server.sessions.map { ($0, server.server) } }
        if !sessions.isEmpty { context.print(LocalEnsembleMessages.sessions(sessions)) }
        if !status.faults.isEmpty { context.print(LocalEnsembleMessages.faults(status.faults)) }
        context.print(LocalEnsembleMessages.connectString(status.connectString))
    }

    private func row(_ server: EnsembleStatus.Server, _ language: Language) -> [[Span]] {
        let word = server.mode ?? server.condition
        let style = server.mode == "leader" ? TextStyle(.accent, bold: true) : TextStyle()
        func number(_ value: (some BinaryInteger)?) -> [Span] { [Span(value.map { "\($0)" } ?? "–")] }
        return [
            number(server.server), [Span(LocalEnsembleMessages.mode(word).text(in: language), style)],
            number(server.epoch), [Span(server.zxid ?? "–")], number(server.lag), number(server.connections),
            number(server.received), number(server.sent), [Span(String(server.address.drop { $0 != ":" }.dropFirst()))],
        ]
    }

    private func logs(_ context: CommandContext) async throws -> ExitCode {
        guard let plan = try folder.plan() else { throw EnsembleFailure.notRunning(folder.path) }
        let wanted = try words.first.map { word in
            guard let number = Int(word), plan.member(number) != nil else {
                throw EnsembleFailure.unknownServer(word, known: plan.members.map(\.number))
            }
            return [number]
        }
        let numbers = wanted ?? plan.members.map(\.number)
        var places = numbers.map { _ in UInt64(0) }
        repeat {
            for (index, number) in numbers.enumerated() {
                let text = FileEnd.read(folder.log(number), from: &places[index])
                let prefix = numbers.count > 1 ? "\(number) │ " : ""
                for line in text.split(separator: "\n") { context.write(prefix + line + "\n") }
            }
            if isFollowing { try await Task.sleep(for: .milliseconds(200)) }
        } while isFollowing
        return .pass
    }
}

extension EnsembleSupervisor.Program {
    /// What starts a server of this build.
    static func own(_ context: CommandContext) throws(EnsembleFailure) -> EnsembleSupervisor.Program {
        if let server = context.serverProgram { return .init(path: server, words: []) }
        guard let own = context.program else { throw .system(LocalEnsembleMessages.noProgram) }
        return .init(path: own, words: ["server"])
    }
}

/// How many servers `start` and `run` start, and how.
private struct EnsembleShape {
    private let observers: Int?
    private let tick: Int?
    private let port: UInt16?
    private let isTraced: Bool
    private let settings: [String]

    init(_ arguments: inout ArgumentReader) throws {
        observers = try arguments.number("--observers", in: 0...9)
        tick = try arguments.number("--tick", in: 50...60_000)
        port = try arguments.number("--port", in: 1_024...65_000)
        isTraced = arguments.flag("--trace")
        settings = arguments.prefixed("-D")
    }

    /// - Parameter count: how many servers vote; `nil`: as many as there are, or three.
    func plan(_ count: Int?, after old: EnsemblePlan?, in folder: EnsembleFolder) throws -> EnsemblePlan {
        guard var old else {
            return try .new(
                participants: count ?? 3, observers: observers ?? 0, firstPort: port, tick: tick ?? 500,
                isTraced: isTraced, settings: settings)
        }
        let (voters, others) = (
            old.members.count { $0.role == .participant }, old.members.count { $0.role == .observer }
        )
        guard count ?? voters == voters, observers ?? others == others else {
            throw EnsembleFailure.otherShape(folder.path, old.members.count)
        }
        if let port { try old.setFirstPort(port) }
        old.isTraced = isTraced
        if let tick { old.tick = tick }
        if !settings.isEmpty { old.settings = settings }
        return old
    }
}

/// Reads what was appended to a file.
private enum FileEnd {
    /// Whole lines behind `place`, which moves on; nothing where the file is not there.
    static func read(_ path: String, from place: inout UInt64) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else { return "" }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: place)) != nil, let data = try? file.readToEnd(),
            let end = data.lastIndex(of: UInt8(ascii: "\n"))
        else { return "" }
        let lines = data[...end]
        place += UInt64(lines.count)
        return String(decoding: lines, as: UTF8.self)
    }
}
