import ConsensusProtocols
import Messages
import Simulator
import StateMachines

extension MultiPaxosScenes {
    private static let twoForOne = Expectation.violates("one-entry-per-slot")

    /// S1's deposit is on every disk when S1 dies, and nobody has been told. S2 leads.
    private static let leaderDies = ["crash S1 at 48ms"]
    private static let secondLeader = [
        lead(1), deposit(first, at: 30, to: 1), lead(2, at: 60), deposit(second, at: 70, to: 2),
    ]
    /// Of S1's two deposits only the second has left it when it dies.
    private static let gap = ["drop ACCEPT 1 to S2", "drop ACCEPT 1 to S3", "crash S1 at 48ms"]
    private static let twoAtOnce = [lead(1), deposit(first, at: 30, to: 1), deposit(second, at: 31, to: 1)]
    private static let slowLeader = ["delay ACCEPT from S1 100ms", "drop PROMISE from S1 to S2"]
    private static let overtaken = [
        lead(1), deposit(first, at: 30, to: 1), lead(2, at: 40), deposit(second, at: 66, to: 2),
    ]

    static let leaderScenes: [Scene<MultiPaxosNode>] = [
        scene(
            "one-phase-1", MultiPaxosSceneTexts.onePhase1, rows: "MP-1",
            recipe: Recipe(
                servers: 3...7,
                commands: [
                    lead(1), deposit(first, at: 40, to: 1), deposit(second, at: 50, to: 1),
                    deposit(Deposit(client: 1, number: 2, amount: 10), at: 90, to: 1), read(at: 140, from: 1),
                ],
                expectation: .keeps("[1]: \(first)", "[2]: \(second)", "[3]: c1.2 +10"))),
        scene(
            "new-leader-finishes", MultiPaxosSceneTexts.newLeaderFinishes, rows: "MP-1",
            recipe: Recipe(commands: secondLeader, faults: leaderDies)),
        scene(
            "ignores-reports", MultiPaxosSceneTexts.ignoresReports, rows: "MP-1",
            recipe: Recipe(
                mutation: .ignoresReports, commands: secondLeader, faults: leaderDies, expectation: twoForOne)),
        scene(
            "gap-filled", MultiPaxosSceneTexts.gapFilled, rows: "MP-1", "MP-2",
            recipe: Recipe(
                commands: twoAtOnce + [lead(2, at: 60)], faults: gap,
                expectation: .keeps("[1]: no-op", "[2]: \(second)"))),
        scene(
            "gap-left", MultiPaxosSceneTexts.gapLeft, rows: "MP-1", "MP-2",
            recipe: Recipe(
                mutation: .leavesGaps, commands: twoAtOnce + [lead(2, at: 60)], faults: gap,
                expectation: .keeps(blocking: ["S2", "S3"]), end: 250)),
        scene(
            "old-leader", MultiPaxosSceneTexts.oldLeader, rows: "MP-3",
            recipe: Recipe(
                commands: overtaken, faults: slowLeader, expectation: .keeps("[1]: \(second)", blocking: ["S1"]),
                end: 300)),
        scene(
            "accepts-without-test", MultiPaxosSceneTexts.acceptsWithoutTest, rows: "MP-3",
            recipe: Recipe(
                mutation: .acceptsWithoutTest, commands: overtaken, faults: slowLeader, expectation: twoForOne, end: 300
            )
        ),
    ]

    private static let laterFirst = ["drop ACCEPT 1 to S2", "drop ACCEPT 1 to S3"]
    private static let retried = [
        lead(1), deposit(first, at: 30, to: 1), lead(2, at: 60), deposit(first, at: 65, to: 2), read(at: 200, from: 2),
    ]

    static let orderScenes: [Scene<MultiPaxosNode>] = [
        scene(
            "later-slot-first", MultiPaxosSceneTexts.laterSlotFirst, rows: "MP-2",
            recipe: Recipe(commands: twoAtOnce, faults: laterFirst)),
        scene(
            "applies-out-of-order", MultiPaxosSceneTexts.appliesOutOfOrder, rows: "MP-2",
            recipe: Recipe(
                mutation: .appliesOutOfOrder, commands: twoAtOnce, faults: laterFirst,
                expectation: .violates("applied-in-order"))),
        scene(
            "client-retry", MultiPaxosSceneTexts.clientRetry, rows: "MP-6",
            recipe: Recipe(
                commands: retried, faults: leaderDies, expectation: .keeps("[1]: \(first)", "[2]: \(first)"))),
        scene(
            "applies-twice", MultiPaxosSceneTexts.appliesTwice, rows: "MP-6",
            recipe: Recipe(
                mutation: .appliesTwice, commands: retried, faults: leaderDies,
                expectation: .violates("at-most-once"))),
    ]

