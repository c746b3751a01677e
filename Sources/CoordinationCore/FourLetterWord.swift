import Bytes
import StateMachines
import WireProtocol
import ZNodes
import Zab

/// Questions of four bare letters, asked instead of a handshake and answered in plain text.
package enum FourLetterWord: String, CaseIterable, Hashable, Sendable {
    case conf, cons, crst, dirs, dump, envi, gtmk, hash, isro, mntr, ruok, srst, srvr, stat, stmk, wchc, wchp, wchs

    /// As on ZooKeeper: everything else must be allowed by `4lw.commands.whitelist`.
    package static let defaultWhitelist: [FourLetterWord] = [.srvr]

    /// Asks for what only the driver knows of the machine around it.
    var needsHostFacts: Bool {
        switch self {
        case .conf, .dirs, .envi, .mntr: true
        case .cons, .crst, .dump, .gtmk, .hash, .isro, .ruok, .srst, .srvr, .stat, .stmk, .wchc, .wchp, .wchs: false
        }
    }
}

extension FourLetterWord {
    private static let refusal = "This ZooKeeper instance is not currently serving requests"

    /// What a server answers that serves nobody; `nil` where that makes no difference.
    fileprivate var answerWithoutService: String? {
        switch self {
        case .ruok, .envi, .gtmk, .stmk: nil
        case .isro: "null"
        case .hash: Self.refusal
        case .conf, .cons, .crst, .dirs, .dump, .mntr, .srst, .srvr, .stat, .wchc, .wchp, .wchs: Self.refusal + "\n"
        }
    }
}

extension CoordinationCore {
    /// Answers and closes if the connection began with a four-letter word. Some need the driver's help first.
    mutating func answerFourLetterWord(_ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>) -> Bool {
        if connections[slot].isPaused { return true }  // Asked already; the driver's facts have not come yet.
        guard let letters = connections[slot].input.peek(4),
            let word = FourLetterWord(rawValue: String(decoding: letters, as: UTF8.self))
        else { return false }
        guard configuration.commandWhitelist.contains(word) else {
            say("\(word.rawValue) is not executed because it is not in the whitelist.\n", slot, &effects)
            return true
        }
        if word == .stmk, connections[slot].input.peek(12) == nil { return true }  // The mask has not come yet.
        if !isServing, let answer = word.answerWithoutService {
            say(answer, slot, &effects)
        } else if word.needsHostFacts {
            pause(slot, now, &effects)
            effects.append(.surveyHost(connections[slot].id, word))
        } else {
            say(perform(word, slot, now), slot, &effects)
        }
        return true
    }

    /// The driver has looked at the machine around it.
    mutating func onHostSurveyed(
        _ id: ConnectionID, _ word: FourLetterWord, _ facts: HostFacts, _ now: Tick,
        _ effects: inout EffectBuffer<Effect>
    ) {
        guard let slot = slots[id] else { return }
        let text =
            switch word {
            case .conf: configurationLines(facts)
            case .dirs: "datadir_size: \(facts.snapshotByteCount)\nlogdir_size: \(facts.logByteCount)\n"
            case .envi: "Environment:\n" + environment(facts).map { "\($0.name)=\($0.value)\n" }.joined()
            case .mntr: monitorLines(facts, now)
            case .cons, .crst, .dump, .gtmk, .hash, .isro, .ruok, .srst, .srvr, .stat, .stmk, .wchc, .wchp, .wchs:
                perform(word, slot, now)
            }
        say(text, slot, &effects)
    }

    private mutating func say(_ text: String, _ slot: Int, _ effects: inout EffectBuffer<Effect>) {
        connections[slot].output.bytes.append(contentsOf: text.utf8)
        close(slot, &effects)
    }

