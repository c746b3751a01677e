import CLibuv
package import StateMachines

/// Looks at a file now and then, and calls whenever its size, times, place or existence has changed.
///
/// It asks for the file's state on a worker thread, which also sees symbolic links that were turned to another file. It does
/// not keep the loop running.
package final class FileWatch: LoopHandle {
    private var action: (() -> Void)?

    /// - Parameter period: between two looks; whole milliseconds.
    package init(
        _ path: String, every period: Tick, on loop: EventLoop, _ action: @escaping () -> Void
    ) throws(SystemFailure) {
        try super.init(UV_FS_POLL, on: loop, operation: .create, subject: "uv_fs_poll") { memory in
            uv_fs_poll_init(loop.pointer, memory.assumingMemoryBound(to: uv_fs_poll_t.self))
        }
        self.action = action
        let status = uv_fs_poll_start(
            pointer(to: uv_fs_poll_t.self), { handle, _, _, _ in FileWatch.owner(of: handle).action?() }, path,
            UInt32(clamping: period.microseconds / 1_000))
        if status < 0 {
            closeHandle()
            throw SystemFailure(.read, path, SystemErrorCode(rawValue: status))
        }
        unreference()
    }

    /// Stops looking.
    package func cancel() { closeHandle() }

    override func willClose() { action = nil }
}
