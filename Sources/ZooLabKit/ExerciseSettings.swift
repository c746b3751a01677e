import CoordinationClient
import Foundation
import Messages
import StateMachines

/// What the judge tells a program through its environment. `Exercises/PROTOCOL.md`, section 2.
struct ExerciseSettings: Sendable {
    var servers: [ServerAddress]
    var resource: ServerAddress
    var name: String
    var path: String
    var seed: UInt64

    init(_ environment: [String: String]) throws {
        func value(_ name: String) throws -> String {
            guard let value = environment[name], !value.isEmpty else { throw MissingSetting(name: name) }
            return value
        }
        func addresses(_ name: String) throws -> [ServerAddress] {
            guard let list = ServerAddress.list(try value(name)) else { throw MissingSetting(name: name) }
            return list
        }
        servers = try addresses("ZK_CONNECT")
        resource = try addresses("RESOURCE_ADDR")[0]
        name = try value("EXERCISE_ID")
        path = try value("EXERCISE_PATH")
        guard let seed = UInt64(try value("EXERCISE_SEED")) else { throw MissingSetting(name: "EXERCISE_SEED") }
        self.seed = seed
    }

    static var language: Language { Language.preferred(in: ProcessInfo.processInfo.environment) }
}

/// The program was not started by the judge.
struct MissingSetting: LocalizedFailure, Hashable {
    let name: String
    var message: LocalizedText { KitMessages.missingSetting(name) }
}

/// The session that the program uses at present.
actor Sessions {
    private let settings: ExerciseSettings
    private let transport: any Transport
    private let clock = SystemClock()
    private var client: CoordinationClient?

    /// What is asked for; the judge's server grants what the run wants.
    private static let timeout = Duration.seconds(10)

    init(settings: ExerciseSettings, transport: any Transport) {
        self.settings = settings
        self.transport = transport
    }

    /// Opens a session in place of the last one.
    func open() async throws -> ExerciseEnvironment {
        let client = CoordinationClient(
            servers: settings.servers, sessionTimeout: Self.timeout, transport: transport, clock: clock)
        self.client = client
        try await client.open()
        return ExerciseEnvironment(
            client: client, path: settings.path, name: settings.name, clock: clock, seed: settings.seed,
            write: { StandardStreams.show($0) })
    }

    func close() async { await client?.close() }
}
