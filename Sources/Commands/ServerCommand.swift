import CoordinationServer
import EventLoop
import Foundation
package import Messages

/// `zoolab server [zoo.cfg]`.
package struct ServerCommand: Command {
    package static let name = "server"
    package static let summary = ServerMessages.summary
    package static let help = ServerMessages.help

    private let file: String?

    package init(_ arguments: inout ArgumentReader) throws {
        file = arguments.positional()
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        let options: ServerOptions
        do {
            options = try readOptions(context)
        } catch let failure as ConfigurationFailure {
            throw UsageError(failure.message)
        }
        return try serve(options, context)
    }

    private func readOptions(_ context: CommandContext) throws -> ServerOptions {
        guard let file else { return ServerOptions() }
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw UsageError(ServerMessages.unreadableConfiguration(file))
        }
        let configuration = try ZooConfiguration(text, file: file)
        for warning in configuration.warnings { context.printError(warning) }
        return configuration.options
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
