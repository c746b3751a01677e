import Diagrams
import Messages
import ReplicationProtocols

/// Pigeons, apples and quorums, every arrangement of them.
package enum PigeonholeScenes {
    package static let demonstration = Demonstration(
        name: "pigeonhole", title: PigeonholeMessages.title, scenes: pigeonScenes + appleScenes + quorumScenes)

    typealias Numbers = DemonstrationScene.Numbers
    typealias Parameter = DemonstrationScene.Parameter
    typealias Cases = DemonstrationScene.Cases

    /// So many rows are shown; the rest is told.
    static let mostRows = 12

    /// Counterexamples first, and no more rows than a reader can take in.
    static func shown(_ rows: [Board.Row], legend: LocalizedText, _ language: Language) -> (
        rows: [Board.Row], notes: [String]
    ) {
        let sorted = rows.filter(\.isCounterexample) + rows.filter { !$0.isCounterexample }
        let rest = rows.count - mostRows
        return (
            Array(sorted.prefix(mostRows)),
            (rest > 0 ? [DemonstrationMessages.more(rest).text(in: language)] : []) + [legend.text(in: language)]
        )
    }

    /// "A", "B", "C"….
    static func member(_ index: Int) -> String { String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index))) }

    // MARK: Pigeons

    private static func pigeonScene(
        _ name: String, _ text: PigeonholeSceneTexts.Text, each: Parameter?, extra: Int, isRefuted: Bool
    ) -> DemonstrationScene {
        DemonstrationScene(
            name: name, title: text.title, story: text.story, rows: [],
            parameters: [Parameter("n", 3, in: 1...8)] + [each].compactMap(\.self), isRefuted: isRefuted,
            objection: { numbers in
                let pigeons = (each == nil ? 1 : numbers["k"]) * numbers["n"] + extra
                let limit = Pigeonhole.mostArrangements
                let count = (0..<pigeons).reduce(1) { count, _ in count > limit ? count : count * numbers["n"] }
                return count > limit ? DemonstrationMessages.tooMany(count, limit: limit) : nil
            },
            look: { numbers, _, language in
                let each = each == nil ? 1 : numbers["k"]
                return pigeons(each * numbers["n"] + extra, holes: numbers["n"], each: each, text.title, language)
            })
    }

    private static func pigeons(
        _ pigeons: Int, holes: Int, each: Int, _ title: LocalizedText, _ language: Language
    ) -> Cases {
        let pigeonhole = Pigeonhole(pigeons: pigeons, holes: holes)
        let shapes = pigeonhole.shapes()
        let rows = shapes.map { shape in
            Board.Row(
                "",
                shape.counts.map { count in
                    Board.Cell(
                        String(repeating: "●", count: count), count > each ? .both : count == 0 ? .empty : .first)
                },
                remark: PigeonholeMessages.arrangements(shape.arrangements, of: pigeonhole.arrangements)
                    .text(in: language),
                isCounterexample: shape.counts[0] <= each)
        }
        let claim = PigeonholeMessages.crowded(each + 1)
        let (some, notes) = shown(rows, legend: PigeonholeMessages.holesAreAlike, language)
        return Cases(
            claim: claim,
            board: Board(
                title: title.text(in: language), caption: [claim.text(in: language)], rows: some, notes: notes),
            count: pigeonhole.arrangements,
            counterexamples: shapes.filter { $0.counts[0] <= each }.reduce(0) { $0 + $1.arrangements })
    }

    private static let pigeonScenes = [
        pigeonScene("pigeons", PigeonholeSceneTexts.pigeons, each: nil, extra: 1, isRefuted: false),
        pigeonScene("one-pigeon-each", PigeonholeSceneTexts.onePigeonEach, each: nil, extra: 0, isRefuted: true),
        pigeonScene(
            "many-pigeons", PigeonholeSceneTexts.manyPigeons, each: Parameter("k", 2, in: 1...8), extra: 1,
            isRefuted: false),
        pigeonScene(
            "many-pigeons-evenly", PigeonholeSceneTexts.manyPigeonsEven, each: Parameter("k", 2, in: 1...8), extra: 0,
            isRefuted: true),
    ]

    // MARK: Apples

    private static func appleScene(
        _ name: String, _ text: PigeonholeSceneTexts.Text, taken: Int, isRefuted: Bool
    ) -> DemonstrationScene {
        DemonstrationScene(
            name: name, title: text.title, story: text.story, rows: ["NW-1"],
            parameters: [
                Parameter("N", 5, in: 1...10), Parameter("W", 3, in: 0...10), Parameter("R", taken, in: 0...10),
            ], isRefuted: isRefuted, objection: noMoreThanCopies,
            look: { numbers, _, language in
                apples(numbers["N"], red: numbers["W"], taken: numbers["R"], text.title, language)
            })
    }

    @Sendable static func noMoreThanCopies(_ numbers: Numbers) -> LocalizedText? {
        max(numbers["W"], numbers["R"]) > numbers["N"] ? PigeonholeMessages.moreThanCopies : nil
    }

    private static func apples(
        _ count: Int, red: Int, taken: Int, _ title: LocalizedText, _ language: Language
    ) -> Cases {
        let choices = MemberSet.all(ofSize: taken, among: count)
        let rows = choices.map { choice in
            let cells = (0..<count).map { apple in
                let isRed = apple < red
                let color = (isRed ? PigeonholeMessages.redApple : PigeonholeMessages.greenApple).text(in: language)
                guard choice.contains(apple) else { return Board.Cell(color, .out) }
                return Board.Cell("[\(color)]", isRed ? .strong : .both)
            }
            let reds = (0..<red).count(where: choice.contains)
            return Board.Row(
                "", cells, remark: PigeonholeMessages.redTaken(reds).text(in: language), isCounterexample: reds == 0)
        }
        let claim = PigeonholeMessages.someRed
        let (some, notes) = shown(rows, legend: PigeonholeMessages.applesLegend, language)
        return Cases(
            claim: claim,
            board: Board(
                title: title.text(in: language), caption: [claim.text(in: language)],
                headings: (0..<count).map(member), rows: some, notes: notes),
            count: choices.count, counterexamples: rows.count(where: \.isCounterexample))
    }

    private static let appleScenes = [
        appleScene("apples", PigeonholeSceneTexts.apples, taken: 3, isRefuted: false),
        appleScene("one-apple-less", PigeonholeSceneTexts.tooFewApples, taken: 2, isRefuted: true),
    ]
}
