import CoordinationCore
import StateMachines
import WireProtocol
import Zab

/// Who the servers of an ensemble are and where they are found, while the ensemble changes.
///
/// A class, since everything that reaches other servers looks into the same one.
final class MemberDirectory {
    let me: ServerID
    /// In force.
    private(set) var members: QuorumConfigurationText
    /// Proposed; its servers must be reached, too.
    private(set) var expected: QuorumConfigurationText?
    /// As it was last listed: a server that is a member no more still listens.
    private(set) var ownServer: QuorumServer

    /// - Precondition: this server is a member.
    init(_ me: ServerID, _ members: QuorumConfigurationText) {
        self.me = me
        self.members = members
        ownServer = members[server: me.rawValue]!
    }

    func adopt(_ ensemble: Ensemble) {
        guard let text = Self.text(of: ensemble) else { return }
        members = text
        if let expected, expected.version ?? 0 <= text.version ?? 0 { self.expected = nil }
        if let own = text[server: me.rawValue] { ownServer = own }
    }

    func expect(_ ensemble: Ensemble?) { expected = ensemble.flatMap(Self.text) }

    private static func text(of ensemble: Ensemble) -> QuorumConfigurationText? {
        try? QuorumConfigurationText(parsing: ensemble.configuration)
    }

    subscript(id: ServerID) -> QuorumServer? { members[server: id.rawValue] ?? expected?[server: id.rawValue] }

    /// All servers but this one.
    var others: [QuorumServer] {
        let known = members.servers + (expected?.servers.filter { members[server: $0.id] == nil } ?? [])
        return known.filter { ServerID($0.id) != me }
    }

    /// Where this server listens on one of its two ports.
    func listeningEndpoints(
        onAllAddresses isEverywhere: Bool, _ endpoint: (QuorumServer.Address) -> QuorumEndpoint
    ) -> [QuorumEndpoint] {
        let own = ownServer.addresses.map(endpoint)
        guard isEverywhere else { return own }
        return Set(own.map(\.port)).sorted().map { QuorumEndpoint(host: QuorumServer.anyHost, port: $0) }
    }
}
