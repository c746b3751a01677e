import Checking
import Faults
import Messages
import Scenarios
import Simulator
import StateMachines
import Testing
import Traces

/// A way to get a server wrong, and the first seed whose night shows it.
struct EnsembleMutantNight: Sendable, CustomStringConvertible {
    var mutation: EnsembleMutation
    var seed: UInt64
    var description: String { "\(mutation), from seed \(seed)" }
}

struct EnsembleSimulationTests {
    private func problems(_ night: Night) -> [String] {
        night.problems.map { "\($0.invariant): \($0.problem.text(in: .english))" }
    }

    @Test(arguments: 0..<24 as Range<UInt64>)
    func `nights of every kind break no promise`(_ seed: UInt64) {
        let night = Night(seed: seed)
        #expect(problems(night) == [], "make soak NIGHT='\(night)'")
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `whole servers survive a bad night with observers behind followers`(_ seed: UInt64) {
        let night = Night.wholeServers(EnsembleSchedule(observers: 2, hostsObservers: true, seed: seed))
        #expect(problems(night) == [], "make soak NIGHT='\(night)'")
    }

    @Test func `a night is the same whenever it is simulated`() {
        let night = Night.wholeServers(EnsembleSchedule(seed: 3))
        #expect(night.trace == night.trace)
    }

    /// A server crashed between the snapshot that a leader had sent, which lacked a transaction of its log, and the word that
    /// it had it: the judge went on counting the transaction, and called it decided.
    @Test func `what a copy left out is not held any more, even where a crash hid the copy`() throws {
        let line = "ensemble servers=3 observers=0 clients=2 seed=714500811374 faults=0,1,10,11,12 actions=9,25,47"
        #expect(problems(try #require(Night(line))) == [])
    }

    /// A host of observers had crashed between a snapshot from its leader and the end of the log that lacked the same; it read that
    /// log for an observer that had the whole history, and told it to cut off what had been decided.
    @Test func `a log with a hole that a snapshot covers is not read for a learner`() throws {
        let line =
            "ensemble servers=3 observers=2 clients=3 hosting=true seed=633425386316 faults=1,2,3,6,8,10,12"
            + " actions=4,11,12,14,15,23,24,26,45,65,66,67,68,69"
        #expect(problems(try #require(Night(line))) == [])
    }

    /// A leader that crashed, restarted and led again applied the end of its log anew: the judge took it for one reign.
    @Test func `a crash ends a reign`() throws {
        let line = "ensemble servers=3 observers=0 clients=2 seed=633425387293 faults=0,1,11 actions=8"
        #expect(problems(try #require(Night(line))) == [])
    }

    @Test func `a client that is cut off for long enough loses its session, and finds another`() throws {
        let schedule = EnsembleSchedule(seed: 1)
        func words(_ fault: String) throws -> [String] {
            var plan = schedule.plan
            let context = FaultContext.simulated(nodes: plan.names, hasSessions: true)
            plan.faults = [try Fault(parsing: fault, in: context)]
            return EnsembleRun(try Simulation.run(plan), serverCount: schedule.serverCount).clientEvents
        }
        #expect(try words("expire-session C1 at 1s").contains("expired"))
        #expect(try !words("isolate C1 at 1s for 100ms").contains("expired"))
    }

    @Test func `nights have everything that can go wrong`() throws {
        var counts: [String: Int] = [:]
        for seed in 0..<40 as Range<UInt64> {
            let schedule = EnsembleSchedule(observers: Int(seed % 2), seed: seed)
            let result = try Simulation.run(schedule.plan)
            for event in result.trace.events {
                switch event.kind {
                case .receive: counts[event.label ?? "", default: 0] += 1
                case .persisted: counts["disk: " + (event.label ?? ""), default: 0] += 1
                case .decide, .crash, .restart, .pause, .skew: counts["\(event.kind)", default: 0] += 1
                default: break
                }
            }
            for event in EnsembleRun(result, serverCount: schedule.serverCount).clientEvents {
                counts["client: \(event)", default: 0] += 1
            }
        }
        for word in [
            "DIFF", "TRUNC", "SNAP", "INFORM", "REQUEST", "REVALIDATE", "SYNC", "SETWATCHES", "disk: log", "disk: cut",
            "disk: snapshot", "disk: remove", "disk: acceptedEpoch", "disk: currentEpoch", "decide", "crash", "restart",
            "pause", "skew", "client: answered", "client: refused", "client: notified", "client: opened",
            "client: resumed", "client: lost", "client: expired",
        ] {
            #expect(counts[word, default: 0] > 0, "no night had a ‘\(word)’")
        }
    }

    static let nights: [EnsembleMutantNight] = [
        EnsembleMutantNight(mutation: .keepsTornTail, seed: 10),
        EnsembleMutantNight(mutation: .cutsUnderSnapshot, seed: 64),
        EnsembleMutantNight(mutation: .loadsTwice, seed: 0),
        EnsembleMutantNight(mutation: .keepsEphemeralsInDIFF, seed: 5),
        EnsembleMutantNight(mutation: .dropsQueuedWrites, seed: 87),
        EnsembleMutantNight(mutation: .omitsForce, seed: 0),
        EnsembleMutantNight(mutation: .cutsOneLogOnly, seed: 21),
        EnsembleMutantNight(mutation: .ignoresTouches, seed: 7),
        EnsembleMutantNight(mutation: .namesSnapshotFirst, seed: 2),
    ]

    /// A few seeds more than the recorded one are tried, since every change of a server moves what a seed means; `SoakTests`
    /// finds new ones.
    @Test(arguments: nights)
    func `every way to get a server wrong is caught`(_ night: EnsembleMutantNight) {
        let isCaught = (night.seed..<night.seed + 40).contains { !Night(night.mutation, seed: $0).problems.isEmpty }
        #expect(isCaught, "\(night)")
    }

    @Test func `every mutation has a night`() {
        #expect(Self.nights.map(\.mutation) == EnsembleMutation.allCases)
    }

    /// What breaks a promise is left with what it takes, and still breaks it.
    @Test func `a night shrinks`() throws {
        let night = Night(.loadsTwice, seed: 0)
        let promise = try #require(night.problems.first?.invariant)
        let small = night.shrunk(breaking: promise)
        #expect(small.description.utf8.count < 160, "\(small)")
        #expect(small.problems.contains { $0.invariant == promise })
        #expect(Night(small.description) == small)
    }
}
