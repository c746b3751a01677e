package import Messages
package import Simulator
package import StateMachines
package import Traces

/// Everything that a person who takes a run step by step may look at, in that person's language.
package struct SteppedState: Sendable {
    package struct Node: Hashable, Sendable {
        package enum Condition: Hashable, Sendable { case notStarted, up, paused, down }

        package var name: String
        package var condition: Condition
        /// In a few words; of a node that is down, empty.
        package var state: String
        /// "votes", and when it is due; in the order they were set.
        package var timers: [Timer]
        /// How many records are on its disk, and how many are not yet.
        package var durable: Int
        package var unsynced: Int
        /// Its clock minus virtual time, in microseconds.
        package var skew: Int64
    }

    package struct Timer: Hashable, Sendable {
        package var label: String
        package var due: Tick
        /// One that only ticks.
        package var isRoutine: Bool
    }

    /// Something that is due.
    package struct Choice: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case start, message, write, timer, command
            case faultBegins, faultEnds
        }
        package enum Obstacle: Hashable, Sendable {
            /// This node is paused, or has not started.
            case waitsFor(String)
            /// Another message of the link, or another write, comes first.
            case behind(String)
        }

        package var kind: Kind
        package var time: Tick
        /// Where it happens; `nil` for faults.
        package var node: String?
        /// The sender of a message.
        package var peer: String?
        /// Of the message, timer, record, command or fault.
        package var label: String
        package var detail: String
        package var obstacle: Obstacle?
        /// Of a message: it will not arrive.
        package var isLost: Bool
        /// Of a message: one more of the same.
        package var isCopy: Bool
        /// What goes on all the time and tells nothing.
        package var isRoutine: Bool
    }

    package struct Promise: Hashable, Sendable {
        package enum Standing: Hashable, Sendable {
            /// Judged in every state, and kept so far.
            case kept
            /// Judged where the run ends.
            case open
            case broken(LocalizedText)
        }
        package var invariant: String
        package var explanation: LocalizedText
        package var standing: Standing
    }

    package struct Branch: Hashable, Sendable {
        package var position: Int
        package var name: String
        /// 0 for the first, 1 for those that leave it, and so on.
        package var level: Int
        /// Decisions from the beginning to its tip.
        package var length: Int
        /// After how many decisions it leaves the branch that it began from; `nil` for the first.
        package var leftAfter: Int?
        package var violations: Int
        package var isCurrent: Bool
    }

    package var scene: SceneDescription
    package var protocolName: String
    package var seed: UInt64
    package var now: Tick
    /// Decisions since the beginning.
    package var depth: Int
    package var isAtTip: Bool
    package var nodes: [Node]
    /// In the order in which it would come.
    package var choices: [Choice]
    /// "A,B|C", "A>B"…: the cuts that links have suffered since they were last healed.
    package var cuts: [String]
    /// Faults that strike messages now, and those that wait for something to happen.
    package var activeFaults: [String]
    package var waitingFaults: [String]
    package var promises: [Promise]
    /// What the latest decision led to.
    package var news: [Event]
    /// As a trace of its own, for accounts.
    package var newsTrace: Trace
    /// `nil` while the run goes on.
    package var end: SimulationEnd?
    package var branches: [Branch]

    /// The first promise that is broken.
    package var firstBroken: Promise? {
        promises.first { if case .broken = $0.standing { true } else { false } }
    }
}

/// Why something is as it is: sentences, and the events that led there, oldest first.
package struct SteppedReason: Sendable {
    package var sentences: [LocalizedText]
    package var chain: Trace
}

/// A scene that a person takes step by step, without knowing the type of its nodes.
package protocol SteppedRun: Sendable {
    var state: SteppedState { get }
    /// The run up to here, as it is drawn.
    var trace: Trace { get }
    /// The way here as explicit events.
    var replay: ReplayFile { get }

    // Each answers whether anything happened; each throws where a run does not repeat itself.

    /// What is due, with the routine before it.
    mutating func next() throws -> Bool
    /// - Parameter choice: a position in `state.choices`.
    mutating func take(_ choice: Int) throws -> Bool
    /// Loses the message of a choice.
    mutating func drop(_ choice: Int) throws -> Bool
    /// Sends the message of a choice once more.
    mutating func duplicate(_ choice: Int) throws -> Bool
    /// - Parameter fault: in the fault words; without a condition it begins now.
    /// - Throws: also a `LocalizedFailure` that says what is wrong with the words.
    mutating func inject(_ fault: String) throws -> Bool

    mutating func back() throws -> Bool
    mutating func forward() throws -> Bool
    mutating func toBeginning() throws
    mutating func toTip() throws
    /// - Throws: `BranchError`.
    mutating func fork(named name: String?) throws
    /// - Parameter position: `SteppedState.Branch.position`.
    mutating func goToBranch(_ position: Int) throws

    func whyPending(_ choice: Int) -> SteppedReason
    /// `nil` while every promise is kept.
    func whyBroken() -> SteppedReason?
    /// Makes a branch of the fewest steps that break the first broken promise, and goes to it.
    ///
    /// - Returns: how many steps it took, and takes; `nil` when no such run is found without this run's clocks.
    mutating func shrink() throws -> (from: Int, to: Int)?
}
