import Checking
import Faults
import Messages
package import StateMachines
package import Traces

/// A run as explicit events, with a fingerprint after every step: it can be repeated, and checked, when the seed that
/// once led there no longer does.
package struct ReplayFile: Hashable, Sendable {
    package static let format = "zoolab-replay"
    package static let version = 1

    /// What the first line says.
    package struct Header: Hashable, Sendable {
        package var toolVersion: String
        package var protocolName: String
        package var title: String?
        package var nodes: [String]
        /// With them the protocol part of `zoolab` builds the same plan again.
        package var parameters: [TraceHeader.Parameter]
        /// Of the timed run; `nil` for a run that a search has found.
        package var seed: UInt64?
        /// Who drew the random numbers.
        package var generator: String
        package var network: NetworkModel
        package var disk: DiskModel
        package var budgets: FaultBudgets
        /// The script of the run, in the fault grammar; its effects are among the events.
        package var faults: [String]
        package var invariants: [String]

        package init(
            toolVersion: String, protocolName: String, title: String? = nil, nodes: [String],
            parameters: [TraceHeader.Parameter] = [], seed: UInt64? = nil, generator: String = SplitMix64.name,
            network: NetworkModel = NetworkModel(), disk: DiskModel = DiskModel(),
            budgets: FaultBudgets = FaultBudgets(), faults: [String] = [], invariants: [String] = []
        ) {
            self.toolVersion = toolVersion
            self.protocolName = protocolName
            self.title = title
            self.nodes = nodes
            self.parameters = parameters
            self.seed = seed
            self.generator = generator
            self.network = network
            self.disk = disk
            self.budgets = budgets
            self.faults = faults
            self.invariants = invariants
        }
    }

    /// One step.
    package struct Entry: Hashable, Sendable {
        package var time: Tick
        /// As `StepText` writes it: "deliver C.0.2.0".
        package var event: String
        /// Of the whole world after the step.
        package var fingerprint: Fingerprint
        /// In a few words, the state after the step of the node it happened on; empty where it has none.
        package var state: String

        package init(time: Tick, event: String, fingerprint: Fingerprint, state: String) {
            self.time = time
            self.event = event
            self.fingerprint = fingerprint
            self.state = state
        }
    }

    /// What came of the run.
    package enum Outcome: Hashable, Sendable {
        case holds
        case violated(invariant: String)
        case unknown
    }

    package var header: Header
    package var entries: [Entry]
    package var outcome: Outcome
    /// How many of the last entries lead back to a world with the same future, and so break the promise by going on for
    /// ever; 0 unless they do.
    package var cycle: Int

    package init(header: Header, entries: [Entry], outcome: Outcome, cycle: Int = 0) {
        self.header = header
        self.entries = entries
        self.outcome = outcome
        self.cycle = cycle
    }
}

// MARK: - Recording

extension ReplayFile {
    /// The replay of a run of `plan`.
    ///
    /// - Parameter broken: the name of the invariant that the run breaks.
    /// - Precondition: the steps are possible, one after the other, from the plan's beginning.
    package init<Node: ProtocolNode>(
        of steps: [TimedStep<Node.Command>], plan: SimulationPlan<Node>, budgets: FaultBudgets = FaultBudgets(),
        outcome: Outcome, cycle: Int = 0, toolVersion: String
    ) {
        let text = StepText(plan)
        var retelling = Retelling(plan, from: World(plan.machines, budgets: budgets))
        var entries: [Entry] = []
        for step in steps {
            let node = retelling.world.node(of: step.step.event)
            let isPossible = retelling.take(step)
            precondition(isPossible, "\(step) does not belong to this run")
            entries.append(
                Entry(
                    time: step.time, event: text.text(of: step.step), fingerprint: retelling.fingerprint,
                    state: retelling.world.summary(of: node)))
        }
        header = Header(
            toolVersion: toolVersion, protocolName: plan.protocolName, title: plan.title, nodes: plan.names,
            parameters: plan.parameters, seed: plan.seed, network: plan.network, disk: plan.disk, budgets: budgets,
            faults: plan.faults.map(\.description),
            invariants: plan.invariants.map(\.name) + plan.wholeRunInvariants.map(\.name))
        self.entries = entries
        self.outcome = outcome
        self.cycle = cycle
    }
}

