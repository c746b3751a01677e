import CoordinationClient
import StateMachines

/// What a command of the judge came to. `Exercises/PROTOCOL.md`, section 3.
package enum CommandOutcome: Hashable, Sendable {
    case done(token: UInt64?)
    case failed(CommandFailure, text: String?)
}

/// The `error` words of the control channel.
package enum CommandFailure: String, Hashable, Sendable {
    case timeout, refused, unsupported, failed, unknown
    case notHolding = "not-holding"
    case sessionExpired = "session-expired"
    case connectionLoss = "connection-loss"

    /// Whether it certainly did not happen and never will.
    package var isDefinite: Bool {
        switch self {
        case .timeout, .refused, .unsupported, .failed, .notHolding, .sessionExpired: true
        case .unknown, .connectionLoss: false
        }
    }

    init(_ error: any Error) {
        switch error {
        case CoordinationError.connectionLoss: self = .connectionLoss
        case CoordinationError.sessionExpired: self = .sessionExpired
        default: self = .unknown
        }
    }
}

/// What the critical section protects, as the program sees it: each request gets true for OK.
package protocol CriticalResource: Sendable {
    /// - Parameter verb: "ENTER", "EXIT", "LEAD", "STEPDOWN" or "WORK".
    func request(_ verb: String, token: UInt64) async throws -> Bool
}

/// The student's code behind the commands of one exercise.
package protocol Recipe {
    /// The commands that begin and end the critical section, and what they say to the resource.
    static var words: RecipeWords { get }
    init(_ environment: ExerciseEnvironment)
    mutating func begin(within limit: Duration?) async throws -> FencingToken?
    mutating func end() async throws
}

package struct RecipeWords: Sendable {
    var begin: String
    var beginWithin: String?
    var end: String
    var enter: String
    var leave: String
}

package struct LockRecipe<Lock: ExclusiveLock>: Recipe {
    package static var words: RecipeWords {
        RecipeWords(begin: "acquire", beginWithin: "try-acquire", end: "release", enter: "ENTER", leave: "EXIT")
    }
    private var lock: Lock
    package init(_ environment: ExerciseEnvironment) { lock = Lock(environment) }
    package mutating func begin(within limit: Duration?) async throws -> FencingToken? {
        try await lock.acquire(within: limit)
    }
    package mutating func end() async throws { try await lock.release() }
}

package struct ElectionRecipe<Election: LeaderElection>: Recipe {
    package static var words: RecipeWords {
        RecipeWords(begin: "lead", beginWithin: nil, end: "resign", enter: "LEAD", leave: "STEPDOWN")
    }
    private var election: Election
    package init(_ environment: ExerciseEnvironment) { election = Election(environment) }
    package mutating func begin(within limit: Duration?) async throws -> FencingToken? { try await election.lead() }
    package mutating func end() async throws { try await election.resign() }
}

/// Carries out commands one after the other: the student's code, and the resource around the critical section.
package struct ExerciseProgram<Code: Recipe> {
    private let connect: () async throws -> ExerciseEnvironment
    private let resource: any CriticalResource
    private var environment: ExerciseEnvironment
    private var code: Code
    private var token: UInt64?

    /// - Parameter connect: opens a session; called again when one has expired.
    package init(resource: any CriticalResource, connect: @escaping () async throws -> ExerciseEnvironment) async throws
    {
        self.connect = connect
        self.resource = resource
        environment = try await connect()
        code = Code(environment)
    }

    package mutating func obey(_ command: ControlCommand) async -> CommandOutcome {
        let words = Code.words
        do {
            switch command.action {
            case words.begin: return try await begin(within: nil)
            case words.beginWithin:
                guard let limit = command.milliseconds else { return .failed(.unsupported, text: nil) }
                return try await begin(within: .milliseconds(limit))
            case words.end: return try await end()
            case "work": return try await work()
            default: return .failed(.unsupported, text: nil)
            }
        } catch {
            return .failed(CommandFailure(error), text: "\(error)")
        }
    }

    private mutating func begin(within limit: Duration?) async throws -> CommandOutcome {
        try await renewSession()
        guard let granted = try await code.begin(within: limit) else {
            return .failed(limit == nil ? .failed : .timeout, text: nil)
        }
        guard try await resource.request(Code.words.enter, token: granted.rawValue) else {
            try await code.end()
            return .failed(.refused, text: nil)
        }
        token = granted.rawValue
        return .done(token: granted.rawValue)
    }

    private mutating func end() async throws -> CommandOutcome {
        guard let held = token else { return .failed(.notHolding, text: nil) }
        // Whatever the resource says: after this the program does not act as the holder any more.
        _ = try await resource.request(Code.words.leave, token: held)
        try await code.end()
        token = nil
        return .done(token: nil)
    }

    private func work() async throws -> CommandOutcome {
        guard let held = token else { return .failed(.notHolding, text: nil) }
        return try await resource.request("WORK", token: held) ? .done(token: nil) : .failed(.refused, text: nil)
    }

    private mutating func renewSession() async throws {
        guard await environment.client.state == .expired else { return }
        token = nil
        environment = try await connect()
        code = Code(environment)
    }
}
