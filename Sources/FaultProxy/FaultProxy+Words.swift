package import Faults
import Messages
import StateMachines

extension FaultProxy {
    /// Does what the course's fault words say, now, at a time since the proxy's origin, or after a message.
    ///
    /// Labels are operations ("create", "ping"), events ("NodeDeleted") or "connect"; nodes are client names and the
    /// server's. `drop` loses a message together with its connection, because over TCP nothing is lost alone.
    /// - Throws: `ProxyFailure` for what the network cannot do, or the proxy cannot see.
    package func apply(_ fault: Fault) throws(ProxyFailure) {
        try check(fault.action)
        switch fault.start {
        case .immediately: perform(fault.action, for: fault.duration)
        case .at(let time):
            later(time - elapsed) { proxy in proxy.perform(fault.action, for: fault.duration) }
        case .after(let trigger):
            add(ProxyRule(try match(trigger), .begin(fault)))
        }
    }

    private func check(_ action: FaultAction) throws(ProxyFailure) {
        switch action {
        case .duplicate: throw .meaningless("duplicate")
        case .reorder: throw .meaningless("reorder")
        case .crash: throw .notForNetwork("crash")
        case .restart: throw .notForNetwork("restart")
        case .pause: throw .notForNetwork("pause")
        case .resume: throw .notForNetwork("resume")
        case .skew: throw .notForNetwork("skew")
        case .loseUnsynced: throw .notForNetwork("lose-unsynced")
        case .drop(let selector), .delay(let selector, _):
            // A chance would need a seeded stream for each link, as the simulator has.
            if selector.partsPerMillion != nil { throw .meaningless("\(action)") }
            for name in [selector.from, selector.to] { try checkName(name) }
        case .partition(let groups): for name in groups.joined() { try checkName(name) }
        case .oneWay(let from, let to):
            try checkName(from)
            try checkName(to)
        case .isolate(let name), .loseReply(let name, _), .expireSession(let name): try checkName(name)
        case .heal: break
        }
    }

    private func checkName(_ name: String?) throws(ProxyFailure) {
        guard let name, name != serverName, !clientNames.contains(name) else { return }
        throw .unknownName(name, known: clientNames + [serverName])
    }

    private func match(_ trigger: Trigger) throws(ProxyFailure) -> ProxyMatch {
        let names = [trigger.node, trigger.peer].compactMap(\.self)
        for name in names { try checkName(name) }
        let client = names.first { $0 != serverName }
        let direction: ProxiedMessage.Direction
        switch (trigger.kind, trigger.node == serverName) {
        case (.send, false), (.receive, true): direction = .toServer
        case (.send, true), (.receive, false): direction = .toClient
        case (.persist, _), (.persisted, _), (.timerFire, _), (.decide, _): throw .invisible("\(trigger)")
        }
        return ProxyMatch(direction, client: client, label: trigger.label, repetition: .only(trigger.number))
    }

    /// Begins a fault whose words were checked.
    func perform(_ action: FaultAction, for duration: Tick?) {
        switch action {
        case .drop(let selector): arm(selector, .lose, for: duration)
        case .delay(let selector, let time): arm(selector, .delay(time), for: duration)
        case .partition(let groups): partition(groups, for: duration)
        case .oneWay(let from, let to):
            from == serverName
                ? block(to, .toClient, for: duration) : block(from, .toServer, for: duration)
        case .isolate(let name): block(name == serverName ? nil : name, .both, for: duration)
        case .heal: heal()
        case .loseReply(let client, let repetition):
            let match = ProxyMatch(.toClient, client: client, onlySuccess: true, repetition: repetition)
            expire(add(ProxyRule(match, .lose)), after: duration)
        case .expireSession(let client):
            do throws(ProxyFailure) {
                try expireSession(of: client)
            } catch {
                note(.began(error.message.english), client)
            }
        case .duplicate, .reorder, .crash, .restart, .pause, .resume, .skew, .loseUnsynced:
            preconditionFailure("\(action) was refused before.")
        }
    }

    private func arm(_ selector: MessageSelector, _ action: ProxyAction, for duration: Tick?) {
        let names = [selector.from, selector.to].compactMap(\.self)
        let client = names.first { $0 != serverName }
        let directions: [ProxiedMessage.Direction] =
            if selector.from == serverName || (selector.to != nil && selector.to != serverName) {
                [.toClient]
            } else if selector.from != nil || selector.to != nil {
                [.toServer]
            } else {
                [.toServer, .toClient]
            }
        for direction in directions {
            let match = ProxyMatch(
                direction, client: client, label: selector.label, repetition: selector.repetition)
            expire(add(ProxyRule(match, action)), after: duration)
        }
    }

    private func expire(_ rule: Int, after duration: Tick?) {
        if let duration { later(duration) { proxy in proxy.remove(rule) } }
    }

    /// Clients of other groups than the server's are cut off; those in no group are not.
    private func partition(_ groups: [[String]], for duration: Tick?) {
        for group in groups where !group.contains(serverName) {
            for client in group { block(client, .both, for: duration) }
        }
    }

    private func block(_ client: String?, _ direction: ProxyFact.Direction, for duration: Tick?) {
        block(client, direction)
        if let duration { later(duration) { proxy in proxy.heal(client) } }
    }
}

extension ProxyRule {
    /// What the record says when the rule strikes: "lose create'".
    var description: String {
        let what = (match.label ?? "message") + (match.direction == .toClient ? " reply" : "")
        return switch action {
        case .lose: "lose \(what)"
        case .delay(let time): "delay \(what) \(time.milliseconds) ms"
        case .isolate: "isolate after \(what)"
        case .expireSession: "expire-session after \(what)"
        case .begin(let fault): "\(fault)"
        }
    }
}
