package import CommandLines
import CoordinationCore
import CoordinationServer
import EventLoop
package import Messages
import StateMachines
import Zab
import Traces

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `zoolab server [zoo.cfg]`.
package struct ServerCommand: Command {
    package static let name = "server"
    package static let summary = ServerMessages.summary
    package static let help = ServerMessages.help

    /// As they came, for the program that is a server and nothing else.
    private let arguments: [String]
    /// A `zoo.cfg`, or `PORT DATADIR [TICKTIME] [MAXCNXNS]`.
    private let positionals: [String]
    private let properties: [ZooConfiguration.Property]
    private let logLevel: ServerLog.Level?
    private let logFormat: ServerLog.Format?
    private let logFile: String?
    private let traceFile: String?
    /// The process with which the server ends; for whoever runs an ensemble.
    private let parent: Int32?

    package init(_ arguments: inout ArgumentReader) throws {
        var copy = arguments
        self.arguments = copy.everything()
        logLevel = try Self.choice("--log-level", &arguments, ServerLog.Level.allCases.map(\.rawValue)) {
            ServerLog.Level(named: $0)
        }
        logFormat = try Self.choice("--log-format", &arguments, ServerLog.Format.allCases.map(\.rawValue)) {
            ServerLog.Format(rawValue: $0)
        }
        logFile = try arguments.option("--log-file")
        traceFile = try arguments.option("--trace")
        parent = try arguments.number("--parent", in: 1...Int32.max)
        properties = arguments.prefixed("-D").map { property in
            let parts = property.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return ZooConfiguration.Property(
                key: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
        }
        var positionals: [String] = []
        while positionals.count < 4, let next = arguments.positional() { positionals.append(next) }
        self.positionals = positionals
    }

    private static func choice<Choice>(
        _ name: String, _ arguments: inout ArgumentReader, _ words: [String], _ find: (String) -> Choice?
    ) throws -> Choice? {
        guard let word = try arguments.option(name) else { return nil }
        guard let choice = find(word) else {
            throw UsageError(ServerMessages.unknownChoice(name, word, words: words.joined(separator: ", ")))
        }
        return choice
    }

    /// The whole of `zoolab-server`.
    ///
    /// - Parameter arguments: without the program's name.
    package static func main(_ arguments: [String], in world: CommandContext) -> ExitCode {
        var context = world
        var reader = ArgumentReader(arguments)
        do {
            context = try world.settingLanguage(from: &reader)
            if reader.flag("--help", "-h") {
                context.print(help)
                return .pass
            }
            let command = try Self(&reader)
            try reader.finish()
            return try command.serve(context)
        } catch {
            return context.report(error)
        }
    }

    /// Becomes `zoolab-server`, or else serves by itself: the same, but with the libraries of all other verbs in memory.
    package func run(_ context: CommandContext) async throws -> ExitCode {
        if let program = context.serverProgram {
            let words = [program, "--lang", context.language.rawValue] + arguments
            let pointers = words.map { strdup($0) } + [nil]
            execv(program, pointers)  // Returns only where it failed.
            for pointer in pointers { free(pointer) }
        }
        return try serve(context)
    }

    private func serve(_ context: CommandContext) throws -> ExitCode {
        let configuration: ZooConfiguration
        do throws(ConfigurationFailure) {
            configuration = try readConfiguration()
        } catch {
            throw UsageError(error.message)
        }
        let wanted = logOptions(configuration.options.logging)
        let log = ServerLog(
            level: wanted.level, format: wanted.format, language: context.language,
            output: try output(wanted.file, context))
        for warning in configuration.warnings { log.write(.warning, warning) }
        return try serve(configuration.options, log, context)
    }

    private func readConfiguration() throws(ConfigurationFailure) -> ZooConfiguration {
        guard let file = positionals.first else { return try ZooConfiguration(properties: properties) }
        guard positionals.count == 1 else {
            return try ZooConfiguration(positional: positionals, properties: properties)
        }
        return try ZooConfiguration(try ZooConfiguration.contents(of: file), file: file, properties: properties)
    }

    /// The command line's wishes go before the configuration's.
    private func logOptions(_ configured: LogOptions) -> LogOptions {
        var options = configured
        if let logLevel { options.level = logLevel }
        if let logFormat { options.format = logFormat }
        if let logFile { options.file = logFile }
        return options
    }

    private func output(_ file: String?, _ context: CommandContext) throws(ConfigurationFailure) -> LogOutput {
        if let file { try LogOutput(file: file) } else { LogOutput(context.writeError) }
    }

    /// Runs the loop on this thread until a signal or a failure ends it.
    private func serve(_ options: ServerOptions, _ log: ServerLog, _ context: CommandContext) throws -> ExitCode {
        // Three lanes of the log, and beside them a snapshot, the next log and old files: libuv's four threads are too few.
        setenv("UV_THREADPOOL_SIZE", "6", 0)
        let loop = try EventLoop()
        defer { loop.close() }
        if let parent { ParentProcess.follow(parent, on: loop) { loop.stop() } }
        let node = options.ensemble.map { "\($0.me)" } ?? "server"
        let trace = try traceFile.map { path in try ServerTrace(path, node: node, on: loop) }
        let server = try CoordinationServer(options, on: loop, observer: Self.observer(for: log, trace))
        let administration = try AdminServer(options.administration, for: server, on: loop)
        defer { administration.stop() }
        let audit = try options.isAudited ? AuditLog(output(options.auditFile, context)) : nil
        server.onAudit = { audit?.write($0) }
        server.onNotice = { log.write(.warning, $0) }
        server.onRole = { role in
            log.write(.info, role.text)
            trace?.record(role)
        }
        for notice in server.notices { log.write(.warning, notice) }
        var failure: ServerFailure?
        server.onFailure = { problem in
            failure = problem
            loop.stop()
        }
        let signals = try Self.watchSignals(server, administration, options, loop, log, audit)
        context.print(
            ServerMessages.ready(
                server.address.description, transactions: server.recoveredTransactionCount, folder: options.dataFolder))
        if let address = server.secureAddress { context.print(TLSMessages.secureReady(address.description)) }
        Self.announce(server, administration, options, log)
        audit?.write(AuditRecord(operation: .serverStart, isSuccess: true))
        loop.run()
        for signal in signals { signal.cancel() }
        audit?.write(AuditRecord(operation: .serverStop, isSuccess: failure == nil))
        if let failure { throw failure }
        log.write(.info, LoggingMessages.stopped)
        context.print(ServerMessages.stopped)
        return .pass
    }

    private static func announce(
        _ server: CoordinationServer, _ administration: AdminServer, _ options: ServerOptions, _ log: ServerLog
    ) {
        log.write(.info, LoggingMessages.started(server.address.description, folder: options.dataFolder))
        if let port = administration.port { log.write(.info, LoggingMessages.administration(Int(port))) }
        if let port = administration.metricsPort { log.write(.info, LoggingMessages.metrics(Int(port))) }
    }

    /// SIGTERM and SIGINT stop the server in good order; SIGHUP opens log files anew and reads certificates again.
    private static func watchSignals(
        _ server: CoordinationServer, _ administration: AdminServer, _ options: ServerOptions, _ loop: EventLoop,
        _ log: ServerLog, _ audit: AuditLog?
    ) throws -> [LoopSignal] {
        var signals: [LoopSignal] = []
        for (number, name) in [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")] {
            signals.append(
                try LoopSignal(number, on: loop) {
                    log.write(.info, LoggingMessages.signalled(name))
                    server.stop { loop.stop() }
                })
        }
        // Without files to read or open anew a hang-up ends the server, as other programs whose terminal goes.
        let speaksTLS = options.tls.isWanted || options.administration.tls.isWanted
        guard speaksTLS || log.writesFile || options.auditFile != nil else { return signals }
        signals.append(
            try LoopSignal(SIGHUP, on: loop) {
                log.reopen()
                audit?.reopen()
                log.write(.info, LoggingMessages.reloading)
                server.reloadCertificates()
                administration.reloadCertificates()
            })
        return signals
    }

    /// What the server does is watched only where somebody reads it.
    private static func observer(for log: ServerLog, _ trace: ServerTrace?) -> ((Observation, Tick) -> Void)? {
        guard log.level <= .debug || trace != nil else { return nil }
        return { observation, time in
            trace?.record(observation, at: time)
            guard log.level <= .debug else { return }
            guard observation.isRequest ? log.level <= .trace : true else { return }
            let event = observation.event(order: 0, time: time, server: "")
            let fields = [("session", event.id), ("detail", event.payload)].compactMap { name, value in
                value.map { ServerLog.Field(name, $0) }
            }
            let label = event.label ?? event.kind.rawValue
            log.write(observation.isRequest ? .trace : .debug, LocalizedText(label, zh: label), fields)
        }
    }
}

extension Observation {
    /// Of single requests, rather than of connections and sessions.
    fileprivate var isRequest: Bool {
        switch self {
        case .request, .reply, .applied, .anticipated, .watchSet, .watchFired, .writing, .written: true
        case .connectionOpened, .connectionClosed, .sessionOpened, .sessionResumed, .sessionClosed, .sessionExpired:
            false
        }
    }
}
