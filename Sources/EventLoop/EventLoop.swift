import CLibuv
package import StateMachines

/// One libuv loop: sockets, timers, worker results, signals and child processes of one thread.
///
/// Deliberately not Sendable. The thread that makes a loop uses it, until `run` is called on another one, which then
/// owns it; `LoopThread` does just that. Everything of the loop is called on its thread only, which is checked.
package final class EventLoop {
    let pointer: UnsafeMutablePointer<uv_loop_t>
    /// Where every stream of this loop reads; valid only during a read callback, so one is enough.
    let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    /// Where every stream of this loop collects what TLS makes of its bytes; empty between two calls.
    var ciphertext: [UInt8] = []
    private var thread = zoolab_thread_self()
    private var isClosed = false

    package init() throws(SystemFailure) {
        zoolab_ignore_broken_pipes()
        pointer = .allocate(capacity: 1)
        let status = uv_loop_init(pointer)
        guard status == 0 else {
            pointer.deallocate()
            readBuffer.deallocate()
            throw SystemFailure(.create, "uv_loop", SystemErrorCode(rawValue: status))
        }
    }

    deinit {
        precondition(isClosed, "An EventLoop must be closed before its last reference goes.")
        pointer.deallocate()
        readBuffer.deallocate()
    }

    /// The machine's monotonic clock, read anew at every call. Its zero is arbitrary.
    package var now: Tick { .microseconds(uv_hrtime() / 1_000) }

    /// Handles events until `stop` is called, or until nothing open could produce another one.
    package func run() {
        precondition(!isClosed)
        thread = zoolab_thread_self()
        uv_run(pointer, UV_RUN_DEFAULT)
    }

    /// As `run`, but only `stop` ends it.
    func runUntilStopped() {
        thread = zoolab_thread_self()
        // An idle loop would return at once; a timer that is never due keeps it waiting.
        let pulse = LoopTimer(on: self, after: .seconds(1_000_000_000), repeating: nil) {}
        run()
        pulse.cancel()
    }

    /// Handles what has happened up to now and returns without waiting.
    package func runOnce() {
        precondition(!isClosed)
        preconditionOnLoop()
        uv_run(pointer, UV_RUN_NOWAIT)
    }

    /// Makes `run` return after the callbacks of this turn. Nothing is closed; `run` may be called again.
    package func stop() {
        preconditionOnLoop()
        uv_stop(pointer)
    }

    /// Closes everything that is open, waits for work on other threads that has begun, and frees the loop.
    ///
    /// Streams are cut without flushing, child processes still running are killed with their groups, and no callback
    /// runs except those of work that was under way. Further calls do nothing.
    package func close() {
        guard !isClosed else { return }
        preconditionOnLoop()
        // A callback of unfinished work may open something new, so one pass is not always enough.
        repeat {
            uv_walk(
                pointer,
                { handle, _ in
                    guard let handle, uv_is_closing(handle) == 0 else { return }
                    LoopHandle.owner(of: handle).abandon()
                }, nil)
            uv_run(pointer, UV_RUN_DEFAULT)
        } while uv_loop_close(pointer) != 0
        isClosed = true
    }

    func preconditionOnLoop() {
        precondition(thread == zoolab_thread_self(), "An EventLoop belongs to one thread.")
    }
}
