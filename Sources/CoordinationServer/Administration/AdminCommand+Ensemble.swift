import CoordinationCore
import HTTPService
import StateMachines
import WireProtocol
import Zab

/// What admin commands tell of a member's ensemble; of a server by itself, what ZooKeeper's standalone server tells.
extension CoordinationServer {
    /// As what clients are served; empty where nobody is.
    var modeMember: Member { Member("server_state", .text(core.mode?.rawValue ?? "")) }

    var readOnlyMember: Member { Member("read_only", .bool(core.mode == .readOnly)) }

    /// `leader`; `nil` where there is no ensemble.
    var leaderMembers: [Member]? {
        guard let report = core.ensembleReport else { return nil }
        let addresses = report.leader.flatMap { report.configuration?[server: $0.rawValue] }?.addresses ?? []
        return [
            Member("is_leader", .bool(report.leader == report.me)),
            Member("leader_id", .integer(report.leader?.rawValue ?? -1)),
            Member("leader_ip", .text(addresses.map(\.host).joined(separator: "|"))),
        ]
    }

    /// `zabstate`.
    var broadcastMembers: [Member] {
        guard let report = core.ensembleReport else {
            return [Member("voting", .bool(false)), Member("zabstate", .text(""))]
        }
        return [
            Member("voting", .bool(report.isVoter)),
            Member("zabstate", .text(report.leader == nil ? "election" : "broadcast")),
        ]
    }

    /// `observers`: who they are; what their connections do is not told.
    var observerMembers: [Member] {
        let observers = core.ensembleReport?.observers ?? []
        return [
            Member("synced_observers", .integer(observers.count)),
            Member("observers", .list(observers.map { .object([Member("sid", .integer($0.rawValue))]) })),
        ]
    }

    /// `voting_view`.
    var votingMembers: [Member] {
        let report = core.ensembleReport
        let servers = report?.voters.compactMap { report?.configuration?[server: $0.rawValue] } ?? []
        return [Member("current_config", .object(servers.map { Member(String($0.id), Self.json($0)) }))]
    }

    private static func json(_ server: QuorumServer) -> JSON {
        .object([
            Member("serverAddresses", .list(server.addresses.map { .text($0.quorum.description) })),
            Member("electionAddresses", .list(server.addresses.map { .text($0.election.description) })),
            Member("clientAddress", .text(server.clientAddress?.description ?? "")),
            Member("learnerType", .text(server.role.rawValue)),
        ])
    }

    /// What `monitor` has before its metrics.
    var stateMembers: [Member] {
        var members = [Member("version", .text(core.settings.versionText)), modeMember]
        if let state = core.peerState { members.append(Member("peer_state", .text(state))) }
        if core.mode == .observer, let master = core.standing.master {
            members.append(Member("observer_master_id", .integer(master.rawValue)))
        }
        return members
    }
}

extension AdminCommand {
    /// Whether a server that serves nobody can answer it.
    var needsService: Bool {
        switch self {
        case .environment, .getTraceMask, .monitor, .setTraceMask, .systemProperties, .zabstate: false
        case .configuration, .connections, .dirs, .dump, .hash, .leader, .observers, .ruok, .stats, .watches,
            .snapshot, .restore, .connectionStatReset, .initialConfiguration, .isReadOnly, .lastSnapshot,
            .observerConnectionStatReset, .serverStats, .statReset, .votingView, .watchSummary, .watchesByPath:
            true
        }
    }
}
