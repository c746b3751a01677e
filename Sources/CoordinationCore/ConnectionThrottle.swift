package import StateMachines

/// How fast clients may come: `connection_throttle_*` of `zoo.cfg`.
package struct ConnectionThrottleRules: Hashable, Sendable {
    /// `_tokens`: what the bucket holds; 0 for no limit at all.
    package var tokens = 0
    /// `_fill_count` tokens come back in `_fill_time`.
    package var fillTime = Tick.milliseconds(1)
    package var fillCount = 1
    /// `_freeze_time`: how long the chance of being dropped stays as it is; `nil` drops nobody by chance.
    package var freezeTime: Tick?
    /// `_drop_increase`, `_drop_decrease`: how the chance changes, for an empty bucket and for one that is full enough; in
    /// parts per million, as the next one.
    package var dropIncrease: UInt64 = 20_000
    package var dropDecrease: UInt64 = 2_000
    /// `_decrease_ratio`: the bucket is full enough where no greater part of it is missing.
    package var decreaseRatio: UInt64 = 0
    /// `_weight_enabled`: a client costs the tokens of its kind rather than one; bucket and refill are then counted in
    /// new sessions.
    package var isWeighted = false
    /// `_global_session_weight`, `_local_session_weight`, `_renew_session_weight`. None of the other two weighs less than a
    /// local one.
    package var globalSessionWeight = 3
    package var localSessionWeight = 1
    package var renewSessionWeight = 2

    package init() {}

    /// What kind of handshake it is.
    struct Weight: Hashable, Sendable {
        var isNew: Bool
        /// Its new session stays with this server.
        var isLocal = false
    }

    private var unit: Int { isWeighted ? cost(of: Weight(isNew: true)) : 1 }
    var capacity: Int { tokens * unit }
    var refill: Int { fillCount * unit }

    /// What one handshake takes out of the bucket.
    func cost(of weight: Weight) -> Int {
        guard isWeighted else { return 1 }
        if weight.isNew, weight.isLocal { return localSessionWeight }
        return max(weight.isNew ? globalSessionWeight : renewSessionWeight, localSessionWeight)
    }
}

/// A bucket of tokens, of which every handshake takes some; before that a die may be cast, so that those who always come
/// last are not the only ones to be turned away (Feng et al., “BLUE”, 1999).
struct ConnectionThrottle: Hashable, Sendable {
    private let rules: ConnectionThrottleRules
    private var tokens: Int
    private var filledAt: Tick
    private var frozenAt: Tick
    /// The chance of being turned away whatever the bucket holds, in parts per million.
    private(set) var dropChance: UInt64 = 0

    init(_ rules: ConnectionThrottleRules, at now: Tick) {
        self.rules = rules
        tokens = rules.capacity
        (filledAt, frozenAt) = (now, now)
    }

    /// The tokens that are missing.
    var deficit: Int { rules.capacity - tokens }

    /// Whether a handshake may go on; takes its tokens if so.
    mutating func admits(
        _ weight: ConnectionThrottleRules.Weight, at now: Tick, _ random: inout SplitMix64
    ) -> Bool {
        guard rules.capacity > 0 else { return true }
        refill(now)
        if let freezeTime = rules.freezeTime {
            adjustChance(freezeTime, now)
            if random.chance(partsPerMillion: dropChance) { return false }
        }
        let cost = rules.cost(of: weight)
        guard tokens >= cost else { return false }
        tokens -= cost
        return true
    }

    private mutating func refill(_ now: Tick) {
        let (elapsed, period) = ((now - filledAt).microseconds, max(rules.fillTime.microseconds, 1))
        guard elapsed > period else { return }
        let (product, overflows) = (elapsed / period).multipliedReportingOverflow(by: UInt64(rules.refill))
        let rest = elapsed % period * UInt64(rules.refill) / period
        tokens = overflows ? rules.capacity : min(tokens + Int(clamping: product &+ rest), rules.capacity)
        filledAt = now
    }

    private mutating func adjustChance(_ freezeTime: Tick, _ now: Tick) {
        guard now - frozenAt > freezeTime else { return }
        if tokens == 0 {
            dropChance = min(dropChance + rules.dropIncrease, 1_000_000)
        } else if deficit <= rules.capacity * Int(rules.decreaseRatio) / 1_000_000 {
            dropChance -= min(dropChance, rules.dropDecrease)
        }
        frozenAt = now
    }
}

extension ConnectionThrottle: CanonicalEncodable {
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(tokens)
        encoder.encode(filledAt)
        encoder.encode(frozenAt)
        encoder.encode(dropChance)
    }
}
