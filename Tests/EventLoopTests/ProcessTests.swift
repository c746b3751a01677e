import EventLoop
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
}
