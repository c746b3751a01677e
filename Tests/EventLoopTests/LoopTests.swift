import EventLoop
import StateMachines
import Synchronization
import Testing

/// Makes a loop, runs `body` and then the loop until it stops, and closes it.
func withLoop(_ body: (EventLoop) throws -> Void) throws {
    let loop = try EventLoop()
    defer { loop.close() }
    // A test that waits for something that never comes must end with a failure, not hang.
    let limit = loop.schedule(after: .seconds(60)) {
        Issue.record("The loop ran for a minute.")
        loop.stop()
    }
    limit.unreference()
    try body(loop)
    loop.run()
}

struct LoopTests {
    @Test func `timers fire in order of time, then in order of setting`() throws {
        var fired: [String] = []
        var early = 0
        try withLoop { loop in
            let start = loop.now
            for (name, delay) in [("c", 20), ("a", 5), ("d", 20), ("b", 10), ("zero", 0)] {
                loop.schedule(after: .milliseconds(UInt64(delay))) {
                    if loop.now - start < .milliseconds(UInt64(delay)) { early += 1 }
                    fired.append(name)
                }
            }
        }
        #expect(fired == ["zero", "a", "b", "c", "d"])
        #expect(early == 0)
    }

    @Test func `a repeating timer goes on until it is cancelled, also by itself`() throws {
        var count = 0
        try withLoop { loop in
            var timer: LoopTimer?
            timer = loop.schedule(every: .milliseconds(1)) {
                count += 1
                if count == 3 { timer?.cancel() }
            }
        }
        #expect(count == 3)
    }

    @Test func `a cancelled timer never fires`() throws {
        var fired = false
        try withLoop { loop in
            let victim = loop.schedule(after: .milliseconds(2)) { fired = true }
            loop.schedule(after: .zero) { victim.cancel() }
            loop.schedule(after: .milliseconds(5)) {}
        }
        #expect(!fired)
    }

    @Test func `results of worker threads arrive on the loop`() throws {
        var results: [Int] = []
        try withLoop { loop in
            for number in 1...20 {
                loop.perform {
                    number * number
                } then: {
                    results.append($0)
                }
            }
        }
        #expect(results.sorted() == (1...20).map { $0 * $0 })
    }

    @Test func `a watched signal is delivered`() throws {
        var count = 0
        try withLoop { loop in
            _ = try LoopSignal(10, on: loop) {  // SIGUSR1 on Linux, SIGBUS elsewhere; only watched here.
                count += 1
                loop.stop()
            }
            let shell = ProcessLaunch("/bin/sh", ["-c", "kill -10 $PPID"])
            _ = try ChildProcess(shell, on: loop) { _ in }
            loop.schedule(after: .seconds(50)) { loop.stop() }
        }
        #expect(count == 1)
    }

    @Test func `teardown closes what is open and lets work under way finish`() throws {
        let loop = try EventLoop()
        var isFinished = false
        var callbacks = 0
        let listener = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { _ in callbacks += 1 }
        loop.connect(to: "127.0.0.1", port: listener.port) { _ in callbacks += 1 }
        loop.schedule(after: .seconds(100)) { callbacks += 1 }
        _ = try LoopSignal(12, on: loop) { callbacks += 1 }
        let mailbox = try loop.makeMailbox(of: Int.self) { _ in callbacks += 1 }
        loop.perform {
            7
        } then: {
            isFinished = $0 == 7
        }
        loop.close()
        #expect(isFinished)
        #expect(callbacks == 0)
        mailbox.post(1)  // Into a closed loop: nobody hears it, nothing breaks.
        loop.close()
    }

    @Test func `objects go with their loop`() throws {
        weak var leaked: TCPListener?
        weak var leakedLoop: EventLoop?
        do {
            let loop = try EventLoop()
            let listener = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { _ in _ = loop.now }
            leaked = listener
            leakedLoop = loop
            loop.close()
        }
        #expect(leaked == nil)
        #expect(leakedLoop == nil)
    }
}

struct MailboxTests {
    @Test func `messages of many threads arrive, each sender's in order`() async throws {
        let thread = try LoopThread()
        let received = Mutex<[Int: [Int]]>([:])
        let mailbox = try await thread.run { loop in
            try loop.makeMailbox(of: (Int, Int).self) { message in
                received.withLock { $0[message.0, default: []].append(message.1) }
            }
        }
        await withTaskGroup { group in
            for sender in 0..<8 {
                group.addTask { for number in 0..<2_000 { mailbox.post((sender, number)) } }
            }
        }
        // A wake-up posted after all messages is handled after them, or together with them.
        while received.withLock({ $0.values.map(\.count).reduce(0, +) }) < 16_000 {
            try await thread.run { _ in }
        }
        let everything = received.withLock { $0 }
        for sender in 0..<8 { #expect(everything[sender] == Array(0..<2_000)) }
        await thread.stop()
    }

    @Test func `a loop thread runs bodies in order and refuses them after its end`() async throws {
        let thread = try LoopThread()
        let order = Mutex<[Int]>([])
        for number in 0..<100 { thread.post { _ in order.withLock { $0.append(number) } } }
        let sum = try await thread.run { _ in order.withLock { $0.reduce(0, +) } }
        #expect(sum == 4_950)
        #expect(order.withLock { $0 } == Array(0..<100))
        struct Refused: Error {}
        await #expect(throws: Refused.self) { try await thread.run { _ in throw Refused() } }
        await thread.stop()
        await thread.stop()
        await #expect(throws: LoopStopped.self) { try await thread.run { _ in 1 } }
    }

    @Test func `a loop-bound value is reached on its loop`() async throws {
        let thread = try LoopThread()
        let bound = try await thread.run { loop in
            LoopBound(try TCPListener(host: "127.0.0.1", port: 0, on: loop) { _ in }, on: loop)
        }
        let port = try await thread.run { loop in bound.value(on: loop).port }
        #expect(port > 0)
        await thread.stop()
    }
}
