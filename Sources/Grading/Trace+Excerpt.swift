import Traces

extension Trace {
    /// The part of a run around one event, small enough for a picture: what came shortly before it and right after it, and
    /// of what came earlier the faults alone, because they still matter.
    ///
    /// A message is kept whole or not at all. Events keep their numbers.
    /// - Parameter order: the event in the middle; `nil`: the last one.
    func excerpt(around order: Int?, before: Int = 60, after: Int = 12) -> Trace {
        let middle = events.firstIndex { $0.order == order } ?? events.count - 1
        let window = max(0, middle - before)..<min(events.count, middle + after + 1)
        guard window.count < events.count else { return self }
        let outside = events[..<window.lowerBound] + events[window.upperBound...]
        let cutMessages = Set(outside.filter(\.kind.isOfMessage).compactMap(\.id))
        var part = self
        part.events = events.indices.compactMap { index in
            let event = events[index]
            guard window.contains(index) else { return index < middle && event.kind.isFault ? event : nil }
            return event.kind.isOfMessage && event.id.map(cutMessages.contains) == true ? nil : event
        }
        return part
    }
}

extension EventKind {
    fileprivate var isOfMessage: Bool {
        switch self {
        case .send, .receive, .drop, .duplicate: true
        default: false
        }
    }

    fileprivate var isFault: Bool {
        switch self {
        case .crash, .restart, .pause, .resume, .partition, .heal, .sessionExpire: true
        default: false
        }
    }
}
