/// How much a check may take before it says that it does not know.
package struct CheckLimits: Sendable {
    /// Operations placed, over all tries.
    package var placements: Int
    /// Of what the search remembers.
    package var memoryBytes: Int
    package var elapsed: Duration?
    /// The time since the check began; this module reads no clock.
    package var clock: @Sendable () -> Duration

    package init(
        placements: Int = 50_000_000, memoryBytes: Int = 1 << 30, elapsed: Duration? = nil,
        clock: @escaping @Sendable () -> Duration = { .zero }
    ) {
        self.placements = placements
        self.memoryBytes = memoryBytes
        self.elapsed = elapsed
        self.clock = clock
    }
}

/// What checks have used up.
struct Effort {
    let limits: CheckLimits
    private(set) var placements = 0

    init(_ limits: CheckLimits) { self.limits = limits }

    /// Counts one placement.
    /// - Parameter memory: what the search remembers by now, in bytes.
    /// - Returns: the bound that is reached.
    mutating func spend(memory: Int) -> Bound? {
        placements += 1
        if placements > limits.placements { return .states(limits.placements) }
        guard placements & 0xFFF == 0 else { return nil }
        if memory > min(limits.memoryBytes, ConfigurationCache.mostBytes) {
            return .memory(bytes: limits.memoryBytes)
        }
        if let elapsed = limits.elapsed, limits.clock() > elapsed {
            return .elapsed(milliseconds: Int(elapsed / .milliseconds(1)))
        }
        return nil
    }

    /// At most `placements` more, within what is left.
    func part(_ placements: Int) -> Effort {
        var limits = limits
        limits.placements = min(placements, limits.placements - self.placements)
        return Effort(limits)
    }

    mutating func add(_ part: Effort) { placements += part.placements }
}
