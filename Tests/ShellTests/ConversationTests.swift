import CoordinationClient
import Goldens
import LoopbackServer
import Messages
import Shell
import Testing

/// Whole conversations with a real server.
struct ConversationTests {
    /// Each golden is its own script: what stands behind "$ " is said again, and must cause as many events as the golden tells
    /// of. All but `servers.txt`, whose server is always our own, were recorded with Apache's server, and differ from what its
    /// Java shell prints in the order of unordered lists and in old spellings only.
    @Test(arguments: ["nodes.txt", "access.txt", "watches.txt", "servers.txt"])
    func `commands answer as recorded`(name: String) async throws {
        let lines = try Golden.text(name).split(separator: "\n")
        let starts = lines.indices.filter { lines[$0].hasPrefix("$ ") }
        var transcript = try await Transcript()
        await transcript.shell.start()
        await transcript.listener.wait { $0.contains("SyncConnected") }
        _ = transcript.listener.take()
        for (start, end) in zip(starts, starts.dropFirst() + [lines.endIndex]) {
            let events = lines[start..<end].count { $0.hasPrefix("WatchedEvent") }
            await transcript.say(String(lines[start].dropFirst(2)), events: events)
        }
        try await transcript.end()
        #expect(try Golden.difference(transcript.text, name) == nil)
    }

    /// As scripts see it: one command, and the code that the shell ends with.
    @Test func `every kind of failure has its code`() async throws {
        let transcript = try await Transcript()
        await transcript.shell.start()
        for (line, code) in [
            ("create /a 1", 0), ("get /a", 0), ("get /none", 1), ("nosuch", 127), ("ls", 1), ("ls relative", 1),
            ("ls -x /", 1), ("set -v 7 /a x", 1), ("set -v x /a x", 1), ("delete /none", 1), ("deleteall /none", 1),
            ("create /b x nosuch:x:r", 1), ("listquota /none", 0), ("delquota /none", 0), ("setquota -n 1 /none", 1),
            ("addWatch -m NOSUCH /a", 1), ("removewatches /none", 1), ("reconfig", 1), ("redo 99", 1), ("sync /a", 0),
            ("", 0), ("   ", 0), ("rmr /a", 0), ("version", 0), ("history", 0), ("close", 0),
        ] as [(String, Int32)] {
            await transcript.shell.execute(line: "version")
            await transcript.shell.execute(line: line)
            #expect(await transcript.shell.exitCode == code, "\(line)")
        }
        try await transcript.end()
    }

    @Test func `a root is the world`() async throws {
        let server = try await Transcript.server()
        let outside = try await server.connect("B")
        try await outside.create("/app")
        var transcript = try await Transcript(["-waitforconnection"], root: "/app", server: server)
        await transcript.shell.start()
        for line in ["create /a 1", "ls /", "get /a", "get /none", "create -e /e", "getEphemerals"] {
            await transcript.say(line)
        }
        #expect(try await outside.getChildren("/app") == ["a", "e"])
        await outside.close()
        #expect(
            transcript.text.split(separator: "\n", omittingEmptySubsequences: false).filter {
                !$0.hasPrefix("WatchedEvent")
            }.dropFirst(2) == [
                "Created /a", "$ ls /", "[a]", "$ get /a", "1", "$ get /none", "Node does not exist: /none",
                "$ create -e /e", "Created /e", "$ getEphemerals", "[/e]", "",
            ])
        try await transcript.end()
    }

    @Test func `a server that is not there is waited for no longer than the timeout`() async throws {
        let listener = Listener()
        let options = try ShellOptions(["-server", "127.0.0.1:1", "-timeout", "150", "-waitforconnection", "ls", "/"])
        let shell = Shell(options, output: listener.output)
        await shell.start()
        #expect(await shell.exitCode == 1)
        #expect(listener.take().contains("KeeperErrorCode = ConnectionLoss"))
        await shell.execute(line: "connect nowhere//")
        #expect(listener.take().contains("names no servers"))
        await shell.finish()
    }

    @Test func `without a server a command fails at once, and the reason is said once`() async throws {
        let listener = Listener()
        let shell = Shell(try ShellOptions(["-server", "127.0.0.1:1"]), language: .chinese, output: listener.output)
        await shell.start()
        await shell.execute(words: ["get", "/a"])
        #expect(await shell.exitCode == 1)
        await shell.execute(words: ["whoami"])
        let said = listener.take()
        #expect(said.contains("KeeperErrorCode = ConnectionLoss for /a\n"))
        #expect(said.hasSuffix("KeeperErrorCode = ConnectionLoss\n"))
        #expect(said.split(separator: "\n").count { $0.contains("没有程序在接受连接") } == 1)
        #expect(await shell.prompt == "[zk: 127.0.0.1:1(CONNECTING) 0] ")
        await shell.finish()
    }

    @Test func `the tab key finds commands and paths`() async throws {
        let transcript = try await Transcript()
        await transcript.shell.start()
        await transcript.shell.execute(line: "create /abc")
        await transcript.shell.execute(line: "create /abd")
        await transcript.shell.execute(line: "create /abd/e")
        for (before, expected) in [
            ("get", ["get", "getAcl", "getAllChildrenNumber", "getEphemerals"]),
            ("r", ["reconfig", "redo", "removewatches"]),
            ("ls /ab", ["/abc", "/abd"]), ("ls /abd/", ["/abd/e"]), ("ls /x", []), ("ls ab", []),
            ("get -s /z", ["/zookeeper"]), ("get -s ", ["/abc", "/abd", "/zookeeper"]), ("set /abc ", []),
            ("reconfig ", []), ("whoami ", []), ("nosuch ", []), ("get -", []),
            ("ls /none/", []),
        ] as [(String, [String])] {
            #expect(await transcript.shell.completions(of: before) == expected, "\(before)")
        }
        try await transcript.end()
    }

    @Test func `the prompt says where one is`() async throws {
        let transcript = try await Transcript()
        #expect(await transcript.shell.prompt == "[zk: (CLOSED) 0] ")
        await transcript.shell.start()
        await transcript.shell.execute(line: "ls /")
        let address = transcript.server.address("A")
        #expect(await transcript.shell.prompt == "[zk: \(address)(CONNECTED) 1] ")
        #expect(await transcript.shell.exitCode == 0)
        await transcript.shell.execute(line: "nosuch")
        #expect(await transcript.shell.exitCode == 127)
        await transcript.shell.execute(line: "quit")
        #expect(await transcript.shell.hasQuit)
        try await transcript.end()
    }
}
