import Bytes
import CoordinationCore
package import HTTPService
import StateMachines
import WireProtocol
import ZNodes
import Zab

/// The admin server's commands, under ZooKeeper's names. Those about ensembles are in `AdminCommand+Ensemble`.
package enum AdminCommand: String, CaseIterable, Sendable {
    case configuration, connections, dirs, dump, environment, hash, leader, monitor, observers, ruok, stats, watches
    case zabstate
    case snapshot, restore
    case connectionStatReset = "connection_stat_reset"
    case getTraceMask = "get_trace_mask"
    case initialConfiguration = "initial_configuration"
    case isReadOnly = "is_read_only"
    case lastSnapshot = "last_snapshot"
    case observerConnectionStatReset = "observer_connection_stat_reset"
    case serverStats = "server_stats"
    case setTraceMask = "set_trace_mask"
    case statReset = "stat_reset"
    case systemProperties = "system_properties"
    case votingView = "voting_view"
    case watchSummary = "watch_summary"
    case watchesByPath = "watches_by_path"

    private var shortNames: [String] {
        switch self {
        case .configuration: ["conf", "config"]
        case .connections: ["cons"]
        case .environment: ["env", "envi"]
        case .leader: ["lead"]
        case .monitor: ["mntr"]
        case .observers: ["obsr"]
        case .stats: ["stat"]
        case .watches: ["wchc"]
        case .connectionStatReset: ["crst"]
        case .getTraceMask: ["gtmk"]
        case .initialConfiguration: ["icfg"]
        case .isReadOnly: ["isro"]
        case .lastSnapshot: ["lsnp"]
        case .observerConnectionStatReset: ["orst"]
        case .serverStats: ["srvr"]
        case .setTraceMask: ["stmk"]
        case .statReset: ["srst"]
        case .systemProperties: ["sysp"]
        case .watchSummary: ["wchs"]
        case .watchesByPath: ["wchp"]
        case .snapshot: ["snap"]
        case .restore: ["rest"]
        case .dirs, .dump, .hash, .ruok, .zabstate, .votingView: []
        }
    }

    package init?(named name: String) {
        guard let command = Self.allCases.first(where: { $0.rawValue == name || $0.shortNames.contains(name) }) else {
            return nil
        }
        self = command
    }

    /// In the order of their names.
    static let sortedNames: [String] = allCases.map(\.rawValue).sorted()
}

// MARK: Answers

extension CoordinationServer {
    typealias Member = JSON.Member

    /// Answers one admin command, on the loop; everything but an unknown path is answered with status 200, as on ZooKeeper.
    package func administer(_ name: String, _ request: HTTPRequest) -> JSON {
        guard let command = AdminCommand(named: name) else {
            return Self.answer(name, [], error: "Unknown command: \(name)")
        }
        if command.needsService, core.mode == nil {
            return Self.answer(
                command.rawValue, [], error: "This ZooKeeper instance is not currently serving requests")
        }
        switch command {
        case .leader:
            let members = leaderMembers
            return Self.answer(
                command.rawValue, members ?? [], error: members == nil ? "server is not initialized" : nil)
        case .setTraceMask: return setTraceMask(request.value("traceMask"))
        default: return Self.answer(command.rawValue, members(of: command))
        }
    }

    static func answer(_ command: String, _ members: [Member], error: String? = nil) -> JSON {
        .object(members + [Member("command", .text(command)), Member("error", error.map(JSON.text) ?? .null)])
    }

    private func setTraceMask(_ text: String?) -> JSON {
        let name = AdminCommand.setTraceMask.rawValue
        guard let text else {
            return Self.answer(name, [], error: "setTraceMask requires long traceMask argument")
        }
        guard let mask = Int64(text) else {
            return Self.answer(name, [], error: "setTraceMask requires long traceMask argument, got \(text)")
        }
        core.traceMask = mask
        return Self.answer(name, [Member("tracemask", .integer(mask))])
    }

