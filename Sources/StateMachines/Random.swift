/// The seeded generator of every simulated run: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", OOPSLA 2014).
///
/// The same seed gives the same numbers in every process and on every machine. Not for secrets.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
    /// Written into replay files beside the seed.
    public static let name = "splitmix64"

    @usableFromInline var state: UInt64

    @inlinable public init(seed: UInt64) { state = seed }

    /// A generator of its own for one purpose ("delay C>P1"), so that drawing from it moves no other stream.
    public init(seed: UInt64, stream name: String) {
        state = seed ^ Fingerprint(of: Array(name.utf8)).low
        _ = next()
    }

    @inlinable public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A number in `range`. Unlike `Int.random(in:using:)`, its algorithm is ours, so it never changes between releases of Swift.
    /// The bias of the multiplication method is below range/2⁶⁴.
    @inlinable public mutating func uniform(in range: ClosedRange<UInt64>) -> UInt64 {
        let width = range.upperBound - range.lowerBound
        guard width < .max else { return next() }
        return range.lowerBound + next().multipliedFullWidth(by: width + 1).high
    }

    /// True with the chance `partsPerMillion` / 1,000,000.
    @inlinable public mutating func chance(partsPerMillion: UInt64) -> Bool {
        uniform(in: 0...999_999) < partsPerMillion
    }
}
