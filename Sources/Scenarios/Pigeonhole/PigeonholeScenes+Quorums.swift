import Diagrams
import Messages
import ReplicationProtocols

extension PigeonholeScenes {
    /// Two kinds of sets, how many members any two of them should share, and how their members are marked.
    struct Meetings: Sendable {
        var first: QuorumSystem
        var second: QuorumSystem
        var least = 1
        /// "1", "2", "12".
        var marks = ["1", "2", "12"]
        var claim: LocalizedText
        var legend = PigeonholeMessages.legendTwoSets

        init(_ system: QuorumSystem, least: Int = 1) {
            (first, second) = (system, system)
            self.least = least
            claim = PigeonholeMessages.meet(least)
        }

        /// Every write set with every read set.
        init(writes: Int, reads: Int, of copies: Int) {
            (first, second) = (.any(writes, of: copies), .any(reads, of: copies))
            marks = ["W", "R", "WR"]
            claim = PigeonholeMessages.readsMeetWrites
            legend = PigeonholeMessages.legendReadWrite
        }

        /// Pairs that count: of reads and writes all, also where a read is of the very copies that were written.
        var pairs: [QuorumSystem.Meeting] {
            guard marks[0] == "W" else { return first.meetings(with: second) }
            return first.quorums.flatMap { one in second.quorums.map { .init(first: one, second: $0) } }
        }

        func cases(_ title: LocalizedText, _ language: Language) -> Cases {
            let pairs = pairs
            let rows = pairs.map { pair in
                let cells = (0..<first.members).map { member in
                    switch (pair.first.contains(member), pair.second.contains(member)) {
                    case (true, true): Board.Cell(marks[2], .both)
                    case (true, false): Board.Cell(marks[0], .first)
                    case (false, true): Board.Cell(marks[1], .second)
                    case (false, false): Board.Cell("", .empty)
                    }
                }
                let shared = (0..<first.members).filter(pair.shared.contains).map(member)
                return Board.Row(
                    "", cells, remark: PigeonholeMessages.shared(shared).text(in: language),
                    isCounterexample: shared.count < least)
            }
            let (some, notes) = shown(rows, legend: legend, language)
            return Cases(
                claim: claim,
                board: Board(
                    title: title.text(in: language), caption: [claim.text(in: language)],
                    headings: (0..<first.members).map(member), rows: some, notes: notes),
                count: pairs.count, counterexamples: rows.count(where: \.isCounterexample))
        }
    }

    private static func scene(
        _ name: String, _ text: PigeonholeSceneTexts.Text, rows: [String] = [], _ parameters: [Parameter],
        isRefuted: Bool = false, objection: @escaping @Sendable (Numbers) -> LocalizedText? = { _ in nil },
        _ meetings: @escaping @Sendable (Numbers) -> Meetings
    ) -> DemonstrationScene {
        DemonstrationScene(
            name: name, title: text.title, story: text.story, rows: rows, parameters: parameters, isRefuted: isRefuted,
            objection: objection, look: { numbers, _, language in meetings(numbers).cases(text.title, language) })
    }

    /// A scene of reads and writes; the reader chooses N, W and R.
    private static func replication(
        _ name: String, _ text: PigeonholeSceneTexts.Text, rows: [String], _ numbers: (Int, Int, Int),
        isRefuted: Bool = false
    ) -> DemonstrationScene {
        let (copies, writes, reads) = numbers
        return scene(
            name, text, rows: rows,
            [Parameter("N", copies, in: 1...9), Parameter("W", writes, in: 0...9), Parameter("R", reads, in: 0...9)],
            isRefuted: isRefuted, objection: noMoreThanCopies
        ) { Meetings(writes: $0["W"], reads: $0["R"], of: $0["N"]) }
    }

    private static func faulty(_ usual: Int, upTo most: Int) -> [Parameter] { [Parameter("f", usual, in: 1...most)] }

    static let quorumScenes = [
        scene("majorities", PigeonholeSceneTexts.majorities, [Parameter("N", 5, in: 1...9)]) {
            Meetings(.any($0["N"] / 2 + 1, of: $0["N"]))
        },
        scene("halves", PigeonholeSceneTexts.halves, [Parameter("N", 4, in: 2...10)], isRefuted: true) {
            Meetings(.any($0["N"] / 2, of: $0["N"]))
        },
        replication("reads-meet-writes", PigeonholeSceneTexts.readsMeetWrites, rows: ["NW-1"], (3, 2, 2)),
        replication(
            "reads-miss-writes", PigeonholeSceneTexts.readsMissWrites, rows: ["NW-1"], (4, 2, 2), isRefuted: true),
        replication("write-all-read-one", PigeonholeSceneTexts.writeAllReadOne, rows: ["NW-8"], (3, 3, 1)),
        scene(
            "writes-miss-writes", PigeonholeSceneTexts.writesMissWrites, rows: ["NW-5"],
            [Parameter("N", 3, in: 1...9), Parameter("W", 1, in: 1...9)], isRefuted: true,
            objection: { $0["W"] > $0["N"] ? PigeonholeMessages.moreThanCopies : nil }
        ) { Meetings(.any($0["W"], of: $0["N"])) },
        scene(
            "weighted-votes", PigeonholeSceneTexts.weights,
            [Parameter("N", 5, in: 2...8), Parameter("votes", 3, in: 1...9)]
        ) { numbers in
            Meetings(.weighted([numbers["votes"]] + (1..<numbers["N"]).map { _ in 1 }))
        },
        scene("grid", PigeonholeSceneTexts.grid, [Parameter("side", 3, in: 1...4)]) {
            Meetings(.grid(rows: $0["side"], columns: $0["side"]))
        },
        scene("hierarchy", PigeonholeSceneTexts.hierarchy, [Parameter("groups", 3, in: 1...5)]) {
            Meetings(.hierarchical(groups: $0["groups"], of: 3))
        },
        scene(
            "shared-member-down", PigeonholeSceneTexts.sharedNodeDown, rows: ["43"], [Parameter("N", 5, in: 3...9)],
            isRefuted: true
        ) { Meetings(.any($0["N"] / 2 + 1, of: $0["N"]), least: 2) },
        scene("byzantine-quorums", PigeonholeSceneTexts.byzantineQuorums, rows: ["43"], faulty(1, upTo: 2)) {
            Meetings(.any(2 * $0["f"] + 1, of: 3 * $0["f"] + 1), least: $0["f"] + 1)
        },
        scene(
            "byzantine-too-few", PigeonholeSceneTexts.byzantineTooFew, rows: ["43"], faulty(1, upTo: 3),
            isRefuted: true
        ) { Meetings(.any(2 * $0["f"], of: 3 * $0["f"]), least: $0["f"] + 1) },
    ]
}
