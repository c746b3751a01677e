import Explorer
import StateMachines

/// Two-phase commit in which managers and the coordinator may fail, and a backup coordinator that takes over when the
/// first one has vanished.
///
/// Everybody sees everybody's state at once. At most one manager fails, and only one that has not decided.
///
/// - Source: specification 2PCwithBTM of Demirbas, in the collection of TLA⁺ examples.
struct BackupCoordinator: Model {
    enum Manager {
        static let working = 0
        static let prepared = 1
        static let committed = 2
        static let aborted = 3
        static let failed = 4
    }
    /// What the coordinator shows: its own decision, or the backup's after it.
    enum Shown {
        static let nothing = 0
        static let commit = 1
        static let abort = 2
        static let hidden = 3
    }
    /// Where a coordinator is; the backup has no `failing` ones.
    enum Place {
        static let waiting = 0
        static let committing = 1
        static let aborting = 2
        static let failing = 3
        static let done = 4
    }
    enum Action: Hashable, Sendable {
        case prepare(Int), commit(Int), abort(Int), fail(Int), fails(Int), stop(Int)
        case chooseCommit(isBackup: Bool), chooseAbort(isBackup: Bool), announce(isBackup: Bool), vanish, rest
    }

    let count: Int

    private func manager(_ index: Int) -> Field { Field(4 * index, 3) }
    private func isDone(_ index: Int) -> Field { Field(4 * index + 3, 1) }
    private let shown = Field(48, 2)
    private let first = Field(50, 3)
    private let backup = Field(53, 3)

    var initialStates: [PackedState] { [PackedState()] }

    func appendSuccessors(of state: PackedState, to successors: inout [Successor<PackedState, Action>]) {
        let managers = (0..<count).map { state[manager($0)] }
        for index in 0..<count where state[isDone(index)] == 0 {
            stepManager(index, managers, state, &successors)
        }
        stepFirst(managers, state, &successors)
        stepBackup(managers, state, &successors)
        let isOver =
            (0..<count).allSatisfy { state[isDone($0)] == 1 } && state[first] == Place.done
            && state[backup] == Place.done
        if isOver { successors.append(Successor(.rest, state)) }
    }

    private func stepManager(
        _ index: Int, _ managers: [Int], _ state: PackedState,
        _ successors: inout [Successor<PackedState, Action>]
    ) {
        func move(to new: Int, _ action: Action) {
            var next = state
            next[manager(index)] = new
            successors.append(Successor(action, next))
        }
        guard managers[index] == Manager.working || managers[index] == Manager.prepared else {
            var next = state
            next[isDone(index)] = 1
            successors.append(Successor(.stop(index), next))
            return
        }
        if managers[index] == Manager.working { move(to: Manager.prepared, .prepare(index)) }
        if state[shown] == Shown.commit { move(to: Manager.committed, .commit(index)) }
        // Published counts take one step for each reason.
        if managers[index] == Manager.working { move(to: Manager.aborted, .abort(index)) }
        if state[shown] == Shown.abort { move(to: Manager.aborted, .abort(index)) }
        move(to: managers.contains(Manager.failed) ? managers[index] : Manager.failed, .fail(index))
    }

    /// How many reasons there are to commit, and to abort, as published counts take them: of each manager, that it is
    /// prepared, or that somebody has committed; any that is gone, when nobody has.
    private func reasons(_ managers: [Int]) -> (toCommit: Int, toAbort: Int) {
        let committed = managers.count { $0 == Manager.committed }
        let gone = managers.count { $0 == Manager.aborted || $0 == Manager.failed }
        let toCommit = managers.reduce(1) { $0 * (committed + ($1 == Manager.prepared ? 1 : 0)) }
        return (toCommit, committed == 0 ? gone : 0)
    }

    /// The state once a coordinator is at `place`, and shows something else where `showing` says so.
    private func moved(_ state: PackedState, _ coordinator: Field, to place: Int, showing: Int?) -> PackedState {
        var next = state
        next[coordinator] = place
        if let showing { next[shown] = showing }
        return next
    }

    private func stepFirst(
        _ managers: [Int], _ state: PackedState, _ successors: inout [Successor<PackedState, Action>]
    ) {
        func go(to place: Int, showing: Int? = nil, _ action: Action) {
            successors.append(Successor(action, moved(state, first, to: place, showing: showing)))
        }
        switch state[first] {
        case Place.waiting:
            let (toCommit, toAbort) = reasons(managers)
            for _ in 0..<toCommit { go(to: Place.committing, .chooseCommit(isBackup: false)) }
            for _ in 0..<toAbort { go(to: Place.aborting, .chooseAbort(isBackup: false)) }
        case Place.committing: go(to: Place.failing, showing: Shown.commit, .announce(isBackup: false))
        case Place.aborting: go(to: Place.failing, showing: Shown.abort, .announce(isBackup: false))
        case Place.failing: go(to: Place.done, showing: Shown.hidden, .vanish)
        default: break
        }
    }

    private func stepBackup(
        _ managers: [Int], _ state: PackedState, _ successors: inout [Successor<PackedState, Action>]
    ) {
        func go(to place: Int, showing: Int? = nil, _ action: Action) {
            successors.append(Successor(action, moved(state, backup, to: place, showing: showing)))
        }
        switch state[backup] {
        case Place.waiting where state[shown] == Shown.hidden:
            let (toCommit, toAbort) = reasons(managers)
            for _ in 0..<toCommit { go(to: Place.committing, .chooseCommit(isBackup: true)) }
            for _ in 0..<toAbort { go(to: Place.aborting, .chooseAbort(isBackup: true)) }
        case Place.committing: go(to: Place.done, showing: Shown.commit, .announce(isBackup: true))
        case Place.aborting: go(to: Place.done, showing: Shown.abort, .announce(isBackup: true))
        default: break
        }
    }

    func fingerprint(of state: PackedState, using encoder: inout CanonicalEncoder) -> Fingerprint { state.fingerprint }

    /// Whether somebody has committed what somebody else has aborted.
    func isSplit(_ state: PackedState) -> Bool {
        let managers = (0..<count).map { state[manager($0)] }
        return managers.contains(Manager.committed) && managers.contains(Manager.aborted)
    }
}
