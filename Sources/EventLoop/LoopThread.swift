import CLibuv
import Synchronization

/// An event loop on a thread of its own, and the way into it from async code.
package final class LoopThread: Sendable {
    private struct Job: Sendable {
        let perform: @Sendable (EventLoop) -> Void
        /// Called instead when the loop has stopped.
        let abandon: @Sendable () -> Void
    }

    private struct Ending {
        var hasEnded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let mailbox: Mailbox<Job>
    private let ending: EndingBox

    private final class EndingBox: Sendable {
        let state = Mutex(Ending())

        func finish() {
            let waiters = state.withLock { state in
                state.hasEnded = true
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }
    }

    /// What the new thread takes over.
    private final class Start {
        let loop: EventLoop
        let mailbox: Mailbox<Job>
        let ending: EndingBox

        init(_ loop: EventLoop, _ mailbox: Mailbox<Job>, _ ending: EndingBox) {
            (self.loop, self.mailbox, self.ending) = (loop, mailbox, ending)
        }

        func run() {
            loop.runUntilStopped()
            for job in mailbox.close() { job.abandon() }
            loop.close()
            ending.finish()
        }
    }

    package init() throws(SystemFailure) {
        let loop = try EventLoop()
        let ending = EndingBox()
        do throws(SystemFailure) {
            mailbox = try loop.makeMailbox { job in job.perform(loop) }
            self.ending = ending
            let start = Unmanaged.passRetained(Start(loop, mailbox, ending))
            // SAFETY: this thread does not touch `loop` again once the other one has it.
            let status = zoolab_thread_start(
                { argument in Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().run() }, start.toOpaque())
            if status < 0 { start.release() }
            try SystemFailure.check(status, .create, "thread")
        } catch {
            loop.close()
            throw error
        }
    }

    deinit { requestStop() }

    /// Runs `body` on the loop's thread and returns its value.
    ///
    /// - Throws: what `body` throws, or `LoopStopped`.
    package func run<Value: Sendable>(
        _ body: @escaping @Sendable (EventLoop) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            post(
                { loop in continuation.resume(with: Result { try body(loop) }) },
                orElse: { continuation.resume(throwing: LoopStopped()) })
        }
    }

    /// Runs `body` on the loop's thread, later; bodies run in the order they were posted. After `stop`, nothing runs.
    package func post(_ body: @escaping @Sendable (EventLoop) -> Void) {
        post(body, orElse: {})
    }

    /// As `post`, but calls `abandon` where the loop stops before it got to `body`.
    package func post(_ body: @escaping @Sendable (EventLoop) -> Void, orElse abandon: @escaping @Sendable () -> Void) {
        if !mailbox.post(Job(perform: body, abandon: abandon)) { abandon() }
    }

    /// Closes everything on the loop, as `EventLoop.close` says, and returns when the thread is done with it.
    package func stop() async {
        requestStop()
        await withCheckedContinuation { continuation in
            let hasEnded = ending.state.withLock { state in
                if !state.hasEnded { state.waiters.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func requestStop() {
        mailbox.post(Job(perform: { loop in loop.stop() }, abandon: {}))
    }
}

/// Something confined to one loop, held by code that runs elsewhere.
///
/// SAFETY: the value is reachable only through `value(on:)`, which demands the loop's own thread. Its last reference
/// may go on any thread; loop handles are kept alive by their loop until they are closed.
package struct LoopBound<Value>: @unchecked Sendable {
    private let confined: Value
    private let loop: ObjectIdentifier

    package init(_ value: Value, on loop: EventLoop) {
        loop.preconditionOnLoop()
        confined = value
        self.loop = ObjectIdentifier(loop)
    }

    package func value(on loop: EventLoop) -> Value {
        loop.preconditionOnLoop()
        precondition(ObjectIdentifier(loop) == self.loop, "The value belongs to another loop.")
        return confined
    }
}
