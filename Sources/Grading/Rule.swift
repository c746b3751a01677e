package import Messages
package import StateMachines

/// The stable names of rules: in `exercise.json`, in reports, in `--only`.
package enum RuleID: String, CaseIterable, Codable, Hashable, Sendable {
    case makesProgress = "makes-progress"
    case mutualExclusion = "mutual-exclusion"
    case oneLeader = "one-leader"
    case fairOrder = "fair-order"
    case timeoutLeavesNothing = "timeout-leaves-nothing"
    case releasesOnExpiry = "releases-on-expiry"
    case takeoverWithin = "takeover-within"
    case noHerd = "no-herd"
    case survivesConnectionLoss = "survives-connection-loss"
    case noOrphanNodes = "no-orphan-nodes"
    case fencingTokenRises = "fencing-token-rises"
}

/// The bounds that rules put on time, in session timeouts, and on cost.
package enum RuleBound {
    /// From a free place, or from a waiter's turn, to the entrance.
    package static let entrance: UInt64 = 3
    /// From the holder's death to the next entrance: up to one session timeout until expiry, rounded up to a tick, and the entrance.
    package static let takeover: UInt64 = 3
    /// From a resignation to the next leader.
    package static let handover: UInt64 = 1
    /// From the end of a time limit to the reply.
    package static let timeout: UInt64 = 1
    /// From a broken connection to the next entrance.
    package static let reconnection: UInt64 = 3
    /// Watch events and requests of one hand-over, in the median; they must not grow with the number of waiters either.
    package static let herdBudget = 12
    /// The fewest waiters of a hand-over that `no-herd` counts as one of many.
    package static let herdWaiters = 4
}

extension RuleID {
    package var title: LocalizedText {
        switch self {
        case .makesProgress: RuleMessages.makesProgressTitle
        case .mutualExclusion: RuleMessages.mutualExclusionTitle
        case .oneLeader: RuleMessages.oneLeaderTitle
        case .fairOrder: RuleMessages.fairOrderTitle
        case .timeoutLeavesNothing: RuleMessages.timeoutTitle
        case .releasesOnExpiry: RuleMessages.expiryTitle
        case .takeoverWithin: RuleMessages.takeoverTitle
        case .noHerd: RuleMessages.noHerdTitle
        case .survivesConnectionLoss: RuleMessages.connectionLossTitle
        case .noOrphanNodes: RuleMessages.noOrphansTitle
        case .fencingTokenRises: RuleMessages.fencingTitle
        }
    }

    /// Why the rule exists.
    package var rationale: LocalizedText {
        switch self {
        case .makesProgress: RuleMessages.makesProgressWhy
        case .mutualExclusion: RuleMessages.mutualExclusionWhy
        case .oneLeader: RuleMessages.oneLeaderWhy
        case .fairOrder: RuleMessages.fairOrderWhy
        case .timeoutLeavesNothing: RuleMessages.timeoutWhy
        case .releasesOnExpiry: RuleMessages.expiryWhy
        case .takeoverWithin: RuleMessages.takeoverWhy
        case .noHerd: RuleMessages.noHerdWhy
        case .survivesConnectionLoss: RuleMessages.connectionLossWhy
        case .noOrphanNodes: RuleMessages.noOrphansWhy
        case .fencingTokenRises: RuleMessages.fencingWhy
        }
    }

    /// What a right program does in the rule's scenario.
    package func expected(sessionTimeout: Tick) -> LocalizedText {
        func bound(_ timeouts: UInt64) -> String { seconds(sessionTimeout * timeouts) }
        return switch self {
        case .makesProgress: RuleMessages.makesProgressExpected(bound(RuleBound.entrance))
        case .mutualExclusion: RuleMessages.mutualExclusionExpected
        case .oneLeader: RuleMessages.oneLeaderExpected
        case .fairOrder: RuleMessages.fairOrderExpected
        case .timeoutLeavesNothing: RuleMessages.timeoutExpected(bound(RuleBound.timeout))
        case .releasesOnExpiry: RuleMessages.expiryExpected(bound(RuleBound.takeover))
        case .takeoverWithin:
            RuleMessages.takeoverExpected(killed: bound(RuleBound.takeover), resigned: bound(RuleBound.handover))
        case .noHerd: RuleMessages.noHerdExpected(RuleBound.herdBudget)
        case .survivesConnectionLoss: RuleMessages.connectionLossExpected(bound(RuleBound.reconnection))
        case .noOrphanNodes: RuleMessages.noOrphansExpected(bound(RuleBound.reconnection))
        case .fencingTokenRises: RuleMessages.fencingExpected
        }
    }

    /// The programs of the rule's scenario.
    package var programCount: Int {
        switch self {
        case .noHerd: 8
        case .makesProgress, .mutualExclusion, .oneLeader, .fairOrder, .timeoutLeavesNothing, .releasesOnExpiry,
            .takeoverWithin, .survivesConnectionLoss, .noOrphanNodes, .fencingTokenRises:
            3
        }
    }
}

/// "1.5 s": a length of time with at most one decimal, the same in both languages.
func seconds(_ time: Tick) -> String {
    let tenths = (time.microseconds + 50_000) / 100_000
    return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
}