    private static let staleRead = Expectation.violates("reads-are-current")
    private static let lease = MultiPaxosConfiguration.Reads.leased(.milliseconds(200))
    private static let replaced = [
        lead(1), deposit(first, at: 30, to: 1), lead(2, at: 135), deposit(second, at: 140, to: 2),
        read(at: 240, from: 1),
    ]
    /// S2 has granted nothing, and S3 restarts.
    private static let restartedGrantor = [
        "isolate S2 for 120ms", "isolate S1 at 135ms", "crash S3 at 140ms", "restart S3 at 150ms",
    ]
    private static let afterRestart = [
        lead(1), deposit(first, at: 30, to: 1), lead(2, at: 165), deposit(second, at: 170, to: 2),
        read(at: 240, from: 1),
    ]

    static let readScenes: [Scene<MultiPaxosNode>] = [
        scene(
            "stale-read", MultiPaxosSceneTexts.staleRead, rows: "MP-4",
            recipe: Recipe(
                reads: .unchecked, commands: replaced, faults: ["isolate S1 at 125ms"], expectation: staleRead,
                isMisconfigured: true)),
        scene(
            "confirmed-read", MultiPaxosSceneTexts.confirmedRead, rows: "MP-4",
            recipe: Recipe(commands: replaced + [read(at: 250, from: 2)], faults: ["isolate S1 at 125ms"])),
        scene(
            "leased-read", MultiPaxosSceneTexts.leasedRead, rows: "MP-4", "MP-5",
            recipe: Recipe(
                reads: lease,
                commands: [
                    lead(1), deposit(first, at: 30, to: 1), lead(2, at: 135), deposit(second, at: 140, to: 2),
                    read(at: 180, from: 1), read(at: 600, from: 1), read(at: 610, from: 2),
                ], faults: ["isolate S1 at 125ms"], end: 700)),
        scene(
            "lease-and-clocks", MultiPaxosSceneTexts.leaseAndClocks, rows: "MP-4", "MP-5",
            recipe: Recipe(
                reads: lease,
                commands: [
                    lead(1), deposit(first, at: 30, to: 1), lead(2, at: 150), deposit(second, at: 160, to: 2),
                    read(at: 240, from: 1),
                ], faults: ["isolate S1 at 125ms", "skew S2 +2s at 140ms", "skew S3 +2s at 140ms"],
                expectation: staleRead, end: 280, isMisconfigured: true)),
        scene(
            "restart-waits", MultiPaxosSceneTexts.restartWaits, rows: "MP-5",
            recipe: Recipe(reads: lease, commands: afterRestart, faults: restartedGrantor, end: 700)),
        scene(
            "forgets-grant", MultiPaxosSceneTexts.forgetsGrant, rows: "MP-5",
            recipe: Recipe(
                reads: lease, mutation: .forgetsGrant, commands: afterRestart, faults: restartedGrantor,
                expectation: staleRead, end: 280)),
    ]

    /// The deposit is on the disks of S1 and S3. S1 dies, S3 restarts.
    private static let restartedVoter = [
        "isolate S2 for 70ms", "crash S1 at 75ms", "crash S3 at 80ms", "restart S3 at 95ms",
    ]
    private static let leadsWithS3 = [
        lead(1), deposit(first, at: 30, to: 1), lead(2, at: 110), deposit(second, at: 115, to: 2),
    ]

    static let memoryScenes: [Scene<MultiPaxosNode>] = [
        scene(
            "disk-survives", MultiPaxosSceneTexts.diskSurvives, rows: "MP-5",
            recipe: Recipe(commands: leadsWithS3, faults: restartedVoter)),
        scene(
            "lost-disk", MultiPaxosSceneTexts.lostDisk, rows: "MP-5",
            recipe: Recipe(
                mutation: .losesDisk, commands: leadsWithS3, faults: restartedVoter, expectation: twoForOne)),
    ]
}
