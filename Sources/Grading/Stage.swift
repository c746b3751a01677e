import CoordinationClient
import EventLoop
import StateMachines

/// The way from a script, which is async, to the one event loop on which everything of a scenario happens.
final class Stage: Sendable {
    let programs: [String]
    let sessionTimeout: Tick
    let kind: ExerciseKind
    private let thread: LoopThread
    private let core: LoopBound<StageCore>

    var enterAction: ControlCommand.Action { kind == .lock ? .acquire : .lead }
    var leaveAction: ControlCommand.Action { kind == .lock ? .release : .resign }

    /// How long a program must be quiet at the server to count as waiting.
    static let quiet = Tick.milliseconds(120)

    init(_ plan: StagePlan) async throws {
        programs = plan.programs
        sessionTimeout = plan.sessionTimeout
        kind = plan.kind
        let thread = try LoopThread()
        self.thread = thread
        do {
            let core = try await thread.run { loop in LoopBound(try StageCore(plan, on: loop), on: loop) }
            self.core = core
            let port = try await thread.run { loop in core.value(on: loop).directPort }
            try await Self.makeRoom(plan.path, port: port)
            try await thread.run { loop in try core.value(on: loop).startPrograms() }
        } catch {
            await thread.stop()
            throw error
        }
    }

    /// Creates the parent of everything the programs will create, past the proxy.
    private static func makeRoom(_ path: String, port: UInt16) async throws {
        let client = try await CoordinationClient.connect(
            to: "127.0.0.1:\(port)", sessionTimeout: .seconds(2))
        _ = try await client.create(path, data: [])
        await client.close()
    }

    private func act<Value: Sendable>(_ body: @escaping @Sendable (StageCore) throws -> Value) async throws -> Value {
        let core = self.core
        return try await thread.run { loop in try body(core.value(on: loop)) }
    }

    // MARK: Doing

    func command(_ program: String, _ action: ControlCommand.Action, milliseconds: Int? = nil) async throws {
        try await act { $0.programs[program]?.command(action, milliseconds: milliseconds) }
    }

    func inflict(_ fault: JudgeFault, on program: String) async throws {
        try await act { $0.inflict(fault, on: program) }
    }

    // MARK: Waiting

    func rest(_ time: Tick, dividedBy divisor: UInt64 = 1) async throws {
        try await Task.sleep(for: .microseconds(Int64(time.microseconds / divisor)))
    }

    /// Waits until the record satisfies `condition`; false if it does not in time, or the programs concerned are all gone.
    @discardableResult
    func wait(upTo limit: Tick, until condition: @escaping @Sendable (JudgeRecord) -> Bool) async throws -> Bool {
        let core = self.core
        return try await withCheckedThrowingContinuation { continuation in
            thread.post { loop in
                core.value(on: loop).wait(upTo: limit, until: condition) { continuation.resume(returning: $0) }
            }
        }
    }

    /// Whether every program said that it was ready.
    func programsAreReady() async throws -> Bool {
        let programs = self.programs
        try await wait(upTo: StageCore.startLimit) { record in
            let ready = Set(record.entries.filter { $0.fact == .ready }.compactMap(\.program))
            return ready.count == programs.count || record.entries.contains { $0.fact.isEnd }
        }
        return try await act { core in
            if let failure = core.failure { throw failure }
            let isReady = core.programs.values.allSatisfy { $0.isReady && $0.status == nil }
            if isReady { core.beginTiming() }
            return isReady
        }
    }

    /// Whether the program answered its latest command in time.
    func answered(_ program: String, within limit: Tick) async throws -> Bool {
        try await wait(upTo: limit) { record in
            guard let command = record.lastCommand(to: program) else { return false }
            return record.reply(of: program, after: command.order) != nil
        }
    }

    /// Who made the entrance of this number, counted from 0; `nil` if nobody does in time.
    func entrance(number: Int, within limit: Tick) async throws -> String? {
        guard try await wait(upTo: limit, until: { $0.stays.count > number }) else { return nil }
        return try await act { $0.record.stays[number].program }
    }

    /// Waits until `program`, or everybody, has nothing more to say to the server.
    func settle(_ program: String? = nil) async throws {
        let deadline = ContinuousClock.now + .microseconds(Int64((sessionTimeout * 2).microseconds))
        while ContinuousClock.now < deadline {
            try await rest(.milliseconds(30))
            let isQuiet = try await act { core in core.isQuiet(program, for: Self.quiet) }
            if isQuiet { return }
        }
    }

    /// Ends everything and hands over what was seen.
    func finish() async -> StageOutcome {
        let core = self.core
        let outcome = await withCheckedContinuation { continuation in
            thread.post { loop in core.value(on: loop).finish { continuation.resume(returning: $0) } }
        }
        await thread.stop()
        return outcome
    }
}

extension JudgeRecord {
    func lastCommand(to program: String) -> Entry? {
        entries.last { entry in
            guard entry.program == program, case .commanded = entry.fact else { return false }
            return true
        }
    }

    /// Whether the program got in since it was last told to do something.
    func hasEntered(_ program: String) -> Bool {
        guard let command = lastCommand(to: program) else { return false }
        return entrance(of: program, after: command.order) != nil
    }
}

extension Fact {
    var isEnd: Bool {
        if case .ended = self { return true }
        return false
    }
}
