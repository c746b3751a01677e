import EventLoop
import StateMachines

/// One direction of one connection: what was sent and has not been passed on, in order.
final class ProxyLane {
    enum Item {
        case message([UInt8], ProxiedMessage?, due: Tick)
        /// The sender has finished, or reset the connection.
        case end(StreamEnd)
    }

    /// Bytes that may wait before the sender is no longer read.
    static let capacity = 1 << 20

    private let loop: EventLoop
    private var items: [Item] = []
    private var waitingByteCount = 0
    private var timer: LoopTimer?
    /// Nothing passes while true.
    var isBlocked = false
    var onDelivery: (([UInt8], ProxiedMessage?) -> Void)?
    var onEnd: ((StreamEnd) -> Void)?

    init(on loop: EventLoop) { self.loop = loop }

    var isFull: Bool { waitingByteCount > Self.capacity }

    /// The messages that have not been passed on.
    var pendingMessages: [ProxiedMessage] {
        items.compactMap { item in
            if case .message(_, let message, _) = item { return message }
            return nil
        }
    }

    func append(_ item: Item) {
        if case .message(let bytes, _, _) = item { waitingByteCount += bytes.count }
        items.append(item)
        flush()
    }

    /// Passes on what may pass now.
    func flush() {
        while !isBlocked, let first = items.first {
            switch first {
            case .message(let bytes, let message, let due):
                let now = loop.now
                guard due <= now else { return wait(due - now) }
                items.removeFirst()
                waitingByteCount -= bytes.count
                onDelivery?(bytes, message)
            case .end(let end):
                items.removeFirst()
                onEnd?(end)
            }
        }
    }

    private func wait(_ time: Tick) {
        timer?.cancel()
        timer = loop.schedule(after: time) { [weak self] in self?.flush() }
    }

    func close() {
        timer?.cancel()
        items = []
        (onDelivery, onEnd) = (nil, nil)
    }
}
