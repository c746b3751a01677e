import ConsensusProtocols
import Diagrams
import Messages

/// Two generals without a network: every rule, and where it breaks.
package enum MessengersScenes {
    package static let demonstration = Demonstration(
        name: "messengers", title: GeneralsDemonstrationMessages.messengersTitle, scenes: [everyRule, oneNight])

    typealias Parameter = DemonstrationScene.Parameter
    typealias Cases = DemonstrationScene.Cases
    typealias Texts = GeneralsDemonstrationMessages

    private static let everyRule = DemonstrationScene(
        name: "every-rule", title: GeneralsDemonstrationSceneTexts.everyRule.title,
        story: GeneralsDemonstrationSceneTexts.everyRule.story, rows: [], parameters: [Parameter("k", 4, in: 0...10)],
        isRefuted: false,
        look: { numbers, _, language in
            let messengers = numbers["k"]
            let rules = MessengerRules(messengers: messengers)
            let failures = rules.all.map(rules.failure)
            func row(_ count: Int, _ remark: (Int) -> LocalizedText, caught: Int?) -> Board.Row? {
                guard count > 0 else { return nil }
                let cells = (1...max(1, messengers)).prefix(messengers).map { messenger in
                    guard let caught, messenger >= caught else { return Board.Cell("M\(messenger)", .first) }
                    return messenger == caught ? Board.Cell(Texts.caught.text(in: language), .wrong) : Board.Cell("")
                }
                return Board.Row("", cells, remark: remark(count).text(in: language))
            }
            let alone = (1...max(1, messengers)).reversed().map { messenger in
                row(
                    failures.count { $0 == .alone(caught: messenger) }, { Texts.alone($0, caught: messenger) },
                    caught: messenger)
            }
            let rows =
                [row(failures.count { $0 == .uselessWithoutLoss }, Texts.useless, caught: nil)] + alone
                + [row(failures.count { $0 == .attacksUntold }, Texts.untold, caught: 1)]
            return Cases(
                claim: Texts.everyRuleFails,
                board: Board(
                    title: GeneralsDemonstrationSceneTexts.everyRule.title.text(in: language),
                    caption: [Texts.everyRuleFails.text(in: language)], rows: rows.compactMap(\.self),
                    notes: [Texts.rulesLegend.text(in: language)]),
                count: failures.count, counterexamples: failures.count { $0 == nil })
        })

    private static let oneNight = DemonstrationScene(
        name: "one-night", title: GeneralsDemonstrationSceneTexts.oneNight.title,
        story: GeneralsDemonstrationSceneTexts.oneNight.story, rows: [],
        parameters: [Parameter("k", 5, in: 1...12), Parameter("A", 2, in: 0...6), Parameter("B", 3, in: 0...6)],
        isRefuted: true,
        look: { numbers, _, language in
            let messengers = numbers["k"]
            let rows = (0...messengers).reversed().map { arrivals in
                let seen = TwoGeneralsConfiguration.expected(arrivals)
                let attacks = [seen[0] >= numbers["A"], seen[1] >= numbers["B"]]
                let isWrong = attacks[0] != attacks[1] || arrivals == messengers && !attacks[0]
                let words = attacks.map { doesAttack in
                    Board.Cell(
                        (doesAttack ? Texts.attacks : Texts.stays).text(in: language), doesAttack ? .both : .out)
                }
                return Board.Row(
                    Texts.arrivals(arrivals).text(in: language), seen.map { Board.Cell("\($0)") } + words,
                    isCounterexample: isWrong)
            }
            return Cases(
                claim: Texts.oneNight,
                board: Board(
                    title: GeneralsDemonstrationSceneTexts.oneNight.title.text(in: language),
                    caption: [Texts.oneNight.text(in: language)],
                    headings: Texts.nightHeadings.map { $0.text(in: language) }, rows: rows,
                    notes: [Texts.nightLegend.text(in: language)]),
                count: rows.count, counterexamples: rows.count(where: \.isCounterexample))
        })
}
