import Checking
import CommitProtocols
import Faults
import Messages
import Scenarios
import Simulator
import StateMachines
import Testing
import Traces

/// Every node crashes at every point of a run without faults, and comes back.
struct CrashPointTests {
    /// Scenes that stand for the variants; their own faults are left out.
    static let variants = [
        "happy-path", "one-no-vote", "participant-timeout", "cooperative-commit", "presumed-abort-crash",
        "presumed-abort-reader", "presumed-commit", "decentralised", "backup-takes-over",
    ]

    @Test(arguments: variants)
    func `two-phase commit: after a crash at any point everyone comes to one decision`(scene: String) throws {
        try Self.crashEverywhere(TwoPhaseCommitScenes.protocolScenes, scene)
    }

    @Test(arguments: ["termination-commits", "quorum-commit"])
    func `three-phase commit: after a crash at any point everyone comes to one decision`(scene: String) throws {
        try Self.crashEverywhere(ThreePhaseCommitScenes.protocolScenes, scene)
    }

    @Test(arguments: ["happy-path", "without-spare"])
    func `Paxos Commit: after a crash at any point everyone comes to one decision`(scene: String) throws {
        try Self.crashEverywhere(PaxosCommitScenes.protocolScenes, scene)
    }

    @Test(arguments: ["happy-path"])
    func `try-confirm-cancel: after a crash at any point everyone comes to one decision`(scene: String) throws {
        try Self.crashEverywhere(TCCScenes.protocolScenes, scene)
    }

    private static func crashEverywhere<Node: AtomicCommitNode>(
        _ scenes: ProtocolScenes<Node>, _ scene: String
    ) throws {
        let calm = try Self.plan(scenes, scene)
        let points = Self.crashPoints(in: try Simulation.run(calm).trace)
        #expect(points.count > 20)
        for (node, point) in points {
            var plan = calm
            plan.faults = [
                try Fault(parsing: "crash \(node) after \(point)"), try Fault(parsing: "restart \(node) at 300ms"),
            ]
            let result = try Simulation.run(plan)
            let name = "\(scene): crash \(node) after \(point)"
            #expect(result.unusedFaults.isEmpty, "\(name)")
            #expect(result.violations.isEmpty, "\(name): \(result.violations.map(\.problem.english))")
            let undecided = result.world.identifiers.filter { result.world[$0].machine.isUndecided }
            #expect(undecided.isEmpty, "\(name): \(undecided.map { plan.names[$0.index] }) wait")
            let outcomes = Set(result.trace.events.filter { $0.kind == .decide }.map(\.label))
            #expect(outcomes.count <= 1, "\(name): \(outcomes)")
            Self.expectAccountsToAgree(result.world, outcome: outcomes.first ?? nil, "\(name)")
        }
    }

    private static func plan<Node>(_ scenes: ProtocolScenes<Node>, _ scene: String) throws -> SimulationPlan<Node> {
        var (plan, _, _) = try scenes.plan(SceneRequest(scene, participants: 2))
        plan.faults = []
        plan.timeLimit = .seconds(4)
        return plan
    }

    /// Every send, write, completed write, receive, timer and decision of a run, as a fault names it.
    private static func crashPoints(in trace: Trace) -> [(node: String, point: String)] {
        var counts: [String: Int] = [:]
        var points: [(String, String)] = []
        for event in trace.events {
            guard let label = event.label else { continue }
            switch event.kind {
            case .send, .receive, .persist, .persisted, .timerFire, .decide:
                let match = "\(event.kind.rawValue) \(label)"
                counts["\(event.node) \(match)", default: 0] += 1
                points.append((event.node, "\(match) \(counts["\(event.node) \(match)", default: 0])"))
            default: continue
            }
        }
        return points
    }

    /// The money has moved at both ends or at neither, and no lock is left.
    private static func expectAccountsToAgree<Node: AtomicCommitNode>(
        _ world: World<Node>, outcome: String?, _ name: Comment
    ) {
        guard let payer = world[NodeID(1)].machine.store, let payee = world[NodeID(2)].machine.store else {
            Issue.record("participants have stores")
            return
        }
        #expect(payer.locks.isEmpty && payee.locks.isEmpty, name)
        let hasCommitted = outcome == "commit" || outcome == "confirm"
        #expect(payer.value("a") == (hasCommitted ? 4_000 : 5_000), name)
        // In the scene with a reader, the second participant only reads.
        #expect([hasCommitted ? 1_000 : 0, 0].contains(payee.value("b")), name)
    }
}
