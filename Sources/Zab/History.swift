package import StateMachines

/// What a server knows of its log: the last entries, and how far they are on disk and delivered.
///
/// Entries that are not delivered stay in memory; of the delivered ones only a window, for learners that are not far
/// behind. What lies before it is on disk only.
package struct History: Hashable, Sendable, CanonicalEncodable {
    private var entries = Queue<LogEntry>()
    /// The entry before the first one in memory; zero when there is none.
    package private(set) var base: Zxid
    /// The last entry appended, on disk or not.
    package private(set) var last: Zxid
    package private(set) var persisted: Zxid
    /// The last entry that the state contains.
    package private(set) var delivered: Zxid

    /// A log after recovery: all of it is on disk and in the state.
    ///
    /// - Parameters:
    ///   - window: its last entries, oldest first.
    ///   - base: the entry before them; of a log without entries, its snapshot.
    package init(recovered window: [LogEntry] = [], after base: Zxid = .zero) {
        self.base = base
        last = window.last?.zxid ?? base
        persisted = last
        delivered = last
        for entry in window { entries.append(entry) }
    }

    /// - Precondition: `entry` comes after everything that is there.
    mutating func append(_ entry: LogEntry) {
        precondition(entry.zxid > last, "\(entry.zxid) cannot follow \(last)")
        entries.append(entry)
        last = entry.zxid
    }

    mutating func persist(through zxid: Zxid) { persisted = max(persisted, min(zxid, last)) }

    /// Whether an entry with this zxid may come next: the next of its epoch, or the first of a later one.
    func isNext(_ zxid: Zxid) -> Bool {
        zxid.epoch == last.epoch ? zxid.rawValue == last.rawValue + 1 : zxid.epoch > last.epoch && zxid.counter == 1
    }

    /// The entries after this one that are in memory; all of them if `zxid` is not before `base`.
    /// - Complexity: O(log *n*).
    package func entries(after zxid: Zxid) -> ArraySlice<LogEntry> {
        let all = entries.elements
        return all[firstIndex(after: zxid)...]
    }

    private func firstIndex(after zxid: Zxid) -> Int {
        let all = entries.elements
        var (low, high) = (all.startIndex, all.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if all[middle].zxid <= zxid { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The last entry at or before `zxid` that this log is known to have had; `nil` when that is on disk only.
    func lastEntry(atOrBefore zxid: Zxid) -> Zxid? {
        guard zxid >= base else { return nil }
        let all = entries.elements
        let index = firstIndex(after: zxid)
        return index == all.startIndex ? base : all[index - 1].zxid
    }

    /// The next entry to deliver, not after `limit`; counts it as delivered.
    mutating func deliverNext(through limit: Zxid) -> LogEntry? {
        guard let entry = entries(after: delivered).first, entry.zxid <= limit else { return nil }
        delivered = entry.zxid
        return entry
    }

    /// Forgets delivered entries beyond `limit`.
    mutating func trim(to limit: Int) {
        while entries.count > limit, let first = entries.first, first.zxid <= delivered, first.zxid <= persisted {
            _ = entries.popFirst()
            base = first.zxid
        }
    }

    /// Forgets what is not delivered and comes after `zxid`; what is on disk of it must be cut there too.
    mutating func forget(after zxid: Zxid) {
        let kept = entries.elements.prefix { $0.zxid <= zxid }
        var remaining = Queue<LogEntry>()
        for entry in kept { remaining.append(entry) }
        entries = remaining
        last = max(base, kept.last?.zxid ?? base)
        persisted = min(persisted, last)
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(entries)
        encoder.encode(base)
        encoder.encode(last)
        encoder.encode(persisted)
        encoder.encode(delivered)
    }
}

/// How a leader brings one learner to its own history.
package enum SynchronizationPlan: Hashable, Sendable {
    /// The learner's log ends with an entry of the leader's: send what comes after it.
    case diff(after: Zxid)
    /// The learner has entries that nobody committed: cut them off, then send what comes after.
    case truncate(to: Zxid)
    /// Where the logs meet is on disk only.
    case readLog
    case snapshot
}

extension History {
    /// - Parameters:
    ///   - peer: the last entry of the learner's log.
    ///   - committed: the last committed entry of this, the leader's.
    /// - Source: ZooKeeper's `LearnerHandler.syncFollower`; Medeiros 2012, section 4.3.
    package func plan(forLearnerAt peer: Zxid, committed: Zxid) -> SynchronizationPlan {
        // A leader that has proposed nothing yet leaves its bare epoch as a zxid; no transaction is behind it.
        let isBareEpoch = peer.counter == 0
        if peer > committed {
            return isBareEpoch || peer == committed ? .diff(after: committed) : cut(peer, to: committed)
        }
        guard let meeting = lastEntry(atOrBefore: peer) else { return .readLog }
        return meeting == peer || isBareEpoch ? .diff(after: meeting) : cut(peer, to: meeting)
    }

    /// A learner cannot cut back into an older epoch: it would be left without the entries between.
    private func cut(_ peer: Zxid, to meeting: Zxid) -> SynchronizationPlan {
        peer.epoch == meeting.epoch ? .truncate(to: meeting) : .snapshot
    }
}
