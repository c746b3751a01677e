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
        let directed: Set<ZabMutation> = [.comparesZxidBeforeEpoch]
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

    /// Fresh seeds for as long as asked: `ZAB_SOAK_SECONDS=60`.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["ZAB_SOAK_SECONDS"] != nil))
    func soak() throws {
        let environment = ProcessInfo.processInfo.environment
        let seconds = Double(environment["ZAB_SOAK_SECONDS"] ?? "") ?? 60
        let mutation = environment["ZAB_SOAK_MUTATION"].flatMap { name in ZabMutation.allCases.first { "\($0)" == name }
        }
        var seed = UInt64(environment["ZAB_SOAK_FROM"] ?? "") ?? UInt64.random(in: 1_000...1 << 40)
        let (first, end) = (seed, Date().addingTimeInterval(seconds))
        while Date() < end {
            for (servers, observers) in [(3, 0), (5, 0), (3, 2)] {
                let schedule = ZabSchedule(servers: servers, observers: observers, seed: seed, mutation: mutation)
                let found = try problems(schedule)
                #expect(found == [], "seed \(seed), \(servers) servers, \(observers) observers")
                if mutation != nil, !found.isEmpty { print("caught: \(servers) servers, seed \(seed): \(found[0])") }
            }
            seed += 1
        }
        print("soak: seeds \(first) to \(seed - 1)")
    }
}
