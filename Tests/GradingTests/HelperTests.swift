import CoordinationCore
import CoordinationServer
import EventLoop
import FaultProxy
import Foundation
import Grading
import StateMachines
import Testing

/// The golden transcripts, spoken by the helpers that students get: real processes, a real server, a real resource.
@Suite(.serialized)
struct HelperTests {
    @Test(arguments: ["lock", "election"], SubmissionLanguage.allCases)
    func `a helper speaks as the golden transcript says`(kind: String, language: SubmissionLanguage) async throws {
        let exercise = try #require(ContentTests.exercises.first { $0.kind.rawValue == kind })
        let source = CorpusEntry.fixtures.appendingPathComponent("rehearsal/\(kind)/\(language.mainFile)")
        let folder = try makeFolder([
            "handed-in/submission.json": "{\"exercise\":\"\(exercise.id)\",\"language\":\"\(language.rawValue)\"}",
            "handed-in/\(language.mainFile)": try String(contentsOf: source, encoding: .utf8),
        ])
        defer { try? FileManager.default.removeItem(at: folder) }
        let builder = Builder(
            contentRoot: ContentTests.root, environment: ProcessInfo.processInfo.environment, sandbox: .best)
        let runnable = try await builder.build(
            Submission(folder: folder.appendingPathComponent("handed-in")), of: exercise, in: folder)
        let lines = try Transcript(named: "control-\(kind)").lines
        let rehearsal = try Rehearsal(lines, kind: exercise.kind, folder: folder.path + "/data")
        let problems = try rehearsal.play(runnable)
        #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
    }
}

/// One helper behind a fault proxy, which gets the commands of a transcript and must answer as it says. All on one loop.
private final class Rehearsal {
    private let lines: [Transcript.Line]
    private let kind: ExerciseKind
    private let loop: EventLoop
    private let server: CoordinationServer
    private let proxy: FaultProxy
    private var resource: Resource
    private var position = 0
    private var rest: [UInt8] = []
    private var problems: [String] = []
    private var child: ChildProcess?
    private var listener: TCPListener?

    init(_ lines: [Transcript.Line], kind: ExerciseKind, folder: String) throws {
        (self.lines, self.kind) = (lines, kind)
        resource = Resource(kind: kind)
        loop = try EventLoop()
        var options = ServerOptions()
        options.port = 0
        options.dataFolder = folder
        options.core.tickTime = .milliseconds(100)
        options.core.maxSessionTimeoutMilliseconds = 1_000
        server = try CoordinationServer(options, on: loop)
        proxy = FaultProxy(host: "127.0.0.1", port: server.port, on: loop)
    }

    /// Returns what was not as it must be.
    func play(_ runnable: Runnable) throws -> [String] {
        defer { loop.close() }
        let listener = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { [unowned self] in serve($0) }
        self.listener = listener
        var launch = ProcessLaunch(runnable.command[0], Array(runnable.command.dropFirst()))
        launch.workingDirectory = runnable.folder
        launch.environment = [
            ("ZK_CONNECT", "127.0.0.1:\(try proxy.addClient("A"))"), ("RESOURCE_ADDR", "127.0.0.1:\(listener.port)"),
            ("EXERCISE_ROLE", kind.role), ("EXERCISE_ID", "A"), ("EXERCISE_PATH", "/rehearsal"),
            ("EXERCISE_SEED", "1"), ("PATH", "/usr/bin:/bin"),
        ]
        (launch.standardInput, launch.standardOutput) = (.pipe, .pipe)
        let child = try ChildProcess(launch, on: loop) { [unowned self] in ended($0) }
        self.child = child
        child.standardOutput?.onBytes = { [unowned self] in hear($0) }
        child.standardOutput?.startReading()
        loop.schedule(after: .seconds(30)) { [unowned self] in
            problems.append("After half a minute it had come to line \(position) of \(lines.count).")
            loop.stop()
        }
        loop.run()
        return problems
    }

    private func ended(_ exit: ProcessExit) {
        if exit != .code(0) || position != lines.count {
            problems.append("It ended with \(exit) after \(position) of \(lines.count) lines.")
        }
        loop.stop()
    }

    private func hear(_ bytes: UnsafeRawBufferPointer) {
        rest.append(contentsOf: bytes)
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            compare(String(decoding: rest[..<end], as: UTF8.self))
            rest.removeSubrange(...end)
            speak()
        }
    }

    /// `text` is for people: each language's helper has its own words.
    private func compare(_ line: String) {
        guard position < lines.count, lines[position].sign == "<" else {
            return problems.append("It said without being asked: \(line)")
        }
        func meaning(_ line: String) -> ControlLine {
            guard case .reply(var reply) = ControlLine(line) else { return ControlLine(line) }
            reply.text = nil
            return .reply(reply)
        }
        if meaning(line) != meaning(lines[position].text) {
            problems.append("It said \(line), not \(lines[position].text)")
        }
        position += 1
    }

    /// Sends the next command, or ends the input.
    private func speak() {
        guard position < lines.count else { return child?.standardInput?.close() ?? () }
        guard lines[position].sign == ">" else { return }
        if position + 1 < lines.count, case .reply(let reply) = ControlLine(lines[position + 1].text) {
            provoke(reply.error)
        }
        child?.standardInput?.write(Array((lines[position].text + "\n").utf8))
        position += 1
    }

    /// Makes the world such that the next command must end with `error`.
    private func provoke(_ error: String?) {
        switch error {
        case "refused": _ = resource.answer("\(kind.enterWord) B 1000", from: "B")
        case "connection-loss": proxy.add(.loseReply(of: "A", to: "create"))
        case "session-expired":
            do {
                try proxy.expireSession(of: "A")
            } catch {
                problems.append("\(error)")
            }
        default: break
        }
    }

    private func serve(_ connection: TCPConnection) {
        connection.write(Array((Resource.greeting + "\n").utf8))
        connection.onBytes = { [unowned self, unowned connection] bytes in
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
                connection.write(Array((resource.answer(String(line), from: "A").answer.line + "\n").utf8))
            }
        }
        connection.startReading()
    }
}
