import Bytes
import CoordinationClient
import EventLoop
import StateMachines
import WireProtocol

/// One connection of a load, with a session of its own. Confined to its loop.
final class LoadConnection {
    /// What its owner hears of it.
    enum Event {
        /// It has a session.
        case ready
        case answered(latency: Tick, isError: Bool)
        /// It is over: as it was asked to, or for a reason.
        case ended(LoadFailure?)
    }

    /// As real clients ask for it.
    private static let sessionTimeout: Int32 = 30_000

    private let stream: TCPConnection
    private let server: ServerAddress
    private let report: (Event) -> Void
    private var source: RequestSource
    private var frames = FrameBuffer()
    private var output: [UInt8] = []
    /// When the requests in flight left, as a ring; answers come in the order of requests.
    private var departures: [Tick]
    private var oldest = 0
    private var isGreeted = false
    private var isClosing = false
    private var isOver = false

    init(
        _ stream: TCPConnection, _ server: ServerAddress, _ source: RequestSource, requestsInFlight: Int,
        report: @escaping (Event) -> Void
    ) {
        (self.stream, self.server, self.source, self.report) = (stream, server, source, report)
        departures = [Tick](repeating: .zero, count: requestsInFlight)
        stream.onBytes = { [weak self] bytes in self?.receive(bytes.bytes) }
        stream.onEnd = { [weak self] _ in self?.end(self?.isClosing == true ? nil : .ended(server.description)) }
        stream.startReading()
        var writer = ByteWriter()
        writer.writeFrame { writer in
            ConnectRequest(lastZxidSeen: .zero, timeoutMilliseconds: Self.sessionTimeout).encode(into: &writer)
        }
        stream.write(writer.bytes)
    }

    /// Lets all requests leave that may be in flight.
    func start() {
        let now = stream.loop.now
        for index in departures.indices { depart(index, now) }
        flush()
    }

    /// Asks for nothing more, and ends the session once everything is answered.
    func finish() {
        guard !isOver, !isClosing else { return }
        isClosing = true
        // A number that no request has; the answer to it is the connection's end.
        stream.write(ClientRequest.closeSession.frame(xid: 0))
    }

    private func depart(_ index: Int, _ now: Tick) {
        departures[index] = now
        source.appendNext(to: &output)
    }

    private func flush() {
        stream.write(output)
        output.removeAll(keepingCapacity: true)
    }

    private func receive(_ bytes: RawSpan) {
        frames.append(bytes)
        let now = stream.loop.now
        do throws(ByteError) {
            while !isOver, let payload = try frames.next() {
                if isGreeted { try onAnswer(payload, now) } else { try onGreeting(payload) }
            }
        } catch {
            return end(.unreadable(server.description))
        }
        flush()
    }

    private func onGreeting(_ payload: Range<Int>) throws(ByteError) {
        let bytes = frames.bytes
        var reader = ByteReader(bytes.span.bytes.extracting(payload))
        let response = try ConnectResponse(from: &reader)
        guard response.timeoutMilliseconds > 0, response.isReadOnly != true else {
            return end(.noSession(server.description))
        }
        isGreeted = true
        report(.ready)
    }

    private func onAnswer(_ payload: Range<Int>, _ now: Tick) throws(ByteError) {
        let bytes = frames.bytes
        var reader = ByteReader(bytes.span.bytes.extracting(payload))
        let header = try ReplyHeader(from: &reader)
        guard header.xid > 0 else { return }
        report(.answered(latency: now - departures[oldest], isError: header.error != 0))
        if !isClosing { depart(oldest, now) }
        oldest = oldest + 1 == departures.count ? 0 : oldest + 1
    }

    private func end(_ reason: LoadFailure?) {
        guard !isOver else { return }
        isOver = true
        stream.close()
        report(.ended(reason))
    }
}
