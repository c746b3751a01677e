import Checking
import StateMachines

/// Small histories of an object that is mostly right, and what a checker says that has no ideas.
struct RandomHistory<Model: SequentialModel> {
    let model: Model
    let request: @Sendable (inout SplitMix64, _ client: String) -> Model.Request

    private struct Open {
        var number: Int
        var request: Model.Request
        var response: Model.Response?
    }

    /// A history of at most `operations` operations of three clients, whose answers are those of the object unless
    /// they were mixed up.
    func make(operations: Int, using random: inout SplitMix64) -> History<Model.Request, Model.Response> {
        var (recorder, state) = (HistoryRecorder<Model.Request, Model.Response>(), model.initial)
        var open: [Open?] = [nil, nil, nil]
        var answers: [Model.Response] = []
        var begun = 0
        while begun < operations || open.contains(where: { $0 != nil }) {
            let client = Int(random.uniform(in: 0...2))
            guard var operation = open[client] else {
                guard begun < operations else { continue }
                begun += 1
                let asked = request(&random, "\(client)")
                open[client] = Open(number: recorder.called(by: "\(client)", asked), request: asked)
                continue
            }
            if operation.response == nil, random.chance(partsPerMillion: 800_000) {
                let response = model.apply(operation.request, to: &state)
                answers.append(response)
                operation.response = response
                open[client] = operation
                continue
            }
            open[client] = nil
            switch random.uniform(in: 0...19) {
            case 0...2: continue  // Nobody knows.
            case 3: recorder.answered(operation.number, nil)
            case 4 where operation.response == nil: recorder.refused(operation.number)
            case 5...6 where !answers.isEmpty:  // Somebody else's answer.
                recorder.answered(operation.number, answers[Int(random.uniform(in: 0...UInt64(answers.count - 1)))])
            default:
                guard let response = operation.response else { continue }
                recorder.answered(operation.number, response)
            }
        }
        return recorder.history
    }

    /// Walks through states and looks whether what calls itself an observation is one.
    func observationsChangeNothing(using random: inout SplitMix64) -> Bool {
        var state = model.initial
        for _ in 0..<20 {
            let (asked, before) = (request(&random, "A"), state)
            let response = model.apply(asked, to: &state)
            if model.isObservation(asked, answered: response), state != before { return false }
        }
        return true
    }

    /// Every order, one after another.
    func isExplained(_ history: History<Model.Request, Model.Response>, isRealTime: Bool) -> Bool {
        let operations = history.operations
        func extend(_ placed: Set<Int>, _ state: Model.State) -> Bool {
            if operations.indices.allSatisfy({ placed.contains($0) || operations[$0].end == nil }) { return true }
            for next in operations.indices where !placed.contains(next) {
                let mustWait = operations.indices.contains { other in
                    !placed.contains(other) && operations[other].precedes(operations[next])
                        && (isRealTime || operations[other].client == operations[next].client)
                }
                if mustWait { continue }
                var after = state
                let response = model.apply(operations[next].request, to: &after)
                if let wanted = operations[next].response, wanted != response { continue }
                if extend(placed.union([next]), after) { return true }
            }
            return false
        }
        return extend([], model.initial)
    }
}
