import CLibuv

/// A pipe through which a child hands over listening sockets that it opened where this process cannot: in a network of
/// its own. They come with bytes that mean nothing; the owner starts reading and then takes them in `onBytes`.
package final class SocketChannel: ByteStream {
    init(on loop: EventLoop) throws(SystemFailure) {
        try super.init(UV_NAMED_PIPE, on: loop, operation: .create, subject: "uv_pipe") { memory in
            uv_pipe_init(loop.pointer, memory.assumingMemoryBound(to: uv_pipe_t.self), 1)
        }
    }

    /// Sockets that have arrived and wait to be taken by `TCPListener.init(from:)`, in the order they were sent.
    package var waitingSockets: Int {
        isOpen ? Int(uv_pipe_pending_count(pointer(to: uv_pipe_t.self))) : 0
    }

    /// Moves the next socket into `listener`; returns libuv's status.
    func take(into listener: UnsafeMutablePointer<uv_tcp_t>) -> Int32 {
        guard waitingSockets > 0, uv_pipe_pending_type(pointer(to: uv_pipe_t.self)) == UV_TCP else {
            return UV_EINVAL.rawValue
        }
        return uv_accept(stream, UnsafeMutableRawPointer(listener).assumingMemoryBound(to: uv_stream_t.self))
    }
}
