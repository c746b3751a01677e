import Bytes

/// Finds a node's number by its path: open addressing, linear probing, eight bytes a slot.
///
/// A slot holds 32 bits of the path's hash and the node's number plus one; 0 is empty. The paths themselves stay in the
/// nodes, so the owner confirms a candidate. The hash is the same in every process; the order of slots is never seen.
struct PathIndex: Sendable {
    private var slots: [UInt64]
    private(set) var count = 0

    init() { slots = Array(repeating: 0, count: 16) }

    /// The number under `hash` that `matches`.
    func find(_ hash: UInt64, matches: (Int) -> Bool) -> Int? {
        let mask = slots.count - 1
        var position = Int(truncatingIfNeeded: hash) & mask
        let tag = UInt32(truncatingIfNeeded: hash >> 32)
        while slots[position] != 0 {
            let slot = slots[position]
            let node = Int(UInt32(truncatingIfNeeded: slot)) - 1
            if UInt32(truncatingIfNeeded: slot >> 32) == tag, matches(node) { return node }
            position = (position + 1) & mask
        }
        return nil
    }

    /// Adds a number that is not there yet.
    /// - Parameter hashOf: the hash of a number added before; asked only when the table grows.
    mutating func insert(_ node: Int, _ hash: UInt64, hashOf: (Int) -> UInt64) {
        if (count + 1) * 4 > slots.count * 3 { grow(hashOf) }
        place(node, hash)
        count += 1
    }

    /// Removes a number and closes the gap, so that no tombstones gather.
    mutating func remove(_ node: Int, _ hash: UInt64, hashOf: (Int) -> UInt64) {
        let mask = slots.count - 1
        var hole = Int(truncatingIfNeeded: hash) & mask
        while Int(UInt32(truncatingIfNeeded: slots[hole])) - 1 != node {
            precondition(slots[hole] != 0, "node \(node) is not in the index")
            hole = (hole + 1) & mask
        }
        var next = (hole + 1) & mask
        while slots[next] != 0 {
            let home = Int(truncatingIfNeeded: hashOf(Int(UInt32(truncatingIfNeeded: slots[next])) - 1)) & mask
            if (next &- home) & mask >= (next &- hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[hole] = 0
        count -= 1
    }

    private mutating func place(_ node: Int, _ hash: UInt64) {
        let mask = slots.count - 1
        var position = Int(truncatingIfNeeded: hash) & mask
        while slots[position] != 0 { position = (position + 1) & mask }
        slots[position] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(node + 1)
    }

    private mutating func grow(_ hashOf: (Int) -> UInt64) {
        let old = slots
        slots = Array(repeating: 0, count: old.count * 2)
        for slot in old where slot != 0 {
            let node = Int(UInt32(truncatingIfNeeded: slot)) - 1
            place(node, hashOf(node))
        }
    }

    /// Mixes eight bytes a round; the finaliser is MurmurHash3's (Appleby, public domain).
    static func hash(_ path: RawSpan) -> UInt64 {
        var value: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(path.byteCount)
        var offset = 0
        while offset + 8 <= path.byteCount {
            // SAFETY: the range was checked by the loop's condition.
            value = mix(value ^ (unsafe path.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < path.byteCount {
            // SAFETY: the range was checked by the loop's condition.
            rest = rest << 8 | UInt64(unsafe path.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            offset += 1
        }
        return mix(value ^ rest)
    }

    private static func mix(_ input: UInt64) -> UInt64 {
        var value = input
        value ^= value >> 33
        value &*= 0xFF51_AFD7_ED55_8CCD
        value ^= value >> 33
        value &*= 0xC4CE_B9FE_1A85_EC53
        value ^= value >> 33
        return value
    }
}
