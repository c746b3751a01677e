import Checking
import Goldens
import Messages
import Scenarios
import Simulator
import StepMode
import Terminal
import Testing
import Traces

/// Keys in the order they are pressed.
private final class KeyScript: KeySource {
    private var keys: [Key]
    init(_ keys: [Key]) { self.keys = keys }
    func nextKey() -> Key { keys.isEmpty ? .endOfInput : keys.removeFirst() }
    func discardTypedKeys() {}
}

/// A person in front of a scene.
struct Person {
    var model: StepModel
    var size = TerminalSize(columns: 80, rows: 24)
    var requests: [StepModel.Request] = []

    init(_ protocolName: String, _ scene: String, _ language: Language = .english, seed: UInt64 = 1) throws {
        let run = try ProtocolRegistry.named(protocolName).step(SceneRequest(scene, seed: seed, language: language))
        model = StepModel(run, language: language)
    }

    init(_ run: any SteppedRun, _ language: Language = .english) { model = StepModel(run, language: language) }

    /// "⏎", "⎋", "←", "→" and "↑" stand for those keys.
    mutating func press(_ keys: String) {
        for character in keys {
            let key: Key =
                switch character {
                case "⏎": .enter
                case "⎋": .escape
                case "←": .left
                case "→": .right
                case "↑": .up
                default: .character(character)
                }
            if let request = model.handle(key) { requests.append(request) }
            model.clampPage(to: StepScreen(model, size: size).lastPageOffset)
        }
    }

    /// Space until the run is over.
    mutating func playToEnd() { while model.state.end == nil { press(" ") } }

    var lines: [StyledLine] { StepScreen(model, size: size).lines }
    var pane: String {
        lines.map { line in
            var text = line.text
            while text.last == " " { text.removeLast() }
            return text + "\n"
        }.joined()
    }
}

struct PaneTests {
    /// One after the other, in one run; each pane is recorded.
    private static let scripts: [(protocolName: String, scene: String, size: TerminalSize, keys: [String])] = [
        (
            "two-phase-commit", "happy-path", TerminalSize(columns: 80, rows: 24),
            [
                "", " ", "   ", "c", "⎋d", "⎋2", "2", "1", "/", "C|P1,P2⏎", "?1", "⎋ff⏎", "   f", "1", "bb?1", "⎋g",
                "⎋:crsh C⏎",
            ]
        ),
        (
            "two-phase-commit", "decision-before-disk", TerminalSize(columns: 80, rows: 24),
            ["                                        ", "?", "⎋m", "bbb", "g"]
        ),
        (
            "zab", "leader-crash", TerminalSize(columns: 100, rows: 30),
            ["", "   ", "v", "v      ", "c3", "       ", "?1"]
        ),
    ]

    @Test(arguments: Language.allCases)
    func `panes read well`(language: Language) throws {
        for script in Self.scripts {
            var person = try Person(script.protocolName, script.scene, language)
            person.size = script.size
            var text = ""
            for keys in script.keys {
                person.press(keys)
                text += "=== ‘\(keys)’\n\(person.pane)"
            }
            let name = "\(script.protocolName)-\(script.scene).\(language.rawValue).txt"
            #expect(try Golden.difference(text, name) == nil)
        }
    }

    private static let sizes = [(60, 16), (61, 17), (80, 24), (132, 50), (40, 10), (200, 16)]

    @Test(arguments: Language.allCases, [("two-phase-commit", "decision-before-disk"), ("zab", "write")])
    func `panes fit their window`(language: Language, scene: (protocolName: String, name: String)) throws {
        var person = try Person(scene.protocolName, scene.name, language)
        for keys in [
            "", "      ", "c", "⎋d", "⎋t", "⎋2", "⎋?", "1", "⎋:partition C|P1 for 3s⏎", "/S1⏎", ":drop 5%⏎", "ff",
            "你好⏎",
            "f", "⎋g", "⎋s", "⎋                              ", "v", "?", "?", "⎋m", "   ", "h", "x",
        ] {
            person.press(keys)
            for (columns, rows) in Self.sizes {
                person.size = TerminalSize(columns: columns, rows: rows)
                let lines = person.lines
                #expect(lines.allSatisfy { $0.width <= columns }, "\(keys) \(columns)×\(rows)")
                #expect(lines.count == rows, "\(keys) \(columns)×\(rows)")
            }
        }
    }
}

struct StepModelTests {
    /// Every fourth of two-phase commit, and two of Zab.
    private static let scenes: [(String, String)] =
        TwoPhaseCommitScenes.protocolScenes.scenes.enumerated().filter { $0.offset % 4 == 0 }
        .map { ("two-phase-commit", $0.element.name) } + [("zab", "write"), ("zab", "leader-crash")]

