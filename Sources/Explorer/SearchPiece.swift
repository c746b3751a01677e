public import Checking
public import StateMachines

/// Part of a level of a search: what one worker makes of some states.
///
/// A round has three phases, and all workers finish one before any begins the next. *Expanding*: the successors of
/// each state, except those known from earlier rounds. *Admitting*: each worker puts the fingerprints of its shards
/// into the table, all pieces one after the other, so that of equal states the first counts. *Collecting*: what was
/// new is numbered, in the order of its parents, and judged.
// SAFETY: in each phase one worker has a piece for itself; only `isNew` is written by several, each element by one. No
// method hands a property to another one, so that nobody need check who is using it.
@usableFromInline final class SearchPiece<M: Model>: @unchecked Sendable {
    /// A state that may be new.
    @usableFromInline struct Candidate: Sendable {
        @usableFromInline var state: M.State
        @usableFromInline var parent: UInt32
        @usableFromInline var ordinal: UInt16
        @usableFromInline var isFault: Bool
        @usableFromInline var sleeping: UInt64
        @inlinable @inline(__always) init(
            state: M.State, parent: UInt32, ordinal: UInt16, isFault: Bool, sleeping: UInt64
        ) {
            (self.state, self.parent, self.ordinal) = (state, parent, ordinal)
            (self.isFault, self.sleeping) = (isFault, sleeping)
        }
    }
    /// A known state that was reached once more.
    @usableFromInline typealias Reunion = (number: UInt32, parent: UInt32, isFault: Bool, sleeping: UInt64)

    @usableFromInline let plan: SearchPlan<M>
    @exclusivity(unchecked) @usableFromInline var encoder = CanonicalEncoder()
    @exclusivity(unchecked) @usableFromInline var successors: [Successor<M.State, M.Action>] = []
    @exclusivity(unchecked) @usableFromInline var candidates: [Candidate] = []
    @exclusivity(unchecked) @usableFromInline var fingerprints: [Fingerprint] = []
    @exclusivity(unchecked) @usableFromInline var isNew: UnsafeMutableBufferPointer<Bool> = .allocate(capacity: 0)
    @exclusivity(unchecked) @usableFromInline var reunions: [Reunion] = []
    /// Successors computed.
    @exclusivity(unchecked) @usableFromInline var generated = 0
    /// The first state with no way on that breaks an eventually invariant.
    @usableFromInline var deadEnd: Finding?
    /// The first new state that breaks an always invariant.
    @usableFromInline var breach: Finding?
    /// By invariant.
    @exclusivity(unchecked) @usableFromInline var witnessed: [Bool]
    /// Of the first of the new states.
    @usableFromInline var firstNumber = 0
    @exclusivity(unchecked) @usableFromInline var fresh: [M.State] = []
    /// For each new state, and each eventually invariant: whether it is kept.
    @exclusivity(unchecked) @usableFromInline var isKept: [Bool] = []

    @inlinable init(_ plan: SearchPlan<M>) {
        self.plan = plan
        witnessed = plan.invariants.map { _ in false }
    }

    deinit { isNew.deallocate() }

    // MARK: Expanding

    /// - Parameter sleeping: by number of state; empty unless the search is reduced.
    /// - Parameter numbered: of the frontier's first state.
    @inlinable func expand(
        _ range: Range<Int>, of frontier: [M.State], sleeping: [UInt64], numbered base: Int, _ table: VisitedTable
    ) {
        begin()
        for position in range {
            let asleep = sleeping.isEmpty ? 0 : sleeping[base + position]
            successors.removeAll(keepingCapacity: true)
            if asleep == 0 {
                plan.model.appendSuccessors(of: frontier[position], to: &successors)
            } else {
                plan.model.appendSuccessors(of: frontier[position], sleeping: asleep, to: &successors)
            }
            generated &+= successors.count
            precondition(successors.count <= Int(UInt16.max), "a state has more successors than a path can name")
            if !plan.eventual.isEmpty { checkWayOn(from: frontier[position], numbered: base + position) }
            let awake =
                plan.isReduced
                ? successors.reduce(into: UInt64(0)) { if $1.choice >= 0 { $0 |= 1 << UInt64($1.choice) } } : 0
            for ordinal in successors.indices {
                consider(ordinal, parent: UInt32(truncatingIfNeeded: base &+ position), asleep | awake, asleep, table)
            }
        }
        prepareVerdicts()
    }

    @inlinable func begin() {
        candidates.removeAll(keepingCapacity: true)
        fingerprints.removeAll(keepingCapacity: true)
        reunions.removeAll(keepingCapacity: true)
        (generated, deadEnd, breach) = (0, nil, nil)
    }

    @inlinable func prepareVerdicts() {
        guard isNew.count < candidates.count else { return }
        isNew.deallocate()
        isNew = .allocate(capacity: candidates.count * 2)
    }

