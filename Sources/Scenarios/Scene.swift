package import Checking
package import Messages
package import Simulator
package import StateMachines

/// What people are told about a scene before it runs.
package struct SceneDescription: Sendable {
    /// "blocked-coordinator-crash": what `--scene` takes.
    package var name: String
    package var title: LocalizedText
    /// Two or three sentences: what happens, and what to look at.
    package var story: LocalizedText
    /// Rows of the table of corner cases that it shows: "2PC-1".
    package var rows: [String]
    /// How many participants it can have, beside the coordinators.
    package var participants: ClosedRange<Int>
    /// How many it has unless told otherwise.
    package var usualParticipants: Int
    /// Whether the protocol is broken on purpose, so that a promise is expected to fail.
    package var isMutant: Bool
}

/// Everything that determines a scene of so many participants, except the seed.
package struct SceneSetup<Node: ProtocolNode>: Sendable {
    package var names: [String]
    package var machines: [Node]
    package var commands: [SimulationPlan<Node>.ScheduledCommand]
    /// Everything that an adversary may command in a search, the same for every seed.
    package var adversaryCommands: [Node.Command] = []
    /// In the fault words.
    package var faults: [String]
    package var invariants: [Invariant<World<Node>>]
    /// What no single state shows.
    package var wholeRunInvariants: [Invariant<FinishedRun<Node>>] = []
    /// What some schedule should come to, so that a search has not kept promises by never getting anywhere. Runs are not
    /// judged by it.
    package var milestones: [Invariant<World<Node>>] = []
    /// How long a client must be cut off for its session to expire; `nil`: there are no sessions.
    package var sessionSilence: Tick?
    /// Where the part of the run that is shown begins; `nil`: at its beginning.
    package var opening: Tick?
    package var expectation: Expectation
    package var timeLimit: Tick
    /// The history that the nodes tell; `nil` where they tell none.
    package var judged: Judged?

    /// What the history of a scene's clients is about, for those who have the trace only.
    package struct Judged: Sendable {
        /// The name of a sequential model.
        package var model: String
        /// What the scene promises its clients first.
        package var promise: Consistency
    }

    package init(
        names: [String], machines: [Node], commands: [SimulationPlan<Node>.ScheduledCommand], faults: [String],
        invariants: [Invariant<World<Node>>], expectation: Expectation, timeLimit: Tick
    ) {
        precondition(names.count == machines.count, "every node has one name")
        self.names = names
        self.machines = machines
        self.commands = commands
        self.faults = faults
        self.invariants = invariants
        self.expectation = expectation
        self.timeLimit = timeLimit
    }
}

/// One scene of a protocol: a description, and the way to set it up.
package struct Scene<Node: ProtocolNode>: Sendable {
    package var description: SceneDescription
    /// Sets it up for a number of participants within `description.participants`, and a seed.
    package var setUp: @Sendable (Int, UInt64) -> SceneSetup<Node>

    package init(_ description: SceneDescription, setUp: @escaping @Sendable (Int) -> SceneSetup<Node>) {
        self.init(description) { participants, _ in setUp(participants) }
    }

    /// A scene whose commands, too, are drawn by the seed. Its machines may not depend on it: what a search has found
    /// has none.
    package init(_ description: SceneDescription, setUp: @escaping @Sendable (Int, UInt64) -> SceneSetup<Node>) {
        self.description = description
        self.setUp = setUp
    }
}

/// What must come of a scene, whatever the seed.
package struct Expectation: Hashable, Sendable {
    /// The promise that is broken first; `nil`: every promise is kept, and the rest of this counts.
    package var violated: String?
    /// What is decided: "tx 1: commit"; sorted.
    package var decisions: [String]
    /// Who is up and still cannot decide when the run ends, by name, in their order.
    package var blocked: [String]

    /// Every promise is kept.
    package static func keeps(_ decisions: String..., blocking blocked: [String] = []) -> Expectation {
        Expectation(violated: nil, decisions: decisions.sorted(), blocked: blocked)
    }
    /// This promise is the first to be broken.
    package static func violates(_ invariant: String) -> Expectation {
        Expectation(violated: invariant, decisions: [], blocked: [])
    }
}
