import EventLoop
import Foundation
import Messages
import StateMachines
import Testing

struct ProcessTests {
    @Test func `a child gets arguments, environment, folder and input, and gives output and exit code`() throws {
        var output = ""
        var errors = ""
        var exit: ProcessExit?
        try withLoop { loop in
            var launch = ProcessLaunch(
                "sh", ["-c", "read word; echo \"$word $0 $COLOUR $PWD\"; echo no >&2; exit 3", "x"])
            launch.environment = [("COLOUR", "blue"), ("PATH", "/usr/bin:/bin")]
            launch.workingDirectory = "/"
            (launch.standardInput, launch.standardOutput, launch.standardError) = (.pipe, .pipe, .pipe)
            let child = try ChildProcess(launch, on: loop) { exit = $0 }
            #expect(child.processIdentifier > 0)
            child.standardInput?.write(Array("hello\n".utf8))
            collect(child.standardOutput) { output += $0 }
            collect(child.standardError) { errors += $0 }
            child.standardInput?.close()
        }
        #expect(output == "hello x blue /\n")
        #expect(errors == "no\n")
        #expect(exit == .code(3))
    }

    private func collect(_ stream: ByteStream?, into add: @escaping (String) -> Void) {
        stream?.onBytes = { add(String(decoding: $0, as: UTF8.self)) }
        stream?.onEnd = { [weak stream] _ in stream?.close() }
        stream?.startReading()
    }

    @Test func `killing the group reaches grandchildren`() throws {
        var exit: ProcessExit?
        var outputEnded = false
        try withLoop { loop in
            var launch = ProcessLaunch("/bin/sh", ["-c", "sleep 600 & echo started; wait"])
            launch.standardOutput = .pipe
            let child = try ChildProcess(launch, on: loop) { exit = $0 }
            let output = try #require(child.standardOutput)
            output.onBytes = { _ in child.killGroup(9) }
            // The grandchild holds the pipe open, so its end proves that the grandchild is gone.
            output.onEnd = { _ in
                outputEnded = true
                output.close()
            }
            output.startReading()
        }
        #expect(exit == .signal(9))
        #expect(outputEnded)
    }

    @Test func `a missing program is an error that says so`() throws {
        try withLoop { loop in
            let expected = SystemFailure(.launch, "no-such-program-here", .noSuchFile)
            #expect(throws: expected) { try ChildProcess(ProcessLaunch("no-such-program-here"), on: loop) { _ in } }
            #expect(expected.message.chinese.contains("找不到程序"))
            var launch = ProcessLaunch("/etc/passwd")
            launch.standardOutput = .pipe
            #expect(throws: SystemFailure(.launch, "/etc/passwd", .permissionDenied)) {
                try ChildProcess(launch, on: loop) { _ in }
            }
        }
    }

    @Test func `closing the loop kills what still runs`() throws {
        let loop = try EventLoop()
        var launch = ProcessLaunch("/bin/sh", ["-c", "trap '' TERM; sleep 600 & wait"])
        launch.standardOutput = .pipe
        let child = try ChildProcess(launch, on: loop) { _ in Issue.record("No callback comes after close.") }
        let identifier = child.processIdentifier
        loop.close()
        let probe = try EventLoop()
        defer { probe.close() }
        var exit: ProcessExit?
        _ = try ChildProcess(ProcessLaunch("/bin/sh", ["-c", "kill -0 \(identifier)"]), on: probe) { exit = $0 }
        probe.run()
        #expect(exit == .code(1), "neither alive nor a zombie")
    }

    @Test func `writing to a child that has gone is an end, not a crash`() throws {
        var end: StreamEnd?
        try withLoop { loop in
            var launch = ProcessLaunch("/bin/true")
            launch.standardInput = .pipe
            let child = try ChildProcess(launch, on: loop) { _ in }
            let input = try #require(child.standardInput)
            input.onEnd = { end = $0 }
            loop.schedule(every: .milliseconds(2)) { [unowned loop] in
                input.write([1])
                if end != nil { loop.stop() }
            }
        }
        #expect(end == .failed(.brokenPipe))
    }

    /// Beside the test bundle.
    private static let door: String = {
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        while !FileManager.default.isExecutableFile(atPath: folder.path + "/zoolab-door"), folder.path != "/" {
            folder = folder.deletingLastPathComponent()
        }
        return folder.path + "/zoolab-door"
    }()

    @Test func `a child hands over the sockets it listens on, and is not needed any more`() throws {
        var heard: [String] = []
        try withLoop { loop in
            var launch = ProcessLaunch(Self.door, ["3", "0", "0", "--", "/bin/true"])
            launch.handsOverSockets = true
            var listeners: [TCPListener] = []
            var hasEnded = false
            func connect() {
                guard hasEnded, listeners.count == 2 else { return }
                for (index, listener) in listeners.enumerated() {
                    loop.connect(to: "127.0.0.1", port: listener.port) { result in
                        guard let connection = try? result.get() else { return loop.stop() }
                        connection.onEnd = { [unowned connection] _ in connection.close() }
                        connection.startReading()
                        connection.write(Array("to \(index)".utf8))
                    }
                }
            }
            let child = try ChildProcess(launch, on: loop) { status in
                #expect(status == .code(0))
                hasEnded = true
                connect()
            }
            let channel = try #require(child.sockets)
            channel.onBytes = { [unowned channel] _ in
                while channel.waitingSockets > 0 {
                    let index = listeners.count
                    let listener = try? TCPListener(from: channel) { connection in
                        connection.onBytes = { [unowned connection] bytes in
                            heard.append("\(index) hears \(String(decoding: bytes, as: UTF8.self))")
                            connection.close()
                            listeners[index].close()
                        }
                        connection.startReading()
                    }
                    if let listener { listeners.append(listener) }
                }
                channel.close()
                connect()
            }
            channel.startReading()
        }
        #expect(heard.sorted() == ["0 hears to 0", "1 hears to 1"])
    }

    @Test(arguments: [["3"], ["3", "--", "/bin/true"], ["3", "0", "--"], ["0", "0", "--", "/no/such/program"]])
    func `a door that cannot be opened says so and ends`(arguments: [String]) throws {
        var (exit, ended): (ProcessExit?, StreamEnd?)
        try withLoop { loop in
            var launch = ProcessLaunch(Self.door, arguments)
            launch.handsOverSockets = true
            let child = try ChildProcess(launch, on: loop) { exit = $0 }
            let channel = try #require(child.sockets)
            channel.onEnd = { [unowned channel] end in
                ended = end
                channel.close()
            }
            channel.startReading()
        }
        #expect(exit == .code(120))
        #expect(ended == .finished)
    }
}
