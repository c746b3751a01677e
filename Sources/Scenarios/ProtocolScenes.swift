package import Checking
package import Explorer
import Faults
package import Messages
package import Simulator
package import StateMachines
import Traces

/// A protocol that can be run without knowing the type of its nodes.
package protocol PlayableProtocol: Sendable {
    /// "two-phase-commit": what `zoolab run` takes.
    var name: String { get }
    var title: LocalizedText { get }
    /// In teaching order; the first is the one that runs when none is named.
    var scenes: [SceneDescription] { get }

    /// What must come of a scene with as many participants as it usually has.
    /// - Throws: `ScenarioError` where there is no such scene.
    func expectation(of scene: String) throws -> Expectation

    /// Runs one scene to its end.
    /// - Throws: `ScenarioError`, `FaultSyntaxError` or `SimulationError`, each a sentence for a person.
    func run(_ request: SceneRequest) throws -> SceneRun

    /// Searches every schedule of a scene's protocol within budgets and bounds.
    ///
    /// - Parameter elapsed: real time since the search began.
    /// - Parameter report: called now and then, and at the end.
    /// - Throws: `ScenarioError`.
    func explore(
        _ request: ExplorationRequest, elapsed: () -> Duration, report: (SearchProgress) -> Void
    ) throws -> SceneExploration

    /// Sets a scene up to be taken step by step.
    /// - Throws: as `run`.
    func step(_ request: SceneRequest) throws -> any SteppedRun

    /// Sets up a recorded run to be gone through, and to be gone on with.
    /// - Throws: as `replay`.
    func step(_ file: ReplayFile, language: Language) throws -> any SteppedRun

    /// Repeats a run of this protocol exactly.
    /// - Throws: `ScenarioError`, or `ReplayFailure` at the first event that leads elsewhere.
    func replay(_ file: ReplayFile, language: Language) throws -> SceneReplay
}

extension PlayableProtocol {
    /// The scene of this name; the first one when there is no name.
    package func scene(named name: String?) throws(ScenarioError) -> SceneDescription {
        guard let name else { return scenes[0] }
        guard let scene = scenes.first(where: { $0.name == name }) else {
            throw .unknownScene(
                name, protocolName: self.name, nearest: nearestWord(to: name, among: scenes.map(\.name)))
        }
        return scene
    }
}