// MARK: - Playing

extension ReplayFile {
    /// Repeats the run step by step and compares the fingerprint after each.
    ///
    /// - Parameter plan: built from the header's protocol and parameters; its seed and faults play no part.
    /// - Throws: at the first step that is not possible or leads elsewhere.
    package func play<Node: ProtocolNode>(_ plan: SimulationPlan<Node>) throws(ReplayFailure) -> Trace {
        guard plan.names == header.nodes else {
            throw ReplayFailure(.otherNodes(recorded: header.nodes, here: plan.names))
        }
        let text = StepText(plan)
        var retelling = Retelling(plan, from: World(plan.machines, budgets: header.budgets))
        var beginning: Fingerprint?
        for (index, entry) in entries.enumerated() {
            if cycle > 0, index == entries.count - cycle {
                beginning = retelling.fingerprintDisregardingGrowth
                retelling.remark(SimulatorMessages.lapBegins)
            }
            guard let step = text.step(from: entry.event) else {
                throw ReplayFailure(.unreadable, entry: index + 1, event: entry.event)
            }
            let node = retelling.world.node(of: step.event)
            guard retelling.take(TimedStep(time: entry.time, step: step)) else {
                throw ReplayFailure(.impossible, entry: index + 1, event: entry.event)
            }
            let state = retelling.world.summary(of: node)
            guard state == entry.state else {
                let name = node.map { plan.names[$0.index] } ?? ""
                throw ReplayFailure(
                    .otherState(node: name, recorded: entry.state, here: state), entry: index + 1, event: entry.event)
            }
            guard retelling.fingerprint == entry.fingerprint else {
                throw ReplayFailure(
                    .otherFingerprint(recorded: entry.fingerprint, here: retelling.fingerprint), entry: index + 1,
                    event: entry.event)
            }
        }
        var late: [Violation] = []
        if let beginning {
            late = try brokenByLap(from: beginning, &retelling, plan)
        } else {
            retelling.finish()
        }
        let run = FinishedRun(trace: retelling.trace, world: retelling.world)
        late += plan.wholeRunInvariants.compactMap { $0.violation(by: run) }
        for violation in late { retelling.report(violation) }
        let seen = (retelling.violations + late).map(\.invariant)
        if case .violated(let invariant) = outcome, !seen.contains(invariant) {
            throw ReplayFailure(.otherOutcome(recorded: invariant, here: seen))
        }
        return retelling.trace
    }

    /// The promise that the last entries break by leading back to where they began. Since what is left of the fault
    /// budgets belongs to a world, no fault is among them.
    private func brokenByLap<Node: ProtocolNode>(
        from beginning: Fingerprint, _ retelling: inout Retelling<Node>, _ plan: SimulationPlan<Node>
    ) throws(ReplayFailure) -> [Violation] {
        guard retelling.fingerprintDisregardingGrowth == beginning else { throw ReplayFailure(.noLap(events: cycle)) }
        guard case .violated(let name) = outcome,
            let broken = plan.invariants.first(where: { $0.name == name && $0.kind == .eventually }),
            let problem = broken.problem(retelling.world)
        else { return [] }
        return [
            Violation(
                invariant: name, explanation: broken.explanation,
                problem: SimulatorMessages.livelock(steps: cycle, problem: problem))
        ]
    }
}

extension World {
    /// The node that an event steps, stops or starts; `nil` for events of the network.
    package func node(of event: WorldEvent<Node.Command>) -> NodeID? {
        switch event {
        case .deliver(let name):
            let (index, isPresent) = position(of: name)
            return isPresent ? messages[index].to : nil
        case .fireTimer(let name), .completeWrite(let name): return NodeID(name.node)
        case .start(let node), .invoke(let node, _), .crash(let node, _), .restart(let node), .pause(let node),
            .resume(let node), .skew(let node, _):
            return node
        case .drop, .duplicate, .partition, .cut, .heal: return nil
        }
    }

    func summary(of node: NodeID?) -> String {
        guard let node, self[node].status != .down else { return "" }
        return self[node].machine.summary
    }
}
