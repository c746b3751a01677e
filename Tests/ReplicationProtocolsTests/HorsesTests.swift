import ReplicationProtocols
import Testing

struct HorsesTests {
    let plan = RacePlan()

    @Test func `nine races leave nine horses and 1680 orders`() {
        let known = plan.opening
        #expect(plan.undecided(known).count == 9)
        #expect(known.candidates(top: 4).count == 10)
        #expect(known.possibleArrivals(of: plan.undecided(known)).count == 1_680)
    }

    @Test func `ten races may not be enough, eleven are, whoever is left out`() {
        let undecided = plan.undecided(plan.opening)
        var settled: [Int] = []
        for out in undecided {
            let worth = plan.worth(of: undecided.filter { $0 != out })
            #expect(worth.orders == 1_680)
            #expect(worth.settled < worth.orders)
            #expect(worth.settled + worth.settledByOneMore == worth.orders)
            settled.append(worth.settled)
        }
        #expect(settled == [680, 780, 1_540, 1_600, 280, 1_400, 520, 1_260, 1_260])
    }

    @Test func `the classic of 25 horses takes seven`() {
        let plan = RacePlan(lanes: 5, top: 3)
        let worth = plan.worth(of: plan.undecided(plan.opening))
        #expect(worth.racing.count == 5)
        #expect(worth.settled == worth.orders)
    }

    /// Which horses a race settles, against the definition: in every possible order the same are at the top.
    @Test func `settled means that every possible order says the same`() {
        var known = KnownOrder(horses: 6)
        for race in [[0, 1, 2], [3, 4, 5], [0, 3], [1, 3], [3, 2], [2, 4]] {
            known.race(race)
            for top in 1...5 {
                let tops = Set(known.possibleArrivals(of: Array(0..<6)).map { $0.prefix(top).sorted() })
                #expect(known.settled(top: top) == (tops.count == 1 ? tops.first : nil), "\(race) \(top)")
            }
        }
    }

    @Test(arguments: 0..<9)
    func `a tournament finds the fastest`(leftOut: Int) {
        var numbers = Array(0..<64)
        for step in 1...64 { numbers.swapAt(step - 1, (step * 37 + leftOut * 11) % 64) }
        let result = RacePlan(leftOut: leftOut).run(numbers)
        #expect(result.found == numbers.prefix(4).sorted())
        #expect((10...11).contains(result.races.count))
        #expect(result.races.allSatisfy { $0.arrival.count <= 8 })
    }

    static let smallest: [(horses: Int, lanes: Int, top: Int, races: Int)] = [
        (2, 2, 1, 1), (3, 2, 1, 2), (4, 2, 1, 3), (5, 2, 1, 4), (4, 2, 2, 4), (5, 2, 2, 5), (3, 3, 1, 1), (5, 3, 1, 2),
        (7, 3, 1, 3), (4, 3, 2, 2), (5, 3, 2, 3), (6, 3, 2, 3), (4, 4, 2, 1), (7, 4, 2, 3),
    ]

    @Test(arguments: smallest)
    func `the fewest races over every plan`(horses: Int, lanes: Int, top: Int, races: Int) {
        var search = FewestRaces(lanes: lanes)
        let fewest = search.count(horses: horses, top: top)
        #expect(fewest == races, "\(search.positions) positions")
        // Each race can show at most so many horses that somebody is faster, and all but the fastest must be shown that.
        #expect(fewest >= (horses - 1 + lanes - 2) / (lanes - 1) || top > 1)
    }
}