    private mutating func perform(_ word: FourLetterWord, _ slot: Int, _ now: Tick) -> String {
        switch word {
        case .ruok: return "imok"
        case .isro: return isReadOnly ? "ro" : "rw"
        case .srvr: return versionLine + serverLines
        case .stat:
            let clients = connectionReports(at: now).map { Self.line($0, isBrief: true) }.joined()
            return versionLine + "Clients:\n" + clients + "\n" + serverLines
        case .cons: return connectionReports(at: now).map { Self.line($0, isBrief: false) }.joined() + "\n"
        case .crst:
            resetConnectionStatistics()
            return "Connection stats reset.\n"
        case .srst:
            resetStatistics()
            return "Server stats reset.\n"
        case .gtmk: return "\(traceMask)"
        case .stmk:
            let bytes = connections[slot].input.peek(12)?.dropFirst(4) ?? []
            traceMask = bytes.reduce(0) { $0 << 8 | Int64($1) }
            return "\(traceMask)"
        case .hash:
            return digestHistory.elements.map {
                "\(String($0.zxid.rawValue, radix: 16)): \(Int64(bitPattern: $0.digest))\n"
            }.joined()
        case .dump: return sessionLines(now) + ephemeralLines + connectionSetLines(now)
        case .wchs:
            let summary = dataWatchSummary
            return
                "\(summary.connections) connections watching \(summary.paths) paths\nTotal watches:\(summary.watches)\n"
        case .wchc:
            return watchedPaths.map { entry in
                "\(entry.session)\n" + entry.paths.map { "\t\($0)\n" }.joined()
            }.joined() + "\n"
        case .wchp:
            return watchingSessions.map { entry in
                "\(entry.path)\n" + entry.sessions.map { "\t\($0)\n" }.joined()
            }.joined() + "\n"
        case .conf, .dirs, .envi, .mntr: preconditionFailure("\(word) needs the driver's facts")
        }
    }

    // MARK: Lines

    private var versionLine: String {
        "Zookeeper version: \(configuration.versionText)\n"
            + (isReadOnly ? "READ-ONLY mode; serving only read-only clients\n" : "")
    }

    private var serverLines: String {
        """
        Latency min/avg/max: \(statistics.latency.minimumText)/\(statistics.latency.averageText)\
        /\(statistics.latency.maximumText)
        Received: \(statistics.packetsReceived)
        Sent: \(statistics.packetsSent)
        Connections: \(slots.count)
        Outstanding: \(waitingCount)
        Zxid: \(tree.lastZxid)
        Mode: \(mode?.rawValue ?? "")
        Node count: \(nodeCount)

        """ + proposalLine
    }

    private var proposalLine: String {
        guard mode == .leader else { return "" }
        let sizes = statistics.ensemble.proposalSizes
        return "Proposal sizes last/min/max: \(sizes.last)/\(sizes.minimum)/\(sizes.maximum)\n"
    }

    private static func line(_ report: ConnectionReport, isBrief: Bool) -> String {
        var line =
            " /\(report.address)[\(report.isReading ? 1 : 0)](queued=\(report.waitingCount),recved=\(report.receivedCount)"
            + ",sent=\(report.sentCount)"
        if !isBrief, report.session != .none {
            line +=
                ",sid=\(report.session),lop=\(report.lastOperation),est=\(report.establishedAt)"
                + ",to=\(report.timeoutMilliseconds)"
            if report.lastXid >= 0 { line += ",lcxid=0x\(String(report.lastXid, radix: 16))" }
            line += ",lzxid=\(report.lastZxid),lresp=\(report.lastAnswerAt)"
            line += ",llat=\(report.lastLatency),minlat=\(report.latency.minimumText)"
            line += ",avglat=\(report.latency.wholeAverage),maxlat=\(report.latency.maximumText)"
        }
        return line + ")\n"
    }

    private func configurationLines(_ facts: HostFacts) -> String {
        let rows: [(String, String)] = [
            ("clientPort", "\(facts.clientPort)"), ("secureClientPort", "\(facts.secureClientPort)"),
            ("dataDir", facts.snapshotFolder), ("dataDirSize", "\(facts.snapshotByteCount)"),
            ("dataLogDir", facts.logFolder), ("dataLogSize", "\(facts.logByteCount)"),
            ("tickTime", "\(configuration.tickTime.microseconds / 1_000)"),
            ("maxClientCnxns", "\(configuration.connectionLimitPerAddress)"),
            ("minSessionTimeout", "\(configuration.sessionTimeouts.lowerBound)"),
            ("maxSessionTimeout", "\(configuration.sessionTimeouts.upperBound)"),
            ("clientPortListenBacklog", "\(facts.listenBacklog)"), ("serverId", "\(member?.me.rawValue ?? 0)"),
        ]
        return (rows + memberRows).map { "\($0.0)=\($0.1)\n" }.joined() + membershipLines
    }

    private var memberRows: [(String, String)] {
        guard let report = ensembleReport else { return [] }
        return [
            ("initLimit", "\(report.initLimit)"), ("syncLimit", "\(report.syncLimit)"),
            ("electionAlg", "3"), ("electionPort", report.electionPorts), ("quorumPort", report.quorumPorts),
            ("peerType", report.isVoter ? "0" : "1"),
        ]
    }

