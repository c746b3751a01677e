import EventLoop
import StateMachines

/// Asks a server the four-letter word `srvr`.
final class StatusProbe {
    /// What it said; all absent for a server that did not answer in time.
    struct Answer {
        var mode: String?
        var zxid: Zxid?
        var connections: Int?
        var received: Int?
        var sent: Int?

        init(_ text: String = "") {
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { continue }
                let value = String(parts[1].drop { $0 == " " })
                switch parts[0] {
                case "Mode": mode = value
                case "Zxid": zxid = UInt64(value.dropFirst(2), radix: 16).map(Zxid.init(rawValue:))
                case "Connections": connections = Int(value)
                case "Received": received = Int(value)
                case "Sent": sent = Int(value)
                default: break
                }
            }
            // It answers, and says that it does not serve.
            if mode == nil, !text.isEmpty { mode = "looking" }
        }
    }

    private static let patience = Tick.milliseconds(1_500)

    private var text: [UInt8] = []
    private var stream: TCPConnection?
    private var attempt: ConnectionAttempt?
    private var timer: LoopTimer?
    private var deliver: ((Answer) -> Void)?

    init(port: UInt16, on loop: EventLoop, then deliver: @escaping (Answer) -> Void) {
        self.deliver = deliver
        timer = loop.schedule(after: Self.patience) { [self] in finish() }
        attempt = loop.connect(to: "127.0.0.1", port: port) { [self] result in
            guard case .success(let stream) = result else { return finish() }
            self.stream = stream
            stream.onBytes = { [self] in text.append(contentsOf: $0) }
            stream.onEnd = { [self] _ in finish() }
            stream.startReading()
            stream.write(Array("srvr".utf8))
        }
    }

    private func finish() {
        timer?.cancel()
        attempt?.cancel()
        stream?.close()
        let report = deliver
        deliver = nil
        report?(Answer(String(decoding: text, as: UTF8.self)))
    }
}