    private func members(of command: AdminCommand) -> [Member] {
        switch command {
        case .ruok, .observerConnectionStatReset, .leader, .setTraceMask, .snapshot, .restore: return []
        case .connectionStatReset:
            core.resetConnectionStatistics()
            return []
        case .statReset:
            core.resetStatistics()
            return []
        case .configuration: return configurationMembers
        case .connections:
            return connectionMembers(isBrief: false)
        case .stats: return serverMembers + connectionMembers(isBrief: true)
        case .serverStats: return serverMembers
        case .dirs:
            return [
                Member("datadir_size", .integer(snapshotByteCount)), Member("logdir_size", .integer(logByteCount)),
            ]
        case .dump: return dumpMembers
        case .environment: return core.environment(hostFacts).map { Member($0.name, .text($0.value)) }
        case .getTraceMask: return [Member("tracemask", .integer(core.traceMask))]
        case .hash: return [Member("digests", .list(core.digests.map(Self.json)))]
        case .initialConfiguration: return [Member("initial_configuration", .text(options.configurationText))]
        case .isReadOnly: return [readOnlyMember]
        case .lastSnapshot: return snapshotMembers
        case .monitor: return monitorMembers
        case .observers: return observerMembers
        case .systemProperties: return systemProperties
        case .votingView: return votingMembers
        case .watches, .watchesByPath, .watchSummary: return watchMembers(command)
        case .zabstate: return broadcastMembers
        }
    }

    /// What Java's system properties would hold here: the machine's, the command line's, and whatever of the
    /// configuration file ZooKeeper makes properties of.
    private var systemProperties: [Member] {
        let machine = HostSurvey.environment.filter { $0.name != "host.name" }
        var members = machine.map { Member($0.name, .text($0.value)) }
        for property in options.properties + options.fileProperties {
            members.removeAll { $0.name == property.key }
            members.append(Member(property.key, .text(property.value)))
        }
        return members.sorted { $0.name < $1.name }
    }

    private static func json(_ entry: DigestEntry) -> JSON {
        .object([
            Member("zxid", .integer(entry.zxid.wireValue)), Member("digest_version", .integer(2)),
            Member("digest", .integer(Int64(bitPattern: entry.digest))),
        ])
    }

    private var configurationMembers: [Member] {
        let facts = hostFacts
        let settings = core.settings
        return [
            Member("client_port", .integer(facts.clientPort)), Member("data_dir", .text(facts.snapshotFolder)),
            Member("data_log_dir", .text(facts.logFolder)),
            Member("tick_time", .integer(Int(settings.tickTime.microseconds / 1_000))),
            Member("max_client_cnxns", .integer(settings.connectionLimitPerAddress)),
            Member("min_session_timeout", .integer(Int(core.timeouts.lowerBound))),
            Member("max_session_timeout", .integer(Int(core.timeouts.upperBound))),
            Member("server_id", .integer(core.ensembleReport?.me.rawValue ?? 0)),
            Member("client_port_listen_backlog", .integer(facts.listenBacklog)),
        ]
    }

    private func connectionMembers(isBrief: Bool) -> [Member] {
        let reports = core.connectionReports(at: now).map { Self.json($0, isBrief: isBrief) }
        return [Member("connections", .list(reports)), Member("secure_connections", .list([]))]
    }

    private static func json(_ report: ConnectionReport, isBrief: Bool) -> JSON {
        let brief = [
            Member("remote_socket_address", .text(report.address)),
            Member("interest_ops", .integer(report.isReading ? 1 : 0)),
            Member("outstanding_requests", .integer(report.waitingCount)),
            Member("packets_received", .integer(report.receivedCount)),
            Member("packets_sent", .integer(report.sentCount)),
        ]
        guard !isBrief else { return .object(brief) }
        return .object(
            brief + [
                Member("session_id", .integer(report.session.rawValue)),
                Member("last_operation", .text(report.lastOperation)),
                Member("established", .integer(report.establishedAt)),
                Member("session_timeout", .integer(Int(report.timeoutMilliseconds))),
                Member("last_cxid", .integer(Int(report.lastXid))),
                Member("last_zxid", .integer(report.lastZxid.wireValue)),
                Member("last_response_time", .integer(Int(report.lastAnswerAt))),
                Member("last_latency", .integer(Int(report.lastLatency))),
                Member("min_latency", .integer(Int(report.latency.minimum))),
                Member("avg_latency", .integer(Int(report.latency.average))),
                Member("max_latency", .integer(Int(report.latency.maximum))),
            ])
    }

