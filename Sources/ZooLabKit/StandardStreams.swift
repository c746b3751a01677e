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
        thread.post { loop in Self.readNext(on: loop, after: [], continuation) }
        return stream
    }

    /// - Parameter rest: the beginning of a line whose end has not come yet.
    private static func readNext(
        on loop: EventLoop, after rest: [UInt8], _ continuation: AsyncStream<String>.Continuation
    ) {
        loop.perform {
            readChunk()
        } then: { chunk in
            guard !chunk.isEmpty else { return continuation.finish() }
            let lines = (rest + chunk).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            for line in lines.dropLast() { continuation.yield(String(decoding: line, as: UTF8.self)) }
            readNext(on: loop, after: Array(lines.last ?? []), continuation)
        }
    }

    /// What standard input has; waits for something. Empty at its end.
    ///
    /// `read`, not `readLine`: a reader that waits inside the C library's streams would keep `leave` waiting.
    private static func readChunk() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, count in
            var result: Int
            repeat { result = read(STDIN_FILENO, buffer.baseAddress, buffer.count) } while result < 0 && errno == EINTR
            count = max(0, result)
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

    /// Ends the process with status 0 and everything printed.
    ///
    /// Not by `exit`, which waits for libuv's worker threads, of which one waits for standard input.
    static func leave() -> Never {
        fflush(nil)
        _exit(0)
    }

    /// A line for people, on standard error.
    static func show(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
