import Checking
import Faults
import Messages
package import StateMachines
import Traces

/// A timed run of a plan: a world, a clock, and what is due when.
///
/// A value: copy it to look ahead or to go back. `run` plays it to its end; `advance` takes one step; `pending` and
/// `take` let a person choose the next one.
package struct Simulation<Node: ProtocolNode>: Sendable {
    typealias Entry = ScheduledEntry<Node.Command>

    package let plan: SimulationPlan<Node>
    package internal(set) var world: World<Node>
    /// Virtual time.
    package internal(set) var now = Tick.zero
    /// `nil` while it goes on.
    package internal(set) var end: SimulationEnd?
    package internal(set) var steps: [TimedStep<Node.Command>] = []
    var schedule = PriorityQueue<Entry>()
    var script: FaultScript
    var recorder: TraceRecorder<Node>
    var monitor: InvariantMonitor<World<Node>>
    var wholeRunViolations: [Violation] = []
    var streams: [String: SplitMix64] = [:]
    /// When the latest message of each link arrives; row by sender.
    var lastArrivals: [Tick]
    /// By node and sender: messages received and not yet answered.
    var owedReplies: [[Int]]
    /// When the disk of each node is free again.
    var diskFree: [Tick]
    /// What waits for a paused node, in the order it came.
    var deferred: [[Entry]]
    /// How many nodes are paused.
    var pausedCount = 0
    /// Link faults in force, as events, in the order they began; with the position in the script.
    var linkFaults: [(fault: Int, events: [WorldEvent<Node.Command>])] = []

    /// - Throws: when a fault names a node that is not in the plan, or needs sessions.
    package init(_ plan: SimulationPlan<Node>) throws(SimulationError) {
        self.plan = plan
        world = World(plan.machines)
        world.keepsFingerprints = false
        script = try FaultScript(plan.faults, names: plan.names)
        recorder = TraceRecorder(names: plan.names, language: plan.language, detail: plan.traceDetail)
        monitor = InvariantMonitor(plan.invariants)
        let count = plan.machines.count
        lastArrivals = Array(repeating: .zero, count: count * count)
        owedReplies = Array(repeating: Array(repeating: 0, count: count), count: count)
        diskFree = Array(repeating: .zero, count: count)
        deferred = Array(repeating: [], count: count)
        scheduleBeginning()
    }

    private mutating func scheduleBeginning() {
        for node in world.identifiers {
            schedule(
                .start(node), at: .zero, .start, tie: CausalName(node: node.index, incarnation: 0, step: 0, ordinal: 0))
        }
        for (position, command) in plan.commands.enumerated() {
            schedule(.invoke(command.node, command.command), at: command.time, .invoke, tie: scriptTie(position))
        }
        for (position, fault) in plan.faults.enumerated() {
            let rank: Entry.Rank = fault.action.isAboutNode ? .nodeFaultBegins : .faultBegins
            switch fault.start {
            case .immediately: scheduleFault(.faultBegins(position), at: .zero, rank, position)
            case .at(let time): scheduleFault(.faultBegins(position), at: time, rank, position)
            case .after: break
            }
        }
    }

    func scriptTie(_ position: Int) -> CausalName {
        CausalName(node: 0, incarnation: 0, step: position, ordinal: 0)
    }

    mutating func schedule(
        _ event: WorldEvent<Node.Command>, at time: Tick, _ rank: Entry.Rank, tie: CausalName
    ) {
        schedule.insert(Entry(time: time, rank: rank, tie: tie, work: .step(event)))
    }

    mutating func scheduleFault(_ work: Entry.Work, at time: Tick, _ rank: Entry.Rank, _ position: Int) {
        schedule.insert(Entry(time: time, rank: rank, tie: scriptTie(position), work: work))
    }

    /// The generator of one purpose on one link: drawing from it moves no other.
    mutating func draw<Value>(_ purpose: String, _ body: (inout SplitMix64) -> Value) -> Value {
        body(&streams[purpose, default: SplitMix64(seed: plan.seed, stream: purpose)])
    }
}

// MARK: - Running

