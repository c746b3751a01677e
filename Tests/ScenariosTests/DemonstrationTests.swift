import Diagrams
import Messages
import Scenarios
import Testing

struct DemonstrationTests {
    static let cases = DemonstrationRegistry.demonstrations.flatMap { demonstration in
        demonstration.scenes.map { (demonstration.name, $0.name) }
    }

    private func run(
        _ name: String, _ scene: String, given: [(String, Int)] = [], _ language: Language = .english
    ) throws -> DemonstrationRun {
        var request = DemonstrationRequest(scene)
        request.given = given
        request.language = language
        return try #require(DemonstrationRegistry.named(name)).run(request)
    }

    @Test(arguments: cases)
    func `a demonstration shows what it says, in both languages`(name: String, scene: String) throws {
        let run = try run(name, scene)
        #expect(run.matchesExpectation == true, "zoolab run \(name) --scene \(scene)")
        #expect(run.cases.count > 0)
        let hasRed = run.cases.board.rows.contains(where: \.isCounterexample)
        #expect(hasRed == !run.holds)
        #expect(run.cases.board.text(columns: 100) != nil)
        let figure = Figure(of: run.cases.board)
        for label in figure.labels {
            #expect(label.box.right <= figure.width && label.box.bottom <= figure.height, "\(label.lines)")
        }
        for (index, label) in figure.labels.enumerated() {
            let other = figure.labels[..<index].first { $0.box.overlaps(label.box) }
            #expect(other == nil, "\(label.lines) on \(other?.lines ?? [])")
        }
        let chinese = try self.run(name, scene, .chinese).cases.board
        #expect(chinese.caption != run.cases.board.caption)
    }

    /// The reader's slider, against the rule.
    @Test func `sets of reads and writes meet exactly when W + R > N`() throws {
        for copies in 1...6 {
            for writes in 1...copies {
                for reads in 1...copies {
                    let given = [("N", copies), ("W", writes), ("R", reads)]
                    let run = try run("pigeonhole", "reads-meet-writes", given: given)
                    #expect(run.holds == (writes + reads > copies), "N \(copies), W \(writes), R \(reads)")
                }
            }
        }
    }

    @Test func `numbers that make no sense are refused`() throws {
        let demonstration = try #require(DemonstrationRegistry.named("pigeonhole"))
        var request = DemonstrationRequest("reads-meet-writes")
        request.given = [("N", 3), ("W", 4)]
        #expect(throws: ScenarioError.senselessNumbers(PigeonholeMessages.moreThanCopies)) {
            try demonstration.run(request)
        }
        request.given = [("X", 3)]
        #expect(throws: ScenarioError.unknownNumber("X", scene: "reads-meet-writes", known: ["N", "W", "R"])) {
            try demonstration.run(request)
        }
        request.given = [("N", 30)]
        #expect(throws: ScenarioError.numberOutOfRange("N", 30, allowed: 1...9)) { try demonstration.run(request) }
        request = DemonstrationRequest("pigeons")
        request.given = [("n", 8)]
        #expect(throws: ScenarioError.self) { try demonstration.run(request) }
    }

    @Test func `a table in characters`() throws {
        let board = try run("pigeonhole", "byzantine-too-few").cases.board
        #expect(
            board.text(columns: 80) == """
                A   B   C
                12  1   2    ✗ share A
                1   12  2    ✗ share B
                1   2   12   ✗ share C
                1: in the first set, 2: in the second, 12: in both.

                """)
        #expect(board.text(columns: 10) == nil)
    }
}
