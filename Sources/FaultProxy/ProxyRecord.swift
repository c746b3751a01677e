package import StateMachines
package import Traces

/// One thing that happened at the proxy.
package struct ProxyRecord: Hashable, Sendable {
    /// Position in the proxy's own record, from 1.
    package var order: Int
    /// Time since the proxy's origin.
    package var time: Tick
    /// The client it is about; nil: the whole proxy.
    package var client: String?
    /// The client's connection, counted from 1; 0 where it is about none.
    package var connection: Int
    package var fact: ProxyFact
}

package enum ProxyFact: Hashable, Sendable {
    /// The client has connected to its port.
    case connected
    /// The client tried to connect and was turned away.
    case refused
    /// Its sender has sent it.
    case sent(ProxiedMessage)
    /// It was passed on to its receiver.
    case delivered(ProxiedMessage)
    /// It will never arrive.
    case lost(ProxiedMessage)
    /// The connection is over for the client; `byFault`: the proxy cut it.
    case disconnected(byFault: Bool)
    /// The server cannot be reached; the text is the system's code.
    case serverUnreachable(String)
    /// A rule met its message.
    case struck(ProxyRule)
    /// A fault without a message began, in words.
    case began(String)
    case blocked(Direction)
    case healed

    package enum Direction: Hashable, Sendable {
        case both, toServer, toClient
    }
}

extension ProxyRecord {
    /// The record as an event of a trace; `order` is the trace's own, the lifelines are the clients and `server`.
    ///
    /// Messages are `send`, `receive` and `drop`, each with the message's `id`: `A.1-3'` answers `A.1-3`.
    package func event(order: Int, server: String) -> Event {
        let node = client ?? server
        func event(_ kind: EventKind, _ label: String? = nil, payload: String? = nil) -> Event {
            Event(
                order: order, time: time, kind: kind, node: node, peer: client == nil ? nil : server, label: label,
                payload: payload)
        }
        switch fact {
        case .connected: return event(.note, "connected")
        case .refused: return event(.note, "connection refused")
        case .sent(let message): return self.message(message, .send, order, node, server)
        case .delivered(let message): return self.message(message, .receive, order, node, server)
        case .lost(let message): return self.message(message, .drop, order, node, server)
        case .disconnected(let byFault):
            return event(.connectionLoss, byFault ? "connection reset" : "connection closed")
        case .serverUnreachable(let code): return event(.connectionLoss, "server unreachable", payload: code)
        case .struck(let rule): return event(.note, rule.description)
        case .began(let words): return event(.note, words)
        case .blocked(.both): return event(.partition, "\(node)|\(server)")
        case .blocked(.toServer): return event(.partition, "\(node)>\(server)")
        case .blocked(.toClient): return event(.partition, "\(server)>\(node)")
        case .healed: return event(.heal)
        }
    }

    private func message(
        _ message: ProxiedMessage, _ kind: EventKind, _ order: Int, _ client: String, _ server: String
    ) -> Event {
        let (sender, receiver) = message.direction == .toServer ? (client, server) : (server, client)
        let (node, peer) = kind == .send ? (sender, receiver) : (receiver, sender)
        return Event(
            order: order, time: time, kind: kind, node: node, peer: peer, id: message.id, label: message.label,
            payload: message.detail.isEmpty ? nil : message.detail)
    }
}
