import LessonEngine
import Messages
import Terminal
import Testing

struct LessonReaderTests {
    static let header = LessonHeader(
        id: "sample", prerequisites: [], minutes: 1, title: LocalizedText("Sample", zh: "样例"), folder: "sample")

    static func read(_ text: String) throws(LessonProblem) -> Lesson {
        try LessonReader(file: "lesson.en.md").lesson(text, header: header, language: .english)
    }

    static let sample = """
        # Sample

        An introduction.

        ## First step

        Text with a [link](https://example.org).

        ```quiz
        What will it say?

        [ ] Nothing.
            It always says something,
            even twice.
        [x] Hello.
            Hello is what it says.
        ```

        Between.

        ```zoolab exit=1
        zoolab run hello --draw hello.svg
        zoolab replay "two words" 'and more'
        ```

        ## Second step

        ```break-it
        protocol: two-phase-commit
        options: --participants 2
        invariant: atomicity
        bounds: --crashes 1
        answer: holds
        example: crash C after send COMMIT 1
        example: restart C
        ```
        """

    @Test func `steps, commands, questions and challenges are read`() throws {
        let lesson = try Self.read(Self.sample)
        #expect(lesson.introduction.count == 2)
        #expect(lesson.steps.count == 2)
        guard case .quiz(let quiz) = lesson.steps[0].items[1], case .run(let run) = lesson.steps[0].items[3],
            case .challenge(let challenge) = lesson.steps[1].items[0]
        else {
            Issue.record("unexpected items: \(lesson.steps)")
            return
        }
        #expect(quiz.options.count == 2)
        #expect(quiz.right == 1)
        #expect(quiz.line == 9)
        let explanation = MarkdownRenderer(width: 80, showsLinkTargets: false).lines(of: quiz.options[0].explanation)
        #expect(explanation.map(\.text) == ["It always says something, even twice."])
        #expect(
            run
                == LessonRun(
                    commands: [["run", "hello", "--draw", "hello.svg"], ["replay", "two words", "and more"]],
                    expectedCode: 1, line: 21))
        #expect(
            challenge.attempt(["heal"]) == [
                "run", "two-phase-commit", "--participants", "2", "--invariant", "atomicity", "--show", "diagram",
                "--fault", "heal",
            ])
        #expect(
            challenge.search == [
                "explore", "two-phase-commit", "--participants", "2", "--invariant", "atomicity", "--crashes", "1",
            ])
        #expect(challenge.example == ["crash C after send COMMIT 1", "restart C"])
    }

    static let quizHead = "## A\n\n```quiz\n"
    static let run = "```zoolab\nzoolab run x\n```\n"
    static let mistakes: [(String, Int?)] = [
        ("", nil),
        ("# Only a title\n", nil),
        ("# Title\n\n```zoolab\nzoolab run x\n```\n\n## A\n", 3),
        ("## A\n\n```zoolab\nzoolab run 'x\n```\n", 4),
        ("## A\n\n```zoolab\n\nrm -rf /\n```\n", 5),
        ("## A\n\n```zoolab\nzoolab learn sample\n```\n", 4),
        ("## A\n\n```zoolab\nzoolab\n```\n", 4),
        ("## A\n\n```zoolab\n```\n", 3),
        ("## A\n\n```zoolab fails\nzoolab run x\n```\n", 3),
        (quizHead + "Q?\n[ ] a\n    b\n[x] c\n    d\n```\n", 3),
        (quizHead + "Q?\n[ ] a\n    b\n[x] c\n    d\n```\n\n```quiz\nQ?\n[ ] a\n    b\n[x] c\n    d\n```\n" + run, 3),
        (quizHead + "[ ] a\n    b\n[x] c\n    d\n```\n" + run, 3),
        (quizHead + "Q?\n[x] c\n    d\n```\n" + run, 3),
        (quizHead + "Q?\n[ ] a\n    b\n[ ] c\n    d\n```\n" + run, 3),
        (quizHead + "Q?\n[x] a\n    b\n[x] c\n    d\n```\n" + run, 3),
        (quizHead + "Q?\n[x] a\n    b\n[ ] c\n```\n" + run, 7),
        (quizHead + "Q?\n[x] a\nb\n[ ] c\n    d\n```\n" + run, 6),
        ("## A\n\n```break-it\nprotocol\n```\n", 4),
        ("## A\n\n```break-it\nprotocol: p\nanswer: maybe\ninvariant: i\n```\n", 3),
        ("## A\n\n```break-it\nprotocol: p\nanswer: holds\n```\n", 3),
        ("## A\n\n```break-it\nprotocol: p\nprotocol: q\n```\n", 5),
        ("## A\n\n```break-it\ncolour: red\n```\n", 4),
        ("## A\n\n```break-it\nprotocol: p\nanswer: holds\ninvariant: i\noptions: 'x\n```\n", 3),
    ]

    @Test(arguments: mistakes)
    func `a mistake is reported with its line`(text: String, line: Int?) {
        let problem = #expect(throws: LessonProblem.self) { try Self.read(text) }
        #expect(problem?.line == line)
        #expect(problem?.message.english.hasPrefix("lesson.en.md") == true)
    }

    @Test(
        arguments: [
            ("run x --fault \"crash C after send COMMIT 1\"", ["run", "x", "--fault", "crash C after send COMMIT 1"]),
            ("  a   'b c'd \"\" ", ["a", "b cd", ""]), ("", []), ("'open", nil), ("说 “你好”", ["说", "“你好”"]),
        ] as [(String, [String]?)])
    func `words are split as a shell does`(line: String, words: [String]?) {
        #expect(CommandWords.split(line) == words)
        if let words { #expect(CommandWords.split(CommandWords.join(words)) == words) }
    }
}
