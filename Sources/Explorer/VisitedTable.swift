public import StateMachines

/// The states seen so far: fingerprint to number, and for each number the way it was reached first.
///
/// Open addressing with linear probing over plain arrays; numbers count from 0 in the order of discovery, so nothing
/// depends on where a fingerprint lands. 32 to 40 bytes a state; at most 2³² - 2 states.
public struct VisitedTable: Sendable {
    @usableFromInline var slots: [UInt32]  // The number plus one; 0 is free.
    @usableFromInline var fingerprints: [Fingerprint] = []
    @usableFromInline var parents: [UInt32] = []
    @usableFromInline var ordinals: [UInt32] = []

    @inlinable public init() { slots = Array(repeating: 0, count: 1 << 10) }

    @inlinable public var count: Int { fingerprints.count }

    /// Bytes of the table itself.
    @inlinable public var byteCount: Int { slots.count * 4 + fingerprints.count * 24 }

    /// - Parameter parent: the number of the state it was reached from, by that state's `ordinal`th successor;
    ///   an initial state is its own parent.
    @inlinable public mutating func insert(
        _ fingerprint: Fingerprint, parent: Int, ordinal: Int
    ) -> (number: Int, isNew: Bool) {
        if fingerprints.count * 2 >= slots.count { grow() }
        var slot = Int(truncatingIfNeeded: fingerprint.low) & (slots.count - 1)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if fingerprints[number] == fingerprint { return (number, false) }
            slot = (slot + 1) & (slots.count - 1)
        }
        let number = fingerprints.count
        slots[slot] = UInt32(number + 1)
        fingerprints.append(fingerprint)
        parents.append(UInt32(parent))
        ordinals.append(UInt32(ordinal))
        return (number, true)
    }

    @usableFromInline mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for (number, fingerprint) in fingerprints.enumerated() {
            var slot = Int(truncatingIfNeeded: fingerprint.low) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(number + 1)
        }
    }

    /// The successor ordinals that lead from an initial state to state `number`, and the initial state's number.
    public func path(to number: Int) -> (root: Int, ordinals: [Int]) {
        var (current, path): (Int, [Int]) = (number, [])
        while Int(parents[current]) != current {
            path.append(Int(ordinals[current]))
            current = Int(parents[current])
        }
        return (current, path.reversed())
    }
}
