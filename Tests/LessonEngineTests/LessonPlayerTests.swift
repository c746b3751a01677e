import Foundation
import LessonEngine
import Messages
import Terminal
import Testing

/// Plays a lesson with typed keys and made-up commands.
final class Rehearsal: KeySource {
    private var keys: [Key]
    var output = ""
    var commands: [[String]] = []
    var done: [Int] = []
    var size: TerminalSize
    var code: (_ command: [String]) -> Int32 = { _ in 0 }
    var reply = "HELLO"
    var isInteractive = true
    /// Window sizes to change to, one for each `.resize` key.
    var sizes: [TerminalSize] = []
    let folder = FileManager.default.temporaryDirectory.appending(path: "zoolab-lesson-\(UUID().uuidString)").path

    init(_ keys: [Key] = [], columns: Int = 160, rows: Int = 100) {
        self.keys = keys
        size = TerminalSize(columns: columns, rows: rows)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static func typed(_ text: String) -> [Key] { text.map { $0 == "\n" ? .enter : .character($0) } }

    func nextKey() -> Key {
        // A script that ends too early must not hang the test.
        let key = keys.isEmpty ? Key.endOfInput : keys.removeFirst()
        if key == .resize, !sizes.isEmpty { size = sizes.removeFirst() }
        return key
    }
    func discardTypedKeys() {}

    func play(_ lesson: Lesson, from first: Int = 0) async -> LessonEnding {
        let host = LessonHost(
            run: { arguments in
                self.commands.append(arguments)
                for (option, file) in zip(arguments, arguments.dropFirst()) where option == "--draw" {
                    try? Data("drawn\n".utf8).write(to: URL(filePath: file))
                }
                return CommandOutcome(output: self.reply + "\n", code: self.code(arguments))
            },
            open: { _ in false }, write: { self.output += $0 }, size: { self.size },
            keys: isInteractive ? self : nil, theme: .plain, outputFolder: folder)
        return await LessonPlayer(lesson, host: host) { self.done.append($0) }.play(from: first)
    }

    /// Each of the pieces appears, in this order.
    func expect(_ pieces: String..., sourceLocation: SourceLocation = #_sourceLocation) {
        var rest = output[...]
        for piece in pieces {
            guard let range = rest.range(of: piece) else {
                Issue.record("‘\(piece)’ is missing or too early in:\n\(output)", sourceLocation: sourceLocation)
                return
            }
            rest = rest[range.upperBound...]
        }
    }
}

struct LessonPlayerTests {
    private let lesson: Lesson

    init() throws { lesson = try LessonReaderTests.read(LessonReaderTests.sample) }

    @Test func `without a keyboard everything is played in order`() async {
        let rehearsal = Rehearsal()
        rehearsal.isInteractive = false
        rehearsal.code = { $0.contains("hello") || $0.contains("two words") ? 1 : 0 }
        let ending = await rehearsal.play(lesson)
        #expect(ending.reason == .finished)
        #expect(ending.failures == 0)
        #expect(ending.pictures == [rehearsal.folder + "/hello.svg"])
        rehearsal.expect(
            "Sample", "An introduction", "First step", "What will it say?", "1. Nothing", "2. Hello", "Between",
            "$ zoolab run hello --draw", "HELLO", "The answer", "✗ 1  It always", "✓ 2  Hello is",
            "Second step", "The rule to break: atomicity", "For example", "--fault \"crash C after send COMMIT 1\"",
            "It held", "$ zoolab explore two-phase-commit", "have seen them all".replacing("have", with: "has"))
        #expect(!rehearsal.output.contains("\u{1B}"))
        #expect(rehearsal.done == [1, 2])
        #expect(rehearsal.commands.first == ["run", "hello", "--draw", rehearsal.folder + "/hello.svg"])
    }

    @Test func `a command that ends otherwise than expected is counted`() async {
        let rehearsal = Rehearsal()
        rehearsal.isInteractive = false
        rehearsal.code = { $0[0] == "explore" ? 2 : 0 }
        let ending = await rehearsal.play(lesson)
        #expect(ending.failures == 3)
        rehearsal.expect(
            "exit code 0; the lesson expects 1", "ran into its limits", "exit code 2; the lesson expects 0")
    }

