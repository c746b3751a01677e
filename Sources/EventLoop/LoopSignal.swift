import CLibuv

/// Watches one signal of this process. It does not keep the loop running.
package final class LoopSignal: LoopHandle {
    private var action: (() -> Void)?

    /// Unblocks the signal for this thread: a parent with threads of its own may have left it blocked in this process.
    ///
    /// - Parameter number: as in `<signal.h>`; SIGKILL and SIGSTOP cannot be watched.
    package init(_ number: Int32, on loop: EventLoop, _ action: @escaping () -> Void) throws(SystemFailure) {
        try super.init(UV_SIGNAL, on: loop, operation: .create, subject: "uv_signal") { memory in
            uv_signal_init(loop.pointer, memory.assumingMemoryBound(to: uv_signal_t.self))
        }
        self.action = action
        let status = uv_signal_start(
            pointer(to: uv_signal_t.self), { handle, _ in LoopSignal.owner(of: handle).action?() }, number)
        if status < 0 {
            closeHandle()
            throw SystemFailure(.signal, "signal \(number)", SystemErrorCode(rawValue: status))
        }
        unreference()
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Gives the signal its former effect back.
    package func cancel() { closeHandle() }

    override func willClose() { action = nil }
}
