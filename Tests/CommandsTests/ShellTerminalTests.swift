#if os(Linux)
    import CoordinationClient
    import FaultProxy
    import Foundation
    import LoopbackServer
    import StateMachines
    import Testing

    /// `zoolab shell` at the keyboard, and as a command of scripts.
    struct ShellTerminalTests {
        @Test func `one types, completes, pastes, is told of events, and finds the lines again`() async throws {
            let server = try await LoopbackServer(clients: ["A", "B"])
            let other = try await server.connect("B")
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shell-\(UUID().uuidString)")
            let arguments = ["shell", "-server", server.address("A"), "-waitforconnection"]
            let environment = ["XDG_STATE_HOME": folder.path]

            let terminal = try TerminalProcess(arguments, environment: environment)
            try terminal.wait(for: "(CONNECTED) 0] ")
            terminal.press("cre\t")
            try terminal.wait(for: "ate ")
            terminal.press("/tree-node 数据\r")
            try terminal.wait(for: "Created /tree-node")
            try terminal.wait(for: "(CONNECTED) 1] ")
            terminal.press("get -w /tr\t")
            try terminal.wait(for: "ee-node ")
            terminal.press("\r")
            try terminal.wait(for: "数据")
            try terminal.wait(for: "(CONNECTED) 2] ")
            terminal.press("ls /nothing")
            try terminal.wait(for: "nothing")
            try await other.setData("/tree-node", data: [])
            try terminal.wait(for: "NodeDataChanged path:/tree-node")
            try terminal.wait(for: "ls /nothing")
            terminal.press("\u{3}")
            try terminal.wait(for: "^C")
            try terminal.wait(for: "(CONNECTED) 2] ")
            terminal.press("create /p1\rcreate /p2\rls /\r")
            try terminal.wait(for: "[p1, p2, tree-node, zookeeper]")
            try terminal.wait(for: "(CONNECTED) 5] ")
            terminal.press("ls /p\t")
            try terminal.wait(for: "p1  p2")
            try terminal.wait(for: "(CONNECTED) 5] ls /p")
            #expect(terminal.screen.text.contains("p1  p2\n"), "\(terminal.screen.text)")
            terminal.press("\u{3}")
            try terminal.wait(for: "(CONNECTED) 5] ")
            terminal.press("quit\r")
            #expect(try terminal.end() == (0, true))

            let again = try TerminalProcess(arguments, environment: environment)
            try again.wait(for: "(CONNECTED) 0] ")
            again.press("\u{1B}[A\u{1B}[A")
            try again.wait(for: "ls /")
            again.press("\r")
            try again.wait(for: "[p1, p2, tree-node, zookeeper]")
            try again.wait(for: "(CONNECTED) 1] ")
            again.press("\u{4}")
            #expect(try again.end() == (0, true))
            await other.close()
            try await server.stop()
            try FileManager.default.removeItem(at: folder)
        }

        @Test func `the secure port is talked to at the keyboard and from scripts`() async throws {
            let server = try await LoopbackServer.secure()
            let address = try #require(server.secureAddress)
            let files = LoopbackServer.certificates
            let keys = [
                "-ca", files + "authority.pem", "-cert", files + "client-certificate.pem",
                "-key", files + "client-key.pem",
            ]
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shell-\(UUID().uuidString)")
            let environment = ["XDG_STATE_HOME": folder.path]
            let terminal = try TerminalProcess(["shell", "-server", address] + keys, environment: environment)
            try terminal.wait(for: "state:SyncConnected")
            terminal.press("create /secure-node 1\r")
            try terminal.wait(for: "Created /secure-node")
            try terminal.wait(for: "1] ")
            terminal.press("get /sec\t")
            try terminal.wait(for: "ure-node ")
            terminal.press("\rquit\r")
            #expect(try terminal.end() == (0, true))
            for (arguments, code, said) in [
                (keys + ["get", "/secure-node"], 0, "1\n"),
                (keys + ["get", "/none"], 1, "Node does not exist: /none\n"),
                (["-tls", "ls", "/"], 1, "is not accepted"),
                (["ls", "/"], 1, "KeeperErrorCode = ConnectionLoss for /"),
                (["-key", "k", "ls", "/"], 64, "-key means nothing without -cert"),
                (["-client-configuration", "/none", "ls", "/"], 64, "/none"),
            ] as [([String], Int32, String)] {
                let run = try ZooLabProcess.run(
                    ["shell", "-server", address, "-timeout", "5000"] + arguments, environment: ["LC_ALL": "C"])
                #expect(run.code == code, "\(arguments)")
                #expect((run.text + run.errors).contains(said), "\(arguments): \(run.text)\(run.errors)")
            }
            try FileManager.default.removeItem(at: folder)
            try await server.stop()
        }

        @Test func `a server that dies and comes back is waited for, and one says so`() async throws {
            let server = try await LoopbackServer(clients: ["A"])
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shell-\(UUID().uuidString)")
            let terminal = try TerminalProcess(
                ["--lang", "zh", "shell", "-server", server.address("A"), "-waitforconnection"],
                environment: ["XDG_STATE_HOME": folder.path])
            try terminal.wait(for: "(CONNECTED) 0] ")
            terminal.press("create -e /mine\r")
            try terminal.wait(for: "Created /mine")
            try await server.proxy { $0.refuseConnections(of: "A", for: .seconds(3_600)) }
            try await server.proxy { $0.cut("A") }
            try terminal.wait(for: "state:Disconnected")
            try terminal.wait(for: "(CONNECTING) 1] ")
            terminal.press("get /mine\r")
            try terminal.wait(for: "KeeperErrorCode = ConnectionLoss for /mine")
            try terminal.wait(for: "(CONNECTING) 2] ")
            try await server.proxy { $0.heal("A") }
            try terminal.wait(for: "state:SyncConnected")
            terminal.press("ls /\r")
            try terminal.wait(for: "[mine, zookeeper]")
            try terminal.wait(for: "(CONNECTED) 3] ")
            terminal.press("\u{4}")
            #expect(try terminal.end() == (0, true))
            try FileManager.default.removeItem(at: folder)
            try await server.stop()
        }

        @Test func `scripts get results, remarks and exit codes`() async throws {
            let server = try await LoopbackServer(clients: ["A"])
            for (arguments, code, result, remark) in [
                (["create", "/a", "one two"], 0, "", "Created /a\n"), (["get", "/a"], 0, "one two\n", ""),
                (["get", "-s", "/none"], 1, "", "Node does not exist: /none\n"),
                (["nosuch"], 127, "", "Command not found"),
                (["ls", "/"], 0, "[a, zookeeper]\n", ""), (["rmr", "/a"], 0, "", "'deleteall' instead.\n"),
            ] {
                let run = try ZooLabProcess.run(["shell", "-server", server.address("A")] + arguments)
                #expect(run.code == Int32(code), "\(arguments)")
                #expect(run.text.hasSuffix(result), "\(arguments): \(run.text)")
                #expect(remark.isEmpty || run.errors.contains(remark), "\(arguments): \(run.errors)")
            }
            let usage = try ZooLabProcess.run(["shell", "-nosuch"])
            #expect(usage.code == 64)
            try await server.stop()
        }
    }
#endif
