import Checking
import Explorer
import Messages
import Simulator
import StateMachines
import Testing

struct CycleTests {
    private static let sentence = LocalizedText("A value is chosen.", zh: "选出了一个值。")

    private func search<M: Model>(
        _ model: M, findsCycles: Bool, isKept: @escaping @Sendable (M.State) -> Bool
    ) -> SearchResult<M.Action> {
        let promise = Invariant<M.State>("decides", .eventually, explanation: Self.sentence) {
            isKept($0) ? nil : Self.sentence
        }
        var options = SearchOptions()
        options.findsCycles = findsCycles
        var search = BreadthFirstSearch(model, invariants: [promise], options: options)
        return search.run()
    }

    @Test func `a duel of two proposers is a livelock: the shortest cycle, and the shortest way to it`() {
        let result = search(Duel(), findsCycles: true) { $0.isDecided }
        guard case .violated(let violation) = result.verdicts[0] else { Issue.record("\(result)"); return }
        #expect(violation.invariant == "decides")
        #expect(result.path == [.ask(0), .ask(1)])
        #expect(result.cycle == [.ask(0), .ask(1)])
        #expect(!result.isExhaustive)
    }

    @Test func `it could end, so that it breaks no promise unless endless runs count`() {
        let result = search(Duel(), findsCycles: false) { $0.isDecided }
        #expect(result.verdicts == [.holds])
        #expect(result.isExhaustive)
        #expect(result.progress.states < 12)
    }

    @Test func `without retries there is no cycle`() {
        #expect(search(Duel(retries: false), findsCycles: true) { $0.isDecided }.verdicts == [.holds])
    }

    @Test func `a cycle in which the promise is kept somewhere is none`() {
        let ring = Ring(edges: [[1], [2], [0]])
        #expect(search(ring, findsCycles: true) { $0 == 1 }.verdicts == [.holds])
        #expect(search(ring, findsCycles: true) { $0 == 7 }.cycle.isEmpty)  // It cannot come true at all.
    }

    @Test func `of two cycles the one that begins earlier is shown, by its shortest round`() {
        // 0 → 1 → 2 → 3 → 1 and 2 → 1; 0 → 4 → 5 → 4; from everywhere to 9.
        let ring = Ring(edges: [[1, 4, 9], [2, 9], [3, 1], [1], [5, 9], [4], [], [], [], [9]])
        let result = search(ring, findsCycles: true) { $0 == 9 }
        #expect(result.path == [1])
        #expect(result.cycle == [2, 1])
    }

    private static let timer = CausalName(node: 0, incarnation: 0, step: 1, ordinal: 0)

    @Test func `a cycle that puts something off for ever is none`() {
        // 0 → 1 → 0, and from both to 9, where the promise is kept.
        var ring = Ring(edges: [[1, 9], [0, 9]] + Array(repeating: [], count: 8))
        ring.waiting = [0: Self.timer, 1: Self.timer]
        #expect(search(ring, findsCycles: true) { $0 == 9 }.verdicts == [.holds])
        ring.waiting = [0: Self.timer]
        #expect(search(ring, findsCycles: true) { $0 == 9 }.cycle == [1, 0])
        // A timer that is set anew in each lap never comes due.
        ring.waiting = [0: Self.timer, 1: CausalName(node: 0, incarnation: 0, step: 2, ordinal: 0)]
        #expect(search(ring, findsCycles: true) { $0 == 9 }.cycle == [1, 0])
    }

    @Test func `of all cycles the shortest on which everything comes that waits is shown`() {
        // 0 → 1 → 0 puts it off; 0 → 1 → 2 → 3 → 0 and 0 → 1 → 4 → 5 → 6 → 0 do not.
        var ring = Ring(edges: [[1, 9], [0, 2, 4], [3], [0], [5], [6], [0], [], [], []])
        ring.waiting = [0: Self.timer, 1: Self.timer, 2: Self.timer, 4: Self.timer, 5: Self.timer, 6: Self.timer]
        #expect(search(ring, findsCycles: true) { $0 == 9 }.cycle == [1, 2, 3, 0])
        ring.waiting = [0: Self.timer, 1: Self.timer, 2: Self.timer, 3: Self.timer, 4: Self.timer, 6: Self.timer]
        #expect(search(ring, findsCycles: true) { $0 == 9 }.cycle == [1, 4, 5, 6, 0])
        for state in 0...6 { ring.waiting[state] = Self.timer }
        #expect(search(ring, findsCycles: true) { $0 == 9 }.verdicts == [.holds])
    }

