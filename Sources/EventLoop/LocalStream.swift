import CLibuv

/// One end of a pair of sockets within this process, for code that reads and writes a socket on a thread of its own.
package final class LocalStream: ByteStream {
    /// - Parameter handOver: gets the other end, blocking, which is its to close.
    package init(on loop: EventLoop, handOver: (Int32) -> Void) throws(SystemFailure) {
        var ends: [uv_os_sock_t] = [-1, -1]
        let status = uv_socketpair(Int32(zoolab_stream_socket), 0, &ends, Int32(UV_NONBLOCK_PIPE.rawValue), 0)
        try SystemFailure.check(status, .create, "uv_socketpair")
        do throws(SystemFailure) {
            try super.init(UV_NAMED_PIPE, on: loop, operation: .create, subject: "uv_pipe") { memory in
                uv_pipe_init(loop.pointer, memory.assumingMemoryBound(to: uv_pipe_t.self), 0)
            }
        } catch {
            for end in ends { zoolab_socket_close(end) }
            throw error
        }
        let opened = uv_pipe_open(pointer(to: uv_pipe_t.self), ends[0])
        if opened < 0 {
            closeHandle()
            for end in ends { zoolab_socket_close(end) }
            throw SystemFailure(.create, "uv_pipe", SystemErrorCode(rawValue: opened))
        }
        handOver(ends[1])
    }
}