    @Test func `keys play the lesson`() async {
        let rehearsal = Rehearsal(Rehearsal.typed("? 72") + [.enter] + Rehearsal.typed(" d \n "))
        rehearsal.code = { $0[0] == "explore" ? 0 : 1 }
        let ending = await rehearsal.play(lesson)
        rehearsal.expect(
            "space, enter", "You say 2", "$ zoolab run hello", "You were right", "✓ 2", "No picture viewer here",
            "The rule to break", "fault 1> ", "$ zoolab explore")
        #expect(!rehearsal.output.contains("✗ 1"))
        #expect(ending.reason == .quit, "the last step waits for a key that never comes")
        #expect(rehearsal.done == [1])
    }

    @Test func `a student tries faults until one breaks the rule`() async {
        let rehearsal = Rehearsal(
            Rehearsal.typed("heal\n\n") + Rehearsal.typed("crash C\nrestart CX") + [.backspace]
                + Rehearsal.typed("\n\n") + Rehearsal.typed("  "))
        rehearsal.code = { $0.contains("restart C") ? 1 : 0 }
        let ending = await rehearsal.play(lesson, from: 1)
        #expect(ending.reason == .finished)
        rehearsal.expect("It held", "You broke it", "$ zoolab explore")
        #expect(rehearsal.commands.map { $0.filter { !$0.hasPrefix("-") } }.last?.first == "explore")
        #expect(rehearsal.commands[1].suffix(4) == ["--fault", "crash C", "--fault", "restart C"])
        #expect(rehearsal.done == [2])
    }

    @Test func `back, quit, end of input and interrupt leave at once`() async {
        for (key, reason) in [
            (Key.character("q"), LessonEnding.Reason.quit), (.endOfInput, .quit), (.interrupt, .interrupted),
        ] {
            let rehearsal = Rehearsal(Rehearsal.typed(" s") + [key])
            #expect(await rehearsal.play(lesson).reason == reason)
            #expect(rehearsal.done == [])
            #expect(rehearsal.commands == [])
        }
        let back = Rehearsal(Rehearsal.typed("1bb"))
        #expect(await back.play(lesson, from: 0).reason == .quit)
        let fromSecond = Rehearsal(Rehearsal.typed("\n") + [.character("b"), .character("q")])
        #expect(await fromSecond.play(lesson, from: 1).reason == .quit)
        fromSecond.expect("Second step", "First step")
        let interrupted = Rehearsal(Rehearsal.typed("cra") + [.interrupt])
        #expect(await interrupted.play(lesson, from: 1).reason == .interrupted)
    }

    @Test func `a small window shows a page piece by piece and is drawn again after a resize`() async throws {
        let text = "## Long\n\n" + (1...30).map { "paragraph \($0)\n\n" }.joined()
        let long = try LessonReaderTests.read(text)
        let rehearsal = Rehearsal(
            [.resize, .character(" "), .character(" "), .character(" "), .character(" ")], rows: 20)
        rehearsal.sizes = [TerminalSize(columns: 30, rows: 10)]
        #expect(await rehearsal.play(long).reason == .quit)
        let screens = rehearsal.output.components(separatedBy: "space more")
        #expect(screens[0].contains("paragraph 8\n"))
        #expect(!screens[0].contains("paragraph 10\n"))
        let redrawn = screens[1].components(separatedBy: "\u{1B}[2J").last ?? ""
        #expect(redrawn.split(separator: "\n").count <= 10)
        #expect(redrawn.contains("paragraph 8"))
        #expect(!redrawn.contains("paragraph 2\n"))
        for number in 1...20 { #expect(rehearsal.output.contains("paragraph \(number)\n")) }
    }

    @Test func `what a command writes cannot steer the terminal`() async {
        let rehearsal = Rehearsal(columns: 60)
        rehearsal.isInteractive = false
        rehearsal.reply = "a\u{1B}[2Jb\u{7}" + String(repeating: "长", count: 100)
        _ = await rehearsal.play(lesson)
        #expect(!rehearsal.output.contains("\u{1B}"))
        #expect(rehearsal.output.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= 60 || $0.contains("/") })
    }
}
