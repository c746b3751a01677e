import CLibuv
import Synchronization

/// The bell that other threads ring (`uv_async_t`).
final class WakeHandle: LoopHandle {
    private var onWake: (() -> Void)?
    let bell = Bell()

    /// The one part of the handle that other threads hold; silent once the handle is closed.
    final class Bell: Sendable {
        /// The address of the handle while it is open.
        private let address = Mutex<UInt?>(nil)

        func ring() {
            address.withLock { address in
                // SAFETY: `uv_async_send` may be called from any thread while the handle is open, and
                // closing takes this lock first.
                guard let address, let handle = UnsafeMutablePointer<uv_async_t>(bitPattern: address) else { return }
                uv_async_send(handle)
            }
        }

        fileprivate func connect(_ handle: UnsafeMutablePointer<uv_async_t>?) {
            address.withLock { $0 = handle.map { UInt(bitPattern: $0) } }
        }
    }

    init(on loop: EventLoop, _ onWake: @escaping () -> Void) throws(SystemFailure) {
        try super.init(UV_ASYNC, on: loop, operation: .create, subject: "uv_async") { memory in
            uv_async_init(loop.pointer, memory.assumingMemoryBound(to: uv_async_t.self)) { handle in
                WakeHandle.owner(of: handle).onWake?()
            }
        }
        self.onWake = onWake
        bell.connect(pointer(to: uv_async_t.self))
    }

    override func willClose() {
        bell.connect(nil)
        onWake = nil
    }
}

extension EventLoop {
    /// A mailbox whose messages `receive` gets on this loop, one by one, in the order they were posted.
    ///
    /// It does not keep the loop running, and closes with the loop.
    package func makeMailbox<Message: Sendable>(
        of type: Message.Type = Message.self, receive: @escaping (Message) -> Void
    ) throws(SystemFailure) -> Mailbox<Message> {
        var batch: [Message] = []
        // The mailbox needs the bell and the bell's action needs the mailbox; the action gets it weakly, later.
        var target: Mailbox<Message>?
        let handle = try WakeHandle(on: self) {
            target?.drain(into: &batch)
            for message in batch { receive(message) }
            batch.removeAll(keepingCapacity: true)  // What messages hold is not held until the next ones come.
        }
        let mailbox = Mailbox<Message> { [bell = handle.bell] in bell.ring() }
        target = mailbox
        handle.unreference()
        return mailbox
    }
}
