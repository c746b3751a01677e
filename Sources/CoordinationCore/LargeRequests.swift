import StateMachines

/// The bytes of large requests that wait for a transaction: no more of them than `largeRequestMaxBytes`.
struct LargeRequests: Hashable, Sendable {
    /// `largeRequestThreshold`: longer frames are large; `nil` calls none so.
    let threshold: Int?
    /// `largeRequestMaxBytes`.
    let limit: Int
    private(set) var total = 0
    private var waiting: [Zxid: Int] = [:]

    init(threshold: Int?, limit: Int) {
        self.threshold = threshold
        self.limit = limit
    }

    func isLarge(_ byteCount: Int) -> Bool { threshold.map { byteCount > $0 } ?? false }

    /// Whether there is room for one more.
    func hasRoom(for byteCount: Int) -> Bool { byteCount <= limit - total }

    /// A large request waits until this transaction is committed.
    mutating func hold(_ byteCount: Int, until zxid: Zxid) {
        waiting[zxid, default: 0] += byteCount
        total += byteCount
    }

    /// A large request waits for another server.
    mutating func hold(_ byteCount: Int) { total += byteCount }

    mutating func release(_ byteCount: Int) { total -= byteCount }

    mutating func committed(_ zxid: Zxid) {
        guard total > 0, let byteCount = waiting.removeValue(forKey: zxid) else { return }
        total -= byteCount
    }
}
