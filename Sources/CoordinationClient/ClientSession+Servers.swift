import StateMachines

/// A list of servers that changes while the session lives.
extension ClientSession {
    /// The servers to try first, those of `order`, are left out of the usual turn for once.
    mutating func takeNextServer() -> Int {
        let server = preferred.isEmpty ? nextServer : preferred.removeFirst()
        nextServer = (server + 1) % serverCount
        return server
    }

    /// - Parameters:
    ///   - current: the position of the present server in the new list, if it is there.
    ///   - order: whom to move to; empty: stay.
    mutating func onServersReplaced(
        _ count: Int, current: Int?, order: [Int], _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        serverCount = count
        nextServer = current.map { ($0 + 1) % count } ?? 0
        preferred = order
        // An answer that is under way names a server of the old list.
        if search != nil { search = Search(due: now + Search.shortest, interval: Search.shortest) }
        guard !order.isEmpty, !isClosing else { return stay(now, &effects) }
        switch phase {
        case .idle, .waiting, .ended: break
        case .connecting, .handshaking, .loggingIn:
            failedAttempts = 0
            loseConnection(now, &effects)
        case .connected:
            isMoving = true
            moveIfQuiet(now, &effects)
        }
    }

    /// Sends what waited for another server to this one.
    mutating func stay(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        preferred = []
        guard isMoving else { return }
        isMoving = false
        sendWaiting(now, &effects)
    }

    /// Leaves this server for another one as soon as it has answered everything, so that nothing is lost by moving.
    mutating func moveIfQuiet(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard isMoving, sent.isEmpty, case .connected = phase else { return }
        failedAttempts = 0
        loseConnection(now, &effects)
    }
}
