package import Checking
import Faults
import Messages
package import StateMachines
package import Traces

/// A timed run of a plan: a world, a clock, and what is due when.
///
/// A value: copy it to look ahead or to go back. `run` plays it to its end; `advance` does what is due next; `pending`,
/// `take` and `inject` let a person choose (`TimeTravel` keeps what was chosen).
package struct Simulation<Node: ProtocolNode>: Sendable {
    typealias Entry = ScheduledEntry

    package internal(set) var plan: SimulationPlan<Node>
    package internal(set) var world: World<Node>
    /// Virtual time.
    package internal(set) var now = Tick.zero
    /// `nil` while it goes on.
    package internal(set) var end: SimulationEnd?
    package internal(set) var steps: [TimedStep<Node.Command>] = []
    var schedule = PriorityQueue<ScheduledEntry>()
    var script: FaultScript
    var recorder: TraceRecorder<Node>
    var monitor: InvariantMonitor<World<Node>>
    var wholeRunViolations: [Violation] = []
    var streams: RandomStreams
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
        script = try FaultScript(plan.faults, names: plan.names, hasSessions: plan.sessionSilence != nil)
        recorder = TraceRecorder(names: plan.names, language: plan.language, detail: plan.traceDetail)
        monitor = InvariantMonitor(plan.invariants)
        streams = RandomStreams(seed: plan.seed, names: plan.names)
        let count = plan.machines.count
        lastArrivals = Array(repeating: .zero, count: count * count)
        owedReplies = Array(repeating: Array(repeating: 0, count: count), count: count)
        diskFree = Array(repeating: .zero, count: count)
        deferred = Array(repeating: [], count: count)
        scheduleBeginning()
    }

    private mutating func scheduleBeginning() {
        for node in world.identifiers {
            let first = CausalName(node: node.index, incarnation: 0, step: 0, ordinal: 0)
            schedule(.start(node), at: .zero, .start, tie: first)
        }
        for (position, command) in plan.commands.enumerated() {
            schedule(.invoke(position), at: command.time, .invoke, tie: scriptTie(position))
        }
        for (position, fault) in plan.faults.enumerated() { scheduleBeginning(of: fault, position) }
    }

    /// Plans when a fault of the script begins; one that waits for an event is found by the event.
    mutating func scheduleBeginning(of fault: Fault, _ position: Int) {
        let rank: Entry.Rank = fault.action.isAboutNode ? .nodeFaultBegins : .faultBegins
        switch fault.start {
        case .immediately: scheduleFault(.faultBegins(position), at: now, rank, position)
        case .at(let time): scheduleFault(.faultBegins(position), at: max(now, time), rank, position)
        case .after: break
        }
    }

    func scriptTie(_ position: Int) -> CausalName {
        CausalName(node: 0, incarnation: 0, step: position, ordinal: 0)
    }

    mutating func schedule(_ work: Entry.Work, at time: Tick, _ rank: Entry.Rank, tie: CausalName) {
        schedule.insert(Entry(time: time, rank: rank, tie: tie, work: work))
    }

    mutating func scheduleFault(_ work: Entry.Work, at time: Tick, _ rank: Entry.Rank, _ position: Int) {
        schedule(work, at: time, rank, tie: scriptTie(position))
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
        guard let time = schedule.first?.time else { return finish(.quiescent) }
        guard time <= plan.timeLimit else { return finish(.timeLimit(plan.timeLimit)) }
        guard steps.count < plan.stepLimit else { return finish(.stepLimit(plan.stepLimit)) }
        guard let entry = schedule.popFirst() else { return finish(.quiescent) }
        now = max(now, time)
        perform(entry)
        return end == nil
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

    /// The first of each broken promise, in the order they were seen.
    package var violations: [Violation] { monitor.violations + wholeRunViolations }

    package var trace: Trace {
        let header = TraceHeader(
            protocolName: plan.protocolName, nodes: plan.names, seed: plan.seed, title: plan.title,
            parameters: plan.parameters)
        return Trace(header: header, events: recorder.events)
    }

    /// What has come of the run so far; of the whole run once `end` is set.
    package var result: SimulationResult<Node> {
        SimulationResult(
            trace: trace, world: world, end: end ?? .stepLimit(steps.count),
            violations: violations, verdicts: monitor.verdicts(stoppedBy: end?.bound),
            steps: steps,
            unusedFaults: script.unused)
    }
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
