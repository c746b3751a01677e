package import Messages
import StateMachines
package import Traces

/// A run told line by line: when, who, what, and the state that came of it.
package struct RunAccount {
    private let language: Language

    package init(language: Language) { self.language = language }

    /// Consecutive sends of one message to several nodes make one line; timers are told when they fire.
    package func lines(of trace: Trace) -> [String] {
        let width = trace.header.nodes.map { DisplayWidth.of($0) }.max() ?? 0
        var lines: [String] = []
        var index = 0
        while index < trace.events.count {
            let event = trace.events[index]
            var receivers = [event.peer ?? ""]
            while event.kind == .send, index + 1 < trace.events.count, isContinued(event, trace.events[index + 1]) {
                index += 1
                receivers.append(trace.events[index].peer ?? "")
            }
            index += 1
            guard let sentence = sentence(for: event, receivers: receivers) else { continue }
            // Of what concerns everybody the trace names some node or other.
            let name = event.kind.concernsEverybody ? "" : event.node
            let node = name + String(repeating: " ", count: max(0, width - DisplayWidth.of(name)))
            let state = event.state.map { $0.isEmpty ? "" : "  [\($0)]" } ?? ""
            lines.append("\(time(event.time))  \(node)  \(sentence.text(in: language))\(state)")
        }
        return lines
    }

    private func isContinued(_ event: Event, _ next: Event) -> Bool {
        next.kind == .send && next.node == event.node && next.time == event.time && next.label == event.label
            && next.cause == event.cause
    }

    /// "   12.345 ms", ten columns for the number.
    private func time(_ tick: Tick) -> String {
        let fraction = String(tick.microseconds % 1_000)
        let text = "\(tick.microseconds / 1_000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
        return String(repeating: " ", count: max(0, 10 - text.count)) + text + " ms"
    }

    private func sentence(for event: Event, receivers: [String]) -> LocalizedText? {
        let (label, peer) = (event.label ?? "", event.peer ?? "")
        switch event.kind {
        case .send:
            return RunMessages.sends(label, to: receivers, detail: receivers.count == 1 ? event.payload : nil)
        case .receive: return RunMessages.receives(label, from: peer)
        case .drop: return RunMessages.misses(label, from: peer, reason: event.payload)
        case .duplicate: return RunMessages.duplicated(label, to: peer)
        case .timerSet: return nil
        case .timerFire: return RunMessages.timeOut(label)
        case .persist: return RunMessages.logs(label, detail: event.payload)
        case .persisted: return RunMessages.onDisk(label)
        case .crash: return RunMessages.crashes(event.payload)
        case .restart: return RunMessages.restarts(event.label)
        case .pause: return RunMessages.pauses
        case .resume: return RunMessages.resumes
        case .skew: return RunMessages.skews(label)
        case .partition: return RunMessages.partition(label)
        case .heal: return RunMessages.heals
        case .invoke: return RunMessages.asked(label, detail: event.payload)
        case .respond: return RunMessages.answers(label)
        case .state: return nil
        case .phaseBegin: return RunMessages.phaseBegins(label)
        case .phaseEnd: return RunMessages.phaseEnds(label)
        case .decide: return RunMessages.decides(label, subject: event.payload ?? "")
        case .note, .annotate: return RunMessages.notes(label)
        case .sessionOpen, .sessionExpire, .watchSet, .watchFire, .connectionLoss, .checkBegin, .checkEnd:
            return RunMessages.notes("\(event.kind.rawValue) \(label)")
        case .violation: return RunMessages.violation(label, event.payload ?? "")
        }
    }
}

extension EventKind {
    fileprivate var concernsEverybody: Bool {
        switch self {
        case .partition, .heal, .violation: true
        case .send, .receive, .drop, .duplicate, .timerSet, .timerFire, .persist, .persisted, .crash, .restart, .pause,
            .resume, .skew, .invoke, .respond, .state, .phaseBegin, .phaseEnd, .decide, .note, .annotate, .sessionOpen,
            .sessionExpire, .watchSet, .watchFire, .connectionLoss, .checkBegin, .checkEnd:
            false
        }
    }
}