    @Test(arguments: scenes)
    func `pressing space only is the scene itself`(name: String, scene: String) throws {
        var person = try Person(name, scene)
        person.playToEnd()
        let run = try ProtocolRegistry.named(name).run(SceneRequest(scene))
        #expect(person.model.run.trace == run.trace)
        #expect(
            person.model.state.promises.filter { if case .broken = $0.standing { true } else { false } }
                .map(\.invariant).sorted()
                == (run.violations.map(\.invariant) + (run.blocked.isEmpty ? [] : ["progress"]))
                .sorted())
    }

    @Test(arguments: TwoPhaseCommitScenes.protocolScenes.scenes.filter(\.isMutant).map(\.name).prefix(3))
    func `a broken promise is explained, and its run shrunk to a branch`(scene: String) throws {
        var person = try Person("two-phase-commit", scene)
        while person.model.state.firstBroken == nil { person.press(" ") }
        let broken = try #require(person.model.state.firstBroken)
        #expect(person.model.run.whyBroken()?.chain.events.isEmpty == false)
        let before = person.model.run.replay.entries.count
        person.press("m")
        #expect(!person.model.isRemarkBad, "\(person.model.remark?.english ?? "")")
        #expect(person.model.state.firstBroken?.invariant == broken.invariant)
        let file = person.model.run.replay
        #expect(file.entries.count <= before)
        #expect(file.outcome == .violated(invariant: broken.invariant))
        #expect(throws: Never.self) { try ProtocolRegistry.named("two-phase-commit").replay(file, language: .english) }
    }

    @Test func `a saved branch is gone through and gone on with`() throws {
        var person = try Person("two-phase-commit", "happy-path")
        person.press("     c1 r ")
        let file = person.model.run.replay
        var again = Person(try ProtocolRegistry.named("two-phase-commit").step(file, language: .english))
        #expect(again.model.run.replay.entries == file.entries)
        #expect(again.model.state.nodes == person.model.state.nodes)
        again.press("bb→→")
        #expect(again.model.run.replay.entries == file.entries)
        again.playToEnd()
        person.playToEnd()
        #expect(again.model.state.nodes.map(\.state) == person.model.state.nodes.map(\.state))
    }

    @Test func `two is a number, and twice two a copy`() throws {
        var person = try Person("two-phase-commit", "happy-path")
        person.press("   ")
        let (first, second) = (person.model.state.choices[0], person.model.state.choices[1])
        #expect(second.obstacle == nil)
        person.press("2⏎")
        #expect(person.model.state.choices.contains(first))
        #expect(!person.model.state.choices.contains(second))
        person.press("b221")
        #expect(person.model.state.choices.contains { $0.isCopy })
        #expect(person.model.state.branches.count == 2)
    }

    @Test func `keys that cannot be answered say so and change nothing`() throws {
        var person = try Person("two-phase-commit", "happy-path")
        person.press("  ")
        let depth = person.model.state.depth
        for keys in ["r", "h", "9", "d9", "→", ":crsh C⏎", ":crash X⏎", ":expire-session C⏎", "/C⏎/C|X⏎"] {
            let before = keys.hasPrefix("/") ? depth + 1 : depth
            person.press(keys)
            #expect(person.model.isRemarkBad, "\(keys)")
            #expect(person.model.state.depth == before, "\(keys)")
            if before > depth { person.press("b") }
        }
        person.press("bbbbbbbbbb")
        #expect(person.model.isRemarkBad)
        #expect(person.model.state.depth == 0)
    }

    @Test func `back and forward pass over routine alike`() throws {
        var person = try Person("zab", "write")
        person.press("   ")
        let seen = person.model.state.depth
        person.press(" ")
        person.press("b")
        #expect(person.model.state.depth == seen)
        person.press("→")
        person.press("b")
        #expect(person.model.state.depth == seen)
        #expect(person.model.state.branches.count == 1)
    }

    @Test func `files and leaving are left to the world outside`() throws {
        var person = try Person("two-phase-commit", "happy-path")
        person.press("s⏎sa.svg⏎gs⏎⎋q")
        #expect(
            person.requests == [
                .save(path: "two-phase-commit-happy-path.replay"), .save(path: "a.svg"),
                .save(path: "two-phase-commit-happy-path.svg"), .quit,
            ])
    }

    @Test(arguments: Language.allCases)
    func `a script of keys prints the last window`(language: Language) throws {
        let run = try ProtocolRegistry.named("two-phase-commit").step(SceneRequest("happy-path", language: language))
        var written = ""
        var saved: [String] = []
        let keys: [Key] = [.character(" "), .character("s"), .enter]
        let player = StepPlayer(
            run, language: language,
            host: StepPlayer.Host(
                keys: KeyScript(keys), write: { written += $0 }, size: { TerminalSize(columns: 80, rows: 24) },
                theme: .plain, isInteractive: false,
                save: { path, _ in
                    saved.append(path)
                    return [path]
                }))
        #expect(player.play() == .left)
        #expect(saved == ["two-phase-commit-happy-path.replay"])
        #expect(written.split(separator: "\n", omittingEmptySubsequences: false).count == 25)
        #expect(!written.contains("\u{1B}"))
        #expect(written.contains(StepMessages.saved(saved).text(in: language)))
    }
}
