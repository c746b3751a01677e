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
        recovery, leadership, totalOrder, agreement, primaryIntegrity, prefixConsistency, sameTrees, durability,
        localPrimaryOrder, globalPrimaryOrder, committedLogMonotonicity, leaderCompleteness, processConsistency,
        shouldNotBeTriggered, liveness,
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
        run.neighbours { $0 >= $1 }
            .map { ZabMessages.outOfOrder($0.name, $0.later, after: $0.earlier) }
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

    /// Leaders number what they propose without gaps.
    static let localPrimaryOrder = Invariant<EnsembleRun>(
        "local-primary-order", explanation: ZabMessages.localPrimaryOrder
    ) { run in
        run.neighbours { earlier, later in
            later > earlier && later.counter != (later.epoch == earlier.epoch ? earlier.counter + 1 : 1)
        }
        .map { ZabMessages.skipped($0.name, $0.later, after: $0.earlier) }
    }

    static let globalPrimaryOrder = Invariant<EnsembleRun>(
        "global-primary-order", explanation: ZabMessages.globalPrimaryOrder
    ) { run in
        run.neighbours { $0.epoch > $1.epoch }
            .map { ZabMessages.outOfOrder($0.name, $0.later, after: $0.earlier) }
    }

    static let primaryIntegrity = Invariant<EnsembleRun>(
        "primary-integrity", explanation: ZabMessages.primaryIntegrity
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

    /// A leader that has been replaced, and does not know it yet, may still apply what its successor has, too.
    static let committedLogMonotonicity = Invariant<EnsembleRun>(
        "committed-log-monotonicity", explanation: ZabMessages.committedLogMonotonicity
    ) { run in
        var (leader, epoch, committed) = (run.serverCount, Epoch(0), Zxid.zero)
        for (server, event) in run.events {
            switch event {
            case .led(let next, let last) where next > epoch:
                guard last >= committed else {
                    return ZabMessages.setBack(
                        run.names[server], epoch: next, last: last.shortDescription,
                        committed: committed.shortDescription)
                }
                (leader, epoch, committed) = (server, next, last)
            case .delivered(let delivery) where server == leader:
                guard delivery.zxid > committed else {
                    return ZabMessages.outOfOrder(
                        run.names[server], delivery.zxid.shortDescription, after: committed.shortDescription)
                }
                committed = delivery.zxid
            case .looked where server == leader, .followed where server == leader: leader = run.serverCount
            // It has crashed, and begins anew.
            case .state(_, _, .loaded) where server == leader: leader = run.serverCount
            case .state, .delivered, .held, .led, .looked, .followed, .refused, .offended: break
            }
        }
        return nil
    }

    /// Of the servers as they stand in the end, as far as they have their logs in memory.
    static let processConsistency = Invariant<EnsembleRun>(
        "process-consistency", explanation: ZabMessages.processConsistency
    ) { run in
        for (name, server) in run.servers {
            guard case .following(let id, let epoch) = server.role,
                let leader = run.servers.first(where: { $0.server.configuration.zab.me == id }),
                leader.server.role == .leading(epoch), let log = server.core.history,
                let leaders = leader.server.core.history
            else { continue }
            let start = max(log.base, leaders.base)
            let (own, common) = (log.entries(after: start), leaders.entries(after: start))
            let wrong = zip(own, common).first { $0 != $1 }?.0 ?? own.dropFirst(common.count).first
            if let wrong {
                return ZabMessages.notOfItsLeader(name, wrong.zxid.shortDescription, leader: leader.name)
            }
        }
        return nil
    }

    static let leaderCompleteness = Invariant<EnsembleRun>(
        "leader-completeness", explanation: ZabMessages.leaderCompleteness
    ) { run in
        var delivered: (server: Int, zxid: Zxid)?
        for (server, event) in run.events {
            switch event {
            case .delivered(let delivery) where delivery.zxid > delivered?.zxid ?? .zero:
                delivered = (server, delivery.zxid)
            case .led(let epoch, let last):
                guard let delivered, delivered.zxid.epoch <= epoch, delivered.zxid > last else { continue }
                return ZabMessages.leaderLacks(
                    run.names[server], delivered.zxid.shortDescription, deliveredBy: run.names[delivered.server])
            default: break
            }
        }
        return nil
    }

    static let shouldNotBeTriggered = Invariant<EnsembleRun>(
        "should-not-be-triggered", explanation: ZabMessages.shouldNotBeTriggered
    ) { run in
        for (server, event) in run.events {
            if case .offended(let what) = event { return ZabMessages.offended(run.names[server], what) }
        }
        return nil
    }

    /// What stands before a transaction is what stands before it everywhere.
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
            case .held, .led, .looked, .followed, .refused, .offended: break
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
                // An observer may take the follower that hosts it for the leader: nothing on its stream tells it otherwise.
                if case .observing(_, epoch) = roles[other] { return true }
                return other == index || roles[other] == .following(leader, epoch)
            }
        }
        guard leader == nil else { return nil }
        return ZabMessages.noLeader(run.servers.map { "\($0.name): \($0.server.summary)" }.joined(separator: "; "))
    }
}
