#if os(Linux)
    import Foundation
    import Messages
    import Testing

    /// The lesson player at a real terminal: keys, window, interrupts, and what is left of them.
    @Suite(.serialized) struct LessonTerminalTests {
        private static let root = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../..").standardizedFileURL.path
        private static let lesson = "two-phase-commit"

        /// A home for one student.
        private final class Student {
            let folder = FileManager.default.temporaryDirectory.appending(path: "zoolab-student-\(UUID().uuidString)")
                .path
            let language: Language
            var content = LessonTerminalTests.root

            init(_ language: Language) { self.language = language }
            deinit { try? FileManager.default.removeItem(atPath: folder) }

            func learn(_ arguments: String...) throws -> TerminalProcess {
                try TerminalProcess(
                    ["learn", LessonTerminalTests.lesson, "--lang", language.rawValue, "--out", folder + "/out"]
                        + arguments,
                    environment: ["HOME": folder, "XDG_STATE_HOME": "", "ZOOLAB_HOME": content])
            }

            var progress: String? {
                try? String(contentsOfFile: folder + "/.local/state/zoolab/progress", encoding: .utf8)
            }

            func says(_ text: LocalizedText) -> String { text.text(in: language) }
        }

        @Test(arguments: Language.allCases)
        func `a lesson is read, answered, left and taken up again`(language: Language) throws {
            let student = Student(language)
            let first = try student.learn()
            try first.wait(for: student.says(LessonMessages.keysBegin))
            #expect(first.screen.lines[1] == String(repeating: "═", count: DisplayWidth.of(first.screen.lines[0])))

            try first.press(" ", turningPagesTo: student.says(LessonMessages.keysNext), in: language)
            #expect(first.screen.text.contains(student.says(LessonMessages.step(1, of: 14))))
            #expect(student.progress == nil)
            try first.press("\r", turningPagesTo: student.says(LessonMessages.keysAnswer(3)), in: language)
            #expect(first.screen.text.contains(student.says(LessonMessages.step(2, of: 14))))
            #expect(first.screen.text.contains(student.says(LessonMessages.prediction)))

            first.press("x")  // No answer.
            try first.wait(for: student.says(LessonMessages.keysAnswer(3)))
            try first.press("2", turningPagesTo: student.says(LessonMessages.keysRun), in: language)
            #expect(first.screen.text.contains(student.says(LessonMessages.guessed(2))))
            #expect(first.screen.text.contains("$ zoolab run two-phase-commit"))
            first.press(" ")
            try first.wait(for: student.says(LessonMessages.keysMore))
            #expect(first.screen.text.contains("PREPARE"))
            first.press("d")
            try first.wait(for: student.says(LessonMessages.keysMore))
            #expect(first.screen.text.contains(student.says(LessonMessages.pictureIsAt("")).prefix(10)))
            #expect(first.screen.text.contains("happy.svg"))
            try first.press(" ", turningPagesTo: student.says(LessonMessages.keysNext), in: language)
            #expect(first.screen.text.contains(student.says(LessonMessages.wrong)))

            first.press("q")
            let ending = try first.end()
            #expect(ending.code == 0)
            #expect(ending.isRestored)
            #expect(first.screen.text.contains(student.says(LessonMessages.placeKept(Self.lesson))))
            #expect(student.progress?.hasSuffix("\n\(Self.lesson) 1\n") == true)

            let second = try student.learn()
            try second.wait(for: student.says(LessonMessages.keysAnswer(3)))
            #expect(second.screen.lines[0] == student.says(LessonMessages.resumed(2)))
            second.press("b")
            try second.wait(for: student.says(LessonMessages.step(1, of: 14)))
            second.press("\u{4}")
            #expect(try second.end().code == 0)
        }

        @Test(arguments: Language.allCases)
        func `a challenge is answered, and Control-C at the prompt ends the lesson`(language: Language) throws {
            let student = Student(language)
            let terminal = try student.learn("--from", "11")
            let prompt = student.says(LessonMessages.faultPrompt(1))
            try terminal.wait(for: prompt)
            terminal.press("crsh C\r\r")
            try terminal.wait(for: student.says(LessonMessages.faultsUnreadable) + "\n" + prompt)
            terminal.press("crash C after receive NO\u{7F}\u{7F}YES 2\r")
            try terminal.wait(for: student.says(LessonMessages.faultPrompt(2)))
            try terminal.press("\r", turningPagesTo: student.says(LessonMessages.keysRun), in: language)
            #expect(terminal.screen.text.contains(student.says(LessonMessages.attemptBroke)))
            #expect(terminal.screen.text.contains("$ zoolab explore"))
            try terminal.press("\r", turningPagesTo: student.says(LessonMessages.keysNext), in: language)
            terminal.press("\r")
            try terminal.wait(for: student.says(LessonMessages.keysAnswer(3)))
            terminal.press("\u{3}")
            let ending = try terminal.end()
            #expect(ending.code == 130)
            #expect(ending.isRestored)
            #expect(terminal.screen.text.contains(student.says(LessonMessages.placeKept(Self.lesson))))
            #expect(student.progress?.hasSuffix("\n\(Self.lesson) 11\n") == true)
        }

        @Test(arguments: ["\u{3}", "q\r", "b\r"])
        func `a student who is asked for faults can leave`(keys: String) throws {
            let student = Student(.english)
            let terminal = try student.learn("--from", "11")
            try terminal.wait(for: student.says(LessonMessages.faultPrompt(1)))
            if keys == "b\r" {
                let prompt = "q quits.\n" + student.says(LessonMessages.faultPrompt(1))
                try terminal.press(keys, turningPagesTo: prompt, in: .english)
                #expect(terminal.screen.text.contains("atomicity"))
                terminal.press("q\r")
            } else {
                terminal.press(keys)
            }
            let ending = try terminal.end()
            #expect(ending.code == (keys == "\u{3}" ? 130 : 0))
            #expect(ending.isRestored)
        }

        @Test func `a window of another size is drawn anew`() throws {
            let student = Student(.english)
            let terminal = try student.learn("--from", "2")
            let hint = student.says(LessonMessages.keysAnswer(3))
            try terminal.wait(for: hint)
            let before = terminal.screen.lines
            terminal.resize(columns: 100, rows: 40)
            try terminal.wait(for: hint)
            #expect(terminal.screen.lines.contains { $0.count > 80 })
            terminal.resize(columns: 66, rows: 20)
            try terminal.wait(for: hint)
            #expect(terminal.screen.lines.allSatisfy { $0.count <= 66 })
            #expect(terminal.screen.lines.last?.hasSuffix(hint) == true)
            terminal.resize(columns: 80, rows: 24)
            try terminal.wait(for: hint)
            #expect(terminal.screen.lines.filter { !$0.isEmpty } == before.filter { !$0.isEmpty })

            try terminal.press("3", turningPagesTo: student.says(LessonMessages.keysRun), in: .english)
            terminal.press(" ")
            try terminal.wait(for: student.says(LessonMessages.keysMore))
            terminal.resize(columns: 66, rows: 30)
            try terminal.wait(for: student.says(LessonMessages.keysMore))
            let drawing = terminal.screen.lines.filter { $0.contains("│") }
            #expect(drawing.contains { $0.hasSuffix("…") })
            #expect(drawing.allSatisfy { !$0.hasPrefix("│") }, "rows of a drawing stay rows")
            terminal.press("q")
            #expect(try terminal.end().code == 0)
        }

        @Test(arguments: Language.allCases)
        func `Control-C ends a command that runs`(language: Language) throws {
            let student = Student(language)
            student.content = student.folder + "/content"
            let lesson = student.content + "/Lessons/01-\(Self.lesson)"
            try FileManager.default.createDirectory(atPath: lesson, withIntermediateDirectories: true)
            let title = #"{"en": "Long", "zh": "很长"}"#
            // More states than anybody waits for.
            let text = """
                ## One

                ## Two

                ```zoolab
                zoolab explore two-phase-commit --nodes 5 --crashes 5 --losses 5 --states 1000000000
                ```
                """
            let files = [
                ("lesson.json", #"{"id": "\#(Self.lesson)", "prerequisites": [], "minutes": 3, "title": \#(title)}"#),
                ("lesson.en.md", text), ("lesson.zh.md", text),
            ]
            for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(lesson)/\(name)")) }

            let terminal = try student.learn()
            try terminal.wait(for: student.says(LessonMessages.keysNext))
            terminal.press(" ")
            try terminal.wait(for: student.says(LessonMessages.keysRun))
            terminal.press(" ")
            try terminal.wait(for: student.says(LessonMessages.running))
            terminal.press("\u{3}")
            let ending = try terminal.end()
            #expect(ending.code == 130)
            #expect(ending.isRestored)
            #expect(!terminal.screen.text.contains(student.says(LessonMessages.running)))
            #expect(terminal.screen.text.contains(student.says(LessonMessages.placeKept(Self.lesson))))
            #expect(student.progress?.hasSuffix("\n\(Self.lesson) 1\n") == true)
        }
    }
#endif
