import Bytes
import CoordinationCore
import CoordinationServer
import Foundation
import Messages
import Synchronization
import Testing
import WireProtocol

struct ServerLogTests {
    private final class Lines: Sendable {
        let all = Mutex("")
        var output: LogOutput { LogOutput { line in self.all.withLock { $0 += line } } }
        var text: String { all.withLock { $0 } }
    }

    private let words = LocalizedText("The “disk” is slow", zh: "磁盘很慢")
    private let noon = Int64(1_795_230_878_250)

    @Test func `lines have a time, a level, words and fields`() {
        let lines = Lines()
        let log = ServerLog(level: .info, language: .english, output: lines.output) { [noon] in noon }
        log.write(.debug, words)
        log.write(.info, words)
        log.write(.warning, words, [ServerLog.Field("took", "3 ms")])
        #expect(
            lines.text == """
                2026-11-21T03:14:38.250Z INFO    The “disk” is slow
                2026-11-21T03:14:38.250Z WARNING The “disk” is slow took=3 ms

                """)
    }

    @Test func `JSON lines, in Chinese`() {
        let lines = Lines()
        let log = ServerLog(level: .trace, format: .json, language: .chinese, output: lines.output) { [noon] in noon }
        log.write(.error, words, [ServerLog.Field("file", "a\"b")])
        #expect(
            lines.text
                == #"{"time":"2026-11-21T03:14:38.250Z","level":"error","message":"磁盘很慢","file":"a\"b"}"# + "\n")
    }

    @Test func `a message below the level is not even made`() {
        let log = ServerLog(level: .warning, language: .english, output: LogOutput { _ in })
        func expensive() -> LocalizedText {
            Issue.record("the message was made")
            return words
        }
        log.write(.info, expensive())
    }

    @Test func `a file that was moved away is opened anew`() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/server.log"
        let log = ServerLog(level: .info, language: .english, output: try LogOutput(file: path))
        log.write(.info, words)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        log.write(.info, words)
        log.reopen()
        log.write(.info, words)
        func lineCount(_ file: String) throws -> Int {
            try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").count
        }
        #expect(try lineCount(path + ".1") == 2)
        #expect(try lineCount(path) == 1)
        let failure = #expect(throws: ConfigurationFailure.self) { try LogOutput(file: folder.path + "/none/x") }
        #expect(failure?.message.english.contains("/none/x cannot be opened: No such file") == true)
    }

    @Test func `levels are known by ZooKeeper's words too`() {
        #expect(ServerLog.Level(named: "WARN") == .warning)
        #expect(ServerLog.Level(named: "Debug") == .debug)
        #expect(ServerLog.Level(named: "loud") == nil)
    }

    @Test func `audit lines have ZooKeeper's form`() {
        let record = AuditRecord(
            session: SessionID(rawValue: 0x1_0000), users: ["10.0.0.7", "ann"], host: "10.0.0.7", operation: .create,
            path: "/a\nresult=success", mode: "ephemeral", isSuccess: false)
        #expect(
            AuditLog.line(record, serverUser: "root")
                == "session=0x10000\tuser=10.0.0.7,ann\tip=10.0.0.7\toperation=create\tznode=/a\\nresult=success"
                + "\tznode_type=ephemeral\tresult=failure\n")
        #expect(
            AuditLog.line(AuditRecord(operation: .serverStop, isSuccess: true), serverUser: "root")
                == "user=root\toperation=serverStop\tresult=invoked\n")
    }
}
