import CoordinationClient
import EventLoop
import Foundation
import Messages

/// Runs your solution of a homework.
public enum Exercise {
    /// Serves the judge with your lock until it says stop; does not return.
    public static func run<Lock: ExclusiveLock>(_ lock: Lock.Type) async -> Never {
        await serve(LockRecipe<Lock>.self)
    }

    /// Serves the judge with your election until it says stop; does not return.
    public static func run<Election: LeaderElection>(_ election: Election.Type) async -> Never {
        await serve(ElectionRecipe<Election>.self)
    }

    /// How long a session may take to close when the program ends.
    private static let closingLimit = Duration.milliseconds(1_500)

    private static func serve<Code: Recipe>(_ code: Code.Type) async -> Never {
        do {
            let settings = try ExerciseSettings(ProcessInfo.processInfo.environment)
            try await serve(code, settings)
        } catch let failure as any LocalizedFailure {
            StandardStreams.show(failure.message.text(in: ExerciseSettings.language))
        } catch {
            StandardStreams.show("\(error)")
        }
        exit(1)
    }

    private static func serve<Code: Recipe>(_ code: Code.Type, _ settings: ExerciseSettings) async throws {
        let thread = try LoopThread()
        let streams = StandardStreams(thread: thread)
        let transport = TCPTransport(thread: thread)
        let sessions = Sessions(settings: settings, transport: transport)
        try await thread.run { loop in
            _ = try LoopSignal(SIGTERM, on: loop) { Task { await end(sessions) } }
        }
        let connection = try await transport.connect(to: settings.resource)
        let resource = ResourceClient(name: settings.name, connection: connection)
        try await resource.open()
        var program = try await ExerciseProgram<Code>(resource: resource) { try await sessions.open() }
        streams.reply("{\"ready\":1}")
        for await line in streams.lines(onEnd: { Task { await end(sessions) } }) {
            guard let command = ControlCommand(line: line) else {
                StandardStreams.show(KitMessages.notACommand(line).text(in: ExerciseSettings.language))
                continue
            }
            streams.reply(ControlReply(to: command.id, await program.obey(command)).line)
        }
        await end(sessions)
    }

    /// Closes the session, or gives up trying, and ends the process.
    private static func end(_ sessions: Sessions) async -> Never {
        Task {
            await sessions.close()
            StandardStreams.leave()
        }
        try? await Task.sleep(for: closingLimit)
        StandardStreams.leave()
    }
}
