import StateMachines
import WireProtocol
import Zab

/// `readonlymode.enabled`: a member that finds no leader for a while lets clients read what it knows, if they have said
/// that they can live with that. Their sessions are local ones, whether or not there are such sessions otherwise.
extension CoordinationCore {
    /// When read-only service begins, if no leader is found until then.
    private var readOnlyServiceDue: Tick? {
        guard configuration.isReadOnlyModeEnabled, standing.isElecting, let start = member?.searchingSince else {
            return nil
        }
        // ZooKeeper waits so long before it believes that it is cut off.
        return start + max(.seconds(2), configuration.tickTime)
    }

    /// Read-only service begins once a search has lasted long enough, and ends with it.
    mutating func settleReadOnlyService(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        let isDue = readOnlyServiceDue.map { $0 <= now } ?? false
        guard isDue != isReadOnly else { return }
        isReadOnly = isDue
        if isDue {
            member!.servingSince = now
        } else {
            closeAllConnections(&effects)
            forgetLocalSessions()
        }
    }

    /// How long until read-only service has to begin; `nil` where it need not be thought of.
    func readOnlyWait(_ now: Tick) -> Tick? {
        guard !isReadOnly, let due = readOnlyServiceDue, due > now else { return nil }
        return due - now
    }
}

extension OperationCode {
    /// Whether a read-only server refuses it.
    var needsLeader: Bool { course == .write && self != .closeSession || self == .sync }
}