    private var dumpMembers: [Member] {
        let expiries = core.sessionExpiries(at: now).map { bucket in
            Member(String(bucket.time), .list(bucket.sessions.map { .integer($0.rawValue) }))
        }
        let ephemerals = core.ephemeralPaths.map { owner in
            Member(String(owner.session.rawValue), .list(owner.paths.map { .text($0.description) }))
        }
        return [
            Member("expiry_time_to_session_ids", .object(expiries)),
            Member("session_id_to_ephemeral_paths", .object(ephemerals)),
        ]
    }

    private var snapshotMembers: [Member] {
        let last = storageStatistics.lastSnapshot
        return [
            Member("zxid", .text(last.map { String($0.zxid.rawValue, radix: 16) } ?? "ffffffffffffffff")),
            Member("timestamp", .integer(last.map { $0.unixTime * 1_000 } ?? -1)),
        ]
    }

    private var monitorMembers: [Member] {
        let rows = core.metrics(hostFacts, at: now).flatMap(\.monitorRows).map { row in
            switch row.value {
            case .whole(let number): Member(row.name, .integer(number))
            case .decimal(let number): Member(row.name, .decimal(number))
            }
        }
        return stateMembers + rows
    }

    /// `server_stats`; its inner members are a choice from the metrics, and a few of their own.
    private var serverMembers: [Member] {
        let facts = hostFacts
        let rows = Dictionary(
            uniqueKeysWithValues: core.metrics(facts, at: now).flatMap(\.monitorRows).map { ($0.name, $0.value) })
        func member(_ name: String, from row: String) -> Member {
            switch rows[row] {
            case .whole(let number): Member(name, .integer(number))
            case .decimal(let number): Member(name, .decimal(number))
            case nil: preconditionFailure("there is no metric \(row)")
            }
        }
        let sizes = JSON.object([
            member("last_buffer_size", from: "last_client_response_size"),
            member("min_buffer_size", from: "min_client_response_size"),
            member("max_buffer_size", from: "max_client_response_size"),
        ])
        let inner: [Member] =
            [
                "packets_sent", "packets_received", "min_latency", "avg_latency", "max_latency", "outstanding_requests",
                "auth_failed_count", "uptime",
            ].map { member($0, from: $0) } + [
                Member("fsync_threshold_exceed_count", .integer(storageStatistics.slowSyncCount)),
                Member("last_processed_zxid", .integer(core.tree.lastZxid.wireValue)),
                Member("data_dir_size", .integer(facts.snapshotByteCount)),
                Member("log_dir_size", .integer(facts.logByteCount)), modeMember,
                member("num_alive_client_connections", from: "num_alive_connections"),
                Member("client_response_stats", sizes), Member("provider_null", .bool(false)),
                member("non_mtlslocal_conn_count", from: "non_mtls_local_conn_count"),
                member("non_mtlsremote_conn_count", from: "non_mtls_remote_conn_count"),
            ]
        var members = [
            Member("version", .text(core.settings.versionText)), readOnlyMember,
            Member("server_stats", .object(inner)), Member("client_response", sizes),
        ]
        if core.mode == .leader {
            let proposals = [
                member("last_buffer_size", from: "last_proposal_size"),
                member("min_buffer_size", from: "min_proposal_size"),
                member("max_buffer_size", from: "max_proposal_size"),
            ]
            members.append(Member("proposal_stats", .object(proposals)))
        }
        return members + [Member("node_count", .integer(core.nodeCount))]
    }

    private func watchMembers(_ command: AdminCommand) -> [Member] {
        switch command {
        case .watches:
            let entries = core.watchedPaths.map { entry in
                Member(String(entry.session.rawValue), .list(entry.paths.map { .text($0.description) }))
            }
            return [Member("session_id_to_watched_paths", .object(entries))]
        case .watchesByPath:
            let entries = core.watchingSessions.map { entry in
                Member(entry.path.description, .list(entry.sessions.map { .integer($0.rawValue) }))
            }
            return [Member("path_to_session_ids", .object(entries))]
        default:
            let summary = core.dataWatchSummary
            return [
                Member("num_connections", .integer(summary.connections)), Member("num_paths", .integer(summary.paths)),
                Member("num_total_watches", .integer(summary.watches)),
            ]
        }
    }
}
