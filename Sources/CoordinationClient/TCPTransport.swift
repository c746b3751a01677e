package import EventLoop
import Synchronization

/// Connections over TCP, on an event loop of their own thread.
package struct TCPTransport: Transport {
    private let thread: LoopThread

    package init(thread: LoopThread) { self.thread = thread }

    package func connect(to address: ServerAddress) async throws -> any TransportConnection {
        let attempt = Attempt()
        return try await withTaskCancellationHandler {
            let connection = try await attempt.start(address, on: thread)
            guard !Task.isCancelled else {
                connection.close()
                throw CancellationError()
            }
            return connection
        } onCancel: {
            attempt.cancel(on: thread)
        }
    }

    /// An attempt to connect, which may be cancelled from elsewhere.
    private final class Attempt: Sendable {
        private struct State {
            var continuation: CheckedContinuation<TCPTransportConnection, any Error>?
            var pending: LoopBound<ConnectionAttempt>?
        }
        private let state = Mutex(State())

        func start(_ address: ServerAddress, on thread: LoopThread) async throws -> TCPTransportConnection {
            try await withCheckedThrowingContinuation { continuation in
                state.withLock { $0.continuation = continuation }
                thread.post { [self] loop in
                    guard state.withLock({ $0.continuation != nil }) else { return }
                    let attempt = loop.connect(to: address.host, port: address.port) { result in
                        self.finish(
                            result.map { TCPTransportConnection($0, on: loop, of: thread) }.mapError { $0 })
                    }
                    state.withLock { $0.pending = LoopBound(attempt, on: loop) }
                } orElse: { [self] in
                    finish(.failure(LoopStopped()))
                }
            }
        }

        func cancel(on thread: LoopThread) {
            finish(.failure(CancellationError()))
            thread.post { [self] loop in
                state.withLock { $0.pending }?.value(on: loop).cancel()
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
}

/// One TCP connection seen from async code.
private final class TCPTransportConnection: TransportConnection {
    let incoming: AsyncStream<[UInt8]>
    private let thread: LoopThread
    private let connection: LoopBound<TCPConnection>
    private let continuation: AsyncStream<[UInt8]>.Continuation

    init(_ connection: TCPConnection, on loop: EventLoop, of thread: LoopThread) {
        self.thread = thread
        self.connection = LoopBound(connection, on: loop)
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        incoming = stream
        self.continuation = continuation
        connection.onBytes = { continuation.yield(Array($0)) }
        connection.onEnd = { [unowned connection] _ in
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
    package static func shared() throws(SystemFailure) -> TCPTransport {
        try sharedThread.withLock { shared throws(SystemFailure) in
            if let shared { return TCPTransport(thread: shared) }
            let thread = try LoopThread()
            shared = thread
            return TCPTransport(thread: thread)
        }
    }
}
