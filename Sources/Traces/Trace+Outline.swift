extension Trace {
    /// The same run in fewer events, to be taken in at a glance.
    ///
    /// Each message stands where it arrived or was lost, with its send just before; timers that are only set, writes
    /// that only begin, and phases are left out; a state is told where something became final, not at every arrival.
    public var outline: Trace {
        var firstEnd: [String: Int] = [:]
        for (index, event) in events.enumerated() where event.kind == .receive || event.kind == .drop {
            if let id = event.id, firstEnd[id] == nil { firstEnd[id] = index }
        }
        var waiting: [String: Event] = [:]
        var kept: [Event] = []
        for (index, event) in events.enumerated() {
            switch event.kind {
            case .timerSet, .persist, .phaseBegin, .phaseEnd, .state: break
            case .send:
                if let id = event.id, firstEnd[id] != nil { waiting[id] = event } else { kept.append(event) }
            case .receive, .drop:
                if let id = event.id, firstEnd[id] == index, var send = waiting[id] {
                    send.time = event.time
                    send.state = nil
                    kept.append(send)
                }
                var end = event
                end.state = nil
                kept.append(end)
            default: kept.append(event)
            }
        }
        return Trace(header: header, events: kept)
    }
}
