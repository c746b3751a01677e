package import EventLoop
import Faults
package import Messages
package import StateMachines
package import WireProtocol

/// A proxy in front of a coordination server that makes the network fail on demand, and records what it saw.
///
/// Each client gets a port of its own, so that the proxy knows by name who is speaking. It reads the client protocol
/// in both directions: handshakes, requests with number, operation and path, replies, events. All on one event loop,
/// which it may share with the server and a judge; then everybody's observations have one order.
///
/// TCP neither loses, doubles nor reorders bytes, so the faults are those that TCP users meet: late bytes, a silent
/// partition (bytes wait, connections stay open), a reset with a message in flight, refused connections.
package final class FaultProxy {
    let upstream: (host: String, port: UInt16)
    /// The server's name in traces and fault words.
    package let serverName: String
    /// Called for every record, in order, on the loop.
    package var onRecord: ((ProxyRecord) -> Void)?

    let loop: EventLoop
    private let origin: Tick
    private var order = 0
    private var clients: [Client] = []
    private var rules: [ArmedRule] = []
    private var lastRule = 0
    private var timers: [LoopTimer] = []

    private struct Client {
        let name: String
        let listener: TCPListener
        var link = ProxyLink()
        var connections: [ProxyConnection] = []
        var lastConnection = 0
        /// The timeout of its latest session.
        var timeout: Tick?
    }

    /// - Parameter origin: what records count their time from; nil: now.
    package init(
        host: String, port: UInt16, serverName: String = "server", origin: Tick? = nil, on loop: EventLoop
    ) {
        upstream = (host, port)
        self.serverName = serverName
        self.loop = loop
        self.origin = origin ?? loop.now
    }

    /// Opens a port on 127.0.0.1 for one client, and returns it.
    ///
    /// - Parameter port: 0 for any that is free.
    /// - Precondition: the name is new, and not the server's.
    package func addClient(_ name: String, port: UInt16 = 0) throws(SystemFailure) -> UInt16 {
        let listener = try TCPListener(host: "127.0.0.1", port: port, on: loop, onConnection: acceptor(for: name))
        clients.append(Client(name: name, listener: listener))
        return listener.port
    }

    /// The same on the next socket of `channel`, which the client's own process opened.
    package func addClient(_ name: String, from channel: SocketChannel) throws(SystemFailure) {
        clients.append(Client(name: name, listener: try TCPListener(from: channel, onConnection: acceptor(for: name))))
    }

    private func acceptor(for name: String) -> (TCPConnection) -> Void {
        precondition(name != serverName && index(of: name) == nil, "Names are unique.")
        return { [weak self] connection in
            guard let self else { return connection.reset() }
            accept(connection, of: name)
        }
    }

    package var clientNames: [String] { clients.map(\.name) }

    /// The sessions of the connections that are open, in the order in which they were opened.
    package var openSessions: [ProxiedSession] {
        clients.flatMap(\.connections).filter { !$0.isOrphan }.compactMap(\.openSession)
    }

    /// Closes all ports and connections; nothing is recorded any more.
    package func close() {
        onRecord = nil
        rules = []
        for timer in timers { timer.cancel() }
        for client in clients {
            client.listener.close()
            for connection in client.connections { connection.cut(byFault: false) }
        }
        clients = []
    }

    // MARK: Faults

    /// Adds a rule; it strikes whenever its message comes.
    ///
    /// - Returns: its number, for `remove`.
    @discardableResult
    package func add(_ rule: ProxyRule) -> Int {
        lastRule += 1
        rules.append(ArmedRule(number: lastRule, rule: rule))
        return lastRule
    }

    package func remove(_ rule: Int) { rules.removeAll { $0.number == rule } }

    /// Whether a rule may still strike.
    package func hasRule(_ rule: Int) -> Bool { rules.contains { $0.number == rule } }

    /// Lets nothing pass between a client and the server, in one direction or both, until `heal`. Connections stay
    /// open, what is sent waits, and what is sent passes when healed, as TCP would have it. Neither side learns that
    /// the other has closed or opened a connection.
    ///
    /// - Parameter client: nil: every client.
    package func block(_ client: String? = nil, _ direction: ProxyFact.Direction = .both) {
        change(client, .blocked(direction)) { link in
            if direction != .toClient { link.blocksToServer = true }
            if direction != .toServer { link.blocksToClient = true }
        }
    }

    /// Ends what `block` and `refuseConnections` began.
    package func heal(_ client: String? = nil) {
        change(client, .healed) { $0 = ProxyLink() }
    }

    /// Resets the client's connections now.
    package func cut(_ client: String) {
        guard let index = index(of: client) else { return }
        for connection in clients[index].connections { connection.cut(byFault: true) }
    }

    /// Turns the client's new connections away for a time; those it has live on.
    package func refuseConnections(of client: String, for time: Tick) {
        change(client, .began("refuse-connections \(client)")) { $0.refusesConnections = true }
        later(time) { proxy in proxy.change(client, .healed) { $0.refusesConnections = false } }
    }

    /// Cuts the client off until the server has ended its session, then resets its connections, so that it finds out.
    ///
    /// The end of the session shows in the server closing the connection; in any case the client stays cut off for no
    /// longer than four times the session timeout.
    /// - Throws: `ProxyFailure.noSession` for a client that has had none.
    package func expireSession(of client: String) throws(ProxyFailure) {
        guard let index = index(of: client), let timeout = clients[index].timeout else { throw .noSession(client) }
        note(.began("expire-session \(client)"), client)
        clients[index].link.isExpiring = true
        block(client)
        later(timeout * 4) { proxy in proxy.finishExpiry(client) }
    }

    private func finishExpiry(_ client: String) {
        guard let index = index(of: client), clients[index].link.isExpiring else { return }
        for connection in clients[index].connections { connection.cut(byFault: true) }
        heal(client)
    }

    /// Does something after a time, unless the proxy is closed first.
    func later(_ time: Tick, _ body: @escaping (FaultProxy) -> Void) {
        timers.removeAll { !$0.isOpen }
        timers.append(
            loop.schedule(after: time) { [weak self] in
                if let self { body(self) }
            })
    }

    private func change(_ client: String?, _ fact: ProxyFact, _ body: (inout ProxyLink) -> Void) {
        for index in clients.indices where client == nil || clients[index].name == client {
            body(&clients[index].link)
            note(fact, clients[index].name)
        }
        // Connections may end while they are updated, which changes the lists.
        for current in clients where client == nil || current.name == client {
            for connection in current.connections { connection.update(current.link) }
        }
    }

    // MARK: For the connections

    private func index(of client: String) -> Int? { clients.firstIndex { $0.name == client } }

    func link(of client: String) -> ProxyLink { index(of: client).map { clients[$0].link } ?? ProxyLink() }

    private func accept(_ stream: TCPConnection, of name: String) {
        guard let index = index(of: name) else { return stream.reset() }
        clients[index].lastConnection += 1
        let number = clients[index].lastConnection
        guard !clients[index].link.refusesConnections else {
            note(.refused, name, number)
            return stream.reset()
        }
        let connection = ProxyConnection(stream, client: name, number: number, of: self, on: loop)
        clients[index].connections.append(connection)
        note(.connected, name, number)
        connection.start(clients[index].link)
    }

    /// The actions of all rules that strike at this message.
    func strike(_ message: ProxiedMessage, of connection: ProxyConnection) -> [ProxyAction] {
        if let index = index(of: connection.client), let timeout = connection.timeout {
            clients[index].timeout = timeout
        }
        var actions: [ProxyAction] = []
        for index in rules.indices where rules[index].strikes(message, of: connection.client) {
            actions.append(rules[index].rule.action)
            note(.struck(rules[index].rule), connection.client, connection.number)
        }
        rules.removeAll { $0.isSpent }
        return actions
    }

    /// Starts what a rule wants to happen after its message.
    func begin(_ action: ProxyAction, by connection: ProxyConnection) {
        switch action {
        case .isolate: block(connection.client)
        case .expireSession: try? expireSession(of: connection.client)
        case .begin(let fault): perform(fault.action, for: fault.duration)
        case .lose, .delay: preconditionFailure("\(action) happens to the message itself.")
        }
    }

    func serverEnded(_ connection: ProxyConnection) {
        finishExpiry(connection.client)
    }

    func forget(_ connection: ProxyConnection) {
        guard let index = index(of: connection.client) else { return }
        clients[index].connections.removeAll { $0 === connection }
    }

    func note(_ fact: ProxyFact, _ client: String? = nil, _ connection: Int = 0) {
        order += 1
        onRecord?(ProxyRecord(order: order, time: elapsed, client: client, connection: connection, fact: fact))
    }

    /// Time since the origin.
    var elapsed: Tick { loop.now - origin }
}

/// A session as its connection showed it, with all it takes to come back to it.
package struct ProxiedSession: Hashable, Sendable {
    package var identifier: SessionID
    package var password: [UInt8]
    package var timeoutMilliseconds: Int32
}

/// What a client's link to the server does at present.
struct ProxyLink {
    var blocksToServer = false
    var blocksToClient = false
    var refusesConnections = false
    /// Blocked until the session has expired.
    var isExpiring = false
}

/// Why the proxy cannot do what it was told.
package enum ProxyFailure: LocalizedFailure, Hashable {
    case noSession(String)
    /// A word that means nothing over TCP, with the word.
    case meaningless(String)
    /// A word that is for whoever runs the processes.
    case notForNetwork(String)
    case unknownName(String, known: [String])
    /// A condition that the proxy cannot see.
    case invisible(String)

    package var message: LocalizedText {
        switch self {
        case .noSession(let client): ProxyMessages.noSession(client)
        case .meaningless(let word): ProxyMessages.meaningless(word)
        case .notForNetwork(let word): ProxyMessages.notForNetwork(word)
        case .unknownName(let name, let known): ProxyMessages.unknownName(name, known: known)
        case .invisible(let condition): ProxyMessages.invisible(condition)
        }
    }
}
