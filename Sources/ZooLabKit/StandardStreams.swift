import EventLoop
import Synchronization

#if canImport(Glibc)
    @preconcurrency import Glibc
#else
    @preconcurrency import Darwin
#endif

/// Standard input as lines, and the original standard output for replies; what the program prints goes to standard
/// error instead.
final class StandardStreams: Sendable {
    private let thread: LoopThread
    private let output: Int32

    init(thread: LoopThread) {
        self.thread = thread
        output = dup(STDOUT_FILENO)
        dup2(STDERR_FILENO, STDOUT_FILENO)
        // Prints appear in their order among the lines of standard error, and before a crash.
        setvbuf(stdout, nil, _IOLBF, 0)
    }

    /// Lines as they come.
    ///
    /// Read by a worker thread, because standard input may be a file or a terminal as well as a pipe.
    /// - Parameter onEnd: called at the end of input, even while earlier lines wait to be taken.
    func lines(onEnd: @escaping @Sendable () -> Void) -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        continuation.onTermination = { _ in onEnd() }
        thread.post { loop in Self.readNext(on: loop, continuation) }
        return stream
    }

    private static func readNext(on loop: EventLoop, _ continuation: AsyncStream<String>.Continuation) {
        loop.perform {
            readLine(strippingNewline: true)
        } then: { line in
            guard let line else { return continuation.finish() }
            continuation.yield(line)
            readNext(on: loop, continuation)
        }
    }

    /// Writes one line, whole.
    func reply(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return }
            start += max(count, 0)
        }
    }

    /// A line for people, on standard error.
    static func show(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