    @Test func `a cycle is found before everything is, and time that runs out is said`() {
        // A long way of 5,000 states beside the cycle 1 → 2 → 1.
        var edges = [[1, 3], [2], [1, 4_999]] + (3..<4_999).map { [$0 + 1] }
        edges.append([])
        let result = search(Ring(edges: edges), findsCycles: true) { $0 == 4_999 }
        #expect(result.cycle == [2, 1])
        #expect(result.progress.states < 2_000)
        let promise = Invariant<Int>("decides", .eventually, explanation: Self.sentence) {
            $0 == 9 ? nil : Self.sentence
        }
        var options = SearchOptions()
        options.findsCycles = true
        options.bounds.elapsed = .seconds(60)
        let ring = Ring(edges: [[1, 9], [0, 9]] + Array(repeating: [], count: 8))
        var search = BreadthFirstSearch(ring, invariants: [promise], options: options)
        var calls = 0
        let late = search.run(elapsed: {
            calls += 1; return calls > 4 ? .seconds(61) : .zero
        })
        #expect(late.verdicts == [.unknown(.elapsed(milliseconds: 60_000))], "\(calls)")
    }

    @Test func `states that only look alike make no cycle`() {
        // A fingerprint that leaves out how often the way back is still open.
        let result = search(Fading(), findsCycles: true) { $0.place == 2 }
        #expect(result.cycle.isEmpty)
    }
}

private struct Ring: Model {
    var edges: [[Int]]
    /// By state: what waits there.
    var waiting: [Int: CausalName] = [:]
    var initialStates: [Int] { [0] }
    func appendSuccessors(of state: Int, to successors: inout [Successor<Int, Int>]) {
        for next in edges[state] { successors.append(Successor(next, next)) }
    }
    func obligations(of state: Int) -> [Obligation] {
        waiting[state].map { [Obligation(Fingerprint(1, 1), $0)] } ?? []
    }
    func fingerprint(of state: Int, using encoder: inout CanonicalEncoder) -> Fingerprint {
        Fingerprint(UInt64(state), 0)
    }
}

/// Goes to and fro, but only once.
private struct Fading: Model {
    struct State: Hashable, Sendable { var place = 0, returns = 1 }
    var initialStates: [State] { [State()] }
    func appendSuccessors(of state: State, to successors: inout [Successor<State, Int>]) {
        switch state.place {
        case 0: successors.append(Successor(1, State(place: 1, returns: state.returns)))
        case 1:
            successors.append(Successor(2, State(place: 2, returns: state.returns)))
            if state.returns > 0 { successors.append(Successor(0, State(place: 0, returns: state.returns - 1))) }
        default: break
        }
    }
    func fingerprint(of state: State, using encoder: inout CanonicalEncoder) -> Fingerprint {
        Fingerprint(UInt64(state.place), 0)
    }
}

struct RanksTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `ranks keep the order and forget the size`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let values = (0..<8).map { _ in random.uniform(in: 0...9) }
        let (small, large) = (Ranks(of: values), Ranks(of: values.map { $0 * 1_000 + 17 }))
        for first in values {
            #expect(small.rank(of: first) == large.rank(of: first * 1_000 + 17), "seed=\(seed)")
            for second in values {
                #expect((first < second) == (small.rank(of: first) < small.rank(of: second)), "seed=\(seed)")
            }
        }
        #expect(values.map { small.rank(of: $0) }.max() == UInt64(Set(values).count - 1), "seed=\(seed)")
    }
}
