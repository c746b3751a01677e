import CommitProtocols
import StateMachines
import Testing

struct ParticipantTests {
    @Test(arguments: votingCases + decisionCases + terminationCases + lateCases)
    func `a participant steps as the table says`(row: MachineCase) {
        let (machine, effects) = row.run()
        #expect(effects == row.effects)
        #expect(machine.summary == row.summary)
    }

    static let uncertain: [Input] = [.prepare, .persisted(prepared)]

    static let votingCases: [MachineCase] = [
        MachineCase(
            "work takes locks and may still be given up", node: 1, [.work], does: ["timer prepare 100"],
            becomes: "working, holds x"),
        MachineCase(
            "nobody asks: abort alone", node: 1, [.work, .timerFired(.prepare(one))],
            does: ["note nobody asks for a vote: abort", "cancel prepare", "force abort"],
            becomes: "aborting, holds x"),
        MachineCase(
            "who aborted alone votes NO", node: 1,
            [.work, .timerFired(.prepare(one)), .decided(.abort), .prepare], does: ["NO > 0"], becomes: "aborted"),
        MachineCase(
            "the YES waits for the disk", node: 1, [.prepare], does: ["cancel prepare", "force prepared"],
            becomes: "preparing, holds x"),
        MachineCase(
            "and leaves when the record is there", node: 1, uncertain, does: ["YES > 0", "timer decision 120"],
            becomes: "uncertain, holds x"),
        MachineCase(
            "the mutant votes first", .basic(mutation: .votesBeforeForcing), node: 1, [.prepare],
            does: ["cancel prepare", "YES > 0", "force prepared"], becomes: "preparing, holds x"),
        MachineCase(
            "told to refuse, it aborts on disk", node: 1, [.invoked(.refuse(one)), .prepare],
            does: ["note told to refuse", "cancel prepare", "force abort"], becomes: "aborting, holds x"),
        MachineCase(
            "and then says NO", node: 1, [.invoked(.refuse(one)), .prepare, .decided(.abort)],
            does: ["tx 1 abort", "NO > 0"], becomes: "aborted"),
        MachineCase(
            "an overdraft is refused", node: 1,
            [.received(.prepare(one, [.add("x", -6)], writers: writers), from: NodeID(0))],
            does: ["note x would fall below 0", "cancel prepare", "force abort"], becomes: "aborting"),
        MachineCase(
            "a locked key is refused", node: 1,
            uncertain + [
                .received(.prepare(TransactionID(2), [.set("x", 1)], writers: writers), from: NodeID(0))
            ],
            does: ["note x is locked by tx 1", "cancel prepare", "force abort"],
            becomes: "uncertain, holds x; aborting"),
        MachineCase(
            "a reader leaves under presumed abort", .basic(.abort), node: 1, [.prepareReading],
            does: ["cancel prepare", "READ-ONLY > 0"], becomes: "left"),
        MachineCase(
            "a reader stays in basic two-phase commit", node: 1, [.prepareReading],
            does: ["cancel prepare", "force prepared"], becomes: "preparing"),
    ]

    static let decisionCases: [MachineCase] = [
        MachineCase(
            "a commit goes to disk", node: 1, uncertain + [.decision(.commit)],
            does: ["cancel prepare", "cancel decision", "force commit"], becomes: "committing, holds x"),
        MachineCase(
            "and is acknowledged from there", node: 1, uncertain + [.decision(.commit), .decided(.commit)],
            does: ["tx 1 commit", "ACK > 0"], becomes: "committed"),
        MachineCase(
            "the mutant acknowledges first", .basic(mutation: .acknowledgesBeforeForcing), node: 1,
            uncertain + [.decision(.commit)],
            does: ["cancel prepare", "cancel decision", "ACK > 0", "force commit"], becomes: "committing, holds x"),
        MachineCase(
            "presumed abort: an abort is neither forced nor acknowledged", .basic(.abort), node: 1,
            uncertain + [.decision(.abort)],
            does: ["cancel prepare", "cancel decision", "log abort", "tx 1 abort"], becomes: "aborted"),
        MachineCase(
            "presumed commit: a commit is neither forced nor acknowledged", .basic(.commit), node: 1,
            uncertain + [.decision(.commit)],
            does: ["cancel prepare", "cancel decision", "log commit", "tx 1 commit"], becomes: "committed"),
        MachineCase(
            "presumed commit: an abort is both", .basic(.commit), node: 1,
            uncertain + [.decision(.abort), .decided(.abort)],
            does: ["tx 1 abort", "ACK > 0"], becomes: "aborted"),
        MachineCase(
            "an outcome may be faster than the disk", node: 1, [.prepare, .decision(.abort), .persisted(prepared)],
            does: [], becomes: "aborting, holds x"),
        MachineCase(
            "an outcome from another participant is not acknowledged to it", node: 1,
            uncertain + [.decision(.commit, from: 2), .decided(.commit)], does: ["tx 1 commit"],
            becomes: "committed"),
    ]

