import CLibuv
import StateMachines

/// How the reading side of a stream ended.
package enum StreamEnd: Hashable, Sendable {
    /// The peer will send nothing more; writing may still work. The owner closes the stream.
    case finished
    /// Reading or writing failed and the stream is closed already.
    case failed(SystemErrorCode)
    /// TLS has failed and the stream is closed already.
    case insecure(TLSFailure)
}

/// A two-way byte stream: a TCP connection or a pipe to a child process.
///
/// Bytes go out at once where the socket takes them; what it does not take waits in one buffer behind the write under
/// way. That buffer has no limit of its own: an owner that faces a slow peer watches `unwrittenByteCount` and
/// `onDrain`, and pauses whatever feeds it.
package class ByteStream: LoopHandle {
    /// Gets the bytes that arrived; they are valid only during the call. Set before `startReading`.
    package final var onBytes: ((UnsafeRawBufferPointer) -> Void)?
    /// Called once, when the peer has finished or the stream has failed; never after `close` or `reset`.
    package final var onEnd: ((StreamEnd) -> Void)?
    /// Called whenever the last unwritten byte has gone out after some had to wait.
    package final var onDrain: (() -> Void)?

    private final var inFlight: WriteRequest?
    /// What waits behind the write under way.
    private final var waiting: [UInt8] = []
    private final var closesWhenWritten = false
    /// Whether the owner has asked to read.
    private(set) final var isReading = false
    /// There once TLS has begun.
    final var tls: TLSLayer?

    final var stream: UnsafeMutablePointer<uv_stream_t> { pointer(to: uv_stream_t.self) }

    /// Bytes handed to `write` that the operating system has not taken yet.
    package final var unwrittenByteCount: Int {
        guard isOpen else { return 0 }
        return (inFlight?.buffer.count ?? 0) + waiting.count + (tls?.early.count ?? 0)
    }

    // MARK: Reading

    /// Starts or resumes reading.
    package final func startReading() {
        guard isOpen, !closesWhenWritten else { return }
        isReading = true
        if let tls { setWanted(true, tls) } else { resumeSocket() }
    }

    /// Stops reading; bytes then wait in the operating system, whose full buffer holds the peer back.
    package final func pauseReading() {
        guard isOpen else { return }
        isReading = false
        if let tls { setWanted(false, tls) } else { pauseSocket() }
    }

    final func resumeSocket() {
        guard isOpen, !closesWhenWritten else { return }
        uv_read_start(
            stream,
            { handle, _, buffer in
                let shared = ByteStream.owner(of: handle).loop.readBuffer
                buffer!.pointee = uv_buf_init(
                    shared.baseAddress!.assumingMemoryBound(to: CChar.self), UInt32(shared.count))
            },
            { handle, count, _ in ByteStream.owner(of: handle).didRead(count) })
    }

    final func pauseSocket() {
        if isOpen { uv_read_stop(stream) }
    }

    private final func didRead(_ count: Int) {
        if count > 0 {
            let bytes = UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count])
            if let tls { receive(bytes, tls) } else { onBytes?(bytes) }
        } else if count == Int(UV_EOF.rawValue) {
            if let tls { return socketEnded(tls) }
            pauseSocket()
            end(.finished)
        } else if count < 0 {
            fail(status: Int32(count))
        }
    }

    // MARK: Writing

    /// Sends bytes in order after those of earlier calls. On a closed or closing stream it does nothing.
    package final func write(_ bytes: UnsafeRawBufferPointer) {
        guard isOpen, !closesWhenWritten, !bytes.isEmpty else { return }
        loop.preconditionOnLoop()
        if let tls { write(bytes, tls) } else { writeToSocket(bytes) }
    }

    package final func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { write($0) }
    }

    final func writeToSocket(_ bytes: UnsafeRawBufferPointer) {
        guard isOpen, !closesWhenWritten, !bytes.isEmpty else { return }
        guard inFlight == nil else {
            waiting.append(contentsOf: bytes)
            return
        }
        // libuv never writes through a buffer it was given to send.
        let start = UnsafeMutablePointer(mutating: bytes.baseAddress!.assumingMemoryBound(to: CChar.self))
        var buffer = uv_buf_init(start, UInt32(bytes.count))
        let written = Int(uv_try_write(stream, &buffer, 1))
        if written == bytes.count { return }
        if written < 0, written != Int(UV_EAGAIN.rawValue) { return failLater(Int32(written)) }
        send(UnsafeRawBufferPointer(rebasing: bytes[max(written, 0)...]))
    }

    private final func send(_ bytes: UnsafeRawBufferPointer) {
        let request = WriteRequest(copying: bytes)
        inFlight = request
        let status = request.start(on: self) { [self] status in didWrite(status) }
        if status < 0 { failLater(status) }
    }

    private final func didWrite(_ status: Int32) {
        inFlight = nil
        guard isOpen else { return }
        if status < 0 { return fail(status: status) }
        if !waiting.isEmpty {
            let next = waiting
            waiting.removeAll(keepingCapacity: true)
            next.withUnsafeBytes { send($0) }
        } else if closesWhenWritten {
            closeHandle()
        } else {
            onDrain?()
        }
    }

    // MARK: Ending

    /// Sends what is still unwritten, then closes. No callback comes after this call.
    package final func close() {
        guard isOpen, !closesWhenWritten else { return }
        if let tls { sayGoodbye(tls) }
        closeWithoutGoodbye()
    }

    final func closeWithoutGoodbye() {
        guard isOpen, !closesWhenWritten else { return }
        guard inFlight != nil else { return closeHandle() }
        closesWhenWritten = true
        uv_read_stop(stream)
        dropCallbacks()
    }

    /// A write failed inside the owner's own call; it hears of it on the loop's next turn, not in the middle of that.
    private final func failLater(_ status: Int32) {
        loop.schedule(after: .zero) { [weak self] in self?.fail(status: status) }
    }

    static let endOfFile = UV_EOF.rawValue

    final func fail(status: Int32) {
        guard isOpen else { return }
        let report = onEnd
        closeHandle()
        report?(.failed(SystemErrorCode(rawValue: status)))
    }

    final func end(_ end: StreamEnd) {
        let report = onEnd
        onEnd = nil
        report?(end)
    }

    private final func dropCallbacks() {
        onBytes = nil
        onEnd = nil
        onDrain = nil
        tls?.cancel()
        tls = nil
    }

    override func willClose() {
        dropCallbacks()
        waiting = []
    }
}

/// One `uv_write_t` with the bytes it sends, alive until libuv has called back.
private final class WriteRequest {
    let buffer: UnsafeMutableRawBufferPointer
    private let request = UnsafeMutablePointer<uv_write_t>.allocate(capacity: 1)
    private var done: ((Int32) -> Void)?

    init(copying bytes: UnsafeRawBufferPointer) {
        buffer = .allocate(byteCount: bytes.count, alignment: 1)
        buffer.copyMemory(from: bytes)
    }

    deinit {
        buffer.deallocate()
        request.deallocate()
    }

    func start(on stream: ByteStream, _ done: @escaping (Int32) -> Void) -> Int32 {
        let retained = Unmanaged.passRetained(self)
        self.done = done
        request.pointee.data = retained.toOpaque()
        var chunk = uv_buf_init(buffer.baseAddress!.assumingMemoryBound(to: CChar.self), UInt32(buffer.count))
        let status = uv_write(request, stream.stream, &chunk, 1) { request, status in
            let owner = Unmanaged<WriteRequest>.fromOpaque(request!.pointee.data).takeRetainedValue()
            owner.done?(status)
        }
        if status < 0 { retained.release() }
        return status
    }
}
