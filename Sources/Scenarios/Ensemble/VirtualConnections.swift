import CoordinationCore
import StateMachines

/// The connections of one node, seen from its end.
struct VirtualConnections: Hashable, Sendable, CanonicalEncodable {
    struct Connection: Hashable, Sendable {
        let number: UInt64
        let other: NodeID
        /// The client's connection that it is in the server's core; `nil` between two servers, and in a client.
        var client: ConnectionID?
        /// The other side has taken it.
        var isAccepted: Bool
        var sent: UInt32 = 0
        var received: UInt32 = 0
    }

    /// What a message means.
    enum Event {
        /// The other side has taken a connection that was opened here.
        case accepted(Connection)
        case arrived(EnsembleMessage.Content, Connection)
        /// It has ended; it is forgotten already.
        case ended(Connection)
    }

    /// In the order they were opened.
    private(set) var rows: [Connection] = []
    private var openedCount: UInt64 = 0

    private func index(_ number: UInt64) -> Int? { rows.firstIndex { $0.number == number } }
    subscript(number: UInt64) -> Connection? { index(number).map { rows[$0] } }

    /// The connection with another server.
    func peer(_ node: NodeID) -> Connection? { rows.last { $0.other == node && $0.client == nil } }
    func client(_ id: ConnectionID) -> Connection? { rows.first { $0.client == id } }

    /// - Returns: the number, to be sent with CONNECT; no other connection of any node has it.
    mutating func open(to other: NodeID, from me: NodeID, at now: Tick) -> UInt64 {
        openedCount += 1
        let number = now.microseconds << 16 | openedCount & 0xFF << 8 | UInt64(me.index)
        rows.append(Connection(number: number, other: other, isAccepted: false))
        return number
    }

    mutating func accept(_ number: UInt64, from other: NodeID, client: ConnectionID?) {
        rows.append(Connection(number: number, other: other, client: client, isAccepted: true))
    }

    mutating func forget(_ number: UInt64) { rows.removeAll { $0.number == number } }

    /// The message that carries `content`; `nil` on a connection that is gone.
    mutating func message(_ content: EnsembleMessage.Content, on number: UInt64) -> EnsembleMessage? {
        guard let index = index(number) else { return nil }
        defer { rows[index].sent += 1 }
        return .stream(number, position: rows[index].sent, content)
    }

    /// - Parameter answer: sends something back.
    mutating func receive(
        _ message: EnsembleMessage, from sender: NodeID, answer: (EnsembleMessage) -> Void
    ) -> Event? {
        switch message {
        case .notification, .open: return nil
        case .accept(let number):
            guard let index = index(number) else { return nil }
            rows[index].isAccepted = true
            return .accepted(rows[index])
        case .close(let number):
            guard let index = index(number) else { return nil }
            return .ended(rows.remove(at: index))
        case .stream(let number, let position, let content):
            guard let index = index(number) else {
                answer(.close(number))
                return nil
            }
            guard position >= rows[index].received else { return nil }  // A duplicate.
            guard position == rows[index].received else {
                answer(.close(number))
                return .ended(rows.remove(at: index))
            }
            rows[index].received += 1
            return .arrived(content, rows[index])
        }
    }

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(openedCount)
        encoder.encode(UInt32(rows.count))
        for row in rows {
            encoder.encode(row.number)
            encoder.encode(row.sent)
            encoder.encode(row.received)
            encoder.encode(row.isAccepted)
        }
    }
}
