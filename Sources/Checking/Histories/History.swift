/// What clients asked of an object and what they were told, without a word of how the object works.
///
/// Only the order of calls and answers matters, not the time between them. An operation of which nobody knows whether it
/// happened has no end: it may take effect at any moment after its call, or never.
package struct History<Request: Hashable & Sendable, Response: Hashable & Sendable>: Hashable, Sendable {
    package struct Operation: Hashable, Sendable {
        /// Position in `clients`.
        package var client: Int
        package var request: Request
        /// `nil`: nobody knows what was answered.
        package var response: Response?
        /// The place of the call among all calls and answers.
        package var begin: Int
        /// The place of the answer; `nil` while none has come.
        package var end: Int?
        /// The place of its effect in the store's own order of writes, where the store tells it (ZooKeeper: the zxid).
        package var version: UInt64?
    }

    /// In the order in which they first called.
    package fileprivate(set) var clients: [String] = []
    /// In the order of their calls.
    package fileprivate(set) var operations: [Operation] = []

    package init() {}

    /// The operations at these positions, which must ascend.
    package func keeping(_ positions: [Int]) -> History {
        var part = self
        part.operations = positions.map { operations[$0] }
        return part
    }

    /// What was known when the call or answer at this place had just happened.
    package func prefix(through place: Int) -> History {
        var part = self
        part.operations = operations.filter { $0.begin <= place }
        for index in part.operations.indices { part.operations[index].forgetEnd(after: place) }
        return part
    }

    /// The most operations that were under way at once, those without an end counted for ever.
    /// - Complexity: O(*n* log *n*).
    package var concurrency: Int {
        let ends = operations.compactMap(\.end).sorted()
        var (ended, most) = (0, 0)
        for (begun, operation) in operations.enumerated() {
            while ended < ends.count, ends[ended] < operation.begin { ended += 1 }
            most = max(most, begun + 1 - ended)
        }
        return most
    }
}

extension History.Operation {
    /// Leaves the operation without an answer if that came later than `place`.
    package mutating func forgetEnd(after place: Int) {
        guard let end, end > place else { return }
        self.end = nil
        response = nil
    }

    /// One that had ended before the other began.
    package func precedes(_ other: Self) -> Bool { end.map { $0 < other.begin } ?? false }
}

/// Writes a history down while it happens.
package struct HistoryRecorder<Request: Hashable & Sendable, Response: Hashable & Sendable>: Sendable {
    private var recorded = History<Request, Response>()
    private var clientNumbers: [String: Int] = [:]  // Only looked up.
    private var refused: [Bool] = []
    private var place = 0

    package init() {}

    private mutating func nextPlace() -> Int {
        defer { place += 1 }
        return place
    }

    /// A client calls.
    /// - Returns: the operation's number, for `answered` and `refused`.
    package mutating func called(by client: String, _ request: Request) -> Int {
        let number = clientNumbers[client] ?? recorded.clients.count
        if number == recorded.clients.count {
            clientNumbers[client] = number
            recorded.clients.append(client)
        }
        recorded.operations.append(.init(client: number, request: request, begin: nextPlace()))
        refused.append(false)
        return recorded.operations.count - 1
    }

    /// The answer to an operation comes; one that never gets any stays open.
    ///
    /// - Parameter response: `nil` where it is not known what was answered.
    package mutating func answered(_ number: Int, _ response: Response?, version: UInt64? = nil) {
        precondition(recorded.operations[number].end == nil, "operation \(number) is answered twice")
        recorded.operations[number].end = nextPlace()
        recorded.operations[number].response = response
        recorded.operations[number].version = version
    }

    /// It is certain that the operation has not happened and never will: the history goes on without it.
    package mutating func refused(_ number: Int) { refused[number] = true }

    package var history: History<Request, Response> {
        recorded.keeping(recorded.operations.indices.filter { !refused[$0] })
    }
}
