package import StateMachines

/// The replicated state machine: keys with whole numbers, and the sessions of clients.
///
/// A session remembers its latest request and the answer, so that a retry is answered and not carried out again.
///
/// - Source: thesis section 6.3.
package struct RaftStore: Hashable, Sendable, CanonicalEncodable {
    package struct Cell: Hashable, Sendable {
        package var key: String
        package var value: Int
    }

    package struct Session: Hashable, Sendable {
        package var client: NodeID
        /// Of the latest request.
        package var serial: UInt32
        package var answer: Int
        /// How often that request was carried out. Only judges look at it.
        package var executions: UInt8
    }

    /// Sorted by key.
    package private(set) var cells: [Cell] = []
    /// Sorted by client.
    package private(set) var sessions: [Session] = []
    /// The term of every entry applied since the beginning of time. Only judges look at it; a term and an index name
    /// an entry.
    package private(set) var appliedTerms: [RaftTerm] = []

    package init() {}

    /// How many entries have been applied.
    package var appliedIndex: RaftIndex { RaftIndex(appliedTerms.count) }

    package func value(of key: String) -> Int { cells.first { $0.key == key }?.value ?? 0 }

    /// Carries out the next entry.
    ///
    /// - Parameter knowsRetries: whether a request that was carried out before is only answered.
    /// - Returns: the new value of the key, or the one that is read; `nil` for entries that ask for nothing.
    mutating func apply(_ entry: RaftEntry, knowsRetries: Bool) -> Int? {
        appliedTerms.append(entry.term)
        guard case .request(let request) = entry.payload else { return nil }
        guard let client = request.session else { return carryOut(request.operation) }
        let place = sessions.firstIndex { $0.client >= client } ?? sessions.count
        if place == sessions.count || sessions[place].client != client {
            sessions.insert(Session(client: client, serial: 0, answer: 0, executions: 0), at: place)
        }
        if request.serial <= sessions[place].serial, knowsRetries { return sessions[place].answer }
        let isRetry = request.serial == sessions[place].serial
        let answer = carryOut(request.operation)
        let executions = isRetry ? sessions[place].executions + 1 : 1
        sessions[place] = Session(client: client, serial: request.serial, answer: answer, executions: executions)
        return answer
    }

    private mutating func carryOut(_ operation: RaftOperation) -> Int {
        switch operation {
        case .read(let key): return value(of: key)
        case .set(let key, let value):
            write(value, to: key)
            return value
        case .add(let key, let amount):
            let sum = value(of: key) + amount
            write(sum, to: key)
            return sum
        }
    }

    private mutating func write(_ value: Int, to key: String) {
        let place = cells.firstIndex { $0.key >= key } ?? cells.count
        if place < cells.count, cells[place].key == key {
            cells[place].value = value
        } else {
            cells.insert(Cell(key: key, value: value), at: place)
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(UInt32(cells.count))
        for cell in cells {
            encoder.encode(cell.key)
            encoder.encode(cell.value)
        }
        encoder.encode(UInt32(sessions.count))
        for session in sessions {
            encoder.encode(session.client)
            encoder.encode(session.serial)
            encoder.encode(session.answer)
            encoder.encode(session.executions)
        }
        encoder.encode(UInt32(appliedTerms.count))
        for term in appliedTerms { encoder.encode(term) }
    }
}
