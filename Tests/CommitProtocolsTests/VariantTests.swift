import CommitProtocols
import StateMachines
import Testing

struct VariantTests {
    @Test(arguments: backupCases + peerCases)
    func `backup and peers step as the table says`(row: MachineCase) {
        let (machine, effects) = row.run()
        #expect(effects == row.effects)
        #expect(machine.summary == row.summary)
    }

    static let backup = CommitConfiguration.basic(.nothing, .backup)
    static let inquiring: [Input] = [
        .received(.watch(one, participants: writers), from: NodeID(0)), .timerFired(.takeOver(one)),
    ]
    static func taken(_ outcome: String) -> [String] {
        [
            "cancel take-over", "cancel answers", "end take-over", "tx 1 \(outcome)", "\(outcome.uppercased()) > 0",
            "\(outcome.uppercased()) > 1", "\(outcome.uppercased()) > 2", "timer acknowledgements 60",
        ]
    }

    static let backupCases: [MachineCase] = [
        MachineCase(
            "it watches", backup, node: 3, [inquiring[0]], does: ["force watching", "timer take-over 120"],
            becomes: "watching"),
        MachineCase(
            "a coordinator that decides needs no backup", backup, node: 3, [inquiring[0], .decision(.commit)],
            does: ["cancel take-over", "cancel answers", "log end"], becomes: ""),
        MachineCase(
            "it asks everyone", backup, node: 3, inquiring,
            does: [
                "note the coordinator is silent: take over", "begin take-over", "INQUIRE > 1", "INQUIRE > 2",
                "timer answers 60",
            ], becomes: "inquiring, 0 of 2 answers"),
        MachineCase(
            "one commit is enough", backup, node: 3, inquiring + [.decision(.commit, from: 1)],
            does: taken("commit"), becomes: "announcing commit"),
        MachineCase(
            "one abort is enough", backup, node: 3, inquiring + [.uncertain(from: 2), .decision(.abort, from: 1)],
            does: taken("abort"), becomes: "announcing abort"),
        MachineCase(
            "everybody uncertain: nobody can abort any more", backup, node: 3,
            inquiring + [.uncertain(from: 2), .uncertain(from: 1)], does: taken("commit"),
            becomes: "announcing commit"),
        MachineCase(
            "silence decides nothing", backup, node: 3,
            inquiring + [.uncertain(from: 2), .timerFired(.answers(one))],
            does: ["INQUIRE > 1", "timer answers 120"], becomes: "inquiring, 1 of 2 answers"),
        MachineCase(
            "the module's rule aborts on silence", .basic(.nothing, .backup, mutation: .backupTrustsSilence), node: 3,
            inquiring + [.uncertain(from: 2), .timerFired(.answers(one))], does: taken("abort"),
            becomes: "announcing abort"),
        MachineCase(
            "but not where somebody committed", .basic(.nothing, .backup, mutation: .backupTrustsSilence), node: 3,
            inquiring + [.decision(.commit, from: 2), .timerFired(.answers(one))], does: taken("commit"),
            becomes: "announcing commit"),
        MachineCase(
            "the module's warning: there it aborts all the same",
            .basic(.nothing, .backup, mutation: .backupIgnoresCommits), node: 3,
            inquiring + [.decision(.commit, from: 2), .timerFired(.answers(one))], does: taken("abort"),
            becomes: "announcing abort"),
    ]

    static let peers = CommitConfiguration.basic(.nothing, .decentralised)
    static let voted: [Input] = [.prepare, .persisted(prepared)]
    static let peerCases: [MachineCase] = [
        MachineCase(
            "a peer's vote goes to everyone", peers, node: 1, voted,
            does: ["YES > 0", "YES > 2", "timer decision 120"], becomes: "uncertain, holds x"),
        MachineCase(
            "who has every YES forwards before it commits", peers, node: 1, voted + [.vote(.yes, from: 2)],
            does: ["cancel decision", "COMMIT > 0", "COMMIT > 2", "force commit"], becomes: "committing, holds x"),
        MachineCase(
            "and then commits", peers, node: 1, voted + [.vote(.yes, from: 2), .decided(.commit)],
            does: ["tx 1 commit"], becomes: "committed"),
        MachineCase(
            "the mutant commits first", .basic(.nothing, .decentralised, mutation: .deliversBeforeForwarding), node: 1,
            voted + [.vote(.yes, from: 2), .decided(.commit)], does: ["tx 1 commit", "COMMIT > 0", "COMMIT > 2"],
            becomes: "committed"),
        MachineCase(
            "a forwarded COMMIT is forwarded", peers, node: 1, voted + [.decision(.commit, from: 0)],
            does: ["cancel decision", "COMMIT > 0", "COMMIT > 2", "force commit"], becomes: "committing, holds x"),
        MachineCase(
            "silence means abort", peers, node: 1, voted + [.timerFired(.decision(one))],
            does: [
                "note a vote is missing and nobody forwards a decision: abort", "cancel decision", "force abort",
            ], becomes: "aborting, holds x"),
        MachineCase(
            "but not to one that crashed: it asks", peers, node: 1,
            [.recovered([prepared]), .timerFired(.decision(one))],
            does: ["INQUIRE > 0", "INQUIRE > 2", "timer decision 120"], becomes: "uncertain, holds x"),
        MachineCase(
            "a vote before PREPARE is kept", peers, node: 1, [.vote(.yes, from: 2)] + voted,
            does: ["YES > 0", "YES > 2", "cancel decision", "COMMIT > 0", "COMMIT > 2", "force commit"],
            becomes: "committing, holds x"),
        MachineCase(
            "a NO goes to everyone", peers, node: 1, [.invoked(.refuse(one)), .prepare, .decided(.abort)],
            does: ["tx 1 abort", "NO > 0", "NO > 2"], becomes: "aborted"),
        MachineCase(
            "node 0 begins, on disk first", peers, node: 0, [.invoked(.transact(plan))],
            does: ["begin voting", "force collecting"], becomes: "preparing"),
        MachineCase(
            "its PREPARE is its YES", peers, node: 0, [.invoked(.transact(plan)), .persisted(.collecting(plan))],
            does: ["PREPARE > 1", "PREPARE > 2", "timer decision 120"], becomes: "uncertain"),
    ]
}

struct KeyValueStoreTests {
    @Test func `locks are all or nothing, and readers share`() throws {
        var store = KeyValueStore([.init("x", 1)])
        let two = TransactionID(2)
        #expect(try store.begin(one, [.read("x"), .set("y", 3)]) == [Change(key: "y", before: 0, after: 3)])
        #expect(try store.begin(two, [.read("x")]).isEmpty)
        #expect(throws: KeyValueStore.Refusal.locked(key: "y", by: one)) {
            _ = try store.begin(two, [.set("z", 1), .read("y")])
        }
        #expect(store.keys(heldBy: two).isEmpty)
        store.release(one)
        #expect(try store.begin(two, [.set("z", 1), .read("y")]).count == 1)
        #expect(store.keys(heldBy: two) == ["z"])
    }

    @Test func `several writes of one key make one change`() throws {
        var store = KeyValueStore([.init("x", 10)])
        let changes = try store.begin(one, [.add("x", -4), .add("x", -5)])
        #expect(changes == [Change(key: "x", before: 10, after: 1)])
        store.redo(changes)
        #expect(store.value("x") == 1)
        store.undo(changes)
        #expect(store.value("x") == 10)
    }
}
