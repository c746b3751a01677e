import Messages
import StateMachines
package import Traces

/// How a protocol's runs are shown to people. Judges and replays see the whole run.
package struct TracePresentation: Sendable {
    /// Where the label alone says too little on an arrow, label and payload in one.
    package var joinsPayload: Bool
    /// What goes on all the time and tells nothing: heartbeats, the connections below the protocol.
    package var isRoutine: @Sendable (Event) -> Bool
    /// Whether a routine message is shown after all where it is answered by one that is not: nobody would know to what.
    package var tellsCauses: Bool
    /// The part of a state whose change is worth a box; the rest changes with every message.
    package var keyOfState: @Sendable (String) -> String

    package init(
        joinsPayload: Bool = false, isRoutine: @escaping @Sendable (Event) -> Bool = { _ in false },
        tellsCauses: Bool = false, keyOfState: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.joinsPayload = joinsPayload
        self.isRoutine = isRoutine
        self.tellsCauses = tellsCauses
        self.keyOfState = keyOfState
    }

    /// As it is.
    package static let plain = TracePresentation()

    /// The run in a reader's language, without its routine.
    ///
    /// Labels of messages, records, timers and outcomes are names, the same in every language.
    ///
    /// - Parameter opening: what comes before is left out; the states that it led to are told first.
    func present(
        _ trace: Trace, from opening: Tick?, _ vocabulary: Vocabulary, _ language: Language
    ) -> (trace: Trace, orders: [Int: Int]) {
        var shown: [Event] = []
        var states: [String: String] = [:]
        let start = opening.map { opening in trace.events.firstIndex { $0.time >= opening } ?? trace.events.count } ?? 0
        if let opening, start > 0 {
            shown = trace.opening(at: start)
            for index in shown.indices {
                shown[index].time = opening
                states[shown[index].node] = shown[index].label.map(keyOfState)
            }
        }
        let answered = tellsCauses ? answered(in: trace) : []
        for event in trace.events[start...] {
            if let event = reduced(event, answered, &states) { shown.append(translated(event, vocabulary, language)) }
        }
        for index in shown.indices where shown[index].order == 0 {
            shown[index] = translated(shown[index], vocabulary, language)
        }
        var orders: [Int: Int] = [:]
        for (index, event) in shown.enumerated() where event.order > 0 { orders[event.order] = index + 1 }
        return (Trace(header: trace.header, events: Trace.renumbered(shown)), orders)
    }

    /// What is left of an event; `nil` where that is nothing.
    private func reduced(_ event: Event, _ answered: Set<String>, _ states: inout [String: String]) -> Event? {
        var event = event
        if event.kind == .crash { states[event.node] = nil }
        if let state = event.kind == .state ? event.label : event.state {
            if states.updateValue(keyOfState(state), forKey: event.node) == keyOfState(state) {
                guard event.kind != .state else { return nil }
                event.state = nil
            }
        }
        guard isRoutine(event), !(event.id.map(answered.contains) ?? false) else { return event }
        guard let state = event.state else { return nil }
        return Event(
            order: event.order, time: event.time, kind: .state, node: event.node, cause: event.cause, label: state)
    }

    /// The routine messages that led to an answer worth telling, and those that led to them.
    private func answered(in trace: Trace) -> Set<String> {
        var found: Set<String> = []
        for event in trace.events.reversed() where event.kind == .send {
            guard !isRoutine(event) || event.id.map(found.contains) ?? false,
                let question = question(of: event, in: trace), isRoutine(question), let id = question.id
            else { continue }
            found.insert(id)
        }
        return found
    }

    /// The message from the same node that an answer followed, at once or after its sender's disk.
    private func question(of answer: Event, in trace: Trace) -> Event? {
        var cause = answer.cause
        while let order = cause, trace.events.indices.contains(order - 1) {
            let event = trace.events[order - 1]
            switch event.kind {
            case .receive: return event.peer == answer.peer ? event : nil
            case .persist, .persisted: cause = event.cause
            default: return nil
            }
        }
        return nil
    }

    /// The event in a reader's language.
    func translated(_ event: Event, _ vocabulary: Vocabulary, _ language: Language) -> Event {
        func text(_ said: String?) -> String? { said.map { vocabulary.text($0, in: language) } }
        var event = event
        event.state = text(event.state)
        switch event.kind {
        case .note, .state, .phaseBegin, .phaseEnd: event.label = text(event.label)
        case .respond where joinsPayload: event.label = text(event.label)
        case .send, .receive, .duplicate, .persist, .persisted, .invoke:
            guard joinsPayload, let label = event.label, let payload = event.payload else { break }
            event.label = "\(label) \(vocabulary.text(payload, in: language))"
            event.payload = nil
        default: break
        }
        return event
    }
}
