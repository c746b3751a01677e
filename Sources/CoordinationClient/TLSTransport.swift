package import EventLoop

/// Connections with TLS over TCP. Keys and certificates are read for each of them, so that a renewed certificate is
/// used at the next reconnection.
package struct TLSTransport: Transport {
    private let thread: LoopThread
    private let options: TLSOptions

    package init(thread: LoopThread, options: TLSOptions) {
        self.thread = thread
        self.options = options
    }

    /// - Throws: `TLSSetupFailure` for files that cannot be used, `TLSFailure` for a handshake that failed,
    ///   `SystemFailure` for a server that is not reached.
    package func connect(to address: ServerAddress) async throws -> any TransportConnection {
        try await ConnectionRequest(address, options).perform(on: thread)
    }

    /// As the transport without TLS: on the thread that all clients of this process share.
    package static func shared(_ options: TLSOptions) throws(SystemFailure) -> TLSTransport {
        TLSTransport(thread: try TCPTransport.sharedLoopThread(), options: options)
    }
}
