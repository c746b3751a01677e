#if os(Linux)
    import Foundation
    import Messages
    import Testing

    /// The step mode at a real terminal, and without one.
    @Suite(.serialized) struct StepTerminalTests {
        private func step(_ language: Language, _ arguments: String...) throws -> TerminalProcess {
            try TerminalProcess(
                ["run", "two-phase-commit", "--scene", "happy-path", "--step", "--lang", language.rawValue] + arguments,
                environment: [:])
        }

        /// The last that is drawn of a window, so that all of it is there.
        private func foot(_ language: Language) -> String {
            "q " + (StepMessages.keys.last?.meaning.text(in: language) ?? "")
        }

        @Test(arguments: Language.allCases)
        func `a run is taken by hand, in windows of every size, and left`(language: Language) throws {
            let terminal = try step(language)
            let foot = foot(language)
            func says(_ text: LocalizedText) -> String { text.text(in: language) }
            func press(_ keys: String) throws {
                terminal.press(keys)
                try terminal.wait(for: foot)
            }
            try terminal.wait(for: foot)
            #expect(terminal.screen.text.contains(says(StepMessages.story)))
            try press(" ")
            #expect(terminal.screen.text.contains("C → P2  PREPARE"))
            let before = terminal.screen.lines
            terminal.resize(columns: 100, rows: 40)
            try terminal.wait(for: foot)
            #expect(terminal.screen.lines.contains { DisplayWidth.of($0) == 100 })
            #expect(terminal.screen.lines.last?.isEmpty == false)
            terminal.resize(columns: 80, rows: 24)
            try terminal.wait(for: foot)
            #expect(terminal.screen.lines == before)

            terminal.press("c")
            try terminal.wait(for: says(StepMessages.whichCrash))
            try press("1")
            // The coordinator's line; the keys below name the word too.
            #expect(terminal.screen.lines[2].contains(says(StepMessages.down)))
            // The left arrow.
            try press("\u{1B}[D")
            #expect(!terminal.screen.lines[2].contains(says(StepMessages.down)))
            #expect(terminal.screen.lines == before.enumerated().map { $0 == 0 ? terminal.screen.lines[0] : $1 })
            terminal.press("q")
            let ending = try terminal.end()
            #expect(ending.code == 0)
            #expect(ending.isRestored)
            let left = StepMessages.left(
                protocolName: "two-phase-commit", scene: "happy-path", depth: 5, branches: 1)
            #expect(terminal.screen.text.contains(says(left)))
        }

        @Test func `a lesson lends its window, and what the student breaks there is no failure`() throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "zoolab-steps-\(UUID().uuidString)")
                .path
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let lesson = folder + "/content/Lessons/01-stepping"
            try FileManager.default.createDirectory(atPath: lesson, withIntermediateDirectories: true)
            let command = "zoolab run two-phase-commit --scene decision-before-disk --step"
            let text = "## One\n\n```zoolab\n\(command)\n```\n"
            let header =
                #"{"id": "stepping", "prerequisites": [], "minutes": 3, "title": {"en": "Steps", "zh": "步进"}}"#
            for (name, text) in [("lesson.json", header), ("lesson.en.md", text), ("lesson.zh.md", text)] {
                try Data(text.utf8).write(to: URL(filePath: "\(lesson)/\(name)"))
            }
            let terminal = try TerminalProcess(
                ["learn", "stepping", "--lang", "en", "--out", folder + "/out"],
                environment: ["HOME": folder, "XDG_STATE_HOME": "", "ZOOLAB_HOME": folder + "/content"])
            try terminal.wait(for: LessonMessages.keysRun.english)
            terminal.press(" ")
            try terminal.wait(for: foot(.english))
            for _ in 0..<30 {
                terminal.press(" ")
                try terminal.wait(for: foot(.english))
            }
            #expect(terminal.screen.text.contains("atomicity is broken"))
            terminal.press("q")
            try terminal.wait(for: LessonMessages.keysFinish.english)
            #expect(terminal.screen.text.contains("Left two-phase-commit decision-before-disk"))
            terminal.press(" ")
            let ending = try terminal.end()
            #expect(ending.code == 0)
            #expect(ending.isRestored)
        }

        @Test func `Control-C leaves the terminal as it was`() throws {
            let terminal = try step(.english)
            try terminal.wait(for: foot(.english))
            terminal.press("\u{3}")
            let ending = try terminal.end()
            #expect(ending.code == 130)
            #expect(ending.isRestored)
        }

        /// Runs `zoolab` with these keys in a pipe.
        private func piped(_ keys: String, _ arguments: String) throws -> (code: Int32, text: String) {
            let program = try #require(ZooLabProcess.executable).path
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "printf '\(keys)' | '\(program)' \(arguments) 2>&1"]
            process.environment = ProcessInfo.processInfo.environment.merging(["COLUMNS": "80"]) { _, new in new }
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let text = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return (process.terminationStatus, String(decoding: text, as: UTF8.self))
        }

        @Test func `keys come through a pipe too, and a saved run is gone on with`() throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "zoolab-steps-\(UUID().uuidString)")
                .path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let scene = "run two-phase-commit --step --scene"
            let saved = try piped("     c1s\(folder)/a.replay\\ns\(folder)/a.svg\\n", "\(scene) happy-path")
            #expect(saved.code == 0, "\(saved.text)")
            #expect(saved.text.contains("DOWN"))
            #expect(!saved.text.contains("\u{1B}"))
            #expect(FileManager.default.fileExists(atPath: folder + "/a.svg"))
            let again = try piped("r", "replay \(folder)/a.replay --step")
            #expect(again.code == 0, "\(again.text)")
            #expect(again.text.contains("RESTARTS"))
            let broken = try piped(String(repeating: " ", count: 60), "\(scene) decision-before-disk")
            #expect(broken.code == 1)
            #expect(broken.text.contains("atomicity is broken"))
            #expect(try piped("", "\(scene) happy-path --json").code == 64)
            #expect(try piped("", "\(scene) hapy-path").code == 64)
        }
    }
#endif
