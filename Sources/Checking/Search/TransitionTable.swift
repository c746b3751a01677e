import StateMachines

/// A sequential model in small numbers, worked out as far as a search has asked: where an action leads from a state.
///
/// An action is a request with its answer, or with the remark that the answer is unknown. State 0 is the initial one. A
/// search asks the same questions again and again; only the first time is the model itself asked.
final class TransitionTable {
    /// The model would have answered something else.
    static let refused: Int32 = -1

    private let compute: (_ state: Int32, _ action: Int32) -> Int32
    /// Open addressing; a key is state and action, all ones where there is none.
    private var keys: [UInt64]
    private var values: [Int32]
    private var count = 0
    private static let vacant = UInt64.max

    /// - Parameter compute: the state after the action, or `refused`; always the same for the same numbers.
    init(compute: @escaping (_ state: Int32, _ action: Int32) -> Int32) {
        self.compute = compute
        keys = Array(repeating: Self.vacant, count: 256)
        values = Array(repeating: 0, count: 256)
    }

    var byteCount: Int { keys.count * 12 }

    /// The state after `action` in `state`, or `refused`.
    func next(_ state: Int32, _ action: Int32) -> Int32 {
        let key = UInt64(UInt32(bitPattern: state)) << 32 | UInt64(UInt32(bitPattern: action))
        let slot = self.slot(of: key)
        if keys[slot] == key { return values[slot] }
        let value = compute(state, action)
        insert(key, value, at: slot)
        return value
    }

    private func slot(of key: UInt64) -> Int {
        let mask = keys.count - 1
        var slot = key.mixed(with: 0) & mask
        while keys[slot] != key, keys[slot] != Self.vacant { slot = (slot + 1) & mask }
        return slot
    }

    private func insert(_ key: UInt64, _ value: Int32, at slot: Int) {
        (keys[slot], values[slot]) = (key, value)
        count += 1
        guard count * 2 > keys.count else { return }
        let (oldKeys, oldValues) = (keys, values)
        keys = Array(repeating: Self.vacant, count: oldKeys.count * 2)
        values = Array(repeating: 0, count: oldKeys.count * 2)
        for (key, value) in zip(oldKeys, oldValues) where key != Self.vacant {
            let slot = self.slot(of: key)
            (keys[slot], values[slot]) = (key, value)
        }
    }
}

/// Gives the states and actions of a model their numbers.
final class ModelCoder<Model: SequentialModel> {
    private struct Action: Hashable {
        var request: Model.Request
        var response: Model.Response?
    }

    private let model: Model
    private var states: [Model.State]
    private var numberOfState: [Model.State: Int32]  // Only looked up.
    private var actions: [Action] = []
    private var numberOfAction: [Action: Int32] = [:]  // Only looked up.

    init(_ model: Model) {
        self.model = model
        states = [model.initial]
        numberOfState = [model.initial: 0]
    }

    /// The number of a request with this answer; `nil`: with any.
    func action(_ request: Model.Request, _ response: Model.Response?) -> Int32 {
        let action = Action(request: request, response: response)
        if let number = numberOfAction[action] { return number }
        let number = Int32(actions.count)
        actions.append(action)
        numberOfAction[action] = number
        return number
    }

    /// A table that asks this coder; it keeps the coder alive.
    func table() -> TransitionTable { TransitionTable(compute: next) }

    private func next(_ state: Int32, _ number: Int32) -> Int32 {
        let action = actions[Int(number)]
        var after = states[Int(state)]
        let response = model.apply(action.request, to: &after)
        if let wanted = action.response, wanted != response { return TransitionTable.refused }
        if let known = numberOfState[after] { return known }
        let number = Int32(states.count)
        states.append(after)
        numberOfState[after] = number
        return number
    }
}
