import CLibuv

/// Work that is put off until everything that has happened by now was handled, and done before the loop waits again.
///
/// However often it is requested meanwhile, it is done once. It does not keep an idle loop running.
package final class LoopDeferral: LoopHandle {
    private var action: (() -> Void)?
    private var isRequested = false

    init(on loop: EventLoop, _ action: @escaping () -> Void) {
        do throws(SystemFailure) {
            try super.init(UV_IDLE, on: loop, operation: .create, subject: "uv_idle") { memory in
                uv_idle_init(loop.pointer, memory.assumingMemoryBound(to: uv_idle_t.self))
            }
        } catch {
            preconditionFailure("uv_idle_init cannot fail: \(error)")
        }
        self.action = action
    }

    package func request() {
        guard isOpen, !isRequested else { return }
        isRequested = true
        // An active idle handle keeps the loop from waiting, and is called before it looks for new events.
        uv_idle_start(pointer(to: uv_idle_t.self)) { handle in LoopDeferral.owner(of: handle).fire() }
    }

    private func fire() {
        isRequested = false
        uv_idle_stop(pointer(to: uv_idle_t.self))
        action?()
    }

    /// What was requested is not done any more; further calls do nothing.
    package func cancel() { closeHandle() }

    override func willClose() { action = nil }
}

extension EventLoop {
    package func makeDeferral(_ action: @escaping () -> Void) -> LoopDeferral { LoopDeferral(on: self, action) }
}
