package import Faults
package import StateMachines

/// A run that a person takes decision by decision, with every moment of it kept: back a step or a hundred, another way
/// from there, and back to the first.
///
/// Moments make a tree; a branch is a name for a way through it, from the beginning to the branch's tip. Who stands at the
/// tip lengthens the branch; who decides differently before it begins a new one.
///
/// A moment is the decisions that led to it, so that every 32nd keeps a copy of its simulation and all others are played
/// again from the nearest (docs/adr/0030). What comes of that must be the same, byte for byte: each moment knows a digest of
/// the world, the schedule and the events, and going there checks it.
package struct TimeTravel<Node: ProtocolNode>: Sendable {
    package typealias Work = PendingWork<Node.Command>

    /// One decision.
    package enum Move: Hashable, Sendable {
        /// What is due comes.
        case next
        /// Something that is due comes out of turn.
        case take(Work)
        /// Something that nobody planned: one message is lost, or copied.
        case inject(WorldEvent<Node.Command>)
        /// One more fault.
        case fault(Fault)
        /// A step of a recorded run, at its own time. Faults of the script that have not begun never will: their effects are
        /// among the steps.
        case recorded(TimedStep<Node.Command>)
    }

    /// A point in the tree.
    package struct Moment: Hashable, Sendable {
        /// `nil` at the beginning.
        package let parent: Int?
        /// How it came about; `nil` at the beginning.
        package let move: Move?
        /// Decisions since the beginning.
        package let depth: Int
        package let time: Tick
        /// How many events the trace had before, and has now.
        package let events: Range<Int>
        /// How many promises are broken.
        package let violations: Int
        /// Whether the run is over.
        package let isOver: Bool
        let digest: Fingerprint
    }

    package struct Branch: Hashable, Sendable {
        package let name: String
        /// Its last moment.
        package internal(set) var tip: Int
        /// The branch and the moment where it leaves; `nil` for the first.
        package let origin: Origin?

        package struct Origin: Hashable, Sendable {
            package let branch: Int
            package let moment: Int
        }
    }

    /// How many decisions lie between two kept simulations.
    package static var snapshotInterval: Int { 32 }
    package static var maximumMoments: Int { 1_000_000 }
    package static var maximumBranches: Int { 999 }

    /// The run up to here.
    package private(set) var simulation: Simulation<Node>
    /// The tree; the first is the beginning.
    package private(set) var moments: [Moment]
    package internal(set) var branches: [Branch]
    /// Where we stand; on the way to the tip of the current branch.
    package private(set) var here = 0
    package internal(set) var current = 0
    private var snapshots: [Int: Simulation<Node>]  // By moment; only looked up.

    /// - Parameters:
    ///   - mainBranch: the name of the first branch.
    ///   - checksDeterminism: takes every step twice and ends the run when the outcomes differ.
    /// - Throws: as `Simulation`.
    package init(
        _ plan: SimulationPlan<Node>, mainBranch: String, checksDeterminism: Bool = true
    ) throws(SimulationError) {
        var plan = plan
        plan.checksDeterminism = checksDeterminism
        simulation = try Simulation(plan)
        snapshots = [0: simulation]
        moments = [
            Moment(
                parent: nil, move: nil, depth: 0, time: .zero, events: 0..<0, violations: 0, isOver: false,
                digest: simulation.digest(after: 0))
        ]
        branches = [Branch(name: mainBranch, tip: 0, origin: nil)]
    }

    package var moment: Moment { moments[here] }

    // MARK: Onwards

    /// Decides. Who decides as before goes on along the branch; who decides otherwise leaves it for a new one.
    ///
    /// - Returns: false, with nothing changed, when it is not possible here.
    /// - Throws: for a fault that names what does not exist, or a run that does not repeat itself.
    package mutating func make(_ move: Move) throws -> Bool {
        if let next = nextOnBranch, moments[next].move == move {
            try go(to: next)
            return true
        }
        var next = simulation
        guard moments.count < Self.maximumMoments, try Self.perform(move, on: &next) else { return false }
        if here != branches[current].tip {
            guard branches.count < Self.maximumBranches else { return false }
            addBranch(named: freeName)
        }
        let before = simulation.recorder.events.count
        moments.append(
            Moment(
                parent: here, move: move, depth: moment.depth + 1, time: next.now,
                events: before..<next.recorder.events.count, violations: next.violations.count,
                isOver: next.end != nil, digest: next.digest(after: before)))
        here = moments.count - 1
        simulation = next
        branches[current].tip = here
        if moment.depth % Self.snapshotInterval == 0 { snapshots[here] = next }
        return true
    }

    private static func perform(_ move: Move, on simulation: inout Simulation<Node>) throws(SimulationError) -> Bool {
        switch move {
        case .next: simulation.takeNext()
        case .take(let work): simulation.take(work)
        case .inject(let event): simulation.inject(event)
        case .fault(let fault): try simulation.inject(fault)
        case .recorded(let step): simulation.repeatStep(step)
        }
    }

    // MARK: Anywhere

    /// Goes to a moment of the current branch.
    ///
    /// - Complexity: at most 31 decisions are played again.
    /// - Throws: when playing them leads elsewhere than the first time.
    /// - Precondition: the moment is on the way to the branch's tip.
    mutating func go(to moment: Int) throws(TimeTravelFailure) {
        guard moment != here else { return }
        var way: [Int] = []
        var start = moment
        while start != here, snapshots[start] == nil {
            way.append(start)
            guard let parent = moments[start].parent else { preconditionFailure("the beginning is kept") }
            start = parent
        }
        guard var played = start == here ? simulation : snapshots[start] else {
            preconditionFailure("moment \(start) is not kept")
        }
        for next in way.reversed() {
            guard let move = moments[next].move, (try? Self.perform(move, on: &played)) == true,
                played.digest(after: moments[next].events.lowerBound) == moments[next].digest
            else { throw TimeTravelFailure(step: moments[next].depth) }
        }
        simulation = played
        here = moment
    }

    /// The moments from the beginning to another, both included.
    package func way(to moment: Int) -> [Int] {
        var way = [moment]
        while let parent = moments[way[way.count - 1]].parent { way.append(parent) }
        return way.reversed()
    }

    /// The next moment on the way to the current branch's tip; `nil` at the tip.
    package var nextOnBranch: Int? {
        var next = branches[current].tip
        guard next != here else { return nil }
        while let parent = moments[next].parent, parent != here { next = parent }
        return next
    }
}
