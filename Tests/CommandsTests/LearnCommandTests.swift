import CommandLines
import Commands
import Foundation
import Messages
import Synchronization
import Testing

/// A context that keeps what is written, with a home folder of its own.
final class World: Sendable {
    private let text = Mutex("")
    let folder = FileManager.default.temporaryDirectory.appending(path: "zoolab-commands-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var output: String { text.withLock { $0 } }

    func run(_ arguments: String..., language: Language = .english, hasContent: Bool = true) async -> ExitCode {
        let write: @Sendable (String) -> Void = { [self] more in text.withLock { $0 += more } }
        let context = CommandContext(
            language: language, environment: ["HOME": folder], isTerminal: false, columns: 80, usesColor: false,
            contentRoot: hasContent ? folder : nil, write: write, writeError: write)
        return await ZooLabCommandLine.run(arguments, in: context)
    }

    /// Makes `Lessons/NN-id` with two steps, one of which runs `command`.
    func addLesson(_ id: String, number: Int = 1, command: String = "zoolab learn-not") throws {
        let lesson = folder + "/Lessons/0\(number)-\(id)"
        try FileManager.default.createDirectory(atPath: lesson, withIntermediateDirectories: true)
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: "\(lesson)/\(name)"))
        }
        try write(
            "lesson.json",
            #"{"id": "\#(id)", "prerequisites": [], "minutes": 3, "title": {"en": "About \#(id)", "zh": "说说 \#(id)"}}"#)
        try write("lesson.en.md", "## One\n\nHello.\n\n```zoolab exit=64\n\(command)\n```\n\n## Two\n\nBye.\n")
        try write("lesson.zh.md", "## 一\n\n你好。\n\n```zoolab exit=64\n\(command)\n```\n\n## 二\n\n再见。\n")
    }
}

struct LearnCommandTests {
    @Test func `lessons are listed with the next one marked`() async throws {
        let world = World()
        try world.addLesson("alpha")
        try world.addLesson("beta", number: 2)
        let state = world.folder + "/.local/state/zoolab"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        try Data("alpha finished\nbeta 1\n".utf8).write(to: URL(filePath: state + "/progress"))
        #expect(await world.run("learn") == .pass)
        #expect(world.output.contains("✓ finished"))
        #expect(world.output.contains("→ │ beta"))
        #expect(world.output.contains("█████░░░░░ 1 of 2"))
        #expect(world.output.contains("Next: zoolab learn beta"))
    }

    @Test func `a lesson plays without a keyboard, in both languages, and leaves progress alone`() async throws {
        let world = World()
        try world.addLesson("alpha")
        #expect(await world.run("learn", "alpha", "--auto") == .pass)
        #expect(await world.run("learn", "alpha", "--lang", "zh") == .pass)
        for text in [
            "Hello.", "$ zoolab learn-not", "zoolab has no verb", "Bye.", "Finished: About alpha.", "你好。", "学完了",
        ] {
            #expect(world.output.contains(text), "\(text)")
        }
        #expect(!FileManager.default.fileExists(atPath: world.folder + "/.local"))
    }

    @Test func `a lesson may begin at a step`() async throws {
        let world = World()
        try world.addLesson("alpha")
        #expect(await world.run("learn", "alpha", "--from", "2") == .pass)
        #expect(!world.output.contains("Hello."))
        #expect(await world.run("learn", "alpha", "--from", "3") == .usage)
        #expect(world.output.contains("has steps 1 to 2"))
    }

    @Test func `a command that fails unexpectedly fails the lesson`() async throws {
        let world = World()
        try world.addLesson("alpha", command: "zoolab --help")
        #expect(await world.run("learn", "alpha") == .fail)
        #expect(world.output.contains("exit code 0; the lesson expects 64"))
    }

    @Test func `mistakes are told apart`() async throws {
        let world = World()
        try world.addLesson("two-phase-commit")
        #expect(await world.run("learn", "two-phase-comit") == .usage)
        #expect(world.output.contains("Did you mean ‘two-phase-commit’?"))
        #expect(await world.run("learn", "zzz") == .usage)
        #expect(await world.run("learn", "--auto") == .usage)
        #expect(await world.run("learn", "two-phase-commit", "--from", "0") == .usage)
        #expect(await world.run("learn", "two-phase-commit", "more") == .usage)
        #expect(await world.run("learn", hasContent: false) == .toolFailed)
        #expect(world.output.contains("ZOOLAB_HOME"))
    }

    @Test(arguments: Language.allCases)
    func `a folder that cannot take diagrams is named before the lesson begins`(language: Language) async throws {
        let world = World()
        try world.addLesson("alpha")
        let file = world.folder + "/Lessons/01-alpha/lesson.json"
        #expect(await world.run("learn", "alpha", "--out", file + "/out", language: language) == .toolFailed)
        #expect(world.output == LessonMessages.outputFolderUnusable(file + "/out").text(in: language) + "\n")
    }

    @Test func `progress is cleared, and a broken file is kept`() async throws {
        let world = World()
        try world.addLesson("alpha")
        let state = world.folder + "/.local/state/zoolab"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let file = URL(filePath: state + "/progress")
        try Data("alpha 1\nbeta 2\n".utf8).write(to: file)
        #expect(await world.run("learn", "alpha", "--reset") == .pass)
        #expect(try String(contentsOf: file, encoding: .utf8).hasSuffix("it anew.\nbeta 2\n"))
        try Data("?".utf8).write(to: file)
        #expect(await world.run("learn") == .pass)
        #expect(world.output.contains("It is kept as"))
        #expect(FileManager.default.fileExists(atPath: file.path + ".broken"))
    }
}