extension Simulation {
    /// Plays a plan to its end.
    package static func run(_ plan: SimulationPlan<Node>) throws(SimulationError) -> SimulationResult<Node> {
        var simulation = try Simulation(plan)
        while simulation.advance() {}
        return simulation.result
    }

    /// Does what is due next.
    /// - Returns: false when the run is over.
    package mutating func advance() -> Bool {
        guard end == nil else { return false }
        guard let entry = schedule.first else { return finish(.quiescent) }
        guard entry.time <= plan.timeLimit else { return finish(.timeLimit(plan.timeLimit)) }
        guard steps.count < plan.stepLimit else { return finish(.stepLimit(plan.stepLimit)) }
        _ = schedule.popFirst()
        now = max(now, entry.time)
        perform(entry)
        return end == nil
    }

    /// Everything that is due, in the order in which it would come. Entries that have become pointless (the timer was
    /// moved, the node crashed) are left out.
    package var pending: [PendingEvent<Node.Command>] {
        schedule.elements.sorted().compactMap { entry in
            guard case .step(let event) = entry.work, isStillPossible(event) else { return nil }
            return PendingEvent(time: entry.time, event: event)
        }
    }

    /// Takes a pending event out of turn: time moves on to when it is due, and what it overtakes comes after it.
    ///
    /// - Returns: false when nothing like it is pending, or the run is over.
    package mutating func take(_ chosen: WorldEvent<Node.Command>) -> Bool {
        guard end == nil, steps.count < plan.stepLimit else { return false }
        let found = schedule.removeAll { entry in
            guard case .step(let event) = entry.work else { return false }
            return event == chosen
        }
        guard let entry = found.first else { return false }
        for other in found.dropFirst() { schedule.insert(other) }
        now = max(now, entry.time)
        perform(entry)
        return true
    }

    /// Injects an event that nothing has scheduled: a crash, a loss, a partition chosen by hand.
    ///
    /// - Returns: false when it is not possible in this state.
    package mutating func inject(_ event: WorldEvent<Node.Command>) -> Bool {
        guard end == nil, steps.count < plan.stepLimit else { return false }
        return perform(WorldStep(event), cause: nil)
    }

    mutating func finish(_ reason: SimulationEnd) -> Bool {
        if reason == .quiescent { report(monitor.checkEnd(world), on: NodeID(0)) }
        end = reason
        judgeWholeRun()
        return false
    }

    private mutating func judgeWholeRun() {
        switch end {
        case .quiescent, .timeLimit: break
        case .stepLimit, .violation, .nondeterminism, nil: return
        }
        let run = FinishedRun(trace: trace, world: world)
        for var violation in plan.wholeRunInvariants.compactMap({ $0.violation(by: run) }) {
            violation.event = recorder.recordViolation(
                named: violation.invariant, problem: violation.problem.text(in: plan.language),
                node: recorder.lastNode, at: now)
            wholeRunViolations.append(violation)
        }
    }

    private var trace: Trace {
        let header = TraceHeader(
            protocolName: plan.protocolName, nodes: plan.names, seed: plan.seed, title: plan.title,
            parameters: plan.parameters)
        return Trace(header: header, events: recorder.events)
    }

    /// What has come of the run so far; of the whole run once `end` is set.
    package var result: SimulationResult<Node> {
        SimulationResult(
            trace: trace, world: world, end: end ?? .stepLimit(steps.count),
            violations: monitor.violations + wholeRunViolations, verdicts: monitor.verdicts(stoppedBy: end?.bound),
            steps: steps,
            unusedFaults: script.unused)
    }
}

/// Something that is due.
package struct PendingEvent<Command: Hashable & Sendable>: Hashable, Sendable {
    package var time: Tick
    package var event: WorldEvent<Command>
}

extension SimulationEnd {
    /// The limit that cut the run short, if one did.
    var bound: Bound? {
        switch self {
        case .quiescent, .violation, .nondeterminism: nil
        case .timeLimit(let time): .virtualTime(time)
        case .stepLimit(let count): .events(count)
        }
    }
}
