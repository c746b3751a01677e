package import Traces

extension History {
    /// The operations of a trace's clients, from its `invoke` and `respond` events; all other events are passed over.
    ///
    /// The label of an `invoke` is a request of the model's grammar, that of a `respond` the answer. A respond labelled
    /// `failed` says that the operation certainly did not happen, `unknown` that nobody knows, and one without a label that
    /// it happened and nobody knows what came of it. It belongs to the invoke of its client with the same id; without id, to
    /// the one invoke of its client that is open. The client is the peer, else the node. The payload of a respond may be the
    /// write's place in the store's order.
    package init<Model: SequentialModel>(
        _ trace: Trace, as model: Model
    ) throws(HistoryFailure) where Model.Request == Request, Model.Response == Response {
        var recorder = HistoryRecorder<Request, Response>()
        var open: [Call: (number: Int, request: Request)] = [:]  // Only looked up.
        for event in trace.events where event.kind == .invoke || event.kind == .respond {
            let client = event.peer ?? event.node
            let (call, place) = (Call(client: client, id: event.id), HistoryFailure.Place.event(event.order))
            if event.kind == .invoke {
                let label = event.label ?? ""
                guard let request = model.request(Words(label), by: client) else {
                    throw HistoryFailure(
                        place, .unknownRequest(label, model: Model.name, grammar: Model.grammar))
                }
                guard open[call] == nil else { throw HistoryFailure(place, .stillBusy(client: client)) }
                open[call] = (recorder.called(by: client, request), request)
                continue
            }
            guard let asked = open.removeValue(forKey: call) else {
                throw HistoryFailure(place, .nothingAsked(client: client))
            }
            switch event.label {
            case "unknown"?: continue
            case "failed"?: recorder.refused(asked.number)
            case nil: recorder.answered(asked.number, nil)
            case let label?:
                guard let response = model.response(label, to: asked.request) else {
                    throw HistoryFailure(place, .unknownAnswer(label, request: model.text(of: asked.request)))
                }
                recorder.answered(asked.number, response, version: event.payload.flatMap { UInt64($0) })
            }
        }
        self = recorder.history
    }
}

private struct Call: Hashable {
    var client: String
    var id: String?
}
