import CommandLines
import Commands
import Messages
import Testing

struct ExploreCommandTests {
    @Test(arguments: Language.allCases)
    func `published numbers stand beside ours`(language: Language) async {
        let recorder = CommandRecorder()
        #expect(await recorder.run(["explore", "--golden", "TCommit", "TwoPhase"], language: language) == .pass)
        #expect(recorder.out.contains("34 = 34") && !recorder.out.contains("≠"))
        #expect(recorder.out.contains(PublishedModelMessages.allEqual.text(in: language)))
        #expect(await CommandRecorder().run(["explore", "--golden", "ThreePhase"]) == .usage)
        let rows = CommandRecorder()
        #expect(await rows.run(["explore", "--golden", "TwoPhase", "--json"], language: language) == .pass)
        #expect(rows.out.contains("\"publishedStates\" : 8832") && rows.out.contains("\"states\" : 8832"))
    }

    @Test func `any number of cores prints the same`() async {
        let arguments = ["explore", "two-phase-commit", "--scene", "decision-before-disk", "--json", "--cores"]
        let (one, two) = (CommandRecorder(), CommandRecorder())
        #expect(await one.run(arguments + ["1"]) == .fail)
        #expect(await two.run(arguments + ["3"]) == .fail)
        #expect(one.out == two.out)
        #expect(one.out.contains("\"isExhaustive\" : false"))
    }

    @Test(arguments: Language.allCases)
    func `the verdict says how far it reaches`(language: Language) async {
        let bounded = CommandRecorder()
        #expect(await bounded.run(["explore", "two-phase-commit", "--states", "50"], language: language) == .unknown)
        let walked = CommandRecorder()
        let walks = ["explore", "two-phase-commit", "--walks", "5", "--steps", "30"]
        #expect(await walked.run(walks, language: language) == .unknown)
        let whole = CommandRecorder()
        let small = ["explore", "two-phase-commit", "--scene", "one-no-vote", "--crashes", "0", "--reduce"]
        #expect(await whole.run(small, language: language) == .pass)
        let stopped = CommandRecorder()
        #expect(await stopped.run(walks + ["--states", "40"], language: language) == .unknown)
        #expect(stopped.out.contains("--states"), "\(stopped.out)")
        let words = language == .english ? ["Not exhaustive", "Exhaustive within"] : ["未穷尽", "已穷尽"]
        #expect(bounded.out.contains(words[0]) && walked.out.contains(words[0]))
        #expect(whole.out.contains(words[1]))
    }

    @Test func `what a walk finds is shrunk, drawn from its file, and repeated`() async throws {
        let recorder = CommandRecorder()
        let walk = [
            "explore", "two-phase-commit", "--scene", "decision-before-disk", "--walks", "2000", "--crashes", "3",
        ]
        #expect(await recorder.run(walk) == .fail)
        let line = try #require(
            recorder.out.split(separator: "\n").first { $0.contains(" → ") && $0.contains("events") })
        let numbers = line.split(separator: " ").compactMap { Int($0) }
        #expect(numbers.count >= 2 && numbers[0] > numbers[1], "\(line)")
    }

    @Test func `who is not needed for a violation is not shown`() async throws {
        let recorder = CommandRecorder()
        let walk = [
            "explore", "two-phase-commit", "--scene", "decision-before-disk", "--nodes", "5", "--losses", "3",
            "--walks",
            "2000", "--json",
        ]
        #expect(await recorder.run(walk) == .fail)
        #expect(recorder.out.contains("\"participants\" : 5"), "\(recorder.out)")
        #expect(
            recorder.out.contains("\"participantsNeeded\" : 2") || recorder.out.contains("\"participantsNeeded\" : 1"))
    }

    @Test(arguments: Language.allCases)
    func `a promise that is asked for twice is told once`(language: Language) async {
        let twice = ["--crashes", "0", "--invariant", "atomicity", "--invariant", "atomicity"]
        let recorder = CommandRecorder()
        #expect(await recorder.run(["explore", "two-phase-commit"] + twice, language: language) == .pass)
        #expect(recorder.out.split(separator: "\n").count { $0.contains("atomicity") } == 1, "\(recorder.out)")
        let machine = CommandRecorder()
        #expect(await machine.run(["explore", "two-phase-commit", "--json"] + twice, language: language) == .pass)
    }

    @Test(arguments: Language.allCases)
    func `a livelock is told as a way and a lap`(language: Language) async {
        let recorder = CommandRecorder()
        let duel = [
            "explore", "paxos", "--scene", "duelling-proposers", "--nodes", "1", "--crashes", "0", "--invariant",
            "progress",
            "--livelock",
        ]
        #expect(await recorder.run(duel, language: language) == .fail)
        let lap = language == .english ? "one lap (10)" : "再走一圈（10 个）"
        #expect(recorder.out.contains(lap), "\(recorder.out)")
    }

    @Test func `a search begins where it is told to`() async {
        let recorder = CommandRecorder()
        let late = ["explore", "two-phase-commit", "--scene", "decision-before-disk", "--until", "P1: uncertain"]
        #expect(await recorder.run(late) == .fail)
        let never = CommandRecorder()
        #expect(
            await never.run(["explore", "two-phase-commit", "--crashes", "0", "--until", "P1: asleep"]) == .unknown)
        #expect(never.out.contains("Nothing was judged: no state was reached in which ‘P1: asleep’"))
        #expect(!never.out.contains("Nothing is broken"))
        let chinese = CommandRecorder()
        #expect(
            await chinese.run(Array(late.dropLast()) + ["P1: 不确定"], language: .chinese) == .fail, "\(chinese.out)")
        #expect(await CommandRecorder().run(["explore", "two-phase-commit", "--until", "P9: uncertain"]) == .usage)
        #expect(await CommandRecorder().run(["explore", "two-phase-commit", "--until", "uncertain"]) == .usage)
    }
}
