import StateMachines

/// The search of a session on a server without an ensemble for one that takes writes.
extension ClientSession {
    mutating func probeIfDue(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard let due = search?.due, now >= due else { return }
        search?.due = nil
        effects.append(.probe(server: takeNextServer()))
    }

    mutating func onProbed(
        _ server: Int, _ isReadWrite: Bool, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        switch phase {
        case .connected:
            guard var search, search.due == nil else { return }  // Of an earlier connection.
            if isReadWrite {
                nextServer = server
                return loseConnection(now, &effects)
            }
            search.interval = min(search.interval * 2, Search.longest)
            search.due = now + search.interval
            self.search = search
        case .idle, .waiting, .connecting, .handshaking, .loggingIn, .ended: break
        }
    }
}
