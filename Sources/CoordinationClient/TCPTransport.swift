package import EventLoop
import Messages
import Synchronization

/// Connections over TCP, on an event loop of their own thread.
package struct TCPTransport: Transport {
    private let thread: LoopThread

    package init(thread: LoopThread) { self.thread = thread }

    package func connect(to address: ServerAddress) async throws -> any TransportConnection {
        try await ConnectionRequest(address, nil).perform(on: thread)
    }
}

/// An attempt to connect, with TLS or without, which may be cancelled from elsewhere.
final class ConnectionRequest: Sendable {
    private struct State {
        var continuation: CheckedContinuation<TCPTransportConnection, any Error>?
        /// What there is to give up.
        var cancellation: LoopBound<() -> Void>?
    }
    private let state = Mutex(State())
    private let address: ServerAddress
    private let options: TLSOptions?

    init(_ address: ServerAddress, _ options: TLSOptions?) {
        self.address = address
        self.options = options
    }

    func perform(on thread: LoopThread) async throws -> any TransportConnection {
        try await withTaskCancellationHandler {
            let connection = try await withCheckedThrowingContinuation { continuation in
                state.withLock { $0.continuation = continuation }
                thread.post { [self] loop in
                    start(on: loop, of: thread)
                } orElse: { [self] in
                    finish(.failure(LoopStopped()))
                }
            }
            guard !Task.isCancelled else {
                connection.close()
                throw CancellationError()
            }
            return connection
        } onCancel: {
            finish(.failure(CancellationError()))
            thread.post { [self] loop in
                state.withLock { $0.cancellation }?.value(on: loop)()
            }
        }
    }

    private var isWanted: Bool { state.withLock { $0.continuation != nil } }

    private func start(on loop: EventLoop, of thread: LoopThread) {
        guard isWanted else { return }
        guard let options else { return connect(on: loop, of: thread, nil) }
        loop.perform {
            Result { () throws(TLSSetupFailure) in try TLSContext(options, for: .client) }
        } then: { [self] result in
            switch result {
            case .success(let context): connect(on: loop, of: thread, context)
            case .failure(let failure): finish(.failure(failure))
            }
        }
    }

    private func connect(on loop: EventLoop, of thread: LoopThread, _ context: TLSContext?) {
        guard isWanted else { return }
        let attempt = loop.connect(to: address.host, port: address.port) { [self] result in
            switch result {
            case .failure(let failure): finish(.failure(failure))
            case .success(let stream):
                guard let context else { return finish(.success(TCPTransportConnection(stream, on: loop, of: thread))) }
                secure(stream, context, on: loop, of: thread)
            }
        }
        state.withLock { $0.cancellation = LoopBound(attempt.cancel, on: loop) }
    }

    private func secure(_ stream: TCPConnection, _ context: TLSContext, on loop: EventLoop, of thread: LoopThread) {
        state.withLock { $0.cancellation = LoopBound({ stream.close() }, on: loop) }
        guard isWanted else { return stream.close() }
        stream.onEnd = { [self] end in
            switch end {
            case .insecure(let failure): finish(.failure(failure))
            case .failed(let code): finish(.failure(SystemFailure(.connect, address.description, code)))
            case .finished: finish(.failure(SystemFailure(.connect, address.description, .connectionReset)))
            }
            stream.close()
        }
        do throws(TLSSetupFailure) {
            try stream.startTLS(context, host: address.host) { [self] _ in
                state.withLock { $0.cancellation = nil }
                finish(.success(TCPTransportConnection(stream, on: loop, of: thread)))
            }
        } catch {
            stream.close()
            finish(.failure(error))
        }
    }

    private func finish(_ result: Result<TCPTransportConnection, any Error>) {
        let continuation = state.withLock { state in
            defer { state.continuation = nil }
            return state.continuation
        }
        guard let continuation else {
            if case .success(let connection) = result { connection.close() }
            return
        }
        continuation.resume(with: result)
    }
}
/// One TCP connection, with TLS or without, seen from async code.
final class TCPTransportConnection: TransportConnection {
    let incoming: AsyncStream<[UInt8]>
    private let thread: LoopThread
    private let connection: LoopBound<TCPConnection>
    private let continuation: AsyncStream<[UInt8]>.Continuation
    private let reason = Reason()

    /// Shared with the loop.
    private final class Reason: Sendable {
        let failure = Mutex<TLSFailure?>(nil)
    }

    var problem: (any LocalizedFailure)? { reason.failure.withLock { $0 } }

    init(_ connection: TCPConnection, on loop: EventLoop, of thread: LoopThread) {
        self.thread = thread
        self.connection = LoopBound(connection, on: loop)
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        incoming = stream
        self.continuation = continuation
        connection.onBytes = { continuation.yield(Array($0)) }
        connection.onEnd = { [unowned connection, reason] end in
            if case .insecure(let failure) = end { reason.failure.withLock { $0 = failure } }
            connection.close()
            continuation.finish()
        }
        connection.startReading()
    }

    func send(_ bytes: [UInt8]) {
        thread.post { [connection] loop in connection.value(on: loop).write(bytes) }
    }

    func close() {
        continuation.finish()
        thread.post { [connection] loop in connection.value(on: loop).close() }
    }
}

extension TCPTransport {
    private static let sharedThread = Mutex<LoopThread?>(nil)

    /// The transport that all clients of this process share; its thread lives as long as the process.
    package static func shared() throws(SystemFailure) -> TCPTransport { TCPTransport(thread: try sharedLoopThread()) }

    static func sharedLoopThread() throws(SystemFailure) -> LoopThread {
        try sharedThread.withLock { shared throws(SystemFailure) in
            if let shared { return shared }
            let thread = try LoopThread()
            shared = thread
            return thread
        }
    }
}
