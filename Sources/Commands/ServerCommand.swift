import CoordinationServer
import EventLoop
import Foundation
package import Messages

/// `zoolab server [zoo.cfg]`.
package struct ServerCommand: Command {
    package static let name = "server"
    package static let summary = ServerMessages.summary
    package static let help = ServerMessages.help

    /// A `zoo.cfg`, or `PORT DATADIR [TICKTIME] [MAXCNXNS]`.
    private let positionals: [String]
    private let properties: [ZooConfiguration.Property]

    package init(_ arguments: inout ArgumentReader) throws {
        properties = arguments.prefixed("-D").map { property in
            let parts = property.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return ZooConfiguration.Property(
                key: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
        }
        var positionals: [String] = []
        while positionals.count < 4, let next = arguments.positional() { positionals.append(next) }
        self.positionals = positionals
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        let configuration: ZooConfiguration
        do throws(ConfigurationFailure) {
            configuration = try readConfiguration()
        } catch {
            throw UsageError(error.message)
        }
        for warning in configuration.warnings { context.printError(warning) }
        return try serve(configuration.options, context)
    }

    private func readConfiguration() throws(ConfigurationFailure) -> ZooConfiguration {
        guard let file = positionals.first else { return try ZooConfiguration(properties: properties) }
        guard positionals.count == 1 else {
            return try ZooConfiguration(positional: positionals, properties: properties)
        }
        return try ZooConfiguration(try ZooConfiguration.contents(of: file), file: file, properties: properties)
    }

    /// Runs the loop on this thread until a signal or a failure ends it.
    private func serve(_ options: ServerOptions, _ context: CommandContext) throws -> ExitCode {
        let loop = try EventLoop()
        defer { loop.close() }
        let server = try CoordinationServer(options, on: loop)
        var failure: ServerFailure?
        server.onFailure = { problem in
            failure = problem
            loop.stop()
        }
        var signals: [LoopSignal] = []
        for number in [SIGTERM, SIGINT] {
            signals.append(
                try LoopSignal(number, on: loop) {
                    server.stop { loop.stop() }
                })
        }
        server.onNotice = { context.printError($0) }
        // Without TLS a hang-up ends the server, as it ends other programs whose terminal goes.
        if options.tls.isWanted { signals.append(try LoopSignal(SIGHUP, on: loop) { server.reloadCertificates() }) }
        for notice in server.notices { context.printError(notice) }
        context.print(
            ServerMessages.ready(
                server.address.description, transactions: server.recoveredTransactionCount, folder: options.dataFolder))
        if let address = server.secureAddress { context.print(TLSMessages.secureReady(address.description)) }
        loop.run()
        for signal in signals { signal.cancel() }
        if let failure { throw failure }
        context.print(ServerMessages.stopped)
        return .pass
    }
}
