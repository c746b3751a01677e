import CommandLines
import Commands
import Loads
import Messages
import Testing

/// What `zoolab bench` prints; never how fast anything was.
@Suite(.serialized) struct BenchCommandTests {
    private static let subjects = ["diagram", "simulate", "explore", "client", "echo", "storage"]

    @Test(arguments: Language.allCases)
    func `every measurement is one line of positive figures`(language: Language) async {
        let recorder = CommandRecorder()
        #expect(
            await recorder.run(["bench", "--quick"] + Self.subjects, language: language) == .pass, "\(recorder.error)")
        #expect(recorder.error.isEmpty)
        let lines = recorder.out.split(separator: "\n")
        #expect(lines.map { String($0.prefix { $0 != " " }) } == Self.subjects)
        for line in lines {
            let figures = line.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
            #expect(figures.count >= 2)
            #expect(figures.dropFirst(line.hasPrefix("diagram") ? 2 : 0).allSatisfy { $0 > 0 }, "\(line)")
        }
        #expect(lines[0].contains("100 "), "a hundredth of the 10,000 messages")
    }

    @Test func `subjects are measured as named`() async {
        let recorder = CommandRecorder()
        #expect(await recorder.run(["bench", "explore", "diagram", "--quick"]) == .pass)
        #expect(recorder.out.split(separator: "\n").map { $0.prefix(7) } == ["explore", "diagram"])
    }

    @Test(arguments: Language.allCases)
    func `what cannot be measured is refused before anything runs`(language: Language) async {
        let recorder = CommandRecorder()
        #expect(await recorder.run(["bench", "diagram", "disk"], language: language) == .usage)
        #expect(recorder.out.isEmpty)
        #expect(recorder.error.contains("disk"))
        #expect(await CommandRecorder().run(["bench", "--fast"], language: language) == .usage)
        let help = CommandRecorder()
        #expect(await help.run(["bench", "--help"], language: language) == .pass)
        #expect((Self.subjects + ["server"] + Load.all.map(\.name)).allSatisfy { help.out.contains($0) })
    }
}
