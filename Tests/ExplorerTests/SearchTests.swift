import Checking
import Explorer
import Messages
import StateMachines
import Testing

struct GoldenCountTests {
    private static let sentence = LocalizedText("A promise.", zh: "一个约定。")

    /// Distinct and generated states and depth as TLC counts them; distinct is 6ⁿ + 4ⁿ + 2ⁿ, depth 3n + 2.
    @Test(arguments: [
        (1, 12, 20, 5), (2, 56, 154, 8), (3, 288, 1_146, 11), (4, 1_568, 8_258, 14), (5, 8_832, 58_146, 17),
    ])
    func `TwoPhase has as many states as published`(managers: Int, distinct: Int, generated: Int, depth: Int) {
        let consistent = Invariant<TwoPhaseModel.State>("consistent", explanation: Self.sentence) { state in
            state.managers.contains(.committed) && state.managers.contains(.aborted) ? Self.sentence : nil
        }
        let commits = Invariant<TwoPhaseModel.State>("commits", .sometimes, explanation: Self.sentence) { state in
            state.managers.allSatisfy { $0 == .committed } ? nil : Self.sentence
        }
        let ends = Invariant<TwoPhaseModel.State>("ends", .eventually, explanation: Self.sentence) { state in
            state.managers.allSatisfy { $0 == .committed || $0 == .aborted } ? nil : Self.sentence
        }
        var search = BreadthFirstSearch(TwoPhaseModel(count: managers), invariants: [consistent, commits, ends])
        let result = search.run()
        #expect(result.progress.states == distinct)
        #expect(result.progress.generated == generated)
        #expect(result.progress.depth == depth)
        #expect(result.verdicts == [.holds, .holds, .holds])
        #expect(result.isExhaustive)
    }

    @Test func `the run to a violation is a shortest one, and the first of them`() {
        let nobodyCommits = Invariant<TwoPhaseModel.State>("nobody-commits", explanation: Self.sentence) { state in
            state.managers.contains(.committed) ? Self.sentence : nil
        }
        var search = BreadthFirstSearch(TwoPhaseModel(count: 2), invariants: [nobodyCommits])
        let result = search.run()
        #expect(
            result.path == [
                .managerPrepares(0), .coordinatorReceivesPrepared(0), .managerPrepares(1),
                .coordinatorReceivesPrepared(1), .coordinatorCommits, .managerCommits(0),
            ])
        guard case .violated(let violation) = result.verdicts[0] else { Issue.record("\(result.verdicts)"); return }
        #expect(violation.invariant == "nobody-commits")
    }

    @Test func `a bound makes the verdict unknown and is named`() {
        let nothing = Invariant<TwoPhaseModel.State>("nothing", explanation: Self.sentence) { _ in nil }
        let never = Invariant<TwoPhaseModel.State>("never", .sometimes, explanation: Self.sentence) { _ in Self.sentence
        }
        func run(_ bounds: SearchBounds, elapsed: () -> Duration = { .zero }) -> SearchResult<TwoPhaseModel.Action> {
            var options = SearchOptions()
            options.bounds = bounds
            var search = BreadthFirstSearch(TwoPhaseModel(count: 4), invariants: [nothing, never], options: options)
            return search.run(elapsed: elapsed)
        }
        #expect(run(SearchBounds(states: 1_000)).verdicts == [.unknown(.states(1_000)), .unknown(.states(1_000))])
        #expect(run(SearchBounds(depth: 3)).bound == .depth(3))
        #expect(run(SearchBounds(depth: 3)).progress.depth == 4)
        #expect(run(SearchBounds(depth: 13)).bound == nil)
        #expect(run(SearchBounds(memoryBytes: 20_000)).bound == .memory(bytes: 20_000))
        #expect(
            run(SearchBounds(elapsed: .seconds(1)), elapsed: { .seconds(2) }).bound == .elapsed(milliseconds: 1_000))
        let unbounded = run(SearchBounds())
        #expect(unbounded.verdicts[0] == .holds)
        guard case .violated = unbounded.verdicts[1] else { Issue.record("no witness is a violation"); return }
    }
}

/// A walk over numbers, drawn by hand.
private struct Walk: Model {
    var edges: [Int: [(to: Int, isFault: Bool)]]
    var initialStates: [Int] { [0] }
    func appendSuccessors(of state: Int, to successors: inout [Successor<Int, Int>]) {
        for edge in edges[state, default: []] { successors.append(Successor(edge.to, edge.to, isFault: edge.isFault)) }
    }
    func fingerprint(of state: Int, using encoder: inout CanonicalEncoder) -> Fingerprint {
        Fingerprint(high: UInt64(state), low: 0)  // All in one chain of the table.
    }
}

struct EventuallyTests {
    private static let sentence = LocalizedText("It ends at 9.", zh: "以 9 结束。")
    private static let endsAtNine = Invariant<Int>("ends-at-nine", .eventually, explanation: sentence) {
        $0 == 9 ? nil : sentence
    }

    private func path(_ edges: [Int: [(to: Int, isFault: Bool)]]) -> [Int]? {
        var search = BreadthFirstSearch(Walk(edges: edges), invariants: [Self.endsAtNine])
        let result = search.run()
        return result.broken == nil ? nil : result.path
    }

    @Test func `a dead end that breaks the promise is found, however deep, by the shortest way`() {
        #expect(path([0: [(1, false), (2, false)], 1: [(9, false)], 2: [(3, false)]]) == [2, 3])
        #expect(path([0: [(1, false)], 1: [(9, false)]]) == nil)
    }

    @Test func `faults and repairs are no way on`() {
        #expect(path([0: [(1, true), (9, false)], 1: [(9, true)]]) == [1])
    }

    @Test func `retrying for ever is found when the whole graph is known`() {
        #expect(path([0: [(1, true), (9, false)], 1: [(2, false)], 2: [(1, false)]]) == [1])
        #expect(path([0: [(1, false), (9, false)], 1: [(0, false)]]) == nil)
    }
}

struct VisitedTableTests {
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `the table agrees with a dictionary`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let table = VisitedTable()
        var twin: [Fingerprint: Int] = [:]
        for number in 0..<20_000 {
            let print = Fingerprint(random.uniform(in: 0...9_000), 0)
            #expect(table.insert(print, number: number) == (twin[print] == nil), "seed=\(seed)")
            if twin[print] == nil { twin[print] = number }
            #expect(table.number(of: print) == twin[print], "seed=\(seed)")
        }
        #expect(table.count == twin.count)
        for print in twin.keys { table.renumber(print, number: 7) }
        #expect(twin.keys.allSatisfy { table.number(of: $0) == 7 })
        #expect(table.number(of: Fingerprint(10_000, 0)) == nil)
    }

    @Test func `fingerprints that want the same place, also at the table's end, are kept apart`() {
        let table = VisitedTable()
        let prints = (1...500).map { Fingerprint(high: $0, low: .max) }
        for (number, print) in prints.enumerated() { #expect(table.insert(print, number: number)) }
        #expect(prints.map { table.number(of: $0) } == prints.indices.map(Optional.some))
        #expect(table.byteCount == 16 * (15 * 64 + 1_024))
    }
}
