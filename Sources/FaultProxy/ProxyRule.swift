package import Faults
package import StateMachines
package import WireProtocol

/// Which messages a rule is about; a part that is nil means any.
package struct ProxyMatch: Hashable, Sendable {
    package var client: String?
    package var direction: ProxiedMessage.Direction
    /// "create", "delete", "ping", "NodeDeleted"… "create" means `create2` too, and a multi that creates;
    /// "getChildren" means `getChildren2` too.
    package var label: String?
    /// How a create asks for its node.
    package var mode: CreateMode?
    /// Only replies to requests of a program, not of its library by itself (pings), that say that it worked.
    package var onlySuccess: Bool
    /// Which of the matching messages, counted from 1 since the rule was added.
    package var repetition: Repetition

    package init(
        _ direction: ProxiedMessage.Direction, client: String? = nil, label: String? = nil, mode: CreateMode? = nil,
        onlySuccess: Bool = false, repetition: Repetition = .only(1)
    ) {
        self.direction = direction
        self.client = client
        self.label = label
        self.mode = mode
        self.onlySuccess = onlySuccess
        self.repetition = repetition
    }

    /// Whether `message` is one to count.
    func includes(_ message: ProxiedMessage, of client: String) -> Bool {
        guard direction == message.direction, self.client == nil || self.client == client else { return false }
        if onlySuccess {
            guard case .reply(let reply) = message.content, reply.error == 0, reply.request.xid >= 0 else {
                return false
            }
        }
        guard let label else { return mode == nil || message.request?.mode == mode }
        let labels = [message.label] + (message.request?.parts.map(\.name) ?? [])
        guard labels.contains(where: { $0 == label || $0 == label + "2" }) else { return false }
        return mode == nil || message.request?.mode == mode
    }
}

/// What happens when a message matches.
package enum ProxyAction: Hashable, Sendable {
    /// The message is lost and its connection reset. For a request: the server never sees it. For a reply: the server
    /// has done what was asked, and the client does not learn it.
    case lose
    /// The message and all behind it on its connection are late by this much.
    case delay(Tick)
    /// The message passes; then nothing does between its client and the server, until `heal`.
    case isolate
    /// The message passes; then its client is cut off until its session has expired.
    case expireSession
    /// The message passes; then the words of another fault hold.
    case begin(Fault)
}

/// A fault that waits for its message.
package struct ProxyRule: Hashable, Sendable {
    package var match: ProxyMatch
    package var action: ProxyAction

    package init(_ match: ProxyMatch, _ action: ProxyAction) {
        self.match = match
        self.action = action
    }

    /// The server executes the next (or the `number`th) successful `operation` of `client`, whose reply is lost with
    /// the connection: the client cannot know.
    package static func loseReply(of client: String?, to operation: String?, number: Int = 1) -> ProxyRule {
        let match = ProxyMatch(
            .toClient, client: client, label: operation, onlySuccess: true, repetition: .only(number))
        return ProxyRule(match, .lose)
    }

    /// The next (or the `number`th) `operation` of `client` is lost with the connection: the server never sees it, and
    /// the client cannot know.
    package static func loseRequest(of client: String?, to operation: String?, number: Int = 1) -> ProxyRule {
        ProxyRule(ProxyMatch(.toServer, client: client, label: operation, repetition: .only(number)), .lose)
    }
}

/// A rule and how often it has matched.
struct ArmedRule {
    let number: Int
    let rule: ProxyRule
    var count = 0

    /// Counts the message; true when the rule strikes now.
    mutating func strikes(_ message: ProxiedMessage, of client: String) -> Bool {
        guard rule.match.includes(message, of: client) else { return false }
        count += 1
        return rule.match.repetition.includes(count)
    }

    /// A rule for the nth message is of no more use after it.
    var isSpent: Bool {
        if case .only(let number) = rule.match.repetition { return count >= number }
        return false
    }
}

extension ProxiedMessage {
    /// The request that the message is, or answers.
    package var request: Request? {
        switch content {
        case .request(let request): request
        case .reply(let reply): reply.request
        case .handshake, .welcome, .event, .other: nil
        }
    }
}