    private var membershipLines: String {
        guard peerState != nil, let report = ensembleReport else { return "" }
        return "membership: \n\(report.configuration?.description ?? "")\n"
    }

    /// What `envi` and the admin server tell of the machine.
    package func environment(_ facts: HostFacts) -> [HostFacts.Property] {
        [HostFacts.Property("zookeeper.version", configuration.versionText)] + facts.environment
    }

    private func monitorLines(_ facts: HostFacts, _ now: Tick) -> String {
        var rows = [("version", configuration.versionText), ("server_state", mode?.rawValue ?? "")]
        if let peerState { rows.append(("peer_state", peerState)) }
        if mode == .observer, let master = standing.master { rows.append(("observer_master_id", "\(master)")) }
        rows += metrics(facts, at: now).flatMap(\.monitorRows).map { ($0.name, $0.text) }
        return rows.map { "zk_\($0.0)\t\($0.1)\n" }.joined()
    }

    private func sessionLines(_ now: Tick) -> String {
        let start = "SessionTracker dump:\n"
        let timesGlobal = !isMember || isLeading
        guard opensLocalSessions else {
            return start + (timesGlobal ? sessionSetLines(areLocal: false, now) : globalSessionLines)
        }
        return start + "Local " + sessionSetLines(areLocal: true, now)
            + (timesGlobal ? "Global " + sessionSetLines(areLocal: false, now) : globalSessionLines)
    }

    private func sessionSetLines(areLocal: Bool, _ now: Tick) -> String {
        let buckets = sessionExpiries(at: now) { $0.isLocal == areLocal }
        let count = buckets.reduce(0) { $0 + $1.sessions.count }
        return "Session Sets (\(buckets.count))/(\(count)):\n"
            + buckets.map { bucket in
                "\(bucket.sessions.count) expire at \(JavaDate.text(milliseconds: bucket.time)):\n"
                    + bucket.sessions.map { "\t\($0)\n" }.joined()
            }.joined()
    }

    /// A learner does not time the sessions of its ensemble.
    private var globalSessionLines: String {
        let ids = sessions.sortedIDs.filter { !sessions[$0]!.isLocal }
        return "Global Sessions(\(ids.count)):\n"
            + ids.map { "\($0)\t\(sessions[$0]!.timeoutMilliseconds)ms\n" }.joined()
    }

    private var ephemeralLines: String {
        let owners = ephemeralPaths
        return "ephemeral nodes dump:\nSessions with Ephemerals (\(owners.count)):\n"
            + owners.map { owner in
                "\(owner.session):\n" + owner.paths.map { "\t\($0)\n" }.joined()
            }.joined()
    }

    private func connectionSetLines(_ now: Tick) -> String {
        var sets: [Int64: [String]] = [:]
        for connection in connections where connection.isOpen {
            let timeout =
                sessions[connection.session].map { Tick.milliseconds(UInt64(max($0.timeoutMilliseconds, 0))) }
                ?? configuration.handshakeTimeout
            let time = wallClock(at: connection.lastHeard + timeout)
            sets[time, default: []].append(
                "\tip: /\(connection.address) sessionId: \(connection.session)\n")
        }
        return "Connections dump:\nConnections Sets (\(sets.count))/(\(slots.count)):\n"
            + sets.keys.sorted().map { time in
                "\(sets[time]!.count) expire at \(JavaDate.text(milliseconds: time)):\n" + sets[time]!.joined()
            }.joined()
    }
}

/// Dates as Java prints them, in UTC: `Fri Nov 21 03:14:38 UTC 2026`.
package enum JavaDate {
    package static func text(milliseconds: Int64) -> String {
        let seconds = milliseconds >= 0 ? milliseconds / 1_000 : (milliseconds - 999) / 1_000
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let clock = seconds - day * 86_400
        // Howard Hinnant's “days to civil date”: years begin in March, eras have 400 years.
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int((day % 7 + 7) % 7)]
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = [clock / 3_600, clock / 60 % 60, clock % 60].map(twoDigits).joined(separator: ":")
        let dayOfMonth = twoDigits(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        return "\(weekday) \(names[Int(month) - 1]) \(dayOfMonth) \(time) UTC \(year)"
    }

    private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
