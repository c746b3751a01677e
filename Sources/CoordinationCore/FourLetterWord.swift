import Bytes
import StateMachines
import WireProtocol
import ZNodes

/// Questions of four bare letters, asked instead of a handshake and answered in plain text.
package enum FourLetterWord: String, CaseIterable, Hashable, Sendable {
    case ruok, isro, srvr, stat, mntr, envi

    /// As on ZooKeeper: everything else must be allowed by `4lw.commands.whitelist`.
    package static let defaultWhitelist: [FourLetterWord] = [.srvr]
}

/// What a server counts of itself.
struct ServerStatistics: Hashable, Sendable {
    var startedAt = Tick.zero
    var packetsReceived = 0
    var packetsSent = 0
    var rejectedConnections = 0
    private var requestCount = 0
    private var totalLatency = Tick.zero
    private var highestLatency = Tick.zero
    private var lowestLatency: Tick?

    mutating func recordLatency(_ latency: Tick) {
        requestCount += 1
        totalLatency = totalLatency + latency
        highestLatency = max(highestLatency, latency)
        lowestLatency = min(lowestLatency ?? latency, latency)
    }

    var minimum: UInt64 { (lowestLatency ?? .zero).microseconds / 1_000 }
    var maximum: UInt64 { highestLatency.microseconds / 1_000 }
    /// Milliseconds with four digits, as ZooKeeper prints them.
    var average: String {
        guard requestCount > 0 else { return "0.0" }
        let tenths = totalLatency.microseconds * 10 / UInt64(requestCount)  // Ten-thousandths of a millisecond.
        let fraction = String(tenths % 10_000)
        return "\(tenths / 10_000).\(String(repeating: "0", count: 4 - fraction.count))\(fraction)"
    }
}

extension CoordinationCore {
    /// Answers and closes if the connection began with a four-letter word.
    mutating func answerFourLetterWord(_ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>) -> Bool {
        guard let letters = connections[slot]!.input.peek(4),
            let word = FourLetterWord(rawValue: String(decoding: letters, as: UTF8.self))
        else { return false }
        let text =
            configuration.commandWhitelist.contains(word)
            ? answer(to: word, now) : "\(word.rawValue) is not executed because it is not in the whitelist.\n"
        connections[slot]!.output.bytes.append(contentsOf: text.utf8)
        close(slot, &effects)
        return true
    }

    private func answer(to word: FourLetterWord, _ now: Tick) -> String {
        switch word {
        case .ruok: "imok"
        case .isro: "rw"
        case .srvr: versionLine + serverLines
        case .stat: versionLine + "Clients:\n" + clientLines + "\n" + serverLines
        case .mntr: monitorLines(now)
        case .envi: "Environment:\nzookeeper.version=\(configuration.versionText)\n"
        }
    }

    private var versionLine: String { "Zookeeper version: \(configuration.versionText)\n" }

    private var serverLines: String {
        """
        Latency min/avg/max: \(statistics.minimum)/\(statistics.average)/\(statistics.maximum)
        Received: \(statistics.packetsReceived)
        Sent: \(statistics.packetsSent)
        Connections: \(slots.count)
        Outstanding: \(pendingWrites.count)
        Zxid: \(tree.lastZxid)
        Mode: standalone
        Node count: \(tree.count + 1)

        """
    }

    private var clientLines: String {
        connections.compactMap { $0 }.map {
            " /\($0.address)[\($0.phase == .established ? 1 : 0)]"
                + "(queued=\($0.waiting.count),recved=\($0.receivedCount),sent=\($0.sentCount))\n"
        }.joined()
    }

    private func monitorLines(_ now: Tick) -> String {
        let rows: [(String, String)] = [
            ("version", configuration.versionText), ("server_state", "standalone"),
            ("avg_latency", statistics.average), ("max_latency", "\(statistics.maximum)"),
            ("min_latency", "\(statistics.minimum)"), ("packets_received", "\(statistics.packetsReceived)"),
            ("packets_sent", "\(statistics.packetsSent)"), ("num_alive_connections", "\(slots.count)"),
            ("outstanding_requests", "\(pendingWrites.count)"), ("znode_count", "\(tree.count + 1)"),
            ("watch_count", "\(watches.count)"), ("ephemerals_count", "\(tree.ephemeralCount)"),
            ("approximate_data_size", "\(tree.contentByteCount)"),
            ("uptime", "\((now - statistics.startedAt).microseconds / 1_000)"),
            ("global_sessions", "\(sessions.count)"), ("connection_rejected", "\(statistics.rejectedConnections)"),
        ]
        return rows.map { "zk_\($0.0)\t\($0.1)\n" }.joined()
    }
}
