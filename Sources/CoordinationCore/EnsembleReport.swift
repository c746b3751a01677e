package import WireProtocol
package import Zab

/// What operators are told of a member's ensemble.
package struct EnsembleReport: Hashable, Sendable {
    package var me: ServerID
    /// `nil` while none is known.
    package var leader: ServerID?
    package var isVoter: Bool
    package var initLimit: UInt64
    package var syncLimit: UInt64
    /// With its version; `nil` where the members have no addresses.
    package var configuration: QuorumConfigurationText?
    /// Who votes, in the order of their numbers.
    package var voters: [ServerID]
    /// Of a leader, or a follower that hosts observers: those of its observers that are up to date.
    package var observers: [ServerID]

    /// This server's addresses as other servers know them; `nil` where there are none.
    package var ownServer: QuorumServer? { configuration?[server: me.rawValue] }

    /// This server's ports for other servers; several where it has several addresses.
    package var electionPorts: String { ports(\.electionPort) }
    package var quorumPorts: String { ports(\.quorumPort) }

    private func ports(_ port: KeyPath<QuorumServer.Address, UInt16>) -> String {
        (ownServer?.addresses ?? []).map { String($0[keyPath: port]) }.joined(separator: "|")
    }
}

extension CoordinationCore {
    /// What is known of the common log; `nil` where this server stands alone.
    package var history: History? { member?.peer.history }

    /// `nil` where this server stands alone.
    package var ensembleReport: EnsembleReport? {
        guard let peer = member?.peer else { return nil }
        return EnsembleReport(
            me: peer.id, leader: isLeading ? peer.id : learnsFrom, isVoter: peer.isVoter,
            initLimit: peer.timeLimits.initLimit, syncLimit: peer.timeLimits.syncLimit,
            configuration: try? QuorumConfigurationText(parsing: peer.ensemble.configuration),
            voters: peer.ensemble.voters.map(\.id), observers: peer.observingLearners)
    }
}
