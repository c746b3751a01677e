import EventLoop
import Foundation
import Messages
import StateMachines

/// What a scenario needs.
struct StagePlan: Sendable {
    var programs: [String]
    var sessionTimeout: Tick
    var kind: ExerciseKind
    var path: String
    var seed: UInt64
    var runnable: Runnable
    var sandbox: Sandbox
    /// Where the server keeps its data.
    var dataFolder: String
    /// The first of the sandbox slots that are this scenario's own.
    var firstSlot: Int
}

/// What a scenario left.
struct StageOutcome: Sendable {
    var record: JudgeRecord
    var output: [CheckReport.ProgramOutput]
    /// What a program did that no program may do, or why it never was ready.
    var trouble: Trouble?
    var starvation: Starvation

    enum Trouble: Sendable {
        case misdeed(LocalizedText)
        /// It was not ready in time.
        case late(LocalizedText)
    }
}

/// Server, proxies, resource and programs of one scenario, all on one loop, and the record of what they did.
final class StageCore {
    static let startLimit = Tick.seconds(10)
    /// The only two ports in a program's own network.
    private static let serverPort: UInt16 = 2_181
    private static let resourcePort: UInt16 = 2_182

    let loop: EventLoop
    private let plan: StagePlan
    private let began: Tick
    private(set) var record: JudgeRecord
    private(set) var programs: [String: ProgramProcess] = [:]
    private var resource: Resource
    private var ports: [ResourcePort] = []
    private var server: ServerSide?
    private var waiters: [Waiter] = []
    private var watchdog: LoopTimer?
    private var meter: StarvationMeter
    private var isLooking = false
    /// What went wrong on the judge's side while the scenario ran.
    private(set) var failure: (any Error)?

    private final class Waiter {
        let condition: (JudgeRecord) -> Bool
        var timer: LoopTimer?
        let answer: (Bool) -> Void
        init(_ condition: @escaping (JudgeRecord) -> Bool, answer: @escaping (Bool) -> Void) {
            self.condition = condition
            self.answer = answer
        }
    }

    /// Starts the server and its proxy.
    init(_ plan: StagePlan, on loop: EventLoop) throws {
        self.plan = plan
        self.loop = loop
        began = loop.now
        meter = StarvationMeter(at: began)
        record = JudgeRecord(
            programs: plan.programs, sessionTimeout: plan.sessionTimeout, path: plan.path, kind: plan.kind)
        resource = Resource(kind: plan.kind)
        do {
            let server = try ServerSide(plan, of: self)
            self.server = server
        } catch {
            close(then: {})
            throw error
        }
    }

    /// Where the server itself listens, without the proxy.
    var directPort: UInt16 { server?.port ?? 0 }

    /// Starts all programs; they are not ready yet when this returns.
    func startPrograms() throws {
        guard let server else { return }
        for (index, name) in plan.programs.enumerated() { try start(name, slot: plan.firstSlot + index, server) }
        watchdog = loop.schedule(every: StarvationMeter.period) { [weak self] in self?.lookAfterPrograms() }
    }

    private func start(_ name: String, slot: Int, _ server: ServerSide) throws {
        var job = Sandbox.Job(
            command: plan.runnable.command, folder: plan.runnable.folder, readable: plan.runnable.readable, slot: slot)
        let addresses: (server: String, resource: String)
        if plan.sandbox.isolatesNetwork {
            job.ports = [Self.serverPort, Self.resourcePort]
            addresses = ("127.0.0.1:\(Self.serverPort)", "127.0.0.1:\(Self.resourcePort)")
        } else {
            let port = try ResourcePort(for: name, of: self)
            ports.append(port)
            addresses = (try server.address(for: name), port.address)
        }
        job.environment = [
            ("ZK_CONNECT", addresses.server), ("RESOURCE_ADDR", addresses.resource),
            ("EXERCISE_ROLE", plan.kind.role), ("EXERCISE_ID", name), ("EXERCISE_PATH", plan.path),
            ("EXERCISE_SEED", String(plan.seed)),
        ]
        let program = try ProgramProcess(name: name, launch: plan.sandbox.launch(job), of: self)
        program.onSockets = { [weak self] channel in try self?.serve(name, from: channel) }
        programs[name] = program
    }

    /// The sandbox has opened the program's two ports; whoever connects from now on is heard.
    private func serve(_ program: String, from channel: SocketChannel) throws {
        try server?.serve(program, from: channel)
        ports.append(try ResourcePort(for: program, of: self, from: channel))
    }

    /// From now on it counts how long programs take; starting is bounded by `startLimit` alone.
    func beginTiming() { meter.begin(at: loop.now) }

    func fail(_ error: any Error) {
        if failure == nil { failure = error }
    }

    // MARK: Witnesses

    func note(_ fact: Fact, of program: String?) {
        record.append(fact, of: program, at: loop.now - began)
        for waiter in waiters where waiter.condition(record) { settle(waiter, true) }
    }

    /// The resource's answer to a line that came through a program's port.
    func ask(_ line: String, from program: String) -> ResourceExchange {
        let exchange = resource.answer(line, from: program)
        note(.resource(exchange), of: program)
        return exchange
    }

