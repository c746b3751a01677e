import EventLoop
import Foundation
import StateMachines
import Traces

/// Writes what happens between servers, and to them, as a trace. Nodes are called by their numbers.
final class EnsembleRecorder {
    /// The header's parameter that holds the machine's monotonic clock, in microseconds, at the trace's zero.
    static let originParameter = "origin"
    private static let flushPeriod = Tick.milliseconds(100)

    private let loop: EventLoop
    private let origin: Tick
    private let file: FileHandle
    private var order = 0
    private var waiting: [UInt8] = []
    private var timer: LoopTimer?
    /// Sends whose end has not been seen: their places.
    private var places: [String: Int] = [:]

    init(_ folder: EnsembleFolder, _ plan: EnsemblePlan, on loop: EventLoop) throws(EnsembleFailure) {
        self.loop = loop
        origin = loop.now
        try folder.write("", to: folder.traceFile)
        guard let file = FileHandle(forWritingAtPath: folder.traceFile) else {
            throw .cannotWrite(folder.traceFile, "")
        }
        self.file = file
        waiting = TraceLines.bytes(
            of: TraceHeader(
                protocolName: "zab", nodes: plan.members.map { String($0.number) },
                parameters: [.init(name: Self.originParameter, value: String(origin.microseconds))]))
        timer = loop.schedule(every: Self.flushPeriod) { [unowned self] in flush() }
        timer?.unreference()
    }

    func flush() {
        guard !waiting.isEmpty else { return }
        try? file.write(contentsOf: Data(waiting))
        waiting.removeAll(keepingCapacity: true)
    }

    func close() {
        flush()
        timer?.cancel()
        try? file.close()
    }

    func record(_ sighting: PeerNetwork.Sighting) {
        let message = sighting.message
        let kind: EventKind
        switch sighting.stage {
        case .sent: kind = .send
        case .arrived: kind = .receive
        case .lost: kind = .drop
        }
        let (node, peer) = kind == .send ? (sighting.from, sighting.to) : (sighting.to, sighting.from)
        let number = record(
            kind, node, peer: peer, id: message.identity, cause: kind == .send ? nil : places[message.identity],
            label: message.title, payload: message.detail.isEmpty ? nil : message.detail)
        places[message.identity] = kind == .send ? number : nil
    }

    @discardableResult
    func record(
        _ kind: EventKind, _ node: Int, peer: Int? = nil, id: String? = nil, cause: Int? = nil, label: String? = nil,
        payload: String? = nil
    ) -> Int {
        order += 1
        waiting += TraceLines.bytes(
            of: Event(
                order: order, time: loop.now - origin, kind: kind, node: String(node), peer: peer.map { String($0) },
                id: id, cause: cause, label: label, payload: payload))
        return order
    }
}
