package import StateMachines

/// Which servers decide: those of the ensemble in force, and while a reconfiguration is under way those of the next one as well.
///
/// At most one is under way, since leaders propose none before the last one is committed. Any two servers that think
/// differently of it still need a common voter to decide anything, whichever of them is behind.
/// - Source: Shraer, Reed, Malkhi and Junqueira, "Dynamic Reconfiguration of Primary/Backup Clusters", USENIX ATC 2012.
package struct Membership: Hashable, Sendable, CanonicalEncodable {
    /// The last one that is known to be committed.
    package private(set) var active: Ensemble
    /// One that was proposed after it, and may be committed already elsewhere.
    package private(set) var proposed: Ensemble?

    package init(_ active: Ensemble) { self.active = active }

    /// What a leader that begins now must complete.
    package var latest: Ensemble { proposed ?? active }

    /// - Parameter isAlone: the oracle lets one voter of a pair decide without the other.
    package func isQuorum(alone isAlone: Bool = false, _ agrees: (ServerID) -> Bool) -> Bool {
        active.isQuorum(alone: isAlone, agrees) && (proposed?.isQuorum(alone: isAlone, agrees) ?? true)
    }

    /// Whether an oracle could have a say.
    package var hasPair: Bool { active.isPair || proposed?.isPair == true }

    /// Whether those have this transaction that must. What came before a reconfiguration needs nobody of the next ensemble;
    /// the reconfiguration itself, and what follows it until it is committed, needs both.
    package func isQuorum(for zxid: Zxid, alone isAlone: Bool = false, _ agrees: (ServerID) -> Bool) -> Bool {
        guard let proposed, zxid >= proposed.version else { return active.isQuorum(alone: isAlone, agrees) }
        return active.isQuorum(alone: isAlone, agrees) && proposed.isQuorum(alone: isAlone, agrees)
    }

    /// Whether those may have a leader that serves: of the old ensemble, when the reconfiguration came to nothing there, or of
    /// the next one, when it is committed. Only a hint; whoever joins the leader learns the truth from it.
    package func isQuorumOfEither(_ agrees: (ServerID) -> Bool) -> Bool {
        active.isQuorum(agrees) || proposed?.isQuorum(agrees) == true
    }

    package subscript(id: ServerID) -> Ensemble.Member? { active[id] ?? proposed?[id] }

    package func isVoter(_ id: ServerID) -> Bool { active.isVoter(id) || proposed?.isVoter(id) == true }

    /// Of both ensembles, by identifier.
    package var voters: [ServerID] {
        let current = active.voters.map(\.id)
        guard let proposed else { return current }
        return (current + proposed.voters.map(\.id).filter { !active.isVoter($0) }).sorted()
    }

    /// What this server is by the ensemble in force. Whoever is not listed follows, and is not counted.
    package func role(of id: ServerID) -> Ensemble.Role { active[id]?.role ?? .participant }

    /// - Precondition: `ensemble` is later than the one in force.
    mutating func propose(_ ensemble: Ensemble) {
        precondition(ensemble.version > active.version, "\(ensemble.version) does not follow \(active.version)")
        proposed = ensemble
    }

    mutating func forgetProposed() { proposed = nil }

    mutating func adopt(_ ensemble: Ensemble) {
        active = ensemble
        if let proposed, proposed.version <= ensemble.version { self.proposed = nil }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(active)
        encoder.encode(proposed)
    }
}
