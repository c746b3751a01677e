import CLibuv

/// A listening TCP socket.
package final class TCPListener: LoopHandle {
    /// Where it really listens; port 0 has become a real one.
    package private(set) var address: SocketAddress
    package var port: UInt16 { address.port }

    private var onConnection: ((TCPConnection) -> Void)?
    /// Called when accepting fails, for example for want of file descriptors; the listener goes on.
    package var onFailure: ((SystemFailure) -> Void)?

    /// Listens on the first address of `host`.
    ///
    /// - Parameters:
    ///   - port: 0 lets the system choose; see `port` for what it chose.
    ///   - backlog: connections that may wait to be accepted.
    ///   - onConnection: gets every accepted connection; set its callbacks and call `startReading`.
    package init(
        host: String, port: UInt16, backlog: Int32 = 511, on loop: EventLoop,
        onConnection: @escaping (TCPConnection) -> Void
    ) throws(SystemFailure) {
        let subject = SocketAddress.text(host: host, port: port)
        guard let wanted = try loop.resolveBlocking(host, port: port).first else {
            throw SystemFailure(.resolve, host, .addressNotAvailable)
        }
        address = wanted
        try super.init(UV_TCP, on: loop, operation: .create, subject: "uv_tcp") { memory in
            uv_tcp_init(loop.pointer, memory.assumingMemoryBound(to: uv_tcp_t.self))
        }
        self.onConnection = onConnection
        var status = zoolab_tcp_bind(pointer(to: uv_tcp_t.self), &address.storage)
        if status >= 0 { status = listen(backlog) }
        if status < 0 {
            closeHandle()
            throw SystemFailure(.listen, subject, SystemErrorCode(rawValue: status))
        }
    }

    /// Listens on the next socket that waits in `channel`, wherever in the world it was opened.
    package init(
        from channel: SocketChannel, backlog: Int32 = 511, onConnection: @escaping (TCPConnection) -> Void
    ) throws(SystemFailure) {
        let loop = channel.loop
        address = SocketAddress(storage: sockaddr_storage())
        try super.init(UV_TCP, on: loop, operation: .create, subject: "uv_tcp") { memory in
            uv_tcp_init(loop.pointer, memory.assumingMemoryBound(to: uv_tcp_t.self))
        }
        self.onConnection = onConnection
        var status = channel.take(into: pointer(to: uv_tcp_t.self))
        if status >= 0 { status = listen(backlog) }
        if status < 0 {
            closeHandle()
            throw SystemFailure(.listen, "socket of a child", SystemErrorCode(rawValue: status))
        }
    }

    private func listen(_ backlog: Int32) -> Int32 {
        let status = uv_listen(pointer(to: uv_stream_t.self), backlog) { handle, status in
            TCPListener.owner(of: handle).accept(status)
        }
        if status < 0 { return status }
        return zoolab_tcp_local_address(pointer(to: uv_tcp_t.self), &address.storage)
    }

    private func accept(_ status: Int32) {
        do throws(SystemFailure) {
            try SystemFailure.check(status, .listen, address.description)
            let connection = try TCPConnection(on: loop)
            let accepted = uv_accept(pointer(to: uv_stream_t.self), connection.stream)
            guard accepted >= 0 else {
                connection.closeHandle()
                throw SystemFailure(.listen, address.description, SystemErrorCode(rawValue: accepted))
            }
            connection.didConnect()
            onConnection?(connection)
        } catch {
            onFailure?(error)
        }
    }

    /// Stops listening; connections already accepted live on.
    package func close() { closeHandle() }

    override func willClose() {
        onConnection = nil
        onFailure = nil
    }
}
