import CommandLines
import Commands
import Foundation
import Messages
import Synchronization
import Testing

struct CheckCommandTests {
    private final class Output: Sendable {
        let text = Mutex("")
        let errors = Mutex("")
    }

    /// Runs `zoolab check` on a file with this text.
    private static func check(
        _ text: String, _ arguments: [String] = [], language: Language = .english
    ) async throws -> (code: ExitCode, text: String, errors: String, files: [String: Data]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(text.utf8).write(to: folder.appending(path: "history"))
        let output = Output()
        let context = CommandContext(
            language: language, environment: [:], isTerminal: false, columns: 90, usesColor: false, contentRoot: nil,
            write: { text in output.text.withLock { $0 += text } },
            writeError: { text in output.errors.withLock { $0 += text } })
        let whole = arguments.map { $0.replacing("FOLDER", with: folder.path) }
        let code = await ZooLabCommandLine.run(["check", folder.path + "/history"] + whole, in: context)
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name != "history" {
            files[name] = try Data(contentsOf: folder.appending(path: name))
        }
        let shown = { (text: String) in text.replacing(folder.path + "/", with: "") }
        return (code, output.text.withLock { shown($0) }, output.errors.withLock { shown($0) }, files)
    }

    private static let stale = """
        {"format":"zoolab-trace","version":1,"model":"register"}
        {"n":1,"t":0,"kind":"invoke","node":"A","label":"write 1"}
        {"n":2,"t":1,"kind":"respond","node":"A","label":"ok"}
        {"n":3,"t":2,"kind":"invoke","node":"B","label":"read"}
        {"n":4,"t":3,"kind":"respond","node":"B","label":"nil"}

        """

    @Test func `a stale read is named and drawn`() async throws {
        let result = try await Self.check(Self.stale, ["--draw", "FOLDER/x.svg"])
        #expect(result.code == .fail)
        #expect(
            result.text == """
                history: model register, 2 operations of 2 clients, at most 1 at a time
                Broken promise, linearizable: every operation takes effect at one moment between its call and its answer.
                  But read → nil of client B fits nowhere: it contradicts 1 other operation, whatever the rest did.

                A  ├write 1┤
                B            ├read → nil ✗┤

                Without it, 1 operation can be put in order: write 1 → ok
                Wrote x.svg.

                """)
        let svg = String(decoding: try #require(result.files["x.svg"]), as: UTF8.self)
        #expect(svg.contains("impossibleInterval") && svg.contains("read → nil ✗"))
    }

    @Test func `in Chinese too`() async throws {
        let result = try await Self.check(Self.stale, language: .chinese)
        #expect(result.text.contains("客户端 B 的 read → nil 放在哪里都不成立"))
    }

    @Test func `weaker promises hold`() async throws {
        let result = try await Self.check(Self.stale, ["--promise", "sequential", "--promise", "causal"])
        #expect(result.code == .pass)
        #expect(result.text.contains("Promise kept, sequential") && result.text.contains("Promise kept, causal"))
        let all = try await Self.check(Self.stale, ["--promise", "all", "--json"])
        #expect(all.code == .fail)
        #expect(all.text.split(separator: "\n").count == 11)
        #expect(all.text.contains("\"promise\":\"eventual\",\"reason\""))
    }

    @Test func `logs of other checkers are read as they are`() async throws {
        let jepsen = "INFO  jepsen.util - 0\t:invoke\t:write\t3\nINFO  jepsen.util - 0\t:ok\t:write\t3\n"
        #expect(try await Self.check(jepsen).code == .pass)
        #expect(try await Self.check(jepsen, ["--model", "queue"]).code == .usage)
        let keyValue =
            "{:process 0, :type :invoke, :f :get, :key \"3\", :value nil}\n"
            + "{:process 0, :type :ok, :f :get, :key \"3\", :value \"x\"}\n"
        #expect(try await Self.check(keyValue).code == .fail)
    }

    @Test func `a limit makes it unknown`() async throws {
        let result = try await Self.check(Self.stale, ["--placements", "1", "--promise", "sequential"])
        #expect(result.code == .unknown)
        #expect(result.text.contains("Not known, sequential: 1 tries"))
    }

    @Test(arguments: [
        (["--model", "tree"], ExitCode.usage, "There is no model ‘tree’"),
        (["--promise", "casual"], .usage, "Did you mean ‘causal’?"),
        (["--draw", "x.gif"], .usage, ".svg"),
        (["--model", "queue"], .toolFailed, "‘write 1’ is nothing that a queue can be asked"),
    ])
    func `what is wrong is said`(arguments: [String], code: ExitCode, words: String) async throws {
        let result = try await Self.check(Self.stale, arguments)
        #expect(result.code == code)
        #expect(result.errors.contains(words), "\(result.errors)")
    }

    @Test func `a trace must say what it is about`() async throws {
        let result = try await Self.check(Self.stale.replacing(#","model":"register""#, with: ""))
        #expect(result.code == .usage)
        #expect(result.errors.contains("--model"))
        let twice = Self.stale.replacing("read", with: "cas 1 2").replacing("nil", with: "ok")
        let refused = try await Self.check(twice, ["--promise", "causal"])
        #expect(refused.code == .toolFailed)
        #expect(refused.errors.contains("more than a read or a write"))
    }
}