    @inlinable @inline(__always) func consider(
        _ ordinal: Int, parent: UInt32, _ possible: UInt64, _ asleep: UInt64, _ table: VisitedTable
    ) {
        let fingerprint = plan.model.fingerprint(of: successors[ordinal].state, using: &encoder)
        let sleeping = plan.isReduced ? self.sleeping(after: successors[ordinal].choice, possible, asleep) : 0
        if let number = table.number(of: fingerprint) {
            guard plan.needsNumbers else { return }
            reunions.append((UInt32(number), parent, successors[ordinal].isFault, sleeping))
        } else {
            fingerprints.append(fingerprint)
            candidates.append(
                Candidate(
                    state: successors[ordinal].state, parent: parent, ordinal: UInt16(truncatingIfNeeded: ordinal),
                    isFault: successors[ordinal].isFault, sleeping: sleeping))
        }
    }

    /// What need not be tried after a choice, because it has been tried before it: whatever slept already, and all
    /// choices of a lower number, as far as the order of the two means nothing.
    @inlinable func sleeping(after choice: Int8, _ possible: UInt64, _ asleep: UInt64) -> UInt64 {
        guard choice >= 0 else { return 0 }
        let earlier = (1 as UInt64) << UInt64(choice) - 1
        return (asleep | possible & earlier) & plan.independent[Int(choice)]
    }

    /// Notes a state from which only faults lead on and in which an eventually invariant is broken.
    @inlinable func checkWayOn(from state: M.State, numbered number: Int) {
        guard deadEnd == nil, successors.allSatisfy(\.isFault) else { return }
        for index in plan.eventual {
            guard let violation = plan.invariants[index].violation(by: state) else { continue }
            deadEnd = Finding(invariant: index, violation: violation, state: number)
            return
        }
    }

    // MARK: Admitting

    /// - Parameter shards: bit *i* is set when shard *i* is this worker's.
    @inlinable func admit(_ shards: Int, to table: VisitedTable) {
        for index in fingerprints.indices where shards &>> VisitedTable.shard(of: fingerprints[index]) & 1 == 1 {
            isNew[index] = table.insert(fingerprints[index], number: 0)
        }
    }

    @inlinable var newCount: Int { fingerprints.indices.reduce(0) { $0 + (isNew[$1] ? 1 : 0) } }

    /// Gives what was new its final numbers.
    @inlinable func number(_ shards: Int, in table: VisitedTable) {
        var number = firstNumber
        for index in fingerprints.indices where isNew[index] {
            if shards &>> VisitedTable.shard(of: fingerprints[index]) & 1 == 1 {
                table.renumber(fingerprints[index], number: number)
            }
            number += 1
        }
    }

    // MARK: Collecting

    @inlinable func collect(_ table: VisitedTable) {
        fresh.removeAll(keepingCapacity: true)
        isKept.removeAll(keepingCapacity: true)
        for index in candidates.indices {
            if isNew[index] {
                judge(candidates[index].state, numbered: firstNumber + fresh.count)
                fresh.append(candidates[index].state)
            }
            guard plan.needsNumbers, let number = table.number(of: fingerprints[index]) else { continue }
            let candidate = candidates[index]
            reunions.append((UInt32(number), candidate.parent, candidate.isFault, candidate.sleeping))
        }
    }

    @inlinable @inline(__always) func judge(_ state: M.State, numbered number: Int) {
        for index in plan.invariants.indices {
            switch plan.invariants[index].kind {
            case .always:
                guard breach == nil, let violation = plan.invariants[index].violation(by: state) else { continue }
                breach = Finding(invariant: index, violation: violation, state: number)
            case .sometimes:
                if !witnessed[index] { witnessed[index] = plan.invariants[index].problem(state) == nil }
            case .eventually: isKept.append(plan.invariants[index].problem(state) == nil)
            }
        }
    }
}

/// A violation, and the state that shows it.
@usableFromInline struct Finding: Sendable {
    @usableFromInline var invariant: Int
    @usableFromInline var violation: Violation
    @usableFromInline var state: Int
    @inlinable init(invariant: Int, violation: Violation, state: Int) {
        (self.invariant, self.violation, self.state) = (invariant, violation, state)
    }
}

/// What a search is about; the same for all its pieces.
@usableFromInline struct SearchPlan<M: Model>: Sendable {
    @usableFromInline let model: M
    @usableFromInline let invariants: [Invariant<M.State>]
    /// Positions of the eventually invariants.
    @usableFromInline let eventual: [Int]
    /// By choice: the choices that can be exchanged with it.
    @usableFromInline let independent: [UInt64]
    @usableFromInline let isReduced: Bool

    @inlinable init(_ model: M, _ invariants: [Invariant<M.State>], isReduced: Bool) {
        self.model = model
        self.invariants = invariants
        eventual = invariants.indices.filter { invariants[$0].kind == .eventually }
        independent = (0..<64).map { model.choices(independentOf: $0) }
        // Without all edges nobody knows what can still be reached.
        self.isReduced = isReduced && eventual.isEmpty && independent.contains { $0 != 0 }
    }

    /// Whether it matters which state was reached, not only whether it is new.
    @inlinable var needsNumbers: Bool { isReduced || !eventual.isEmpty }
}
