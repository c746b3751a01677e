import Diagrams
import Messages
import ReplicationProtocols
import StateMachines

/// The fastest of many horses, with few lanes and no watch.
package enum HorsesScenes {
    package static let demonstration = Demonstration(
        name: "horses", title: HorsesMessages.title,
        scenes: [
            tournament, nineLeft,
            enough("ten-races", HorsesSceneTexts.tenth, .init(lanes: 8, top: 4), races: 10, isRefuted: true),
            enough("eleven-races", HorsesSceneTexts.eleventh, .init(lanes: 8, top: 4), races: 11, isRefuted: false),
            enough("classic-25", HorsesSceneTexts.classic, .init(lanes: 5, top: 3), races: 7, isRefuted: false),
            fewest,
        ])

    typealias Parameter = DemonstrationScene.Parameter
    typealias Cases = DemonstrationScene.Cases

    /// "A1": of heat A, first there.
    private static func name(_ horse: Int, _ plan: RacePlan) -> String {
        "\(PigeonholeScenes.member(horse / plan.lanes))\(horse % plan.lanes + 1)"
    }

    // MARK: A tournament

    private static let tournament = DemonstrationScene(
        name: "tournament", title: HorsesSceneTexts.races.title, story: HorsesSceneTexts.races.story, rows: [],
        parameters: [Parameter("out", 4, in: 1...9)], isRefuted: false,
        look: { numbers, seed, language in
            let plan = RacePlan(leftOut: numbers["out"] - 1)
            let ranking = shuffled(plan.horses, seed: seed)
            let (races, found) = plan.run(ranking)
            let wanted = ranking.prefix(plan.top).sorted()
            let rows = races.enumerated().map { number, race in
                Board.Row(
                    HorsesMessages.race(number + 1).text(in: language),
                    race.arrival.map { horse in
                        let text = name(horse, plan)
                        guard race.candidates.contains(horse) else { return Board.Cell("(\(text))", .out) }
                        return found.contains(horse) ? Board.Cell("[\(text)]", .both) : Board.Cell(text, .first)
                    }, remark: HorsesMessages.candidates(race.candidates.count).text(in: language))
            }
            let fastest = ranking.prefix(plan.top).map { name($0, plan) }
            let claim = HorsesMessages.found(plan.top)
            return Cases(
                claim: claim,
                board: Board(
                    title: HorsesSceneTexts.races.title.text(in: language),
                    caption: [HorsesMessages.result(fastest, races: races.count).text(in: language)],
                    rows: rows, notes: [HorsesMessages.arrivalLegend.text(in: language)]),
                count: 1, counterexamples: found == wanted ? 0 : 1)
        })

    private static func shuffled(_ count: Int, seed: UInt64) -> [Int] {
        var dice = SplitMix64(seed: seed, stream: "horses")
        var horses = Array(0..<count)
        for index in horses.indices.reversed() { horses.swapAt(index, Int(dice.uniform(in: 0...UInt64(index)))) }
        return horses
    }

    // MARK: After the opening

    /// Whether each horse that is left out has enough faster ones is counted in the order of what is known.
    private static let nineLeft = DemonstrationScene(
        name: "nine-left", title: HorsesSceneTexts.opening.title, story: HorsesSceneTexts.opening.story, rows: [],
        parameters: [Parameter("lanes", 8, in: 2...8), Parameter("top", 4, in: 1...8)], isRefuted: false,
        objection: { $0["top"] > $0["lanes"] ? PigeonholeMessages.moreThanCopies : nil },
        look: { numbers, _, language in
            let plan = RacePlan(lanes: numbers["lanes"], top: numbers["top"])
            let known = plan.opening
            let (candidates, open) = (known.candidates(top: plan.top), plan.undecided(known))
            let rows = (0..<plan.lanes).map { heat in
                Board.Row(
                    HorsesMessages.heat(heat + 1).text(in: language),
                    (0..<plan.lanes).map { place in
                        let horse = plan.horse(heat: heat, place: place)
                        let text = name(horse, plan)
                        guard candidates.contains(horse) else { return Board.Cell("(\(text))", .out) }
                        return open.contains(horse) ? Board.Cell(text, .first) : Board.Cell("[\(text)]", .both)
                    })
            }
            let out = (0..<plan.horses).filter { !candidates.contains($0) }
            let claim = HorsesMessages.outOfQuestion(plan.top)
            return Cases(
                claim: claim,
                board: Board(
                    title: HorsesSceneTexts.opening.title.text(in: language), caption: [claim.text(in: language)],
                    rows: rows, notes: [HorsesMessages.openingLegend.text(in: language)]),
                count: out.count, counterexamples: out.count { known.fasterCount(of: $0) < plan.top })
        })

    /// One row for each way to fill the race after the opening, over every order that is possible.
    private static func enough(
        _ sceneName: String, _ text: HorsesSceneTexts.Text, _ plan: RacePlan, races: Int, isRefuted: Bool
    ) -> DemonstrationScene {
        DemonstrationScene(
            name: sceneName, title: text.title, story: text.story, rows: [], parameters: [], isRefuted: isRefuted,
            look: { _, _, language in
                let open = plan.undecided(plan.opening)
                let choices: [(out: Int?, racing: [Int])] =
                    open.count <= plan.lanes ? [(nil, open)] : open.map { out in (out, open.filter { $0 != out }) }
                let worths = choices.map { plan.worth(of: $0.racing) }
                let isOneMore = races > plan.lanes + 2
                let rows = zip(choices, worths).map { choice, worth in
                    let settled = worth.settled + (isOneMore ? worth.settledByOneMore : 0)
                    let label =
                        choice.out.map { HorsesMessages.leftOut(name($0, plan)) } ?? HorsesMessages.everybodyRuns
                    return Board.Row(
                        label.text(in: language), choice.racing.map { Board.Cell(name($0, plan), .first) },
                        remark: HorsesMessages.settled(settled, of: worth.orders).text(in: language),
                        isCounterexample: settled < worth.orders)
                }
                let claim = HorsesMessages.settledAfter(races)
                return Cases(
                    claim: claim,
                    board: Board(
                        title: text.title.text(in: language), caption: [claim.text(in: language)], rows: rows),
                    count: worths.reduce(0) { $0 + $1.orders },
                    counterexamples: worths.reduce(0) {
                        $0 + $1.orders - $1.settled - (isOneMore ? $1.settledByOneMore : 0)
                    })
            })
    }

    // MARK: The fewest races

    /// Horses, lanes, how many are wanted, and how many races the usual way of counting would allow at best.
    private static let stables: [(horses: Int, lanes: Int, top: Int)] = [
        (4, 2, 1), (4, 2, 2), (5, 2, 2), (5, 3, 1), (7, 3, 1), (5, 3, 2), (6, 3, 2), (7, 4, 2),
    ]

    private static let fewest = DemonstrationScene(
        name: "fewest-races", title: HorsesSceneTexts.fewest.title, story: HorsesSceneTexts.fewest.story, rows: [],
        parameters: [], isRefuted: false,
        look: { _, _, language in
            var positions = 0
            var contradictions = 0
            let rows = stables.map { stable in
                var search = FewestRaces(lanes: stable.lanes)
                let races = search.count(horses: stable.horses, top: stable.top)
                let losers = (stable.horses - 1 + stable.lanes - 2) / (stable.lanes - 1)
                positions += search.positions
                if races < losers, stable.top == 1 { contradictions += 1 }
                let numbers = [stable.horses, stable.lanes, stable.top].map { Board.Cell("\($0)") }
                return Board.Row(
                    "", numbers + [Board.Cell("\(races)", .both), Board.Cell("\(losers)", .out)],
                    remark: HorsesMessages.positions(search.positions).text(in: language),
                    isCounterexample: races < losers && stable.top == 1)
            }
            return Cases(
                claim: HorsesMessages.noFewer,
                board: Board(
                    title: HorsesSceneTexts.fewest.title.text(in: language),
                    caption: [HorsesMessages.noFewer.text(in: language)],
                    headings: HorsesMessages.headings.map { $0.text(in: language) }, rows: rows,
                    notes: [HorsesMessages.countingLegend.text(in: language)]),
                count: positions, counterexamples: contradictions)
        })
}
