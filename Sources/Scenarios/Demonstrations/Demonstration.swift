package import Diagrams
package import Messages

/// A subject of the course that is not about schedules: its claims are checked on every case there is, and the cases are
/// shown.
package struct Demonstration: Sendable {
    /// "pigeonhole": what `zoolab run` takes.
    package var name: String
    package var title: LocalizedText
    /// In teaching order; the first is the one that is shown when none is named.
    package var scenes: [DemonstrationScene]

    package init(name: String, title: LocalizedText, scenes: [DemonstrationScene]) {
        precondition(!scenes.isEmpty, "\(name) has no scene")
        self.name = name
        self.title = title
        self.scenes = scenes
    }

    /// The scene of this name; the first one when there is no name.
    package func scene(named name: String?) throws(ScenarioError) -> DemonstrationScene {
        guard let name else { return scenes[0] }
        guard let scene = scenes.first(where: { $0.name == name }) else {
            throw .unknownScene(
                name, protocolName: self.name, nearest: nearestWord(to: name, among: scenes.map(\.name)))
        }
        return scene
    }
}

/// One claim, and every case of it.
package struct DemonstrationScene: Sendable {
    /// A number that a reader may choose.
    package struct Parameter: Hashable, Sendable {
        /// "W": what `--given W=2` takes.
        package var name: String
        package var range: ClosedRange<Int>
        package var usual: Int

        package init(_ name: String, _ usual: Int, in range: ClosedRange<Int>) {
            self.name = name
            self.range = range
            self.usual = usual
        }
    }

    /// The numbers that were chosen.
    package struct Numbers: Sendable {
        fileprivate var values: [(name: String, value: Int)]

        package subscript(_ name: String) -> Int {
            guard let value = values.first(where: { $0.name == name })?.value else {
                preconditionFailure("no parameter \(name)")
            }
            return value
        }

        /// "N = 5, W = 3".
        package var text: String { values.map { "\($0.name) = \($0.value)" }.joined(separator: ", ") }
    }

    /// What came of looking at every case.
    package struct Cases: Sendable {
        /// What is claimed of each case.
        package var claim: LocalizedText
        package var board: Board
        package var count: Int
        /// Cases that contradict the claim.
        package var counterexamples: Int

        package init(claim: LocalizedText, board: Board, count: Int, counterexamples: Int) {
            self.claim = claim
            self.board = board
            self.count = count
            self.counterexamples = counterexamples
        }
    }

    package var name: String
    package var title: LocalizedText
    /// Two or three sentences: what is looked at, and what to see in it.
    package var story: LocalizedText
    /// Rows of the tables of corner cases and of notes that it shows: "NW-1".
    package var rows: [String]
    package var parameters: [Parameter]
    /// With the usual numbers, some case contradicts the claim: that is what the scene is there to show.
    package var isRefuted: Bool
    /// What is wrong with these numbers; `nil`: nothing.
    package var objection: @Sendable (Numbers) -> LocalizedText? = { _ in nil }
    /// Looks at every case, and shows them in a language.
    package var look: @Sendable (Numbers, UInt64, Language) -> Cases
}

/// Which claim to check, with which numbers.
package struct DemonstrationRequest: Sendable {
    /// `nil`: the first scene.
    package var scene: String?
    package var given: [(name: String, value: Int)] = []
    package var seed: UInt64 = 1
    package var language = Language.english

    package init(_ scene: String? = nil) { self.scene = scene }
}

/// A claim that has been checked.
package struct DemonstrationRun: Sendable {
    package var scene: DemonstrationScene
    package var demonstration: String
    package var numbers: DemonstrationScene.Numbers
    package var cases: DemonstrationScene.Cases
    /// Whether it came out as the scene says; `nil` with other than the usual numbers.
    package var matchesExpectation: Bool?

    package var holds: Bool { cases.counterexamples == 0 }
}

extension Demonstration {
    /// - Throws: `ScenarioError` where the request names what does not exist, or numbers that make no sense.
    package func run(_ request: DemonstrationRequest) throws(ScenarioError) -> DemonstrationRun {
        let scene = try scene(named: request.scene)
        var numbers = DemonstrationScene.Numbers(values: scene.parameters.map { ($0.name, $0.usual) })
        for (name, value) in request.given {
            guard let index = scene.parameters.firstIndex(where: { $0.name == name }) else {
                throw .unknownNumber(name, scene: scene.name, known: scene.parameters.map(\.name))
            }
            guard scene.parameters[index].range.contains(value) else {
                throw .numberOutOfRange(name, value, allowed: scene.parameters[index].range)
            }
            numbers.values[index].value = value
        }
        if let objection = scene.objection(numbers) { throw .senselessNumbers(objection) }
        let cases = scene.look(numbers, request.seed, request.language)
        let isUsual = zip(scene.parameters, numbers.values).allSatisfy { $0.usual == $1.value }
        return DemonstrationRun(
            scene: scene, demonstration: name, numbers: numbers, cases: cases,
            matchesExpectation: isUsual ? scene.isRefuted == (cases.counterexamples > 0) : nil)
    }
}
