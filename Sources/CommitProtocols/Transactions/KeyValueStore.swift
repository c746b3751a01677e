package import StateMachines

/// A participant's data: whole numbers by key, with locks.
///
/// Updates happen in place, under exclusive locks, after their undo and redo information has reached the log; an
/// abort writes the old values back. The cells are memory: after a crash the participant starts from its initial
/// cells and repeats its log.
///
/// Locks are all or nothing and never waited for, so there is no deadlock: who finds a key taken votes NO.
package struct KeyValueStore: Hashable, Sendable, CanonicalEncodable {
    package struct Cell: Hashable, Sendable, CanonicalEncodable {
        package var key: String
        package var value: Int

        package init(_ key: String, _ value: Int) {
            self.key = key
            self.value = value
        }

        package func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(key)
            encoder.encode(value)
        }
    }

    package struct Lock: Hashable, Sendable, CanonicalEncodable {
        package var key: String
        package var holder: TransactionID
        /// Writers exclude everybody; readers only writers.
        package var isExclusive: Bool

        package func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(key)
            encoder.encode(holder)
            encoder.encode(isExclusive)
        }
    }

    /// Why a participant cannot do what it is asked.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case locked(key: String, by: TransactionID)
        case belowZero(key: String)

        package var description: String {
            switch self {
            case .locked(let key, let holder): "\(key) is locked by \(holder)"
            case .belowZero(let key): "\(key) would fall below 0"
            }
        }
    }

    /// Sorted by key.
    package private(set) var cells: [Cell]
    /// Sorted by key, then holder; at most one for each pair.
    package private(set) var locks: [Lock] = []

    package init(_ cells: [Cell] = []) { self.cells = cells.sorted { $0.key < $1.key } }

    /// The value under `key`; 0 where nothing was written.
    package func value(_ key: String) -> Int { cells.first { $0.key == key }?.value ?? 0 }

    /// The keys that `transaction` has locked for writing, sorted.
    package func keys(heldBy transaction: TransactionID) -> [String] {
        locks.filter { $0.holder == transaction && $0.isExclusive }.map(\.key)
    }

    /// Takes every lock the operations need and works out their changes; takes none if one of them is refused.
    package mutating func begin(
        _ transaction: TransactionID, _ operations: [Operation]
    ) throws(Refusal) -> [Change] {
        for operation in operations {
            let conflict = locks.first { lock in
                lock.key == operation.key && lock.holder != transaction && (lock.isExclusive || operation.isWrite)
            }
            if let conflict { throw .locked(key: conflict.key, by: conflict.holder) }
        }
        let changes = try changes(of: operations)
        for operation in operations { lock(operation.key, for: transaction, exclusively: operation.isWrite) }
        return changes
    }

    private func changes(of operations: [Operation]) throws(Refusal) -> [Change] {
        var changes: [Change] = []
        for operation in operations where operation.isWrite {
            let index = changes.firstIndex { $0.key == operation.key }
            let current = index.map { changes[$0].after } ?? value(operation.key)
            let next: Int
            switch operation {
            case .read: next = current
            case .set(_, let value): next = value
            case .add(_, let amount): next = current + amount
            }
            guard next >= 0 else { throw .belowZero(key: operation.key) }
            if let index {
                changes[index].after = next
            } else {
                changes.append(Change(key: operation.key, before: current, after: next))
            }
        }
        return changes
    }

    private mutating func lock(_ key: String, for transaction: TransactionID, exclusively: Bool) {
        if let index = locks.firstIndex(where: { $0.key == key && $0.holder == transaction }) {
            locks[index].isExclusive = locks[index].isExclusive || exclusively
            return
        }
        let place = locks.firstIndex { ($0.key, $0.holder) > (key, transaction) } ?? locks.count
        locks.insert(Lock(key: key, holder: transaction, isExclusive: exclusively), at: place)
    }

    /// Takes the locks of a prepared transaction again after a restart, before anybody else can ask for them.
    package mutating func relock(_ transaction: TransactionID, _ changes: [Change]) {
        for change in changes { lock(change.key, for: transaction, exclusively: true) }
    }

    /// Writes the new values in place. Doing it twice is doing it once.
    package mutating func redo(_ changes: [Change]) {
        for change in changes { write(change.key, change.after) }
    }

    /// Writes the old values back. Harmless where the new ones were never written.
    package mutating func undo(_ changes: [Change]) {
        for change in changes.reversed() { write(change.key, change.before) }
    }

    /// Changes a value, whoever holds locks; for protocols whose operations are whole local transactions.
    package mutating func add(_ amount: Int, to key: String) { write(key, value(key) + amount) }

    private mutating func write(_ key: String, _ value: Int) {
        if let index = cells.firstIndex(where: { $0.key == key }) {
            cells[index].value = value
        } else {
            cells.insert(Cell(key, value), at: cells.firstIndex { $0.key > key } ?? cells.count)
        }
    }

    package mutating func release(_ transaction: TransactionID) {
        locks.removeAll { $0.holder == transaction }
    }

    /// Gives back what was locked for reading only: a transaction that will lock nothing more needs only its writes.
    package mutating func releaseReads(_ transaction: TransactionID) {
        locks.removeAll { $0.holder == transaction && !$0.isExclusive }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(cells)
        encoder.encode(locks)
    }
}
