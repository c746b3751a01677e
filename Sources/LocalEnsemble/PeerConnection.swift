import EventLoop
import StateMachines

/// One connection that a server has opened to another, and its counterpart there.
final class PeerConnection {
    let way: PeerNetwork.Way
    private unowned let network: PeerNetwork
    private let target: UInt16
    private let near: TCPConnection
    private var far: TCPConnection?
    private var attempt: ConnectionAttempt?
    private var retry: LoopTimer?
    private var forth: Lane
    private var back: Lane
    private var isOver = false

    /// How long after a refusal the other end is tried again, while its process lives: it may be about to listen.
    private static let retryDelay = Tick.milliseconds(20)
    /// Bytes that may wait before their sender is no longer read.
    private static let capacity = 1 << 20

    /// One direction: what was sent and has not been passed on.
    private final class Lane {
        struct Item {
            var bytes: [UInt8]
            var messages: [PeerMessage]
            var due: Tick
        }
        let from: Int
        let to: Int
        var reader: PeerReader
        var items: [Item] = []
        var waitingByteCount = 0
        /// The sender has finished or is gone.
        var end: StreamEnd?
        var timer: LoopTimer?

        init(_ from: Int, _ to: Int, _ reader: PeerReader) {
            (self.from, self.to, self.reader) = (from, to, reader)
        }
    }

    init(_ near: TCPConnection, _ way: PeerNetwork.Way, target: UInt16, in network: PeerNetwork) {
        (self.near, self.way, self.target, self.network) = (near, way, target, network)
        forth = Lane(way.from, way.to, PeerReader(way.port, isDialler: true))
        back = Lane(way.to, way.from, PeerReader(way.port, isDialler: false))
        connect(near, forth)
    }

    private func connect(_ stream: TCPConnection, _ lane: Lane) {
        stream.onBytes = { [weak self] bytes in self?.receive(bytes, lane) }
        stream.onEnd = { [weak self] end in
            lane.end = end
            self?.update()
        }
        stream.onDrain = { [weak self] in self?.balance() }
        stream.startReading()
    }

    // MARK: The other end

    private func dial() {
        attempt = network.loop.connect(to: "127.0.0.1", port: target) { [weak self] result in
            guard let self else { return }
            attempt = nil
            switch result {
            case .success(let stream):
                far = stream
                connect(stream, back)
                update()
            case .failure: wait()
            }
        }
    }

    private func wait() {
        guard network.isGone?(way.to) == false, forth.end == nil else { return reset() }
        retry = network.loop.schedule(after: Self.retryDelay) { [weak self] in
            self?.retry = nil
            self?.update()
        }
    }

    // MARK: Bytes

    private func receive(_ bytes: UnsafeRawBufferPointer, _ lane: Lane) {
        let messages = lane.reader.read(bytes) { network.nextIdentity() }
        network.saw(.sent, messages, lane.from, lane.to)
        guard !isOver else { return }
        let verdict = network.judge(messages, lane.from, lane.to)
        if verdict.isLost {
            network.saw(.lost, messages, lane.from, lane.to)
            return reset()
        }
        lane.items.append(
            Lane.Item(bytes: Array(bytes), messages: messages, due: network.loop.now + verdict.delay))
        lane.waitingByteCount += bytes.count
        update()
    }

    /// Passes on what may pass now, and opens the other end when it may be opened.
    func update() {
        guard !isOver else { return }
        if far == nil, attempt == nil, retry == nil {
            // What opens a connection goes both ways.
            if !network.isCut(way.from, way.to), !network.isCut(way.to, way.from) { dial() }
        }
        pass(forth, to: far)
        if !isOver { pass(back, to: near) }
        balance()
    }

    private func pass(_ lane: Lane, to sink: TCPConnection?) {
        guard let sink, !network.isCut(lane.from, lane.to) else { return }
        while !isOver, let first = lane.items.first {
            let now = network.loop.now
            guard first.due <= now else { return wait(lane, first.due - now) }
            lane.items.removeFirst()
            lane.waitingByteCount -= first.bytes.count
            guard sink.isOpen, network.isGone?(lane.to) != true else {
                network.saw(.lost, first.messages, lane.from, lane.to)
                continue
            }
            // Noted first: the other process may act upon it before this one goes on.
            network.saw(.arrived, first.messages, lane.from, lane.to)
            sink.write(first.bytes)
        }
        if !isOver, let end = lane.end { finish(end) }
    }

    private func wait(_ lane: Lane, _ time: Tick) {
        guard lane.timer?.isOpen != true else { return }
        lane.timer = network.loop.schedule(after: time) { [weak self] in self?.update() }
    }

    private func balance() {
        guard !isOver else { return }
        Self.balance(near, forth, far)
        if let far { Self.balance(far, back, near) }
    }

    private static func balance(_ source: TCPConnection, _ lane: Lane, _ sink: TCPConnection?) {
        guard lane.end == nil else { return }
        if lane.waitingByteCount + (sink?.unwrittenByteCount ?? 0) > capacity {
            source.pauseReading()
        } else {
            source.startReading()
        }
    }

    // MARK: Ends

    private func finish(_ end: StreamEnd) {
        if case .failed = end { reset() } else { finish { $0.close() } }
    }

    /// Ends both sides at once.
    func reset() { finish { $0.reset() } }

    private func finish(_ how: (TCPConnection) -> Void) {
        guard !isOver else { return }
        isOver = true
        attempt?.cancel()
        retry?.cancel()
        for lane in [forth, back] {
            lane.timer?.cancel()
            for item in lane.items { network.saw(.lost, item.messages, lane.from, lane.to) }
            lane.items = []
        }
        how(near)
        if let far { how(far) }
        network.forget(self)
    }
}
