import Messages
import StateMachines
import Traces

extension FigureLayout {
    func order(_ index: Int) -> Int { reading.events[index].order }

    func flightOfEvent(_ index: Int) -> Int? { reading.flightEndedBy[index] }

    /// What stands on the arrow.
    func label(of flight: RunReading.Flight) -> String {
        let source = flight.send ?? flight.duplication ?? flight.end
        return source.flatMap { reading.events[$0].label } ?? ""
    }

    /// The new state, for a box on the lane.
    func boxText(_ event: Event) -> String? {
        let text = event.state ?? (event.kind == .state ? event.label : nil)
        return text?.isEmpty == false ? text : nil
    }

    func noteText(_ event: Event) -> String? {
        switch event.kind {
        case .note, .annotate: event.label ?? event.payload
        default: nil
        }
    }

    /// What stands beside the sign of an event on its lane.
    func sideText(_ index: Int) -> String? {
        let event = reading.events[index]
        func word(_ text: LocalizedText) -> String {
            event.label.map { say(DiagramMessages.about(say(text), $0)) } ?? say(text)
        }
        switch event.kind {
        case .timerSet, .timerFire, .persist, .invoke, .respond, .skew: return event.label
        case .persisted:
            let first = reading.firstWrite[index]
            return first.map { reading.events[$0].label } == event.label ? nil : event.label
        case .crash: return word(DiagramMessages.crash)
        case .restart: return word(DiagramMessages.restart)
        case .pause: return word(DiagramMessages.pause)
        case .resume: return word(DiagramMessages.resume)
        case .sessionOpen: return word(DiagramMessages.sessionOpen)
        case .sessionExpire: return word(DiagramMessages.sessionExpire)
        case .watchSet: return word(DiagramMessages.watchSet)
        case .watchFire: return word(DiagramMessages.watchFire)
        case .connectionLoss: return word(DiagramMessages.connectionLoss)
        case .checkBegin: return word(DiagramMessages.check)
        case .checkEnd: return word(DiagramMessages.checkEnd)
        case .send, .receive, .drop, .duplicate, .partition, .heal, .state, .phaseBegin, .phaseEnd, .decide, .note,
            .annotate, .violation:
            return nil
        }
    }

    /// Everything about one event, for the reader who points at it.
    func tooltip(of index: Int) -> String { tooltip(of: index, without: nil) }

    private func tooltip(of index: Int, without known: String?) -> String {
        let event = reading.events[index]
        var text = "\(event.time.shortText(in: options.language)) · \(event.node) · \(say(event.kind.name))"
        if let label = event.label { text += " · " + label }
        if let payload = event.payload, payload != known { text += "\n" + payload }
        if let state = event.state { text += "\n" + state }
        return text
    }

    /// Everything about a message; content that its events share is told once.
    func tooltip(of flight: RunReading.Flight) -> String {
        var text = ""
        var known: String?
        for index in [flight.send, flight.duplication, flight.end] {
            guard let index else { continue }
            text += (text.isEmpty ? "" : "\n") + tooltip(of: index, without: known)
            known = known ?? reading.events[index].payload
        }
        return text
    }
}

extension EventKind {
    /// The kind in words.
    var name: LocalizedText {
        switch self {
        case .send: DiagramMessages.kindSend
        case .receive: DiagramMessages.kindReceive
        case .drop: DiagramMessages.kindDrop
        case .duplicate: DiagramMessages.kindDuplicate
        case .timerSet: DiagramMessages.legendTimerSet
        case .timerFire: DiagramMessages.legendTimerFire
        case .persist: DiagramMessages.legendPersist
        case .persisted: DiagramMessages.legendPersisted
        case .crash: DiagramMessages.crash
        case .restart: DiagramMessages.restart
        case .pause: DiagramMessages.pause
        case .resume: DiagramMessages.resume
        case .skew: DiagramMessages.legendSkew
        case .partition: DiagramMessages.kindPartition
        case .heal: DiagramMessages.healed
        case .invoke: DiagramMessages.kindInvoke
        case .respond: DiagramMessages.kindRespond
        case .state: DiagramMessages.kindState
        case .phaseBegin: DiagramMessages.kindPhaseBegin
        case .phaseEnd: DiagramMessages.kindPhaseEnd
        case .decide: DiagramMessages.decided
        case .note: DiagramMessages.kindNote
        case .annotate: DiagramMessages.kindAnnotate
        case .sessionOpen: DiagramMessages.sessionOpen
        case .sessionExpire: DiagramMessages.sessionExpire
        case .watchSet: DiagramMessages.kindWatchSet
        case .watchFire: DiagramMessages.watchFire
        case .connectionLoss: DiagramMessages.connectionLoss
        case .checkBegin: DiagramMessages.check
        case .checkEnd: DiagramMessages.checkEnd
        case .violation: DiagramMessages.violation
        }
    }
}
