package import Checking
package import Messages
package import StateMachines
package import Traces

/// Plays explicit steps, without schedule or chance, and records them as a trace: replays, and the runs that a search
/// has found.
package struct Retelling<Node: ProtocolNode>: Sendable {
    package private(set) var world: World<Node>
    package private(set) var now = Tick.zero
    private let header: TraceHeader
    private let language: Language
    private let network: NetworkModel
    private let disk: DiskModel
    private var recorder: TraceRecorder<Node>
    private var monitor: InvariantMonitor<World<Node>>
    /// When messages were sent and writes asked for. Only looked up.
    private var births: [CausalName: Tick] = [:]
    private var encoder = CanonicalEncoder()

    /// - Parameter world: the state before the first step.
    package init(
        _ plan: SimulationPlan<Node>, from world: World<Node>, invariants: [Invariant<World<Node>>]? = nil
    ) {
        self.world = world
        header = TraceHeader(
            protocolName: plan.protocolName, nodes: plan.names, seed: plan.seed, title: plan.title,
            parameters: plan.parameters)
        language = plan.language
        network = plan.network
        disk = plan.disk
        recorder = TraceRecorder(names: plan.names, language: plan.language)
        monitor = InvariantMonitor(invariants ?? plan.invariants)
    }

    /// Takes a step at the earliest time that looks natural: a message after its flight, a write after its disk time,
    /// a timer when it is due, everything else a millisecond after the step before.
    ///
    /// - Returns: false, with nothing changed, when the step is not possible here.
    package mutating func take(_ step: WorldStep<Node.Command>) -> Bool {
        take(TimedStep(time: naturalTime(of: step.event), step: step))
    }

    /// Takes a step at its own time, or now if that has passed.
    package mutating func take(_ timed: TimedStep<Node.Command>) -> Bool {
        let time = max(now, timed.time)
        var observer = RecordingObserver<Node>()
        guard world.apply(timed.step, at: time, observer: &observer) else { return false }
        now = time
        recorder.beginStep(cause: nil)
        for occurrence in observer.occurrences {
            _ = recorder.record(occurrence, at: now, in: world)
            switch occurrence {
            case .sent(let message): births[message.name] = now
            case .duplicated(let copy): births[copy.name] = now
            case .persistAsked(_, let record): births[record.name] = now
            case .started, .received, .lost, .timerSet, .timerFired, .persisted, .invoked, .announced, .crashed,
                .restarted, .paused, .resumed, .partitioned, .cut, .healed, .skewed:
                break
            }
        }
        report(monitor.check(world))
        return true
    }

    /// Says something about this moment, beside the lifeline of who acted last.
    package mutating func remark(_ text: LocalizedText) {
        recorder.recordRemark(text.text(in: language), node: recorder.lastNode, at: now)
    }

    /// Judges the eventually invariants: nothing is left to happen.
    package mutating func finish() { report(monitor.checkEnd(world)) }

    /// Writes a violation that somebody else has found behind the last event, unless it stands there already.
    package mutating func report(_ violation: Violation) {
        guard !monitor.violations.contains(where: { $0.invariant == violation.invariant }) else { return }
        report([violation])
    }

    private mutating func report(_ violations: [Violation]) {
        for violation in violations {
            let order = recorder.recordViolation(
                named: violation.invariant, problem: violation.problem.text(in: language), node: recorder.lastNode,
                at: now)
            monitor.locate(violation.invariant, at: order)
        }
    }

    package var trace: Trace { Trace(header: header, events: recorder.events) }
    package var violations: [Violation] { monitor.violations }
    /// Of the world's behaviour, after the latest step.
    package var fingerprint: Fingerprint {
        mutating get { world.fingerprint(isOrdered: true, using: &encoder) }
    }

    /// The same for worlds that differ only in how far their rounds, terms or epochs have grown.
    var fingerprintDisregardingGrowth: Fingerprint {
        mutating get { world.fingerprintDisregardingGrowth(using: &encoder) }
    }

    private func naturalTime(of event: WorldEvent<Node.Command>) -> Tick {
        let later = now + .milliseconds(1)
        switch event {
        case .start: return now
        case .deliver(let name): return births[name].map { max(later, $0 + network.delay) } ?? later
        case .drop(let name):
            return births[name].map { max(later, $0 + Tick(microseconds: network.delay.microseconds * 3 / 5)) } ?? later
        case .completeWrite(let name): return births[name].map { max(later, $0 + disk.delay) } ?? later
        case .fireTimer(let name):
            let timers = world.nodes.indices.contains(name.node) ? world.nodes[name.node].timers : []
            return max(later, timers.first { $0.name == name }?.due ?? later)
        case .duplicate, .invoke, .crash, .restart, .pause, .resume, .partition, .cut, .heal, .skew: return later
        }
    }
}
