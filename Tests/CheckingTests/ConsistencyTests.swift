import Checking
import Messages
import StateMachines
import Testing

/// Histories that the literature uses to tell promises apart, and what holds for each.
struct ConsistencyTests {
    struct Classic: Sendable, CustomStringConvertible {
        var name: String
        var drawing: String
        /// Of those that are about reads and writes.
        var holds: Set<Consistency>
        var description: String { name }
    }

    static let sessions: Set<Consistency> = [.readYourWrites, .monotonicReads, .monotonicWrites, .writesFollowReads]
    static let causals: Set<Consistency> = [.causal, .causalMemory, .causalConvergence]
    static let everything: Set<Consistency> = sessions.union(causals).union([.sequential, .sessionGuarantees])

    static let classics: [Classic] = [
        Classic(
            name: "one client after another",
            drawing:
                "A: [put x 1]\nB:             [get x → 1] [put x 2]\nA:                                     [get x → 2]",
            holds: everything.union([.linearizable])),
        // Bouajjani, Enea, Guerraoui, Hamza, On verifying causal consistency, POPL 2017, figure 3.
        Classic(
            name: "POPL 2017, figure 3 (a): a causal memory that does not converge",
            drawing: "A: [put x 1] [get x → 2]\nB: [put x 2] [get x → 1]",
            holds: [.causal, .causalMemory, .monotonicReads, .monotonicWrites, .writesFollowReads]),
        Classic(
            name: "POPL 2017, figure 3 (b): converges, no causal memory",
            drawing: """
                A: [put z 1] [put x 1] [put y 1]
                B: [put x 2] [get z → nil] [get y → 1] [get x → 2]
                """,
            holds: sessions.union([.causal, .causalConvergence, .sessionGuarantees])),
        Classic(
            name: "POPL 2017, figure 3 (c): causal and no more",
            drawing: "A: [put x 1]\nB: [put x 2] [get x → 1] [get x → 2]",
            holds: sessions.union([.causal])),
        Classic(
            name: "POPL 2017, figure 3 (d): causal in every way, not sequential",
            drawing: """
                A: [put x 1] [get y → nil] [put y 1] [get x → 1]
                B: [put x 2] [get y → nil] [put y 2] [get x → 2]
                """,
            holds: sessions.union(causals).union([.sessionGuarantees])),
        Classic(
            name: "POPL 2017, figure 3 (e): not causal",
            drawing: """
                A: [put x 1] [put y 1]
                B:                      [get y → 1] [put x 2]
                C:                                            [get x → 2] [get x → 1]
                """,
            holds: sessions),
        // Lamport, How to make a multiprocessor computer that correctly executes multiprocess programs, 1979.
        Classic(
            name: "store buffering: both enter Dekker's critical section",
            drawing: "A: [put x 1] [get y → nil]\nB: [put y 1] [get x → nil]",
            holds: sessions.union(causals).union([.sessionGuarantees])),
        Classic(
            name: "message passing: the flag without the data",
            drawing: "A: [put data 1] [put flag 1]\nB:                            [get flag → 1] [get data → nil]",
            holds: sessions.union([.sessionGuarantees])),
        Classic(
            name: "independent reads of independent writes",
            drawing: """
                A: [put x 1]
                B: [put y 1]
                C:             [get x → 1] [get y → nil]
                D:             [get y → 1] [get x → nil]
                """,
            holds: sessions.union(causals).union([.sessionGuarantees])),
        // Terry et al., Session guarantees for weakly consistent replicated data, 1994: the examples.
        Classic(
            name: "Terry 1994: the changed password does not work",
            drawing: "A: [put password 1] [get password → nil]", holds: sessions.subtracting([.readYourWrites])),
        Classic(
            name: "Terry 1994: an appointment disappears",
            drawing: "A: [put calendar 1]\nB:                      [get calendar → 1] [get calendar → nil]",
            holds: sessions.subtracting([.monotonicReads])),
        Classic(
            name: "Terry 1994: two versions of a file arrive in the wrong order",
            drawing: "A: [put file 1] [put file 2]\nB:                             [get file → 2] [get file → 1]",
            holds: sessions),
        Classic(
            name: "Terry 1994: the correction is older than what it corrects",
            drawing: """
                A: [put article 1]
                B:                  [get article → 1] [put article 2]
                C:                                                    [get article → 2] [get article → 1]
                """,
            holds: sessions),
        Classic(
            name: "an answer before its question (Kleppmann, Designing data-intensive applications, figure 5-5)",
            drawing: """
                A: [put question 1]
                B:                   [get question → 1] [put answer 2]
                C:                                                     [get answer → 2] [get question → nil]
                """,
            holds: sessions.union([.sessionGuarantees])),
        Classic(
            name: "two reads of the future meet: each write follows a read of the other",
            drawing: "A: [get x → 1] [put y 1]\nB: [get y → 1] [put x 1]",
            holds: [.readYourWrites, .monotonicReads, .monotonicWrites]),
        Classic(
            name: "a stale read by another client is sequential",
            drawing: "A: [put x 1]\nB:             [get x → nil]", holds: everything),
        Classic(name: "a value from nowhere", drawing: "A: [get x → 1]", holds: []),
    ]

