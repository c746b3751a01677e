import StateMachines

/// The random generators of a run, one for each purpose: drawing from one moves no other.
struct RandomStreams: Sendable {
    /// What is drawn, and for which link or node.
    struct Purpose: Hashable, Sendable {
        let word: String
        var from: NodeID?
        var to: NodeID?

        /// "delay S1>S2", "disk S1", "unsynced".
        func name(_ names: [String]) -> String {
            let ends = [from, to].compactMap { $0.map { names[$0.index] } }
            return ends.isEmpty ? word : "\(word) \(ends.joined(separator: ">"))"
        }
    }

    let seed: UInt64
    let names: [String]
    private var generators: [Purpose: SplitMix64] = [:]

    init(seed: UInt64, names: [String]) {
        self.seed = seed
        self.names = names
    }

    /// - Complexity: O(1); a purpose's name is made once.
    mutating func draw<Value>(_ purpose: Purpose, _ body: (inout SplitMix64) -> Value) -> Value {
        guard let index = generators.index(forKey: purpose) else {
            var generator = SplitMix64(seed: seed, stream: purpose.name(names))
            defer { generators[purpose] = generator }
            return body(&generator)
        }
        return body(&generators.values[index])
    }

    /// A time around `mean`; `mean` itself where there is no jitter.
    mutating func draw(_ purpose: Purpose, around mean: Tick, jitter: Tick) -> Tick {
        guard jitter > .zero else { return mean }
        return draw(purpose) { random in
            .microseconds(mean.microseconds - jitter.microseconds + random.uniform(in: 0...2 * jitter.microseconds))
        }
    }
}
