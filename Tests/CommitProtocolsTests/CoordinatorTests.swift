import CommitProtocols
import StateMachines
import Testing

struct CoordinatorTests {
    @Test(arguments: votingCases + decisionCases + restartCases)
    func `a coordinator steps as the table says`(row: MachineCase) {
        let (machine, effects) = row.run()
        #expect(effects == row.effects)
        #expect(machine.summary == row.summary)
    }

    static let votingCases: [MachineCase] = [
        MachineCase(
            "a plain coordinator asks at once", node: 0, [.started, .invoked(.transact(plan))],
            does: ["begin voting", "PREPARE > 1", "PREPARE > 2", "timer votes 100"],
            becomes: "collecting, 0 of 2 votes"),
        MachineCase(
            "work is handed out without asking for votes", node: 0, [.started, .invoked(.begin(plan))],
            does: ["WORK > 1", "WORK > 2"], becomes: "working"),
        MachineCase(
            "commit asks for the votes of what was begun", node: 0,
            [.started, .invoked(.begin(plan)), .invoked(.commit(one))],
            does: ["begin voting", "PREPARE > 1", "PREPARE > 2", "timer votes 100"],
            becomes: "collecting, 0 of 2 votes"),
        MachineCase(
            "presumed commit forces the collecting record before anybody is asked", .basic(.commit), node: 0,
            [.started, .invoked(.transact(plan))],
            does: ["begin voting", "force collecting"], becomes: "begins to collect"),
        MachineCase(
            "and asks when it is on disk", .basic(.commit), node: 0,
            [.started, .invoked(.transact(plan)), .persisted(.collecting(plan))],
            does: ["PREPARE > 1", "PREPARE > 2", "timer votes 100"], becomes: "collecting, 0 of 2 votes"),
        MachineCase(
            "the mutant without a collecting record asks at once",
            .basic(.commit, mutation: .omitsCollectingRecord), node: 0,
            [.started, .invoked(.transact(plan))],
            does: ["begin voting", "PREPARE > 1", "PREPARE > 2", "timer votes 100"],
            becomes: "collecting, 0 of 2 votes"),
        MachineCase(
            "a backup is told first", .basic(.nothing, .backup), node: 0,
            [.started, .invoked(.transact(plan)), .persisted(.collecting(plan))],
            does: ["WATCH > 3", "PREPARE > 1", "PREPARE > 2", "timer votes 100"],
            becomes: "collecting, 0 of 2 votes"),
        MachineCase(
            "a second copy of a vote counts once", node: 0,
            [.invoked(.transact(plan)), .vote(.yes, from: 1), .vote(.yes, from: 1)],
            does: [], becomes: "collecting, 1 of 2 votes"),
        MachineCase(
            "the last YES decides, and the decision goes to disk before anybody hears of it", node: 0,
            [.invoked(.transact(plan)), .vote(.yes, from: 1), .vote(.yes, from: 2)],
            does: ["cancel votes", "end voting", "force commit"], becomes: "decides to commit"),
        MachineCase(
            "one NO decides", node: 0, [.invoked(.transact(plan)), .vote(.no, from: 1)],
            does: ["cancel votes", "end voting", "force abort"], becomes: "decides to abort"),
        MachineCase(
            "a missing vote is a NO", node: 0, [.invoked(.transact(plan)), .timerFired(.votes(one))],
            does: ["note votes are missing: abort", "cancel votes", "end voting", "force abort"],
            becomes: "decides to abort"),
        MachineCase(
            "with a backup a missing vote is asked for again", .basic(.nothing, .backup), node: 0,
            [
                .invoked(.transact(plan)), .persisted(.collecting(plan)), .vote(.yes, from: 1),
                .timerFired(.votes(one)),
            ],
            does: ["PREPARE > 2", "timer votes 100"], becomes: "collecting, 1 of 2 votes"),
        MachineCase(
            "readers only: nothing to decide, nothing to remember", .basic(.abort), node: 0,
            [.invoked(.transact(plan)), .vote(.readOnly, from: 1), .vote(.readOnly, from: 2)],
            does: [
                "cancel votes", "end voting", "tx 1 commit", "respond tx 1: commit", "begin decision", "end decision",
            ], becomes: ""),
    ]

