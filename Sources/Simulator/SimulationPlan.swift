package import Checking
package import Faults
package import Messages
package import StateMachines
package import Traces

/// How long messages travel. The jitter of each link comes from a random stream of its own.
package struct NetworkModel: Hashable, Sendable {
    /// The mean time from send to receive.
    package var delay: Tick
    /// Each message takes `delay` plus or minus up to this; not more than `delay`.
    package var jitter: Tick
    /// Messages of one link arrive in the order they were sent, as over TCP, unless a fault delays, reorders or
    /// duplicates them.
    package var isOrdered: Bool

    package init(
        delay: Tick = .milliseconds(10), jitter: Tick = .milliseconds(1), isOrdered: Bool = true
    ) {
        precondition(jitter <= delay, "a message cannot arrive before it was sent")
        self.delay = delay
        self.jitter = jitter
        self.isOrdered = isOrdered
    }
}

/// How long a forced write takes. Writes of one node are done one after the other.
package struct DiskModel: Hashable, Sendable {
    package var delay: Tick
    /// Each write takes `delay` plus or minus up to this; not more than `delay`.
    package var jitter: Tick
    /// Whether a crash may leave any beginning of what was not forced, instead of nothing. `lose-unsynced` leaves nothing.
    package var mayKeepUnsynced: Bool

    package init(
        delay: Tick = .milliseconds(2), jitter: Tick = .microseconds(200), mayKeepUnsynced: Bool = false
    ) {
        precondition(jitter <= delay, "a write cannot end before it began")
        self.delay = delay
        self.jitter = jitter
        self.mayKeepUnsynced = mayKeepUnsynced
    }
}

/// Everything that determines a timed run. The same plan gives the same trace, byte for byte, in every process.
package struct SimulationPlan<Node: ProtocolNode>: Sendable {
    /// A client's or operator's request, at a virtual time. A node that is not up then never sees it.
    package struct ScheduledCommand: Sendable {
        package var time: Tick
        package var node: NodeID
        package var command: Node.Command
        package init(at time: Tick, to node: NodeID, _ command: Node.Command) {
            self.time = time
            self.node = node
            self.command = command
        }
    }

    /// "two-phase-commit": goes into the trace's header.
    package var protocolName: String
    package var title: String?
    /// Names of the lifelines, by position of the machine.
    package var names: [String]
    /// What each node is before its first step, and again after each restart.
    package var machines: [Node]
    package var commands: [ScheduledCommand]
    /// What an adversary may command in a search; no schedule does. Replay files name commands by their position among
    /// these and the scheduled ones.
    package var adversaryCommands: [Node.Command] = []
    package var faults: [Fault]
    /// Faults that wait for something to happen wait no longer; `nil`: to the end.
    package var faultsBeginUntil: Tick?
    package var seed: UInt64
    package var network = NetworkModel()
    package var disk = DiskModel()
    /// Disks that are not like the others, by the position of their node.
    package var otherDisks: [Int: DiskModel] = [:]
    /// How long a node must be cut off from all others for its session to expire; `nil`: nodes hold no sessions.
    package var sessionSilence: Tick?
    /// The run stops when the next event would come after this virtual time.
    package var timeLimit = Tick.seconds(60)
    /// The run stops after this many steps.
    package var stepLimit = 100_000
    /// Checked after every step (always, sometimes) and at the end (eventually).
    package var invariants: [Invariant<World<Node>>] = []
    /// Judged once, where the run ends by itself or at its time limit.
    package var wholeRunInvariants: [Invariant<FinishedRun<Node>>] = []
    /// Which steps the always invariants are checked after: all, or those in which a node has announced something.
    package var checksEveryStep = true
    package var stopsAtViolation = false
    /// What the trace has; a run is the same with either.
    package var traceDetail = TraceDetail.everything
    /// Applies every step twice, on copies, and ends the run when the outcomes differ.
    package var checksDeterminism = false
    /// Takes a step. The compiler makes a version for one type of nodes only where that type is known: a closure from
    /// there, `{ $0.apply($1, at: $2, observer: &$3) }`, makes a long run take half of the time.
    package var apply: WorldStepping<Node> = { $0.apply($1, at: $2, observer: &$3) }
    /// Of the trace's header.
    package var parameters: [TraceHeader.Parameter] = []
    /// Of the sentences in the trace.
    package var language = Language.english

    /// - Precondition: as many names as machines; at most 64.
    package init(
        protocolName: String, title: String? = nil, names: [String], machines: [Node],
        commands: [ScheduledCommand] = [], faults: [Fault] = [], seed: UInt64 = 1
    ) {
        precondition(names.count == machines.count, "every node has one name")
        self.protocolName = protocolName
        self.title = title
        self.names = names
        self.machines = machines
        self.commands = commands
        self.faults = faults
        self.seed = seed
    }
}

/// `World.apply`, perhaps in the version that the compiler has made for these nodes.
package typealias WorldStepping<Node: ProtocolNode> =
    @Sendable (inout World<Node>, WorldStep<Node.Command>, Tick, inout RecordingObserver<Node>) -> Bool

/// A run that is over, for promises that no single state shows.
package struct FinishedRun<Node: ProtocolNode>: Sendable {
    package var trace: Trace
    /// The last state.
    package var world: World<Node>

    package init(trace: Trace, world: World<Node>) {
        self.trace = trace
        self.world = world
    }
}

/// How much of a run is written down.
package enum TraceDetail: Hashable, Sendable {
    case everything
    /// What nodes are asked and announce, and violations: enough for most checks, in a fraction of the time.
    case announcements
}

/// Why a run stopped.
package enum SimulationEnd: Hashable, Sendable {
    /// Nothing was left to happen.
    case quiescent
    case timeLimit(Tick)
    case stepLimit(Int)
    case violation
    /// The same step on two copies of one world gave different outcomes.
    case nondeterminism(node: String)
}

/// A whole run and what is left of it.
package struct SimulationResult<Node: ProtocolNode>: Sendable {
    package var trace: Trace
    /// The last state.
    package var world: World<Node>
    package var end: SimulationEnd
    /// The first violation of each broken invariant, in the order they were seen.
    package var violations: [Violation]
    /// One verdict for each invariant of the plan, in its order.
    package var verdicts: [Verdict]
    /// What happened, as explicit events: the way to the same run when seeds no longer lead there.
    package var steps: [TimedStep<Node.Command>]
    /// The faults whose condition never came true.
    package var unusedFaults: [Fault]
}

/// A step with the virtual time at which it was taken.
package struct TimedStep<Command: Hashable & Sendable>: Hashable, Sendable {
    package var time: Tick
    package var step: WorldStep<Command>
    package init(time: Tick, step: WorldStep<Command>) {
        self.time = time
        self.step = step
    }
}

/// A plan that cannot be run.
package enum SimulationError: LocalizedFailure, Hashable {
    case unknownNode(String, fault: String, known: [String])
    case needsSessions(fault: String)

    package var message: LocalizedText {
        switch self {
        case .unknownNode(let name, let fault, let known):
            SimulatorMessages.unknownNode(name, in: fault, known: known)
        case .needsSessions(let fault): SimulatorMessages.needsSessions(fault)
        }
    }
}
