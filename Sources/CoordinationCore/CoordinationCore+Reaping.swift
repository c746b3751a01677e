import Bytes
import StateMachines
import WireProtocol
import Zab
import ZNodes

/// What the server still has to delete by itself.
struct Reaper: Hashable, Sendable {
    /// When the tree is looked over next; `nil` before the start.
    var nextCheck: Tick?
    /// What the last look found, in reverse order of the paths.
    var candidates: [ByteString] = []

    /// How long the server waits before it deletes more of them.
    static let pause = Tick.milliseconds(100)
}

/// Containers that have lost their last child, and nodes whose time to live is over.
extension CoordinationCore {
    mutating func startReaper(_ now: Tick) { reaper.nextCheck = now + configuration.containerCheckInterval }

    /// Looks the tree over when it is time, and proposes some deletions: no more than the rate that is allowed.
    mutating func reap(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard let due = reaper.nextCheck else { return }
        if due <= now, reaper.candidates.isEmpty {
            reaper.nextCheck = now + configuration.containerCheckInterval
            reaper.candidates = tree.reapable(reapingRules(at: wallClock(at: now))).reversed()
        }
        let share = max(1, configuration.containerMaxPerMinute / 600)
        for _ in 0..<min(share, reaper.candidates.count) {
            guard let zxid = nextZxid else { return }
            let pending = PendingWrite(
                zxid: zxid, connection: nil, xid: 0, operation: nil, arrivedAt: now)
            let time = wallClock(at: now)
            let context = WriteContext(session: .none, identities: [], zxid: pending.zxid, time: time)
            propose(
                prepareReaping(reaper.candidates.removeLast(), context), session: .none, pending, time, now, &effects)
        }
    }

    func reapingRules(at time: Int64) -> ReapingRules {
        ReapingRules(
            now: time, neverUsed: configuration.containerMaxNeverUsedMilliseconds,
            includesTimed: configuration.extendedTypesEnabled)
    }

    /// When `reap` wants to be called at the latest.
    func nextReaping(_ now: Tick) -> Tick {
        if !reaper.candidates.isEmpty { return now + Reaper.pause }
        return max(reaper.nextCheck ?? now, now + .milliseconds(1))
    }
}
