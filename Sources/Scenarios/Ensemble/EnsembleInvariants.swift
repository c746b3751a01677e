package import Checking
import CoordinationCore
import Messages
import StateMachines
import Traces
import ZNodes
import Zab

/// What an ensemble of whole servers promises, judged over a run in which everything was mended some time before its end.
///
/// - Source: the invariants of `Zab.tla` and of the mixed specification of ZooKeeper, by name; ZooKeeper's guarantees to its
///   clients, "ZooKeeper Programmer's Guide", consistency guarantees.
package enum EnsembleInvariants {
    private static let all: [Invariant<EnsembleRun>] = [
        recovery, leadership, totalOrder, agreement, globalPrimaryOrder, prefixConsistency, sameTrees, durability,
        liveness,
    ]

    package static func problems(of run: EnsembleRun) -> [Violation] {
        var judgement = ClientJudgement(run)
        let ofClients: [(Invariant<LocalizedText?>, LocalizedText?)] = [
            (integrity, judgement.integrity), (linearizability, judgement.judgeWrites()),
            (sessionOrder, judgement.sessionOrder), (reads, judgement.reads),
            (watchBeforeData, judgement.watchBeforeData), (endedSessions, judgement.endedSessions),
            (livingSessions, judgement.livingSessions), (service, judgement.service),
        ]
        return all.compactMap { $0.violation(by: run) } + ofClients.compactMap { $0.violation(by: $1) }
    }

    // MARK: Promises to clients; `ClientJudgement` finds out whether they are kept

    private static func promise(_ name: String, _ explanation: LocalizedText) -> Invariant<LocalizedText?> {
        Invariant(name, explanation: explanation) { $0 }
    }

    static let integrity = promise("integrity", ZabMessages.integrity)
    static let linearizability = promise("linearizable-writes", EnsembleCheckMessages.linearizability)
    static let sessionOrder = promise("session-order", EnsembleCheckMessages.sessionOrder)
    static let reads = promise("reads", EnsembleCheckMessages.reads)
    static let watchBeforeData = promise("watch-before-data", EnsembleCheckMessages.watchBeforeData)
    static let endedSessions = promise("sessions-end", EnsembleCheckMessages.endedSessions)
    static let livingSessions = promise("sessions-live", EnsembleCheckMessages.livingSessions)
    static let service = promise("service", EnsembleCheckMessages.service)

    // MARK: Promises of the servers to each other

    static let recovery = Invariant<EnsembleRun>("recovery", explanation: EnsembleCheckMessages.recovery) { run in
        for (server, event) in run.events {
            if case .refused(let reason) = event { return EnsembleCheckMessages.refused(run.names[server], reason) }
        }
        return nil
    }

    static let leadership = Invariant<EnsembleRun>("leadership", explanation: ZabMessages.leadership) { run in
        var leaders: [Epoch: Int] = [:]
        for (server, event) in run.events {
            guard case .led(let epoch, _) = event else { continue }
            if let other = leaders.updateValue(server, forKey: epoch), other != server {
                return ZabMessages.twoLeaders(run.names[other], run.names[server], epoch: epoch)
            }
        }
        return nil
    }

    static let totalOrder = Invariant<EnsembleRun>("total-order", explanation: ZabMessages.totalOrder) { run in
        var last = Array(repeating: Zxid.zero, count: run.serverCount)
        for (server, event) in run.events {
            switch event {
            case .state(let zxid, _, _): last[server] = zxid
            case .delivered(let delivery):
                guard delivery.zxid > last[server] else {
                    return ZabMessages.outOfOrder(
                        run.names[server], delivery.zxid.shortDescription, after: last[server].shortDescription)
                }
                last[server] = delivery.zxid
            case .held, .led, .followed, .refused: break
            }
        }
        return nil
    }

    static let agreement = Invariant<EnsembleRun>("agreement", explanation: ZabMessages.agreement) { run in
        var known: [Zxid: EnsembleRun.Delivery] = [:]
        for (_, event) in run.events {
            guard case .delivered(let delivery) = event else { continue }
            let other = known.updateValue(delivery, forKey: delivery.zxid)
            if let other, other != delivery {
                return ZabMessages.disagreed(delivery.zxid.shortDescription, other.summary, delivery.summary)
            }
        }
        return nil
    }

    static let globalPrimaryOrder = Invariant<EnsembleRun>(
        "global-primary-order", explanation: ZabMessages.globalPrimaryOrder
    ) { run in
        for (_, event) in run.events {
            guard case .led(let epoch, let last) = event,
                let delivery = run.history.first(where: { $0.zxid.epoch < epoch && $0.zxid > last })
            else { continue }
            return ZabMessages.cameBack(
                delivery.zxid.shortDescription, epoch: epoch, last: last.shortDescription)
        }
        return nil
    }

    /// Local primary order, too: what stands before a transaction is what its leader had proposed before it.
    static let prefixConsistency = Invariant<EnsembleRun>(
        "prefix-consistency", explanation: EnsembleCheckMessages.prefixConsistency
    ) { run in
        var before: [Zxid: Zxid] = [:]
        for (earlier, later) in zip(run.history, run.history.dropFirst()) { before[later.zxid] = earlier.zxid }
        var last = Array(repeating: Zxid.zero, count: run.serverCount)
        for (server, event) in run.events {
            switch event {
            case .state(let zxid, _, _): last[server] = zxid
            case .delivered(let delivery):
                let expected = before[delivery.zxid] ?? .zero
                guard last[server] == expected else {
                    return EnsembleCheckMessages.gap(
                        run.names[server], delivery.zxid.shortDescription, at: last[server].shortDescription,
                        missing: expected.shortDescription)
                }
                last[server] = delivery.zxid
            case .held, .led, .followed, .refused: break
            }
        }
        return nil
    }

    static let sameTrees = Invariant<EnsembleRun>("same-trees", explanation: EnsembleCheckMessages.sameTrees) { run in
        var known: [Zxid: (server: Int, digest: String)] = [:]
        for (server, event) in run.events {
            guard case .state(let zxid, let digest, _) = event else { continue }
            let other = known.updateValue((server, digest), forKey: zxid)
            if let other, other.digest != digest {
                return EnsembleCheckMessages.otherTree(
                    run.names[server], run.names[other.server], after: zxid.shortDescription)
            }
        }
        return nil
    }

    static let durability = Invariant<EnsembleRun>(
        "committed-log-durability", explanation: ZabMessages.durability
    ) { run in
        guard let last = run.history.last?.zxid else { return nil }
        for (name, server) in run.servers where server.core.tree.lastZxid < last {
            return EnsembleCheckMessages.behind(
                name, at: server.core.tree.lastZxid.shortDescription, last: last.shortDescription)
        }
        return nil
    }

    static let liveness = Invariant<EnsembleRun>("liveness", explanation: ZabMessages.liveness) { run in
        let roles = run.servers.map(\.server.role)
        let leader = roles.indices.first { index in
            guard case .leading(let epoch) = roles[index] else { return false }
            let leader = ServerID(Int64(index) + 1)
            return roles.indices.allSatisfy { other in
                other == index || roles[other] == .following(leader, epoch) || roles[other] == .observing(leader, epoch)
            }
        }
        guard leader == nil else { return nil }
        return ZabMessages.noLeader(run.servers.map { "\($0.name): \($0.server.summary)" }.joined(separator: "; "))
    }
}
