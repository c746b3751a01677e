extension Trace {
    /// The same events with orders from 1; causes that are not among them are left out.
    public static func renumbered(_ events: [Event]) -> [Event] {
        var orders: [Int: Int] = [:]
        for (index, event) in events.enumerated() { orders[event.order] = index + 1 }
        return events.enumerated().map { index, event in
            var copy = event
            copy.order = index + 1
            copy.cause = event.cause.flatMap { orders[$0] }
            return copy
        }
    }
}