    func resourceDisconnected(_ program: String) {
        resource.disconnected(program)
        note(.resourceDisconnected, of: program)
    }

    // MARK: Faults

    /// Does it now, or when the message comes that it is about; the record says when.
    func inflict(_ fault: JudgeFault, on program: String) {
        if !fault.awaitsMessage { note(.fault(fault), of: program) }
        switch fault {
        case .kill: programs[program]?.kill()
        case .pause: programs[program]?.pause()
        case .resume: programs[program]?.resume()
        case .isolate, .heal, .loseReply, .loseRequest: server?.inflict(fault, on: program)
        }
    }

    // MARK: Waiting

    func wait(
        upTo limit: Tick, until condition: @escaping (JudgeRecord) -> Bool, then answer: @escaping (Bool) -> Void
    ) {
        if condition(record) { return answer(true) }
        let waiter = Waiter(condition, answer: answer)
        waiters.append(waiter)
        waiter.timer = loop.schedule(after: limit) { [weak self, weak waiter] in
            guard let self, let waiter else { return }
            settle(waiter, false)
        }
    }

    private func settle(_ waiter: Waiter, _ holds: Bool) {
        guard let index = waiters.firstIndex(where: { $0 === waiter }) else { return }
        waiters.remove(at: index)
        waiter.timer?.cancel()
        waiter.answer(holds)
    }

    /// Whether `program`, or everybody, has exchanged nothing with the server for `span`, and `program` something since
    /// its latest command.
    func isQuiet(_ program: String?, for span: Tick) -> Bool {
        let now = loop.now - began
        let talk = record.entries.last { entry in
            guard program == nil || entry.program == program else { return false }
            return entry.fact.isTalk
        }
        guard let talk, now - talk.time >= span else { return false }
        guard let program, let command = record.lastCommand(to: program) else { return true }
        return talk.order > command.order
    }

    // MARK: Ending

    /// Stops programs that use up more than they may. Reading `/proc` takes long enough to be done elsewhere.
    private func lookAfterPrograms() {
        meter.looked(at: loop.now)
        guard !isLooking else { return }
        let leaders = Set(programs.values.compactMap(\.processIdentifier))
        isLooking = true
        loop.perform({ ProcessUsage.ofSessions(leaders) }) { [weak self] usages in
            guard let self else { return }
            isLooking = false
            for program in plan.programs.compactMap({ self.programs[$0] }) {
                guard let usage = program.processIdentifier.flatMap({ usages[$0] }) else { continue }
                meter.add(usage.threads, of: program.name)
                limit(program, usage)
            }
        }
    }

    private func limit(_ program: ProgramProcess, _ usage: ProcessUsage) {
        let limits = Sandbox.Limits.program
        if usage.processes > limits.processes - 8 {
            program.stop(GradingMessages.tooManyProcesses(program.name, limits.processes - 8))
        } else if usage.residentMegabytes > limits.residentMegabytes {
            program.stop(GradingMessages.tooMuchMemory(program.name, limits.residentMegabytes))
        }
    }

    private var trouble: StageOutcome.Trouble? {
        let inOrder = plan.programs.compactMap { programs[$0] }
        if let reason = inOrder.lazy.compactMap(\.trouble).first { return .misdeed(reason) }
        for program in inOrder where !program.isReady {
            if let status = program.status { return .misdeed(GradingMessages.endedEarly(program.name, status.text)) }
        }
        return inOrder.first { !$0.isReady }.map { program in
            .late(GradingMessages.notReady(program.name, Int(Self.startLimit.milliseconds / 1_000)))
        }
    }

    /// Ends everything, then hands over what was seen.
    func finish(then deliver: @escaping (StageOutcome) -> Void) {
        let output = plan.programs.compactMap { name in
            programs[name].map { program in
                CheckReport.ProgramOutput(
                    program: name,
                    text: String(decoding: program.output.suffix(ProgramProcess.keptOutput), as: UTF8.self))
            }
        }
        let outcome = StageOutcome(
            record: record, output: output, trouble: trouble,
            starvation: meter.starvation(at: loop.now, processors: ProcessInfo.processInfo.activeProcessorCount))
        close { deliver(outcome) }
    }

    private func close(then done: @escaping () -> Void) {
        watchdog?.cancel()
        for waiter in waiters { settle(waiter, false) }
        for program in programs.values { program.close() }
        for port in ports { port.close() }
        programs = [:]
        guard let server else { return done() }
        self.server = nil
        server.close(then: done)
    }
}

extension Fact {
    /// Something between a program and the server.
    var isTalk: Bool {
        switch self {
        case .sent(let talk), .delivered(let talk), .lost(let talk): talk.kind != .ping
        case .connectionLost, .sessionOpened: true
        default: false
        }
    }
}

extension ProcessExit {
    /// "exit status 1", "signal 9".
    var text: LocalizedText {
        switch self {
        case .code(let code): GradingMessages.exitCode(code)
        case .signal(let number): GradingMessages.signal(number)
        }
    }
}
