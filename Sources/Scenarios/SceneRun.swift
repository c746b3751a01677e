package import Checking
package import Messages
package import Simulator
package import Traces

/// Which scene to run, and how.
package struct SceneRequest: Sendable {
    package var scene: String
    package var seed: UInt64 = 1
    /// `nil`: as many as the scene usually has.
    package var participants: Int?
    /// Added to the scene's own, in the fault words.
    package var extraFaults: [String] = []
    /// Takes every step twice, on copies, and ends the run where the outcomes differ.
    package var checksDeterminism = false
    /// Of the sentences in the trace.
    package var language = Language.english

    package init(
        _ scene: String, seed: UInt64 = 1, participants: Int? = nil, extraFaults: [String] = [],
        language: Language = .english
    ) {
        self.scene = scene
        self.seed = seed
        self.participants = participants
        self.extraFaults = extraFaults
        self.language = language
    }
}

/// A scene that has been run: what happened, and what it is worth.
package struct SceneRun: Sendable {
    package var scene: SceneDescription
    package var protocolName: String
    package var seed: UInt64
    package var participants: Int
    /// The scene's own faults and the extra ones, in this order.
    package var faults: [String]
    /// As it is shown.
    package var trace: Trace
    /// The whole run, nothing left out.
    package var record: Trace
    package var end: SimulationEnd
    /// The first violation of each broken promise, in the order they were seen.
    package var violations: [Violation]
    /// What was decided: "tx 1: commit"; sorted, without repetitions.
    package var decisions: [String]
    /// Who is up and cannot decide, with its last state, in the order of the lifelines.
    package var blocked: [BlockedNode]
    /// Faults whose condition never came true.
    package var unusedFaults: [String]
    /// What must come of it; `nil` when extra faults made it another story.
    package var expectation: Expectation?

    /// Every promise that was judged, in the protocol's order, `progress` last.
    package var promises: [Promise]
    /// The run as explicit events; made when asked for.
    package var replay: @Sendable () -> ReplayFile

    /// A promise by its name.
    package struct Promise: Hashable, Sendable {
        package var invariant: String
        package var explanation: LocalizedText
    }

    package struct BlockedNode: Hashable, Sendable {
        package var name: String
        /// "uncertain, holds a".
        package var state: LocalizedText
    }

    /// Whether the run ended as expected; `nil` where nothing is expected.
    package var matchesExpectation: Bool? {
        guard let expectation else { return nil }
        if case .nondeterminism = end { return false }
        if let violated = expectation.violated { return violations.first?.invariant == violated }
        return violations.isEmpty && decisions == expectation.decisions && blocked.map(\.name) == expectation.blocked
    }

    /// How this promise was broken; `nil` where it was kept, or is not one of `promises`.
    package func violation(of invariant: String) -> Violation? {
        if let violation = violations.first(where: { $0.invariant == invariant }) { return violation }
        guard invariant == Progress.name, !blocked.isEmpty else { return nil }
        return Violation(
            invariant: Progress.name, explanation: RunMessages.progress,
            problem: RunMessages.stuck(blocked.map { ($0.name, $0.state) }))
    }

    /// Whether a limit other than the scene's own time stopped it before anything could be said.
    package var isCutShort: Bool {
        switch end {
        case .stepLimit: true
        case .quiescent, .timeLimit, .violation, .nondeterminism: false
        }
    }
}

/// A request that names what does not exist.
package enum ScenarioError: LocalizedFailure, Hashable {
    case unknownProtocol(String, nearest: String?)
    case unknownScene(String, protocolName: String, nearest: String?)
    case unknownInvariant(String, known: [String])
    /// A promise about whole runs, asked of a search, which sees states.
    case notOfStates(String, known: [String])
    /// "P1: prepared" is how it must read.
    case unreadableStage(String, nodes: [String])
    case participantsOutOfRange(Int, scene: String, allowed: ClosedRange<Int>)
    /// A demonstration has no number of this name.
    case unknownNumber(String, scene: String, known: [String])
    case numberOutOfRange(String, Int, allowed: ClosedRange<Int>)
    /// Each is in its range, but together they make no sense.
    case senselessNumbers(LocalizedText)

    package var message: LocalizedText {
        switch self {
        case .unknownProtocol(let name, let nearest): RunMessages.unknownProtocol(name, nearest: nearest)
        case .unknownScene(let name, let protocolName, let nearest):
            RunMessages.unknownScene(name, protocolName: protocolName, nearest: nearest)
        case .unknownInvariant(let name, let known):
            RunMessages.unknownInvariant(name, known: known, nearest: nearestWord(to: name, among: known))
        case .notOfStates(let name, let known): ExploreMessages.notOfStates(name, known: known)
        case .unreadableStage(let text, let nodes): ExploreMessages.unreadableStage(text, nodes: nodes)
        case .participantsOutOfRange(let count, let scene, let allowed):
            RunMessages.participantsOutOfRange(count, scene: scene, allowed: allowed)
        case .unknownNumber(let name, let scene, let known):
            DemonstrationMessages.unknownNumber(name, scene: scene, known: known)
        case .numberOutOfRange(let name, let value, let allowed):
            DemonstrationMessages.outOfRange(name, value, allowed: allowed)
        case .senselessNumbers(let objection): objection
        }
    }
}
