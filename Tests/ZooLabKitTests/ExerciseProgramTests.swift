import Bytes
import CoordinationClient
import StateMachines
import Synchronization
import Testing
import WireProtocol
import ZooLabKit

/// What the student's code and the resource were asked, in order; what they answer is set by the test.
private final class Script: Sendable {
    struct State {
        var log: [String] = []
        var isRefusing = false
        var error: CoordinationError?
        var grants = true
    }
    let state = Mutex(State())

    func note(_ line: String) throws {
        try state.withLock { state in
            state.log.append(line)
            if let error = state.error, !line.contains(" ") { throw error }
        }
    }
    var log: [String] { state.withLock { $0.log } }
}

private struct ScriptedLock: ExclusiveLock {
    let script: Script
    init(_ environment: ExerciseEnvironment) { script = LockScript.script }
    mutating func acquire(within limit: Duration?) async throws -> FencingToken? {
        try script.note(
            limit.map { "acquire-within-\($0.components.attoseconds / 1_000_000_000_000_000)" } ?? "acquire")
        return script.state.withLock { $0.grants } ? FencingToken(stat(czxid: 17)) : nil
    }
    mutating func release() async throws { try script.note("release") }
}

private struct ScriptedElection: LeaderElection {
    let script: Script
    init(_ environment: ExerciseEnvironment) { script = LockScript.script }
    mutating func lead() async throws -> FencingToken {
        try script.note("lead")
        return FencingToken(stat(czxid: 17))
    }
    mutating func resign() async throws { try script.note("resign") }
}

/// Contracts make their own instances, so the script reaches them through the task.
private enum LockScript {
    @TaskLocal static var script = Script()
}

private func stat(czxid: UInt64) -> NodeStat {
    NodeStat(
        Stat(
            czxid: Zxid(rawValue: czxid), mzxid: .zero, ctime: 0, mtime: 0, version: 0, cversion: 0, aversion: 0,
            ephemeralOwner: .none, dataLength: 0, numChildren: 0, pzxid: .zero))
}

private struct ScriptedResource: CriticalResource {
    let script: Script
    func request(_ verb: String, token: UInt64) async throws -> Bool {
        try script.note("\(verb) \(token)")
        return !script.state.withLock { $0.isRefusing }
    }
}

private struct NoTransport: Transport {
    func connect(to address: ServerAddress) async throws -> any TransportConnection { throw CancellationError() }
}

private func environment() -> ExerciseEnvironment {
    let clock = SystemClock()
    let client = CoordinationClient(
        servers: [ServerAddress(host: "127.0.0.1", port: 1)], sessionTimeout: .seconds(1), transport: NoTransport(),
        clock: clock)
    return ExerciseEnvironment(client: client, path: "/x", name: "A", clock: clock, seed: 7) { _ in }
}

private func command(_ id: Int, _ action: String, _ more: String = "") throws -> ControlCommand {
    try #require(ControlCommand(line: "{\"id\":\(id),\"do\":\"\(action)\"\(more)}"))
}

struct ExerciseProgramTests {
    @Test func `a lock is asked, entered, left and given back`() async throws {
        let script = Script()
        try await LockScript.$script.withValue(script) {
            var program = try await ExerciseProgram<LockRecipe<ScriptedLock>>(
                resource: ScriptedResource(script: script), connect: { environment() })
            var replies: [String] = []
            for (id, action) in ["work", "acquire", "work", "release", "release", "lead", "dance"].enumerated() {
                replies.append(ControlReply(to: id, await program.obey(try command(id, action))).line)
            }
            #expect(
                replies == [
                    #"{"definite":true,"error":"not-holding","id":0,"ok":false}"#,
                    #"{"id":1,"ok":true,"token":17}"#, #"{"id":2,"ok":true}"#, #"{"id":3,"ok":true}"#,
                    #"{"definite":true,"error":"not-holding","id":4,"ok":false}"#,
                    #"{"definite":true,"error":"unsupported","id":5,"ok":false}"#,
                    #"{"definite":true,"error":"unsupported","id":6,"ok":false}"#,
                ])
        }
        #expect(script.log == ["acquire", "ENTER 17", "WORK 17", "EXIT 17", "release"])
    }

    @Test func `an attempt with a limit may time out, and a refused token is given back`() async throws {
        let script = Script()
        try await LockScript.$script.withValue(script) {
            var program = try await ExerciseProgram<LockRecipe<ScriptedLock>>(
                resource: ScriptedResource(script: script), connect: { environment() })
            script.state.withLock { $0.grants = false }
            let attempt = try command(1, "try-acquire", ",\"milliseconds\":250")
            #expect(await program.obey(attempt) == .failed(.timeout, text: nil))
            #expect(await program.obey(try command(2, "acquire")) == .failed(.failed, text: nil))
            script.state.withLock { ($0.grants, $0.isRefusing) = (true, true) }
            #expect(await program.obey(try command(3, "acquire")) == .failed(.refused, text: nil))
        }
        #expect(script.log == ["acquire-within-250", "acquire", "acquire", "ENTER 17", "release"])
    }

    @Test func `an election leads and steps down`() async throws {
        let script = Script()
        try await LockScript.$script.withValue(script) {
            var program = try await ExerciseProgram<ElectionRecipe<ScriptedElection>>(
                resource: ScriptedResource(script: script), connect: { environment() })
            #expect(await program.obey(try command(1, "lead")) == .done(token: 17))
            #expect(await program.obey(try command(2, "resign")) == .done(token: nil))
        }
        #expect(script.log == ["lead", "LEAD 17", "STEPDOWN 17", "resign"])
    }

    @Test(arguments: [
        (CoordinationError.connectionLoss, "connection-loss", false),
        (CoordinationError.sessionExpired, "session-expired", true), (CoordinationError.noNode, "unknown", false),
    ])
    func `failures are definite or indefinite`(
        code: CoordinationError.Code, word: String, isDefinite: Bool
    ) async throws {
        let script = Script()
        try await LockScript.$script.withValue(script) {
            var program = try await ExerciseProgram<LockRecipe<ScriptedLock>>(
                resource: ScriptedResource(script: script), connect: { environment() })
            script.state.withLock { $0.error = CoordinationError(code, operation: "create", path: "/x/lock-") }
            let reply = ControlReply(to: 5, await program.obey(try command(5, "acquire")))
            #expect(reply.error == word)
            #expect(reply.definite == isDefinite)
            #expect(reply.text?.hasPrefix("create /x/lock-: ") == true)
        }
    }

    @Test func `random numbers depend on seed, name and purpose`() {
        var first = environment().random(for: "back-off")
        var same = environment().random(for: "back-off")
        var other = environment().random(for: "choice")
        let number = first.next()
        #expect(number == same.next())
        #expect(number != other.next())
    }
}
