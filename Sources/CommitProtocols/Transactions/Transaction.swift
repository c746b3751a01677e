package import StateMachines

/// Names one transaction; the coordinator that begins it never uses the number again.
package struct TransactionID: Hashable, Comparable, Sendable, CanonicalEncodable, CustomStringConvertible {
    package let rawValue: UInt32

    package init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// "tx 1", as announcements and traces name it.
    package var description: String { "tx \(rawValue)" }

    package static func < (left: TransactionID, right: TransactionID) -> Bool { left.rawValue < right.rawValue }

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(rawValue) }
}

/// How a transaction ends, for everyone alike.
package enum Outcome: UInt8, CaseIterable, Hashable, Sendable, CanonicalEncodable {
    case commit = 1
    case abort = 2

    /// "commit" or "abort", as announcements and log records spell it.
    package var word: String {
        switch self {
        case .commit: "commit"
        case .abort: "abort"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// A participant's answer to PREPARE.
package enum Vote: UInt8, Hashable, Sendable, CanonicalEncodable {
    /// I can do either from now on, whatever happens to me.
    case yes = 1
    /// I have aborted.
    case no = 2
    /// I only read; the outcome is nothing to me and I have already left.
    case readOnly = 3

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// One access of a transaction to one participant's store. Values are whole numbers; a key never written holds 0.
package enum Operation: Hashable, Sendable, CanonicalEncodable, CustomStringConvertible {
    case read(String)
    case set(String, Int)
    /// Adds to the value; a result below zero is refused, as a bank refuses an overdraft.
    case add(String, Int)

    package var key: String {
        switch self {
        case .read(let key), .set(let key, _), .add(let key, _): key
        }
    }

    package var isWrite: Bool {
        switch self {
        case .read: false
        case .set, .add: true
        }
    }

    package var description: String {
        switch self {
        case .read(let key): "read \(key)"
        case .set(let key, let value): "\(key)=\(value)"
        case .add(let key, let amount): amount < 0 ? "\(key)\(amount)" : "\(key)+\(amount)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .read(let key):
            encoder.encode(tag: 1)
            encoder.encode(key)
        case .set(let key, let value):
            encoder.encode(tag: 2)
            encoder.encode(key)
            encoder.encode(value)
        case .add(let key, let amount):
            encoder.encode(tag: 3)
            encoder.encode(key)
            encoder.encode(amount)
        }
    }
}

/// What one participant is to do for a transaction.
package struct Assignment: Hashable, Sendable, CanonicalEncodable {
    package var participant: NodeID
    package var operations: [Operation]

    package init(_ participant: NodeID, _ operations: Operation...) {
        self.participant = participant
        self.operations = operations
    }

    package var isReadOnly: Bool { !operations.contains { $0.isWrite } }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(participant)
        encoder.encode(operations)
    }
}

/// A whole transaction: who does what.
package struct Plan: Hashable, Sendable, CanonicalEncodable, CustomStringConvertible {
    package let transaction: TransactionID
    /// One for each participant, in the order of their numbers.
    package let assignments: [Assignment]

    /// - Precondition: at least one assignment, and no participant twice.
    package init(_ transaction: TransactionID, _ assignments: [Assignment]) {
        self.transaction = transaction
        self.assignments = assignments.sorted { $0.participant < $1.participant }
        precondition(!assignments.isEmpty, "\(transaction) asks nobody for anything")
        for (left, right) in zip(self.assignments, self.assignments.dropFirst()) {
            precondition(left.participant != right.participant, "\(transaction) assigns \(left.participant) twice")
        }
    }

    package var participants: [NodeID] { assignments.map(\.participant) }

    /// Those who will know the outcome, and whom an uncertain participant may therefore ask.
    ///
    /// One who only reads leaves after its vote and forgets: to it a transaction it left looks like one it never
    /// heard of, and "never voted" would be a wrong and dangerous answer.
    package var writers: [NodeID] { assignments.filter { !$0.isReadOnly }.map(\.participant) }

    package var description: String {
        assignments.flatMap(\.operations).map(\.description).joined(separator: ", ")
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(transaction)
        encoder.encode(assignments)
    }
}

/// One value of a store before and after a transaction: what undoes it and what redoes it.
package struct Change: Hashable, Sendable, CanonicalEncodable, CustomStringConvertible {
    package var key: String
    package var before: Int
    package var after: Int

    package init(key: String, before: Int, after: Int) {
        self.key = key
        self.before = before
        self.after = after
    }

    package var description: String { "\(key): \(before)→\(after)" }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(key)
        encoder.encode(before)
        encoder.encode(after)
    }
}
