import StateMachines
import Testing
import Zab

struct HistoryTests {
    private func zxid(_ epoch: UInt32, _ counter: UInt32) -> Zxid { Zxid(epoch: epoch, counter: counter) }

    /// In memory 1:8, 1:9, 3:1, 3:2; before them, on disk only, 1:7 and more.
    private var history: History {
        History(
            recovered: [zxid(1, 8), zxid(1, 9), zxid(3, 1), zxid(3, 2)].map { LogEntry(zxid: $0, payload: []) },
            after: zxid(1, 7))
    }

    struct Row: Sendable, CustomStringConvertible {
        var peer: (UInt32, UInt32)
        var plan: SynchronizationPlan
        var why: String
        var description: String { why }
    }

    private static func row(_ epoch: UInt32, _ counter: UInt32, _ plan: SynchronizationPlan, _ why: String) -> Row {
        Row(peer: (epoch, counter), plan: plan, why: why)
    }

    @Test(arguments: [
        row(3, 2, .diff(after: Zxid(epoch: 3, counter: 2)), "equal: an empty DIFF"),
        row(1, 9, .diff(after: Zxid(epoch: 1, counter: 9)), "in the window: DIFF"),
        row(1, 7, .diff(after: Zxid(epoch: 1, counter: 7)), "the entry just before the window: DIFF"),
        row(3, 5, .truncate(to: Zxid(epoch: 3, counter: 2)), "ahead of what is committed: TRUNC"),
        row(1, 12, .truncate(to: Zxid(epoch: 1, counter: 9)), "a suffix that nobody committed: TRUNC, then the rest"),
        row(2, 3, .snapshot, "a suffix of an epoch that the leader knows nothing of: never cut across epochs"),
        row(4, 1, .snapshot, "ahead, and of another epoch: never cut across epochs"),
        row(4, 0, .diff(after: Zxid(epoch: 3, counter: 2)), "a bare epoch ahead: nothing to cut"),
        row(2, 0, .diff(after: Zxid(epoch: 1, counter: 9)), "a bare epoch in between: DIFF"),
        row(1, 3, .readLog, "before the window: the disk knows"),
        row(0, 0, .readLog, "empty: the disk knows"),
    ])
    func `a learner is brought to the leader's history`(_ row: Row) {
        let plan = history.plan(forLearnerAt: zxid(row.peer.0, row.peer.1), committed: zxid(3, 2))
        #expect(plan == row.plan, "\(row.why)")
    }

    @Test func `entries after a zxid are found`() {
        #expect(history.entries(after: zxid(1, 8)).map(\.zxid) == [zxid(1, 9), zxid(3, 1), zxid(3, 2)])
        #expect(history.entries(after: zxid(2, 0)).map(\.zxid) == [zxid(3, 1), zxid(3, 2)])
        #expect(history.entries(after: zxid(3, 2)).isEmpty)
        #expect(history.entries(after: .zero).count == 4)
    }
}
