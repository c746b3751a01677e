import StateMachines

/// A place for a small number in a word.
struct Field: Sendable {
    let offset: Int
    let width: Int

    @inline(__always) init(_ offset: Int, _ width: Int) { (self.offset, self.width) = (offset, width) }
    @inline(__always) var mask: UInt64 { (1 << UInt64(width)) &- 1 }
}

/// A state as two words of small numbers: cheap to copy, to compare and to fingerprint.
package struct PackedState: Hashable, Sendable {
    /// What processes remember.
    var local: UInt64 = 0
    /// The set of messages that were ever sent, one bit each, where a model has such a set.
    var messages: UInt64 = 0

    @inline(__always) subscript(field: Field) -> Int {
        get { Int(truncatingIfNeeded: (local &>> UInt64(field.offset)) & field.mask) }
        set {
            let cleared = local & ~(field.mask &<< UInt64(field.offset))
            local = cleared | UInt64(newValue) &<< UInt64(field.offset)
        }
    }

    @inline(__always) func hasSent(_ message: Int) -> Bool { messages &>> UInt64(message) & 1 == 1 }
    @inline(__always) mutating func send(_ message: Int) { messages |= 1 &<< UInt64(message) }

    @inline(__always) var fingerprint: Fingerprint { Fingerprint(local, messages) }
}

/// The majorities of three acceptors, as bits.
let majoritiesOfThree: [Int] = [0b011, 0b101, 0b110]

/// Every order of `0..<count`.
func permutations(of count: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    return permutations(of: count - 1).flatMap { shorter in
        (0..<count).map { place in
            var longer = shorter
            longer.insert(count - 1, at: place)
            return longer
        }
    }
}