    @Test(arguments: classics)
    func `what holds`(classic: Classic) throws {
        let history = try HistoryDrawing.history(classic.drawing, of: KeyValueModel())
        for consistency in Consistency.allCases where consistency != .eventual {
            let judgement = try HistoryCheck(of: KeyValueModel()).judge(history, consistency)
            #expect(
                (judgement.verdict == .holds) == classic.holds.contains(consistency), "\(consistency): \(judgement)")
            if case .violated = judgement.verdict {
                #expect(judgement.evidence != .none)
            }
        }
    }

    @Test(
        arguments: [
            (1, 2, "B read 2, then read 1: monotonic-reads", Consistency.monotonicReads),
            (2, 1, "A wrote 1, then wrote 2: monotonic-writes", .monotonicWrites),
        ] as [(UInt64, UInt64, String, Consistency)])
    func `where the store tells its order, one guarantee is to blame`(
        first: UInt64, second: UInt64, reason: String, broken: Consistency
    ) throws {
        var recorder = HistoryRecorder<RegisterModel.Request, RegisterModel.Response>()
        for (value, version) in [("1", first), ("2", second)] {
            recorder.answered(recorder.called(by: "A", .write(value)), .written, version: version)
        }
        for value in ["2", "1"] { recorder.answered(recorder.called(by: "B", .read), .value(value)) }
        for guarantee in [Consistency.readYourWrites, .monotonicReads, .monotonicWrites, .writesFollowReads] {
            let verdict = try HistoryCheck(of: RegisterModel()).judge(recorder.history, guarantee).verdict
            guard case .violated(let violation) = verdict else {
                #expect(guarantee != broken)
                continue
            }
            #expect(guarantee == broken)
            #expect(violation.problem.english.contains(reason), "\(violation.problem.english)")
            #expect(violation.problem.english.contains("the store says so"))
        }
    }

    @Test(arguments: [
        ("A: [write 1]\nB:              [read → 1]\nC:              [read → 1]", "holds"),
        ("A: [write 1]\nB: [write 2]\nC:              [read → 1]  [read → 2]\nD:             [read → 2]", "holds"),
        ("A: [write 1]\nB: [write 2]\nC:              [read → 2]  [read → 1]\nD:             [read → 2]", "violated"),
        ("A: [write 1]\nB:              [read → nil]\nC:             [read → nil]", "violated"),
        ("A: [write 1…\nB:              [read → nil]\nC:              [read → nil]", "holds"),
        ("A: [write 1]\nB:              [read → 7]", "violated"),
        ("A: [write 1]\nB:              [read → 1]", "unknown"),
        ("A: [write 1]\nB:    [read → nil]\nC:    [read → nil]", "unknown"),
        ("B:    [read → nil]\nC:    [read → nil]", "holds"),
    ])
    func `eventual consistency is judged at the end`(drawing: String, expected: String) throws {
        let history = try HistoryDrawing.history(drawing, of: RegisterModel())
        let verdict = try HistoryCheck(of: RegisterModel()).judge(history, .eventual).verdict
        let found =
            switch verdict {
            case .holds: "holds"
            case .violated: "violated"
            case .unknown: "unknown"
            }
        #expect(found == expected, "\(drawing): \(verdict)")
    }

    @Test(arguments: ["A: [write 1] [write 1]", "A: [cas 1 2 → no]"])
    func `what is not about single reads and writes is refused`(drawing: String) throws {
        let history = try HistoryDrawing.history(drawing, of: RegisterModel())
        #expect(throws: ReadWriteHistory.Refusal.self) {
            try HistoryCheck(of: RegisterModel()).judge(history, .causal)
        }
        #expect(try HistoryCheck(of: RegisterModel()).judge(history, .sequential).verdict == .holds)
    }
}
