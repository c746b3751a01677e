import EventLoop
import Foundation
import Grading
import Messages
import Synchronization
import Testing

/// What the sandbox keeps from a program, and that every level of it runs what is right and stops what is not.
@Suite(.serialized)
struct SandboxTests {
    @Test(.enabled(if: Sandbox.best.isolatesNetwork, "Needs bubblewrap and network namespaces."))
    func `a program reaches the exercise's ports and no other`() async throws {
        let neighbour = try await Neighbour()
        let program = """
            import socket, sys
            try:
                socket.create_connection(("127.0.0.1", \(neighbour.port)), 2)
                sys.exit(9)
            except OSError as error:
                print("no way out:", error)
            from right import ExclusiveLock
            from zoolab_exercise import run
            run(ExclusiveLock)
            """
        let inside = try await grade(program, at: Sandbox(level: .bubblewrap), [.makesProgress])
        #expect(inside.isPerfect, "\(inside.text(in: .english))")
        #expect(inside.text(in: .english).contains("Network: only the exercise's ports."))
        #expect(neighbour.visits == 0)
        // Where the network is shared the same program does get through, so the neighbour was there.
        let outside = try await grade(program, at: Sandbox(level: .sharedNetwork), [.makesProgress])
        #expect(outside.checks.first?.happened.english.contains("exit status 9") == true)
        #expect(outside.text(in: .english).contains("The network is shared with this machine"))
        #expect(neighbour.visits > 0)
        await neighbour.close()
    }

    @Test func `a right program passes at the weakest level, faults included`() async throws {
        let right = "from right import *\nfrom zoolab_exercise import run\nrun(ExclusiveLock)\n"
        let report = try await grade(
            right, at: Sandbox(level: .limits),
            [.releasesOnExpiry, .fencingTokenRises, .survivesConnectionLoss])
        #expect(report.isPerfect, "\(report.text(in: .english))")
        #expect(report.sandbox == .limits)
        #expect(report.text(in: .chinese).contains("不要这样给陌生人的提交评分"))
    }

    @Test func `a program that hangs is stopped at the weakest level, with all that it started`() async throws {
        let mark = "sleep-\(UUID().uuidString)"
        let report = try await grade(
            "import os, time\nif os.fork() == 0: os.execv('/bin/sleep', ['\(mark)', '600'])\ntime.sleep(600)\n",
            at: Sandbox(level: .limits), [.makesProgress])
        #expect(report.checks.first?.happened.english.contains("did not say that it was ready") == true)
        #expect(!report.hasJudgeFailure)
        #expect(try await processes(of: mark) == 0)
    }

    @Test func `a program that forks is stopped at the weakest level, with all that it started`() async throws {
        let mark = "sleep-\(UUID().uuidString)"
        let report = try await grade(
            """
            import os, time
            while True:
                if os.fork() == 0: os.execv('/bin/sleep', ['\(mark)', '600'])
                time.sleep(0.005)
            """, at: Sandbox(level: .limits), [.makesProgress])
        #expect(report.checks.first?.happened.english.contains("processes and was stopped") == true)
        #expect(!report.hasJudgeFailure)
        #expect(try await processes(of: mark) == 0)
    }

    private func grade(_ program: String, at sandbox: Sandbox, _ rules: Set<RuleID>) async throws -> SubmissionReport {
        let right = CorpusEntry.fixtures.appendingPathComponent("exclusive-lock/right-python/main.py")
        let folder = try makeFolder([
            "submission.json": "{\"exercise\":\"exclusive-lock\",\"language\":\"python\"}", "main.py": program,
            "right.py": try String(contentsOf: right, encoding: .utf8),
        ])
        defer { try? FileManager.default.removeItem(at: folder) }
        var grader = try Grader(contentRoot: ContentTests.root, environment: ProcessInfo.processInfo.environment)
        grader.sandbox = sandbox
        grader.rules = rules
        return await grader.grade(folder)
    }

    /// How many processes live on whose command line holds `mark`; those that are dying get some time to.
    private func processes(of mark: String) async throws -> Int {
        var count = 0
        for _ in 0..<100 {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            count = names.count { name in
                let file = Int32(name) == nil ? nil : FileHandle(forReadingAtPath: "/proc/\(name)/cmdline")
                let line = (try? file?.readToEnd()) ?? nil
                return line.map { String(decoding: $0, as: UTF8.self).contains(mark) } ?? false
            }
            if count == 0 { return 0 }
            try await Task.sleep(for: .milliseconds(50))
        }
        return count
    }
}

/// A server on this machine's loopback that is none of the exercise's business.
private final class Neighbour: Sendable {
    let port: UInt16
    private let thread: LoopThread
    private let visitors: Visitors

    private final class Visitors: Sendable {
        let count = Mutex(0)
    }

    var visits: Int { visitors.count.withLock { $0 } }

    init() async throws {
        let (thread, visitors) = (try LoopThread(), Visitors())
        (self.thread, self.visitors) = (thread, visitors)
        port = try await thread.run { loop in
            let listener = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { connection in
                visitors.count.withLock { $0 += 1 }
                connection.close()
            }
            return listener.port
        }
    }

    func close() async { await thread.stop() }
}
