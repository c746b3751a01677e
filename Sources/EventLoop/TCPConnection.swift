import CLibuv
import StateMachines

/// One TCP connection, accepted or connected. Nagle's delay is off.
package final class TCPConnection: ByteStream {
    /// The other end; of a connection that is gone already, "?".
    package private(set) var remoteAddress = "?"
    /// Its numeric host alone.
    package private(set) var remoteHost = "?"

    init(on loop: EventLoop) throws(SystemFailure) {
        try super.init(UV_TCP, on: loop, operation: .create, subject: "uv_tcp") { memory in
            uv_tcp_init(loop.pointer, memory.assumingMemoryBound(to: uv_tcp_t.self))
        }
    }

    /// To be called once the socket exists.
    func didConnect() {
        let tcp = pointer(to: uv_tcp_t.self)
        uv_tcp_nodelay(tcp, 1)
        var storage = sockaddr_storage()
        if zoolab_tcp_remote_address(tcp, &storage) == 0 {
            let address = SocketAddress(storage: storage)
            (remoteAddress, remoteHost) = (address.description, address.host)
        }
    }

    /// Has the system ask now and then whether a silent peer is still there; how often is the system's affair.
    package func keepAlive() {
        // A socket that is gone already has nothing to keep.
        if isOpen { zoolab_tcp_keep_alive(pointer(to: uv_tcp_t.self)) }
    }

    /// Cuts the connection with RST: the peer sees a reset, and what was unwritten is lost. No callback follows.
    package func reset() {
        guard isOpen else { return }
        beginClosing()
        let status = uv_tcp_close_reset(pointer(to: uv_tcp_t.self)) { handle in LoopHandle.finishClosing(handle) }
        // A socket that the peer has cut already may refuse the option; then an ordinary close is all there is.
        if status < 0 { uv_close(pointer(to: uv_handle_t.self)) { handle in LoopHandle.finishClosing(handle) } }
    }
}

/// An attempt to connect, which may be given up.
package final class ConnectionAttempt {
    private let loop: EventLoop
    private let target: String
    private var deliver: ((Result<TCPConnection, SystemFailure>) -> Void)?
    private var current: TCPConnection?
    private let request = UnsafeMutablePointer<uv_connect_t>.allocate(capacity: 1)

    fileprivate init(
        on loop: EventLoop, target: String, deliver: @escaping (Result<TCPConnection, SystemFailure>) -> Void
    ) {
        self.loop = loop
        self.target = target
        self.deliver = deliver
    }

    deinit { request.deallocate() }

    /// Gives up; nothing is delivered. Does nothing once delivered.
    package func cancel() {
        deliver = nil
        current?.closeHandle()
        current = nil
    }

    /// Tries the addresses one after the other.
    fileprivate func connect(to addresses: ArraySlice<SocketAddress>, last failure: SystemErrorCode) {
        guard deliver != nil else { return }
        guard let address = addresses.first else {
            return finish(.failure(SystemFailure(.connect, target, failure)))
        }
        let connection: TCPConnection
        do {
            connection = try TCPConnection(on: loop)
        } catch {
            return finish(.failure(error))
        }
        current = connection
        let step = ConnectStep(attempt: self, connection: connection, rest: addresses.dropFirst())
        let retained = Unmanaged.passRetained(step)
        request.pointee.data = retained.toOpaque()
        var storage = address.storage
        let status = zoolab_tcp_connect(request, connection.pointer(to: uv_tcp_t.self), &storage) { request, status in
            let step = Unmanaged<ConnectStep>.fromOpaque(request!.pointee.data).takeRetainedValue()
            step.attempt.didTry(step, status)
        }
        if status < 0 {
            retained.release()
            didTry(step, status)
        }
    }

    private func didTry(_ step: ConnectStep, _ status: Int32) {
        guard deliver != nil else { return step.connection.closeHandle() }
        guard status >= 0 else {
            step.connection.closeHandle()
            return connect(to: step.rest, last: SystemErrorCode(rawValue: status))
        }
        step.connection.didConnect()
        finish(.success(step.connection))
    }

    fileprivate func finish(_ result: Result<TCPConnection, SystemFailure>) {
        let report = deliver
        deliver = nil
        current = nil
        report?(result)
    }
}

/// One address of a connection attempt, while libuv tries it.
private final class ConnectStep {
    let attempt: ConnectionAttempt
    let connection: TCPConnection
    let rest: ArraySlice<SocketAddress>

    init(attempt: ConnectionAttempt, connection: TCPConnection, rest: ArraySlice<SocketAddress>) {
        (self.attempt, self.connection, self.rest) = (attempt, connection, rest)
    }
}

extension EventLoop {
    /// Connects to `host`, trying each of its addresses in turn. There is no time limit: the owner sets a timer and
    /// cancels the attempt.
    ///
    /// - Parameter deliver: called once, never before `connect` has returned, unless the attempt is cancelled.
    @discardableResult
    package func connect(
        to host: String, port: UInt16, then deliver: @escaping (Result<TCPConnection, SystemFailure>) -> Void
    ) -> ConnectionAttempt {
        preconditionOnLoop()
        let target = SocketAddress.text(host: host, port: port)
        let attempt = ConnectionAttempt(on: self, target: target, deliver: deliver)
        // One turn later, so that an immediate failure is not delivered inside this call.
        schedule(after: .zero) { [self] in
            resolve(host, port: port) { result in
                switch result {
                case .success(let addresses): attempt.connect(to: addresses[...], last: .addressNotAvailable)
                case .failure(let failure): attempt.finish(.failure(failure))
                }
            }
        }
        return attempt
    }
}
