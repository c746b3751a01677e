import Synchronization

/// Messages from any thread to one loop, in the order they were posted.
///
/// Made by `EventLoop.makeMailbox`. Posting never blocks for longer than an append.
package final class Mailbox<Message: Sendable>: Sendable {
    private struct State {
        var pending: [Message] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let wake: @Sendable () -> Void

    package init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

    /// Posts one message and wakes the loop if it may be asleep.
    ///
    /// - Returns: false when the mailbox is closed; the message is dropped then.
    @discardableResult
    package func post(_ message: Message) -> Bool {
        let (isAccepted, wasEmpty) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.pending.append(message)
            return (true, state.pending.count == 1)
        }
        if wasEmpty { wake() }
        return isAccepted
    }

    /// Swaps buffers, so that a steady state allocates nothing.
    package func drain(into batch: inout [Message]) {
        batch.removeAll(keepingCapacity: true)
        state.withLock { swap(&$0.pending, &batch) }
    }

    /// Refuses every further message.
    ///
    /// - Returns: what was posted and never drained.
    @discardableResult
    package func close() -> [Message] {
        state.withLock { state in
            state.isClosed = true
            defer { state.pending = [] }
            return state.pending
        }
    }
}
