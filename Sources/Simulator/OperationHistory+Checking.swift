package import Checking
package import Messages
package import StateMachines

extension OperationHistory {
    /// The history as a model's requests and answers, for the checkers.
    ///
    /// - Parameter names: of the nodes, by position. A node that has been restarted is one more client.
    /// - Precondition: requests and answers are words of the model's grammar.
    package func read<Model: SequentialModel>(
        as model: Model, names: [String]
    ) -> History<Model.Request, Model.Response> {
        var recorder = HistoryRecorder<Model.Request, Model.Response>()
        var open: [(event: Event, operation: Int, request: Model.Request)] = []
        for event in events {
            switch event.happening {
            case .began(let words):
                let client = event.client.name(names)
                guard let request = model.request(Words(words), by: client) else {
                    preconditionFailure("\"\(words)\" is no request of the model \(Model.name)")
                }
                open.append((event, recorder.called(by: client, request), request))
            case .ended(let outcome):
                guard
                    let index = open.firstIndex(where: {
                        $0.event.client == event.client && $0.event.number == event.number
                    })
                else { preconditionFailure("an operation ended that had not begun: \(event)") }
                let asked = open.remove(at: index)
                switch outcome {
                case .unknown: break
                case .failed: recorder.refused(asked.operation)
                case .answered(let words, let version):
                    guard let response = model.response(words, to: asked.request) else {
                        preconditionFailure("\"\(words)\" is no answer to \(model.text(of: asked.request))")
                    }
                    recorder.answered(asked.operation, response, version: version)
                }
            }
        }
        return recorder.history
    }
}

extension OperationHistory.Client {
    /// "B"; "B (2)" after the first restart.
    package func name(_ names: [String]) -> String {
        switch self {
        case .named(let name): name
        case .node(let node, 0): names[node.index]
        case .node(let node, let incarnation): "\(names[node.index]) (\(incarnation + 1))"
        }
    }
}

/// What clients were promised, judged over states of a run.
package struct ClientPromises<Model: SequentialModel>: Sendable {
    /// Answers for a history's fingerprint from memory, or by asking and remembering. A search meets the same history in
    /// thousands of states.
    package typealias Memory = @Sendable (Consistency, Fingerprint, () -> LocalizedText?) -> LocalizedText?

    package let model: Model
    package let names: [String]
    private let memory: Memory

    /// - Parameter names: of the nodes, by position.
    package init(of model: Model, names: [String], memory: @escaping Memory = { $2() }) {
        (self.model, self.names, self.memory) = (model, names, memory)
    }

    /// One promise by its own name, kept in every state; `eventual`, kept where a run ends.
    ///
    /// - Precondition: weaker promises than `sequential` are judged of reads and writes only, each value written once.
    package func invariant<Node: ProtocolNode>(_ consistency: Consistency) -> Invariant<World<Node>> {
        Invariant(
            consistency.rawValue, consistency == .eventual ? .eventually : .always,
            explanation: consistency.explanation
        ) { world in
            guard !world.history.isEmpty else { return nil }
            return memory(consistency, world.history.fingerprint) { problem(of: world.history, consistency) }
        }
    }

    /// How the promise was broken; `nil` where it was kept.
    package func problem(of history: OperationHistory, _ consistency: Consistency) -> LocalizedText? {
        let judgement: HistoryJudgement
        do {
            judgement = try HistoryCheck(of: model).judge(history.read(as: model, names: names), consistency)
        } catch {
            preconditionFailure("\(consistency.rawValue) is not about such histories: \(error.message.english)")
        }
        switch judgement.verdict {
        case .holds: return nil
        case .violated(let violation): return violation.problem
        case .unknown where consistency == .eventual: return nil  // Nobody has read since the last write.
        case .unknown:
            return CheckMessages.unknown(consistency.rawValue, CheckMessages.boundPlacements(CheckLimits().placements))
        }
    }
}
