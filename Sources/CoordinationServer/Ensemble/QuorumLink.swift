import Bytes
import CoordinationCore
import EventLoop
import StateMachines
import TransactionLog
import WireProtocol
import Zab

/// One stream between a leader and a learner: packets both ways, and the tree that follows a SNAP packet.
///
/// What is sent during one turn of the loop goes out together.
final class QuorumLink {
    /// A piece of a tree under way; more follows when the socket has taken it.
    private static let pieceByteCount = 256 << 10

    /// How a learner is brought up to date.
    enum Synchronization: Hashable {
        case difference
        case snapshot
    }

    /// What the learner is being sent, until it has it on disk.
    var synchronization: Synchronization?
    /// Whether an observer learns at the other end.
    var isObserved = false
    /// Whom it leads to; `nil` until a learner has said who it is.
    var server: ServerID?
    var onPacket: ((QuorumPacket) -> Void)?
    /// The last packet has been told of those that have arrived together.
    var onPacketsEnd: (() -> Void)?
    /// The tree that came behind a SNAP packet.
    var onSnapshot: ((Snapshot) -> Void)?
    /// The other end has sent, or taken, a piece of a tree.
    var onHeard: (() -> Void)?
    /// The stream has ended, or makes no sense. Not after `close`.
    var onEnd: (() -> Void)?
    /// So many packets have gone to the socket together, the first of them after this time.
    var onFlush: ((_ count: Int, _ delay: Tick) -> Void)?
    /// Closing took so long.
    var onClosed: ((Tick) -> Void)?

    let stream: TCPConnection
    private var packets = QuorumPacketReader()
    private var incoming: SnapshotStreamReader?
    private let loop: EventLoop
    private var output = ByteWriter()
    /// How many packets are in it, and since when the first of them is.
    private var outputCount = 0
    private var outputSince = Tick.zero
    private var flushing: LoopDeferral?
    private var outgoing: SnapshotSource?
    private var isClosed = false

    init(_ stream: TCPConnection, _ security: QuorumSecurity, on loop: EventLoop) {
        self.stream = stream
        self.loop = loop
        flushing = loop.makeDeferral { [unowned self] in flush() }
        stream.onEnd = { [unowned self] in
            security.report($0)
            end()
        }
        stream.onDrain = { [unowned self] in drained() }
        stream.onBytes = { [unowned self] in receive($0.bytes) }
    }

    var remoteAddress: String { stream.remoteAddress }
    /// Whether a tree is on its way to the other end.
    var isSendingSnapshot: Bool { outgoing != nil }
    var isReceivingSnapshot: Bool { incoming != nil }

    func start() { stream.startReading() }

    /// Sends what is left, then closes.
    func close() {
        guard !isClosed else { return }
        let begun = loop.now
        defer { onClosed?(loop.now - begun) }
        if outgoing == nil { flush() }
        isClosed = true
        outgoing?.cancel()
        outgoing = nil
        flushing?.cancel()
        flushing = nil
        stream.close()
    }

    private func end() {
        guard !isClosed else { return }
        close()
        onEnd?()
    }

    // MARK: Sending

    func send(_ write: (inout ByteWriter) -> Void) {
        guard !isClosed else { return }
        if outputCount == 0 { outputSince = loop.now }
        outputCount += 1
        write(&output)
        flushing?.request()
    }

    private func flush() {
        guard outgoing == nil, output.count > 0 else { return }
        onFlush?(outputCount, loop.now - outputSince)
        outputCount = 0
        stream.write(output.bytes)
        output.bytes.removeAll(keepingCapacity: output.bytes.capacity <= 1 << 18)
    }

    /// Sends a tree, piece by piece; what is sent after this call follows it.
    func sendSnapshot(_ source: SnapshotSource) {
        flush()
        outgoing = source
        stream.write(source.begin().bytes)
        sendPieces()
    }

    private func sendPieces() {
        while let source = outgoing, stream.isOpen, stream.unwrittenByteCount < Self.pieceByteCount {
            let piece = source.next(Self.pieceByteCount)
            guard piece.isEmpty else {
                stream.write(piece)
                continue
            }
            outgoing = nil
            stream.write(SnapshotFormat.streamEnding)
            flush()
        }
    }

    private func drained() {
        guard outgoing != nil else { return }
        onHeard?()
        sendPieces()
    }

    // MARK: Receiving

    private func receive(_ bytes: RawSpan) {
        defer { onPacketsEnd?() }
        do {
            if incoming != nil {
                onHeard?()
                if try incoming!.append(bytes) { try endSnapshot() }
            } else {
                packets.append(bytes)
            }
            try readPackets()
        } catch {
            end()
        }
    }

    private func readPackets() throws {
        while !isClosed, incoming == nil, let packet = try packets.next() {
            if packet.type == .snapshot {
                incoming = SnapshotStreamReader(source: remoteAddress, zxid: packet.zxid)
            }
            onPacket?(packet)
            guard incoming != nil, !isClosed else { continue }
            let pending = packets.takePending()
            if try incoming!.append(pending) { try endSnapshot() }
        }
    }

    private func endSnapshot() throws {
        let (snapshot, rest) = try incoming!.finish()
        incoming = nil
        packets.append(rest)
        onSnapshot?(snapshot)
    }
}