    static let decisionCases: [MachineCase] = [
        MachineCase(
            "a persisted commit is announced", node: 0,
            [.invoked(.transact(plan)), .vote(.yes, from: 1), .vote(.yes, from: 2), .decided(.commit, 1, 2)],
            does: [
                "tx 1 commit", "respond tx 1: commit", "begin decision", "COMMIT > 1", "COMMIT > 2",
                "timer acknowledgements 60",
            ], becomes: "announcing commit"),
        MachineCase(
            "an abort goes to those who have not refused", node: 0,
            [.invoked(.transact(plan)), .vote(.no, from: 1), .decided(.abort, 2)],
            does: [
                "tx 1 abort", "respond tx 1: abort", "begin decision", "ABORT > 2", "timer acknowledgements 60",
            ], becomes: "announcing abort"),
        MachineCase(
            "presumed abort forgets an abort at once", .basic(.abort), node: 0,
            [.invoked(.transact(plan)), .vote(.no, from: 1)],
            does: [
                "cancel votes", "end voting", "tx 1 abort", "respond tx 1: abort", "begin decision", "ABORT > 2",
                "end decision",
            ], becomes: ""),
        MachineCase(
            "presumed commit forgets a commit at once", .basic(.commit), node: 0,
            [
                .invoked(.transact(plan)), .persisted(.collecting(plan)), .vote(.yes, from: 1), .vote(.yes, from: 2),
                .decided(.commit, 1, 2),
            ],
            does: [
                "tx 1 commit", "respond tx 1: commit", "begin decision", "COMMIT > 1", "COMMIT > 2", "end decision",
            ], becomes: ""),
        MachineCase(
            "the reader hears no outcome", .basic(.abort), node: 0,
            [.invoked(.transact(plan)), .vote(.readOnly, from: 1), .vote(.yes, from: 2), .decided(.commit, 2)],
            does: [
                "tx 1 commit", "respond tx 1: commit", "begin decision", "COMMIT > 2", "timer acknowledgements 60",
            ], becomes: "announcing commit"),
        MachineCase(
            "the mutant announces before its record is on disk", .basic(mutation: .decidesBeforeForcing), node: 0,
            [.invoked(.transact(plan)), .vote(.yes, from: 1), .vote(.yes, from: 2)],
            does: ["cancel votes", "end voting", "COMMIT > 1", "COMMIT > 2", "force commit"],
            becomes: "decides to commit"),
        MachineCase(
            "the last acknowledgement ends it", node: 0, announced + [.acknowledge(from: 2), .acknowledge(from: 1)],
            does: ["cancel acknowledgements", "log end", "end decision"], becomes: ""),
        MachineCase(
            "who has not acknowledged hears it again, ever more rarely", node: 0,
            announced + [.acknowledge(from: 2), .timerFired(.acknowledgements(one))],
            does: ["COMMIT > 1", "timer acknowledgements 120"], becomes: "announcing commit"),
        MachineCase(
            "who asks is told", node: 0, announced + [.inquire(from: 1)], does: ["COMMIT > 1"],
            becomes: "announcing commit"),
        MachineCase(
            "while votes are missing there is nothing to tell", node: 0,
            [.invoked(.transact(plan)), .inquire(from: 1)], does: [], becomes: "collecting, 0 of 2 votes"),
        MachineCase(
            "the backup's decision is taken over", .basic(.nothing, .backup), node: 0,
            [.invoked(.transact(plan)), .persisted(.collecting(plan)), .decision(.abort, from: 3)],
            does: ["cancel votes", "end voting", "force abort"], becomes: "decides to abort"),
    ]

    static let announced: [Input] = [
        .invoked(.transact(plan)), .vote(.yes, from: 1), .vote(.yes, from: 2), .decided(.commit, 1, 2),
    ]

    static let restartCases: [MachineCase] = [
        MachineCase(
            "no information means abort", .basic(.abort), node: 0, [.recovered([]), .inquire(from: 1)],
            does: ["note no information on tx 1: abort", "ABORT > 1"], becomes: ""),
        MachineCase(
            "under presumed commit it means commit", .basic(.commit), node: 0, [.recovered([]), .inquire(from: 1)],
            does: ["note no information on tx 1: commit", "COMMIT > 1"], becomes: ""),
        MachineCase(
            "a collecting record without a decision means abort", .basic(.commit), node: 0,
            [.recovered([.collecting(plan)])],
            does: [
                "begin voting", "cancel votes", "end voting", "tx 1 abort", "respond tx 1: abort", "begin decision",
                "ABORT > 1", "ABORT > 2", "timer acknowledgements 60",
            ], becomes: "announcing abort"),
        MachineCase(
            "with a backup the votes are collected again", .basic(.nothing, .backup), node: 0,
            [.recovered([.collecting(plan)])],
            does: ["begin voting", "WATCH > 3", "PREPARE > 1", "PREPARE > 2", "timer votes 100"],
            becomes: "collecting, 0 of 2 votes"),
        MachineCase(
            "a decision in the log is announced again", node: 0,
            [.recovered([.decided(one, .commit, unacknowledged: writers)])],
            does: ["tx 1 commit", "begin decision", "COMMIT > 1", "COMMIT > 2", "timer acknowledgements 60"],
            becomes: "announcing commit"),
        MachineCase(
            "an ended transaction is over", node: 0,
            [.recovered([.decided(one, .commit, unacknowledged: writers), .ended(one)])], does: [], becomes: ""),
        MachineCase(
            "a presumed commit needs no announcing", .basic(.commit), node: 0,
            [.recovered([.collecting(plan), .decided(one, .commit, unacknowledged: writers)])],
            does: ["tx 1 commit"], becomes: ""),
    ]
}
