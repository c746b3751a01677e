import Checking
import Faults
import Foundation
import Messages
import Scenarios
import Simulator
import StateMachines
import Testing
import Traces
import Zab

/// A mutation, the ensemble it shows in, and the first seed whose night is bad enough.
struct MutantNight: Sendable, CustomStringConvertible {
    var mutation: ZabMutation
    var servers = 3
    var seed: UInt64
    var description: String { "\(mutation), \(servers) servers, from seed \(seed)" }
}

struct ZabSimulationTests {
    private func problems(_ schedule: ZabSchedule) throws -> [String] {
        let result = try Simulation.run(schedule.plan)
        return ZabInvariants(names: schedule.names).problems(of: result)
            .map { "\($0.invariant): \($0.problem.text(in: .english))" }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `three servers survive a bad night`(_ seed: UInt64) throws {
        #expect(try problems(ZabSchedule(seed: seed)) == [], "seed \(seed)")
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `five servers survive a bad night`(_ seed: UInt64) throws {
        #expect(try problems(ZabSchedule(servers: 5, seed: seed)) == [], "seed \(seed)")
    }

    /// Two of five had promised epoch 3 to a leader that failed, and could never join the leader of epoch 2.
    @Test func `a promise to a failed leader keeps nobody out`() throws {
        #expect(try problems(ZabSchedule(servers: 5, seed: 567_530_735_565)) == [])
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `observers learn everything and decide nothing`(_ seed: UInt64) throws {
        #expect(try problems(ZabSchedule(servers: 3, observers: 2, seed: seed)) == [], "seed \(seed)")
    }

    @Test(arguments: 0..<16 as Range<UInt64>)
    func `observers learn everything from followers`(_ seed: UInt64) throws {
        var schedule = ZabSchedule(servers: 3, observers: 2, seed: seed)
        schedule.hostsObservers = true
        #expect(try problems(schedule) == [], "seed \(seed)")
    }

    static let shapes = [
        ZabSchedule(servers: 3, spares: 2, reconfigurations: 12, seed: 0),
        ZabSchedule(servers: 3, observers: 1, spares: 1, reconfigurations: 12, seed: 0),
        ZabSchedule(servers: 1, spares: 3, reconfigurations: 12, seed: 0), hostingShape,
    ]

    private static var hostingShape: ZabSchedule {
        var schedule = ZabSchedule(servers: 3, observers: 2, spares: 1, reconfigurations: 12, seed: 0)
        schedule.hostsObservers = true
        return schedule
    }

    @Test(arguments: shapes, 0..<2 as Range<UInt64>)
    func `ensembles that change survive a bad night`(_ shape: ZabSchedule, _ seed: UInt64) throws {
        var schedule = shape
        schedule.seed = seed
        #expect(try problems(schedule) == [], "\(schedule)")
    }

    /// Servers that will vote in the next ensemble only had more than all who could lead; or were in a later round, without a vote to
    /// show for it; or had become observers.
    @Test(
        arguments: [
            (shapes[0], 70_043), (shapes[1], 70_092),
            (ZabSchedule(servers: 2, spares: 1, reconfigurations: 12, seed: 0), 70_065),
            (ZabSchedule(servers: 2, spares: 1, reconfigurations: 12, seed: 0), 70_087), (shapes[2], 80_016),
        ] as [(ZabSchedule, UInt64)])
    func `nobody waits for ever for who does not vote yet`(_ shape: ZabSchedule, _ seed: UInt64) throws {
        var schedule = shape
        schedule.seed = seed
        #expect(try problems(schedule) == [], "\(schedule)")
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
        MutantNight(mutation: .votesWithAcceptedEpoch, seed: 68),
        MutantNight(mutation: .acknowledgesBeforePersisting, seed: 5),
        MutantNight(mutation: .acknowledgesNewLeaderBeforePersisting, seed: 129),
        MutantNight(mutation: .storesEpochBeforeHistory, seed: 129),
        MutantNight(mutation: .omitsLoggingDiff, seed: 0),
        MutantNight(mutation: .neverTruncates, seed: 20),
        MutantNight(mutation: .sendsNewLeaderFirst, seed: 0),
        MutantNight(mutation: .servesBeforeQuorum, seed: 129),
        MutantNight(mutation: .discardsUncommitted, seed: 28),
        MutantNight(mutation: .forgetsUndeliveredInMemory, seed: 0),
        MutantNight(mutation: .votesWithBareEpoch, seed: 124),
        MutantNight(mutation: .commitsBelowQuorum, seed: 5),
        MutantNight(mutation: .forgetsProposalsUnderWay, seed: 10),
        MutantNight(mutation: .ignoresQuorumLoss, seed: 2),
        MutantNight(mutation: .comparesSettledVotesWhole, seed: 0),
        MutantNight(mutation: .omitsStoringSnapshot, seed: 6),
    ]

    /// A few seeds more than the recorded one are tried, since every change of the protocol moves what a seed means.
    @Test(arguments: nights)
    func `every way to get it wrong is caught`(_ night: MutantNight) throws {
        let isCaught = try (night.seed..<night.seed + 20).contains { seed in
            try !problems(ZabSchedule(servers: night.servers, seed: seed, mutation: night.mutation)).isEmpty
        }
        #expect(isCaught, "\(night)")
    }

    @Test func `every mutation has a night`() {
        let directed: Set<ZabMutation> = [
            .comparesZxidBeforeEpoch, .copiesDeliveredOnly, .commitsByNextEnsembleAlone, .activatesAtProposal,
            .forgetsReconfiguration,
        ]
        #expect(Set(Self.nights.map(\.mutation)).union(directed) == Set(ZabMutation.allCases))
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
        #expect(try abandonedSuffix(.comparesZxidBeforeEpoch).contains("global-primary-order"))
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

    /// Fresh seeds for as long as asked: `ZAB_SOAK_SECONDS=60`.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["ZAB_SOAK_SECONDS"] != nil))
    func soak() throws {
        let environment = ProcessInfo.processInfo.environment
        let seconds = Double(environment["ZAB_SOAK_SECONDS"] ?? "") ?? 60
        let mutation = environment["ZAB_SOAK_MUTATION"].flatMap { name in ZabMutation.allCases.first { "\($0)" == name }
        }
        var seed = UInt64(environment["ZAB_SOAK_FROM"] ?? "") ?? UInt64.random(in: 1_000...1 << 40)
        let shapes =
            environment["ZAB_SOAK_RECONFIGURES"] == nil
            ? [(3, 0, 0, 0), (5, 0, 0, 0), (3, 2, 0, 0)] : [(3, 0, 2, 12), (3, 1, 1, 12), (1, 0, 3, 12), (2, 0, 1, 12)]
        let (first, end) = (seed, Date().addingTimeInterval(seconds))
        while Date() < end {
            for (servers, observers, spares, reconfigurations) in shapes {
                let schedule = ZabSchedule(
                    servers: servers, observers: observers, spares: spares, reconfigurations: reconfigurations,
                    seed: seed, mutation: mutation)
                let found = try problems(schedule)
                let shape = "\(servers) servers, \(observers) observers, \(spares) spares"
                #expect(found == [], "seed \(seed), \(shape), \(reconfigurations) reconfigurations")
                if mutation != nil, !found.isEmpty { print("caught: \(shape), seed \(seed): \(found[0])") }
            }
            seed += 1
        }
        print("soak: seeds \(first) to \(seed - 1)")
    }
}
