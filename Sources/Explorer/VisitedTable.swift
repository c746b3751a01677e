public import StateMachines

/// The states seen so far, by fingerprint: flat memory with open addressing, cut into shards so that several workers
/// can insert at once, each in shards of its own.
///
/// 16 bytes a slot, at most three quarters of them in use. Of a fingerprint, 100 bits are kept: the 64 high ones, the
/// upper half of the low ones, which also is the position, and four that choose the shard. The chance that any two of
/// 10⁹ different states are taken for one is below 10⁻¹².
// SAFETY: a shard is changed by one worker at a time, and nobody looks anything up meanwhile.
public final class VisitedTable: @unchecked Sendable {
    @usableFromInline static var shardCount: Int { 16 }
    @usableFromInline let shards: UnsafeMutablePointer<VisitedShard>

    public init() {
        shards = .allocate(capacity: Self.shardCount)
        for index in 0..<Self.shardCount { (shards + index).initialize(to: VisitedShard()) }
    }

    deinit {
        for index in 0..<Self.shardCount { shards[index].slots.deallocate() }
        shards.deallocate()
    }

    public var count: Int { (0..<Self.shardCount).reduce(0) { $0 + shards[$1].count } }

    /// Bytes of the table itself.
    public var byteCount: Int {
        (0..<Self.shardCount).reduce(0) { $0 + (1 << shards[$1].bits) * MemoryLayout<VisitedShard.Slot>.stride }
    }

    /// Which shard a fingerprint belongs to.
    @inlinable @inline(__always) static func shard(of fingerprint: Fingerprint) -> Int {
        Int(truncatingIfNeeded: fingerprint.low & 15)
    }

    /// The number that was put in with a fingerprint; `nil` for one that is not there.
    @inlinable @inline(__always) public func number(of fingerprint: Fingerprint) -> Int? {
        let shard = shards + Self.shard(of: fingerprint)
        let found = shard.pointee.slots[shard.pointee.slot(of: fingerprint)].number
        return found == 0 ? nil : Int(found) - 1
    }

    /// Puts a fingerprint in.
    ///
    /// - Parameter number: below 2³² - 1.
    /// - Returns: false when it was there already; then the number stays what it was.
    @inlinable @inline(__always) public func insert(_ fingerprint: Fingerprint, number: Int) -> Bool {
        shards[Self.shard(of: fingerprint)].insert(fingerprint, number: UInt32(truncatingIfNeeded: number + 1))
    }

    /// Gives a fingerprint that is there another number.
    @inlinable @inline(__always) public func renumber(_ fingerprint: Fingerprint, number: Int) {
        let shard = shards + Self.shard(of: fingerprint)
        shard.pointee.slots[shard.pointee.slot(of: fingerprint)].number = UInt32(truncatingIfNeeded: number + 1)
    }
}

/// A part of the table.
@usableFromInline struct VisitedShard {
    @usableFromInline struct Slot {
        @usableFromInline var high: UInt64
        @usableFromInline var check: UInt32
        /// One more than the number; 0 is free.
        @usableFromInline var number: UInt32
        @inlinable @inline(__always) init(high: UInt64, check: UInt32, number: UInt32) {
            (self.high, self.check, self.number) = (high, check, number)
        }
    }

    @usableFromInline var slots: UnsafeMutablePointer<Slot>
    /// Binary logarithm of the number of slots.
    @usableFromInline var bits = 6
    @usableFromInline var count = 0

    @usableFromInline init() {
        slots = .allocate(capacity: 1 << 6)
        slots.initialize(repeating: Slot(high: 0, check: 0, number: 0), count: 1 << 6)
    }

    /// Where a fingerprint stands, or the free slot where it belongs.
    @inlinable @inline(__always) func slot(of fingerprint: Fingerprint) -> Int {
        let check = UInt32(truncatingIfNeeded: fingerprint.low >> 32)
        let mask = 1 &<< bits &- 1
        var slot = Int(truncatingIfNeeded: check >> UInt32(truncatingIfNeeded: 32 &- bits))
        while slots[slot].number != 0, slots[slot].high != fingerprint.high || slots[slot].check != check {
            slot = (slot &+ 1) & mask
        }
        return slot
    }

    @inlinable @inline(__always) mutating func insert(_ fingerprint: Fingerprint, number: UInt32) -> Bool {
        let slot = slot(of: fingerprint)
        guard slots[slot].number == 0 else { return false }
        slots[slot] = Slot(
            high: fingerprint.high, check: UInt32(truncatingIfNeeded: fingerprint.low >> 32), number: number)
        count &+= 1
        if count &* 4 > (3 &<< bits) { grow() }
        return true
    }

    /// Positions are the upper bits of `check`, so that everything moves in the order in which it stands.
    @usableFromInline mutating func grow() {
        precondition(bits < 31, "a search has more states than its table can number")
        let (old, oldCount) = (slots, 1 << bits)
        bits += 1
        let mask = 1 << bits - 1
        slots = .allocate(capacity: 1 << bits)
        slots.initialize(repeating: Slot(high: 0, check: 0, number: 0), count: 1 << bits)
        for index in 0..<oldCount where old[index].number != 0 {
            var slot = Int(old[index].check >> UInt32(32 - bits))
            while slots[slot].number != 0 { slot = (slot + 1) & mask }
            slots[slot] = old[index]
        }
        old.deallocate()
    }
}
