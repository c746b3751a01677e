import CLibuv

/// A libuv handle and the Swift object that stands for it.
///
/// An open handle keeps its object alive; the object is released, and the C memory freed, in the callback of
/// `uv_close`. Its callbacks may hold their owner and it, since they go when it closes, and the loop closes what is left in
/// the end; callbacks that do not hold their owner would find it gone, where it was let go of without being stopped.
/// Confined to its loop, and therefore not Sendable.
package class LoopHandle {
    package let loop: EventLoop
    private let memory: UnsafeMutableRawPointer
    /// False from the first call of `closeHandle` on; the C memory may be gone then.
    package private(set) final var isOpen = true

    /// Allocates a handle of `type`; `start` calls the matching `uv_…_init` or, for a process, `uv_spawn`.
    ///
    /// - Parameter start: returns a libuv status; an error number makes the initialiser throw.
    init(
        _ type: uv_handle_type, on loop: EventLoop, operation: SystemFailure.Operation, subject: String,
        start: (UnsafeMutableRawPointer) -> Int32
    ) throws(SystemFailure) {
        loop.preconditionOnLoop()
        self.loop = loop
        memory = UnsafeMutableRawPointer.allocate(byteCount: uv_handle_size(type), alignment: 16)
        let status = start(memory)
        let handle = pointer(to: uv_handle_t.self)
        if status >= 0 {
            uv_handle_set_data(handle, Unmanaged.passRetained(self).toOpaque())
            return
        }
        isOpen = false
        if type == UV_PROCESS {
            // A failed `uv_spawn` leaves an initialised handle behind, which must be closed like any other.
            uv_handle_set_data(handle, nil)
            uv_close(handle) { LoopHandle.finishClosing($0) }
        } else {
            memory.deallocate()
        }
        throw SystemFailure(operation, subject, SystemErrorCode(rawValue: status))
    }

    /// The handle under one of its C types.
    final func pointer<Handle>(to type: Handle.Type) -> UnsafeMutablePointer<Handle> {
        memory.assumingMemoryBound(to: type)
    }

    /// Closes the handle; further calls do nothing.
    final func closeHandle() {
        guard isOpen else { return }
        beginClosing()
        uv_close(pointer(to: uv_handle_t.self)) { handle in LoopHandle.finishClosing(handle) }
    }

    /// The first half of closing; `uv_close` or a sibling with `finishClosing` must follow.
    final func beginClosing() {
        loop.preconditionOnLoop()
        isOpen = false
        willClose()
    }

    /// Closes at once, whatever is still to be sent; the loop's teardown calls it.
    func abandon() { closeHandle() }

    /// For subclasses: drop callbacks here, so that no reference cycle outlives the handle.
    func willClose() {}

    /// Recovers the object of a handle inside a C callback.
    static func owner<Handle>(of handle: UnsafeMutablePointer<Handle>?) -> Self {
        let generic = UnsafeMutableRawPointer(handle!).assumingMemoryBound(to: uv_handle_t.self)
        // SAFETY: `data` is set by `init` to a retained instance and released only by `finishClosing`.
        let object = Unmanaged<LoopHandle>.fromOpaque(uv_handle_get_data(generic)).takeUnretainedValue()
        return unsafeDowncast(object, to: Self.self)
    }

    static func finishClosing(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
        guard let handle else { return }
        if let owner = uv_handle_get_data(handle) { Unmanaged<LoopHandle>.fromOpaque(owner).release() }
        UnsafeMutableRawPointer(handle).deallocate()
    }

    /// A handle that is not referenced does not keep `EventLoop.run` from returning.
    package final func unreference() {
        if isOpen { uv_unref(pointer(to: uv_handle_t.self)) }
    }
}
