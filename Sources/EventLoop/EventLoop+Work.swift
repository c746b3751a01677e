import CLibuv

extension EventLoop {
    /// Runs `work` on a worker thread, then `deliver` with its result on this loop.
    ///
    /// The pool is libuv's (four threads, shared by the process); two pieces of work may overlap. While work is
    /// under way the loop keeps running.
    package func perform<Value: Sendable>(
        _ work: @escaping @Sendable () -> Value, then deliver: @escaping (Value) -> Void
    ) {
        preconditionOnLoop()
        let request = WorkRequest()
        var value: Value?
        request.work = { value = work() }
        request.finish = { if let value { deliver(value) } }
        request.start(on: self)
    }
}

/// One `uv_work_t`, alive until its completion has been delivered.
///
/// libuv calls `work` on a worker thread and afterwards, ordered by its own lock, `finish` on the loop; the two never
/// overlap, so they may share a variable.
private final class WorkRequest {
    var work: (() -> Void)?
    var finish: (() -> Void)?
    private let request = UnsafeMutablePointer<uv_work_t>.allocate(capacity: 1)

    deinit { request.deallocate() }

    func start(on loop: EventLoop) {
        request.pointee.data = Unmanaged.passRetained(self).toOpaque()
        let status = uv_queue_work(
            loop.pointer, request, { WorkRequest.owner(of: $0).takeUnretainedValue().work?() },
            { request, _ in WorkRequest.owner(of: request).takeRetainedValue().finish?() })
        precondition(status == 0, "uv_queue_work fails only without a work callback.")
    }

    private static func owner(of request: UnsafeMutablePointer<uv_work_t>?) -> Unmanaged<WorkRequest> {
        Unmanaged.fromOpaque(request!.pointee.data)
    }
}
