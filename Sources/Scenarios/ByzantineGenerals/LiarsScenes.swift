import ConsensusProtocols
import Diagrams
import Messages

/// Byzantine generals without a network: every lie.
package enum LiarsScenes {
    package static let demonstration = Demonstration(
        name: "liars", title: GeneralsDemonstrationMessages.liarsTitle, scenes: [oralMessages])

    private typealias Texts = GeneralsDemonstrationMessages

    private static let armies = [(3, 1), (4, 1), (5, 1), (6, 1), (4, 2), (5, 2), (6, 2), (7, 2)]

    private static let oralMessages = DemonstrationScene(
        name: "oral-messages", title: GeneralsDemonstrationSceneTexts.oralMessages.title,
        story: GeneralsDemonstrationSceneTexts.oralMessages.story, rows: ["BG-2", "BG-3", "39"], parameters: [],
        isRefuted: false,
        look: { _, _, language in
            let rows = armies.map { generals, tolerated in row(generals, tolerated, language) }
            return DemonstrationScene.Cases(
                claim: Texts.moreThanThreeTimes,
                board: Board(
                    title: GeneralsDemonstrationSceneTexts.oralMessages.title.text(in: language),
                    caption: [Texts.moreThanThreeTimes.text(in: language)],
                    headings: Texts.liarHeadings.map { $0.text(in: language) }, rows: rows,
                    notes: [Texts.liarsLegend.text(in: language)]),
                count: 2 * rows.count, counterexamples: rows.count(where: \.isCounterexample))
        })

    /// Traitors are the last ones, with the commander or without.
    private static func row(_ generals: Int, _ tolerated: Int, _ language: Language) -> Board.Row {
        let lastOnes = Array((generals - tolerated)..<generals)
        let searches = [[0] + lastOnes.dropFirst(), lastOnes].map { traitors in
            LieSearch(ByzantineConfiguration(generals: generals, tolerated: tolerated, traitors: traitors))
        }
        let findings = searches.map { $0.firstBreakingLie() }
        let verdicts = findings.map { finding in
            switch finding?.broken {
            case nil: Board.Cell(Texts.safe.text(in: language), .both)
            case .agreement: Board.Cell(Texts.broken("IC1").text(in: language), .strong)
            case .obedience: Board.Cell(Texts.broken("IC2").text(in: language), .strong)
            }
        }
        let messages = searches[0].configuration.oralMessageCounts.reduce(0, +)
        let isSafe = findings.allSatisfy { $0 == nil }
        return Board.Row(
            "", [Board.Cell("\(generals)"), Board.Cell("\(tolerated)")] + verdicts + [Board.Cell("\(messages)")],
            remark: Texts.lies(searches[0].liesAsPowerOfTwo, searches[1].liesAsPowerOfTwo).text(in: language),
            isCounterexample: isSafe != (generals > 3 * tolerated))
    }
}