/// A protocol and its scenes; what a protocol's folder provides.
package struct ProtocolScenes<Node: ProtocolNode>: PlayableProtocol {
    package let name: String
    package let title: LocalizedText
    /// Every label that a fault may name: of messages, records, timers and outcomes.
    package let labels: [String]
    /// How the states and notes of its machines read in other languages.
    package let vocabulary: Vocabulary
    package let presentation: TracePresentation
    package let catalog: [Scene<Node>]
    package typealias Search =
        @Sendable (
            WorldModel<Node>, [Invariant<World<Node>>], ExplorationOrder<Node>, () -> Duration,
            (SearchProgress) -> Void
        ) -> ExplorationFinding<Node>
    package typealias Play =
        @Sendable ([RunEvent<Node.Command>], WorldModel<Node>, Invariant<World<Node>>) -> [RunEvent<Node.Command>]?

    /// The explorer's `explore` and `play`. They are passed in where the type of the nodes is known, because only there
    /// the compiler can make versions for that type.
    package let search: Search
    package let play: Play
    /// Whether a node that is up is stuck.
    package let isBlocked: @Sendable (Node) -> Bool

    package init(
        name: String, title: LocalizedText, labels: [String], vocabulary: Vocabulary,
        presentation: TracePresentation = .plain, catalog: [Scene<Node>],
        search: @escaping Search,
        play: @escaping Play = { Explorer.play($0, in: $1, breaking: $2) },
        isBlocked: @escaping @Sendable (Node) -> Bool
    ) {
        precondition(!catalog.isEmpty, "\(name) has no scene")
        self.name = name
        self.title = title
        self.labels = labels
        self.vocabulary = vocabulary
        self.presentation = presentation
        self.catalog = catalog
        self.search = search
        self.play = play
        self.isBlocked = isBlocked
    }

    package var scenes: [SceneDescription] { catalog.map(\.description) }

    package func expectation(of scene: String) throws -> Expectation {
        let scene = try self.catalogued(scene)
        return scene.setUp(scene.description.usualParticipants, 1).expectation
    }

    private func catalogued(_ name: String?) throws(ScenarioError) -> Scene<Node> {
        let description = try scene(named: name)
        guard let scene = catalog.first(where: { $0.description.name == description.name }) else {
            preconditionFailure("\(description.name) is described but not in the catalog")
        }
        return scene
    }

    /// Everything that determines a run: the scene set up and its faults read.
    package func plan(
        _ request: SceneRequest
    ) throws -> (plan: SimulationPlan<Node>, scene: SceneDescription, setup: SceneSetup<Node>) {
        let scene = try catalogued(request.scene)
        let description = scene.description
        let participants = request.participants ?? description.usualParticipants
        guard description.participants.contains(participants) else {
            throw ScenarioError.participantsOutOfRange(
                participants, scene: description.name, allowed: description.participants)
        }
        let setup = scene.setUp(participants, request.seed)
        let context = faultContext(of: setup)
        var plan = SimulationPlan(
            protocolName: name, title: description.title.text(in: request.language), names: setup.names,
            machines: setup.machines, commands: setup.commands,
            faults: try (setup.faults + request.extraFaults).map { try Fault(parsing: $0, in: context) },
            seed: request.seed)
        plan.adversaryCommands = setup.adversaryCommands
        plan.invariants = setup.invariants
        plan.wholeRunInvariants = setup.wholeRunInvariants
        plan.sessionSilence = setup.sessionSilence
        plan.timeLimit = request.extraFaults.isEmpty ? setup.timeLimit : extended(setup.timeLimit, for: plan.faults)
        plan.language = request.language
        plan.checksDeterminism = request.checksDeterminism
        plan.parameters = [
            TraceHeader.Parameter(name: "scene", value: description.name),
            TraceHeader.Parameter(name: "participants", value: "\(participants)"),
        ]
        if let judged = setup.judged {
            plan.parameters.append(.init(name: "model", value: judged.model))
            plan.parameters.append(.init(name: "promise", value: judged.promise.rawValue))
        }
        return (plan, description, setup)
    }

    func faultContext(of setup: SceneSetup<Node>) -> FaultContext {
        .simulated(nodes: setup.names, labels: labels, hasSessions: setup.sessionSilence != nil)
    }

    /// A scene ends when it has shown what it shows; with other faults, two seconds after the last of them began, so
    /// that there is time for everything to mend.
    private func extended(_ limit: Tick, for faults: [Fault]) -> Tick {
        let latest = faults.map { fault -> Tick in
            guard case .at(let time) = fault.start else { return fault.duration ?? .zero }
            return time + (fault.duration ?? .zero)
        }
        return max(limit, (latest.max() ?? .zero) + .seconds(2))
    }

    package func run(_ request: SceneRequest) throws -> SceneRun {
        let (plan, scene, setup) = try plan(request)
        let result = try Simulation.run(plan)
        let blocked = Progress.blocked(in: result.world, isBlocked)
        let shown = presentation.present(result.trace, from: setup.opening, vocabulary, request.language)
        return SceneRun(
            scene: scene, protocolName: name, seed: request.seed,
            participants: request.participants ?? scene.usualParticipants, faults: plan.faults.map(\.description),
            trace: shown.trace, record: result.trace, end: result.end,
            violations: result.violations.map { violation in
                var violation = violation
                violation.event = violation.event.flatMap { shown.orders[$0] }
                return violation
            },
            decisions: decisions(in: result.trace, tellsOperations: plan.machines.contains { $0.tellsOperations }),
            blocked: blocked.map { node in
                SceneRun.BlockedNode(
                    name: plan.names[node.index], state: vocabulary.localized(result.world[node].machine.summary))
            },
            unusedFaults: result.unusedFaults.map(\.description),
            expectation: request.extraFaults.isEmpty ? setup.expectation : nil, promises: promises(of: plan),
            replay: {
                ReplayFile(
                    of: result.steps, plan: plan, outcome: outcome(of: result), toolVersion: ToolVersion.text)
            })
    }

    private func outcome(of result: SimulationResult<Node>) -> ReplayFile.Outcome {
        if let violation = result.violations.first { return .violated(invariant: violation.invariant) }
        switch result.end {
        case .quiescent, .timeLimit, .violation: return .holds
        case .stepLimit, .nondeterminism: return .unknown
        }
    }

    func progress(names: [String]) -> Invariant<World<Node>> {
        Progress.invariant(names: names, vocabulary: vocabulary, isBlocked: isBlocked)
    }

    /// Every promise that a run of this plan is judged by.
    private func promises(of plan: SimulationPlan<Node>) -> [SceneRun.Promise] {
        let ofStates = plan.invariants.map { SceneRun.Promise(invariant: $0.name, explanation: $0.explanation) }
        let ofRuns = plan.wholeRunInvariants.map { SceneRun.Promise(invariant: $0.name, explanation: $0.explanation) }
        let progress = progress(names: plan.names)
        return ofStates + ofRuns + [SceneRun.Promise(invariant: progress.name, explanation: progress.explanation)]
    }

    /// What nodes decided and, of protocols whose nodes tell of operations, what clients were told.
    private func decisions(in trace: Trace, tellsOperations: Bool) -> [String] {
        var asked: [String: String] = [:]  // By operation. Only looked up.
        var found: [String] = []
        for event in trace.events {
            var decision: String?
            switch event.kind {
            case .decide: decision = "\(event.payload ?? ""): \(event.label ?? "")"
            case .invoke where tellsOperations:
                asked[event.id ?? ""] = "\(event.peer ?? event.node): \(event.label ?? "")"
            case .respond where tellsOperations: decision = asked[event.id ?? ""].map { "\($0) → \(event.label ?? "")" }
            default: break
            }
            if let decision, !found.contains(decision) { found.append(decision) }
        }
        return found.sorted()
    }
}
