import Foundation
import Grading
import Messages
import Testing

/// Programs that do not play by the rules: one clear sentence each, no points, and the judge stays well.
@Suite(.serialized)
struct BadProgramTests {
    struct Case: CustomStringConvertible, Sendable {
        var description: String
        /// What the report must say, of the submission or of `makes-progress`.
        var sentence: String
        var program: String
    }

    static let cases = [
        Case(description: "does not parse", sentence: "does not compile", program: "def acquire(:\n"),
        Case(
            description: "imports the recipe", sentence: "It uses kazoo.recipe.lock.Lock",
            program: "from kazoo.recipe.lock import Lock\n"),
        Case(
            description: "takes the recipe from the client", sentence: "It uses .Lock (main.py, line 4)",
            program: "import threading\nguard = threading.Lock()\ndef f(client):\n    return client.Lock('/x')\n"),
        Case(description: "exits with 0 at once", sentence: "ended before it was ready (exit status 0)", program: ""),
        Case(
            description: "crashes at once", sentence: "ended before it was ready (exit status 7)",
            program: "raise SystemExit(7)\n"),
        Case(
            description: "prints a fake result and exits", sentence: "ended before it was ready (exit status 0)",
            program: "print('{\"status\":\"passed\",\"points\":100}')\nprint('PASS 100/100')\n"),
        Case(
            description: "answers everything and does nothing", sentence: "did not get in",
            program: """
                import json, sys
                print('{"ready":1}', flush=True)
                for line in sys.stdin:
                    print(json.dumps({"id": json.loads(line)["id"], "ok": True, "token": 1}), flush=True)
                """),
        Case(
            description: "writes without end", sentence: "MB of output and was stopped",
            program: "while True: print('x' * 1000)\n"),
        Case(
            description: "hangs", sentence: "did not say that it was ready within 10 seconds",
            program: "import time\ntime.sleep(600)\n"),
        Case(
            description: "forks without end", sentence: "processes and was stopped",
            program: """
                import os, time
                while True:
                    try:
                        os.fork()
                    except OSError:
                        time.sleep(0.05)
                """),
        Case(
            description: "eats memory", sentence: "of memory and was stopped",
            program: """
                import time
                hoard = []
                while True:
                    hoard.append(b'x' * (16 << 20))
                    time.sleep(0.03)
                """),
        Case(
            description: "is the starter", sentence: "acquire is yours to write",
            program: (try? String(
                contentsOf: ContentTests.root.appendingPathComponent(
                    "Exercises/20-exclusive-lock/starter/python/main.py"),
                encoding: .utf8)) ?? ""),
    ]

    @Test(arguments: cases)
    func `a bad program gets one clear sentence`(bad: Case) async throws {
        let folder = try makeFolder([
            "submission.json": "{\"exercise\":\"exclusive-lock\",\"language\":\"python\"}", "main.py": bad.program,
        ])
        defer { try? FileManager.default.removeItem(at: folder) }
        var grader = try Grader(contentRoot: ContentTests.root, environment: ProcessInfo.processInfo.environment)
        grader.rules = [.makesProgress]
        let report = await grader.grade(folder)
        let said = [report.problem?.english, report.checks.first?.happened.english].compactMap { $0 }.joined(
            separator: " ")
        #expect(said.contains(bad.sentence), "said: \(said)")
        #expect(report.earned == 0)
        #expect(!report.hasJudgeFailure)
        #expect(!report.isPerfect)
    }
}
