package import Traces

extension Trace {
    /// The part of a run around one event, small enough for a picture: what came shortly before it and right after it, and
    /// of what came earlier the faults and the last messages to and from `lifeline`, because they still matter.
    ///
    /// A message is kept whole or not at all. Events keep their numbers.
    /// - Parameter order: the event in the middle; `nil`: the last one.
    package func excerpt(around order: Int?, keeping lifeline: String, before: Int = 60, after: Int = 12) -> Trace {
        let middle = events.firstIndex { $0.order == order } ?? events.count - 1
        let window = max(0, middle - before)..<min(events.count, middle + after + 1)
        guard window.count < events.count else { return self }
        let earlier = events[..<window.lowerBound]
        let faults = earlier.filter(\.kind.isFault)
        let kept = earlier.filter { $0.kind.isOfMessage && ($0.node == lifeline || $0.peer == lifeline) }.suffix(8)
        let outside = earlier + events[window.upperBound...]
        let cutMessages = Set(outside.filter(\.kind.isOfMessage).compactMap(\.id))
        let whole = events[window].filter { event in
            !event.kind.isOfMessage || event.id.map { !cutMessages.contains($0) } ?? true
        }
        var part = self
        part.events = (faults + kept).sorted { $0.order < $1.order } + whole
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
