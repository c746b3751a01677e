import Checking
import Faults
import Messages
import Scenarios
import Simulator
import StateMachines
import Testing
import Traces
import Zab

/// A mutation, the promise that it is meant to break, and the first seed whose night is bad enough.
struct MutantNight: Sendable, CustomStringConvertible {
    var mutation: ZabMutation
    var promise: String
    var seed: UInt64
    var description: String { "\(mutation), from seed \(seed)" }

    init(_ mutation: ZabMutation, breaks promise: String, seed: UInt64) {
        self.mutation = mutation
        self.promise = promise
        self.seed = seed
    }
}

struct ZabSimulationTests {
    /// Each with a line that repeats, shrinks and draws it.
    private func expectNoProblems(_ schedule: ZabSchedule) {
        let night = Night.protocolOnly(schedule)
        let problems = night.problems.map { "\($0.invariant): \($0.problem.text(in: .english))" }
        #expect(problems == [], "make soak NIGHT='\(night)'")
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `three servers survive a bad night`(_ seed: UInt64) {
        expectNoProblems(ZabSchedule(seed: seed))
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `five servers survive a bad night`(_ seed: UInt64) {
        expectNoProblems(ZabSchedule(servers: 5, seed: seed))
    }

    /// Two of five had promised epoch 3 to a leader that failed, and could never join the leader of epoch 2.
    @Test func `a promise to a failed leader keeps nobody out`() {
        expectNoProblems(ZabSchedule(servers: 5, seed: 567_530_735_565))
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `observers learn everything and decide nothing`(_ seed: UInt64) {
        expectNoProblems(ZabSchedule(servers: 3, observers: 2, seed: seed))
    }

    @Test(arguments: 0..<16 as Range<UInt64>)
    func `observers learn everything from followers`(_ seed: UInt64) {
        expectNoProblems(ZabSchedule(servers: 3, observers: 2, hostsObservers: true, seed: seed))
    }

    /// An observer took the follower that hosted it for the leader, as which that had begun.
    @Test(arguments: [5_001, 5_011] as [UInt64])
    func `a host that was to lead is host enough`(_ seed: UInt64) {
        expectNoProblems(ZabSchedule(servers: 3, observers: 2, hostsObservers: true, seed: seed))
    }

    /// Groups of two and of three, and a group of one beside others; weights differ with the seed, and some are 0.
    static let groupShapes = [
        ZabSchedule(servers: 6, groups: 3, seed: 0), ZabSchedule(servers: 9, groups: 3, seed: 0),
        ZabSchedule(servers: 5, observers: 1, groups: 3, seed: 0),
    ]

    @Test(arguments: groupShapes, 0..<4 as Range<UInt64>)
    func `groups decide a bad night`(_ shape: ZabSchedule, _ seed: UInt64) {
        var schedule = shape
        schedule.seed = seed
        expectNoProblems(schedule)
    }

    @Test func `groups decide with less than half of all servers, and without those of weight 0`() throws {
        let ensemble = try #require(ZabSchedule(servers: 9, groups: 3, seed: 3).machines.first?.peer.ensemble)
        #expect(ensemble.isHierarchical)
        let weightless = ensemble.members.filter { $0.weight == 0 }.map(\.id)
        #expect(!weightless.isEmpty)
        #expect(ensemble.isQuorum { !weightless.contains($0) })
        #expect(!ensemble.isQuorum { weightless.contains($0) })
    }

    static let shapes = [
        ZabSchedule(servers: 3, spares: 2, reconfigurations: 12, seed: 0),
        ZabSchedule(servers: 3, observers: 1, spares: 1, reconfigurations: 12, seed: 0),
        ZabSchedule(servers: 1, spares: 3, reconfigurations: 12, seed: 0),
        ZabSchedule(servers: 3, observers: 2, spares: 1, reconfigurations: 12, hostsObservers: true, seed: 0),
    ]

    @Test(arguments: shapes, 0..<2 as Range<UInt64>)
    func `ensembles that change survive a bad night`(_ shape: ZabSchedule, _ seed: UInt64) {
        var schedule = shape
        schedule.seed = seed
        expectNoProblems(schedule)
    }

    /// Servers that will vote in the next ensemble only had more than all who could lead; or were in a later round, without a vote to
    /// show for it; or had become observers.
    @Test(
        arguments: [
            (shapes[0], 70_043), (shapes[1], 70_092),
            (ZabSchedule(servers: 2, spares: 1, reconfigurations: 12, seed: 0), 70_065),
            (ZabSchedule(servers: 2, spares: 1, reconfigurations: 12, seed: 0), 70_087), (shapes[2], 80_016),
        ] as [(ZabSchedule, UInt64)])
    func `nobody waits for ever for who does not vote yet`(_ shape: ZabSchedule, _ seed: UInt64) {
        var schedule = shape
        schedule.seed = seed
        expectNoProblems(schedule)
    }

    @Test func `nights change ensembles, hand over and complete`() throws {
        var labels: [String: Int] = [:]
        for seed in 0..<5 as Range<UInt64> {
            let result = try Simulation.run(ZabSchedule(spares: 2, reconfigurations: 12, seed: seed).plan)
            for event in result.trace.events where event.kind == .receive || event.kind == .respond {
                labels[String((event.label ?? "").prefix { !$0.isNumber && $0 != "," }), default: 0] += 1
            }
        }
        for word in ["COMMITANDACTIVATE", "INFORMANDACTIVATE", "members "] {
            #expect(labels[word, default: 0] > 0, "no night had a \(word)")
        }
    }

    @Test func `a night is the same whenever it is simulated`() throws {
        let (first, second) = (
            try Simulation.run(ZabSchedule(seed: 5).plan), try Simulation.run(ZabSchedule(seed: 5).plan)
        )
        #expect(first.trace == second.trace)
    }

    @Test func `nights deliver, cut, copy and catch up`() throws {
        var labels: [String: Int] = [:]
        for seed in 0..<40 as Range<UInt64> {
            let result = try Simulation.run(ZabSchedule(seed: seed).plan)
            for event in result.trace.events where event.kind == .receive || event.kind == .decide {
                labels[event.kind == .decide ? "decide" : event.label ?? "", default: 0] += 1
            }
        }
        for word in [
            "decide", "DIFF", "TRUNC", "SNAP", "NEWLEADER", "UPTODATE", "PROPOSAL", "ACK", "COMMIT", "REQUEST",
        ] {
            #expect(labels[word, default: 0] > 0, "no night had a \(word)")
        }
    }

    static let nights: [MutantNight] = [
        MutantNight(.comparesZxidBeforeEpoch, breaks: "primary-integrity", seed: 75),
        MutantNight(.votesWithAcceptedEpoch, breaks: "committed-log-durability", seed: 68),
        MutantNight(.acknowledgesBeforePersisting, breaks: "committed-log-durability", seed: 5),
        MutantNight(.acknowledgesNewLeaderBeforePersisting, breaks: "committed-log-durability", seed: 129),
        MutantNight(.storesEpochBeforeHistory, breaks: "committed-log-durability", seed: 129),
        MutantNight(.omitsLoggingDiff, breaks: "committed-log-durability", seed: 0),
        MutantNight(.neverTruncates, breaks: "prefix-consistency", seed: 20),
        MutantNight(.sendsNewLeaderFirst, breaks: "should-not-be-triggered", seed: 0),
        MutantNight(.servesBeforeQuorum, breaks: "committed-log-durability", seed: 129),
        MutantNight(.discardsUncommitted, breaks: "committed-log-monotonicity", seed: 28),
        MutantNight(.forgetsUndeliveredInMemory, breaks: "process-consistency", seed: 0),
        MutantNight(.votesWithBareEpoch, breaks: "liveness", seed: 124),
        MutantNight(.commitsBelowQuorum, breaks: "committed-log-durability", seed: 5),
        MutantNight(.forgetsProposalsUnderWay, breaks: "local-primary-order", seed: 10),
        MutantNight(.ignoresQuorumLoss, breaks: "liveness", seed: 2),
        MutantNight(.comparesSettledVotesWhole, breaks: "liveness", seed: 0),
        MutantNight(.omitsStoringSnapshot, breaks: "prefix-consistency", seed: 6),
        MutantNight(.omitsStoringEpoch, breaks: "primary-integrity", seed: 75),
        MutantNight(.cutsTooMuch, breaks: "prefix-consistency", seed: 5),
        MutantNight(.forgetsProposalsAtNewLeader, breaks: "should-not-be-triggered", seed: 10),
        MutantNight(.acknowledgesProposalsBeforeNewLeader, breaks: "should-not-be-triggered", seed: 1),
    ]

    /// A few seeds more than the recorded one are tried, since every change of the protocol moves what a seed means.
    @Test(arguments: nights)
    func `every way to get it wrong is caught`(_ night: MutantNight) {
        let isCaught = (night.seed..<night.seed + 20).contains { seed in
            Night(night.mutation, seed: seed).problems.contains { $0.invariant == night.promise }
        }
        #expect(isCaught, "\(night)")
    }

    /// Those are caught by scripts below, or by scenes.
    @Test func `every mutation has a night`() {
        let directed: Set<ZabMutation> = [
            .copiesDeliveredOnly, .commitsByNextEnsembleAlone, .activatesAtProposal, .forgetsReconfiguration,
            .rollsIntoNextEpoch,
        ]
        #expect(Set(Self.nights.map(\.mutation)).union(directed) == Set(ZabMutation.allCases))
    }

    /// The numbers of ZooKeeper's issues, from its history and its list of issues, in which the broadcast or a server's use of it
    /// went wrong; ADR 0032 tells what each was.
    static let knownIssues = [
        335, 790, 962, 1081, 1082, 1136, 1154, 1156, 1277, 1367, 1419, 1549, 1642, 2678, 2832, 2845, 3023, 3104, 3608,
        3642, 3911, 4394, 4643, 4646, 4685, 4712, 4785, 5010,
    ]

    @Test func `every known issue is a mutation, and none is two`() {
        let issues = ZabMutation.allCases.flatMap(\.issues) + EnsembleMutation.allCases.flatMap(\.issues)
        #expect(issues.sorted() == Self.knownIssues)
    }

    /// The leader of epoch 1 alone logs two more transactions; the others go on in epoch 2 without writing anything.
    /// Then it meets one of them: the longer log must not win (ZB-2).
    private func abandonedSuffix(_ mutation: ZabMutation?) throws -> [String] {
        let schedule = ZabSchedule(seed: 1, mutation: mutation)
        var plan = SimulationPlan(
            protocolName: "zab", names: schedule.names, machines: schedule.machines,
            commands: [
                .init(at: .milliseconds(400), to: NodeID(2), .write("kept")),
                .init(at: .milliseconds(610), to: NodeID(2), .write("abandoned 1")),
                .init(at: .milliseconds(611), to: NodeID(2), .write("abandoned 2")),
            ])
        plan.faults = try ["isolate S3 at 600ms", "heal at 2500ms", "crash S2 at 2499ms", "restart S2 at 4s"].map {
            try Fault(parsing: $0, in: .simulated(nodes: schedule.names, labels: ZabSchedule.labels))
        }
        plan.timeLimit = .seconds(7)
        let result = try Simulation.run(plan)
        #expect(result.trace.events.contains { $0.kind == .decide && $0.label == "kept" })
        return ZabInvariants(names: schedule.names).problems(of: result).map(\.invariant)
    }

    @Test func `what a leader logged alone does not outlive the next epoch`() throws {
        #expect(try abandonedSuffix(nil) == [])
        #expect(try abandonedSuffix(.comparesZxidBeforeEpoch).contains("primary-integrity"))
    }

    /// From servers 1, 2 and 3 to 3, 4 and 5, where 1 and 2, a quorum of the old ensemble, are cut off from the others. What is
    /// written on both sides must fit together when they meet again.
    private func divided(_ mutation: ZabMutation?, _ faults: [String]) throws -> [String] {
        let schedule = ZabSchedule(spares: 2, reconfigurations: 1, seed: 1, mutation: mutation)
        var plan = SimulationPlan(
            protocolName: "zab", names: schedule.names, machines: schedule.machines,
            commands: [
                .init(at: .milliseconds(560), to: NodeID(2), .write("before")),
                .init(at: .milliseconds(610), to: NodeID(2), .reconfigure(members: "3,4,5", "members")),
                .init(at: .milliseconds(700), to: NodeID(2), .write("new side")),
                .init(at: .milliseconds(1_800), to: NodeID(1), .write("old side")),
                .init(at: .milliseconds(1_800), to: NodeID(0), .write("old side too")),
            ])
        plan.network = NetworkModel(delay: .milliseconds(5))
        plan.disk = DiskModel(delay: .milliseconds(9))
        plan.faults = try (faults + ["heal at 3s"]).map {
            try Fault(parsing: $0, in: .simulated(nodes: schedule.names, labels: ZabSchedule.labels))
        }
        plan.timeLimit = .seconds(7)
        let result = try Simulation.run(plan)
        #expect(result.trace.events.contains { $0.kind == .decide && $0.label == "before" })
        return ZabInvariants(names: schedule.names).problems(of: result)
            .map { "\($0.invariant): \($0.problem.text(in: .english))" }
    }

    /// Nobody of the old ensemble but its leader has the reconfiguration.
    private static let proposedInTheDark = ["partition S1,S2|S3,S4,S5 at 605ms"]
    /// A quorum of the old ensemble has it, and does not hear that it is committed.
    private static let committedInTheDark = [
        "drop COMMITANDACTIVATE to S1", "drop COMMITANDACTIVATE to S2", "partition S1,S2|S3,S4,S5 at 632ms",
    ]

    @Test(arguments: [nil, .commitsByNextEnsembleAlone, .activatesAtProposal] as [ZabMutation?])
    func `the old ensemble must agree to the next one`(_ mutation: ZabMutation?) throws {
        let found = try divided(mutation, Self.proposedInTheDark)
        #expect(found.isEmpty == (mutation == nil), "\(found)")
    }

    @Test(arguments: [nil, .forgetsReconfiguration] as [ZabMutation?])
    func `whoever knows of the next ensemble needs it too`(_ mutation: ZabMutation?) throws {
        let found = try divided(mutation, Self.committedInTheDark)
        #expect(found.isEmpty == (mutation == nil), "\(found)")
    }
}
