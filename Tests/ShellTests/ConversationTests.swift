import CoordinationClient
import LoopbackServer
import Shell
import Testing

/// Conversations with a real server.
struct ConversationTests {
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
            ("get -s /z", ["/zookeeper"]),
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