    static let terminationCases: [MachineCase] = [
        MachineCase(
            "uncertain, it asks the coordinator", node: 1, uncertain + [.timerFired(.decision(one))],
            does: ["INQUIRE > 0", "timer decision 60"], becomes: "uncertain, holds x"),
        MachineCase(
            "co-operating, it asks the others too", .basic(isCooperative: true), node: 1,
            uncertain + [.timerFired(.decision(one))],
            does: ["INQUIRE > 0", "INQUIRE > 2", "timer decision 60"], becomes: "uncertain, holds x"),
        MachineCase(
            "the mutant gives up", .basic(mutation: .abortsWhenUncertain), node: 1,
            uncertain + [.timerFired(.decision(one))],
            does: ["note tired of waiting: abort", "cancel prepare", "cancel decision", "force abort"],
            becomes: "aborting, holds x"),
        MachineCase(
            "asked while uncertain", node: 1, uncertain + [.inquire(from: 2)], does: ["UNCERTAIN > 2"],
            becomes: "uncertain, holds x"),
        MachineCase(
            "asked before it voted, it gives up its vote for good", node: 1, [.work, .inquire(from: 2)],
            does: ["cancel prepare", "force abort"], becomes: "aborting, holds x"),
        MachineCase(
            "and answers when that is on disk", node: 1, [.work, .inquire(from: 2), .decided(.abort)],
            does: ["tx 1 abort", "ABORT > 2"], becomes: "aborted"),
        MachineCase(
            "asked about what it never heard of, likewise", node: 1, [.inquire(from: 2)],
            does: ["cancel prepare", "force abort"], becomes: "aborting"),
        MachineCase(
            "asked while its vote is on the way to the disk, it keeps silent", node: 1,
            [.prepare, .inquire(from: 2)], does: [], becomes: "preparing, holds x"),
        MachineCase(
            "asked when it knows", node: 1,
            uncertain + [.decision(.commit), .decided(.commit), .inquire(from: 2)], does: ["COMMIT > 2"],
            becomes: "committed"),
    ]

    static let lateCases: [MachineCase] = [
        MachineCase(
            "restarted after its YES, it holds its locks and asks", node: 1, [.recovered([prepared])],
            does: ["INQUIRE > 0", "timer decision 60"], becomes: "uncertain, holds x"),
        MachineCase(
            "a late PREPARE after a restart is answered from the log", node: 1, [.recovered([prepared]), .prepare],
            does: ["YES > 0"], becomes: "uncertain, holds x"),
        MachineCase(
            "a late PREPARE after an abort is answered NO", node: 1,
            [.recovered([.decided(one, .abort, unacknowledged: [])]), .prepare], does: ["NO > 0"],
            becomes: "aborted"),
        MachineCase(
            "a late COMMIT after a restart is acknowledged again", node: 1,
            [.recovered([prepared, .decided(one, .commit, unacknowledged: [])]), .decision(.commit)],
            does: ["ACK > 0"], becomes: "committed"),
        MachineCase(
            "a second COMMIT while the first is on its way to the disk is answered once", node: 1,
            uncertain + [.decision(.commit), .decision(.commit), .decided(.commit)],
            does: ["tx 1 commit", "ACK > 0"], becomes: "committed"),
        MachineCase(
            "an abort that overtakes PREPARE is remembered", node: 1,
            [.decision(.abort), .decided(.abort), .prepare], does: ["NO > 0"], becomes: "aborted"),
        MachineCase(
            "a reader's late PREPARE gets the same vote", .basic(.abort), node: 1, [.prepareReading, .prepareReading],
            does: ["READ-ONLY > 0"], becomes: "left"),
        MachineCase(
            "a late copy of the work changes nothing", node: 1, uncertain + [.work], does: [],
            becomes: "uncertain, holds x"),
    ]

    @Test(arguments: [
        ([Input.prepare], 5),
        ([.prepare, .persisted(prepared)], 7),
        ([.prepare, .persisted(prepared), .decision(.abort), .decided(.abort)], 5),
        ([.prepare, .persisted(prepared), .decision(.commit), .decided(.commit)], 7),
        ([.recovered([prepared])], 7),
        ([.recovered([prepared, .decided(one, .abort, unacknowledged: [])])], 5),
        ([.recovered([prepared, .decided(one, .commit, unacknowledged: [])])], 7),
    ])
    func `values are written in place after the log, and undone by an abort`(inputs: [Input], value: Int) {
        let (machine, _) = MachineCase("", node: 1, inputs, does: [], becomes: "").run()
        #expect(machine.store?.value("x") == value)
    }
}
