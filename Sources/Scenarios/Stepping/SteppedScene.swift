import Checking
import Faults
package import Messages
package import Simulator
import StateMachines
import Traces

/// A scene of one protocol, step by step.
struct SteppedScene<Node: ProtocolNode>: SteppedRun {
    let scenes: ProtocolScenes<Node>
    let scene: SceneDescription
    let language: Language
    let faultContext: FaultContext
    let opening: Tick?
    var travel: TimeTravel<Node>
    /// By moment: whether it held nothing but routine.
    private var isQuiet: [Bool] = [true]

    /// No more routine than this is passed over at once.
    private static var longestQuiet: Int { 1_000 }

    init(
        _ scenes: ProtocolScenes<Node>, _ plan: SimulationPlan<Node>, _ scene: SceneDescription,
        _ setup: SceneSetup<Node>, _ language: Language
    ) throws {
        self.scenes = scenes
        self.scene = scene
        self.language = language
        faultContext = scenes.faultContext(of: setup)
        opening = setup.opening
        travel = try TimeTravel(plan, mainBranch: StepMessages.mainBranch.text(in: language))
    }

    /// Goes to where the scene opens: every node has started, and what comes before the story has happened.
    mutating func open() throws {
        while travel.simulation.end == nil, let first = travel.simulation.pending.first,
            first.time < opening ?? .zero || travel.simulation.world.nodes.contains(where: { $0.status == .notStarted })
        {
            guard try make(.next) else { return }
        }
        isQuiet[travel.here] = false
    }

    mutating func add(_ file: ReplayFile) throws {
        let text = StepText(travel.simulation.plan)
        var steps: [TimedStep<Node.Command>] = []
        for (index, entry) in file.entries.enumerated() {
            guard let step = text.step(from: entry.event) else {
                throw ReplayFailure(.unreadable, entry: index + 1, event: entry.event)
            }
            steps.append(TimedStep(time: entry.time, step: step))
        }
        try append(steps, asBranch: travel.branches[0].name)
    }

    mutating func append(_ steps: [TimedStep<Node.Command>], asBranch name: String) throws {
        let done = try travel.add(steps, asBranch: name)
        // A recorded step is worth a look, whatever it is.
        while isQuiet.count < travel.moments.count { isQuiet.append(false) }
        guard done < steps.count else { return }
        let text = StepText(travel.simulation.plan)
        throw ReplayFailure(.impossible, entry: done + 1, event: text.text(of: steps[done].step))
    }

    // MARK: Deciding

    private mutating func make(_ move: TimeTravel<Node>.Move) throws -> Bool {
        let keys = keys
        guard try travel.make(move) else { return false }
        if travel.moments.count > isQuiet.count { isQuiet.append(move == .next && isRoutine(since: keys)) }
        return true
    }

    /// What of the nodes is worth a box.
    private var keys: [String] {
        travel.simulation.world.nodes.map { "\($0.status) \(scenes.presentation.keyOfState($0.machine.summary))" }
            + travel.simulation.activeMessageFaults.map(\.description)
    }

    private func isRoutine(since keys: [String]) -> Bool {
        let events = travel.simulation.trace.events[travel.moment.events]
        return !travel.moment.isOver && keys == self.keys
            && events.allSatisfy { $0.kind == .timerSet || scenes.presentation.isRoutine($0) }
    }

    mutating func next() throws -> Bool {
        for _ in 0..<Self.longestQuiet {
            guard try make(.next) else { return false }
            if !isQuiet[travel.here] { break }
        }
        return true
    }

    private func pending(_ choice: Int) -> PendingChoice<Node.Command>? {
        let pending = travel.simulation.pending
        return pending.indices.contains(choice) ? pending[choice] : nil
    }

    mutating func take(_ choice: Int) throws -> Bool {
        guard let pending = pending(choice) else { return false }
        return try make(.take(pending.work))
    }

    private func message(_ choice: Int) -> InFlightMessage<Node.Message>? {
        guard case .event(let event) = pending(choice)?.work else { return nil }
        return travel.simulation.message(of: event)
    }

    mutating func drop(_ choice: Int) throws -> Bool {
        guard let message = message(choice) else { return false }
        return try make(.inject(.drop(message.name)))
    }

    mutating func duplicate(_ choice: Int) throws -> Bool {
        guard let message = message(choice) else { return false }
        return try make(.inject(.duplicate(message.name)))
    }

    mutating func inject(_ fault: String) throws -> Bool {
        try make(.fault(try Fault(parsing: fault, in: faultContext)))
    }

    // MARK: Going elsewhere

    mutating func back() throws -> Bool {
        var way = travel.way(to: travel.here)
        let before = way.count
        guard way.popLast() != nil, !way.isEmpty else { return false }
        while way.count > 1, isQuiet[way[way.count - 1]] { way.removeLast() }
        return try travel.goBack(before - way.count)
    }

    mutating func forward() throws -> Bool {
        guard try travel.goForward() else { return false }
        while isQuiet[travel.here], try travel.goForward() {}
        return true
    }

    mutating func toBeginning() throws { try travel.goToBeginning() }
    mutating func toTip() throws { try travel.goToTip() }
    mutating func fork(named name: String?) throws { try travel.fork(named: name) }
    mutating func goToBranch(_ position: Int) throws { try travel.goToBranch(position) }

    // MARK: What is left of it

    var trace: Trace {
        scenes.presentation.present(travel.simulation.trace, from: opening, scenes.vocabulary, language).trace
    }

    var replay: ReplayFile {
        var plan = travel.simulation.plan
        plan.faults = travel.simulation.faults
        let outcome: ReplayFile.Outcome =
            travel.simulation.violations.first.map { .violated(invariant: $0.invariant) } ?? .holds
        return ReplayFile(
            of: travel.simulation.steps, plan: plan, outcome: outcome, toolVersion: ToolVersion.text)
    }
}

extension ProtocolScenes {
    package func step(_ request: SceneRequest) throws -> any SteppedRun {
        let (plan, scene, setup) = try plan(request)
        var run = try SteppedScene(self, plan, scene, setup, request.language)
        try run.open()
        return run
    }

    package func step(_ file: ReplayFile, language: Language) throws -> any SteppedRun {
        var (plan, scene, setup) = try plan(of: file, language: language)
        _ = try file.play(plan)
        plan.faults = []
        if file.header.seed == nil { setup.opening = nil }
        var run = try SteppedScene(self, plan, scene, setup, language)
        try run.add(file)
        return run
    }
}
