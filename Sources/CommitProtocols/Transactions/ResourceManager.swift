import StateMachines

/// Where a voter stands with one transaction; the cases that every variant of the protocol has.
protocol VoterPhase: Hashable, Sendable, CanonicalEncodable {
    /// Has voted YES and may neither commit nor abort alone.
    static var uncertain: Self { get }
    static func decided(_ outcome: Outcome) -> Self
    /// `nil` while the voter knows none.
    var outcome: Outcome? { get }
    /// One word for a trace.
    var word: String { get }
}

/// What a voter keeps of one transaction, as far as every variant of the protocol keeps it.
protocol VoterTransaction: Hashable, Sendable, CanonicalEncodable {
    associatedtype Phase: VoterPhase

    var id: TransactionID { get }
    var phase: Phase { get set }
    var changes: [Change] { get set }
    /// How often it has asked for the outcome, up to the longest wait.
    var attempts: UInt8 { get set }

    init(id: TransactionID, phase: Phase)

    /// Where it stands, in a few words for a trace.
    var stage: String { get }
}

extension VoterTransaction {
    var stage: String { phase.word }
}

/// What every voter has, whoever decides: its data, the transactions it knows, and those it was told to refuse.
struct ResourceManager<Transaction: VoterTransaction>: Hashable, Sendable {
    private(set) var store: KeyValueStore
    /// In the order of their numbers.
    var transactions: [Transaction] = []
    /// Sorted.
    private var refusals: [TransactionID] = []

    init(_ cells: [KeyValueStore.Cell]) { store = KeyValueStore(cells) }

    func index(of transaction: TransactionID) -> Int? { transactions.firstIndex { $0.id == transaction } }

    /// - Returns: the position of the new transaction.
    mutating func insert(_ transaction: TransactionID, _ phase: Transaction.Phase) -> Int {
        let place = transactions.firstIndex { $0.id > transaction } ?? transactions.count
        transactions.insert(Transaction(id: transaction, phase: phase), at: place)
        return place
    }

    mutating func refuse(_ transaction: TransactionID) {
        guard !refusals.contains(transaction) else { return }
        refusals.insert(transaction, at: refusals.firstIndex { $0 > transaction } ?? refusals.count)
    }

    func refuses(_ transaction: TransactionID) -> Bool { refusals.contains(transaction) }
}

// MARK: - Data

extension ResourceManager {
    /// Takes the locks and works out the changes; keeps nothing if one of them is refused.
    mutating func begin(_ index: Int, _ operations: [Operation]) throws(KeyValueStore.Refusal) {
        transactions[index].changes = try store.begin(transactions[index].id, operations)
    }

    /// The prepared record is on disk: what it can undo is done now, and nothing more will be read.
    mutating func carryOut(_ index: Int) {
        store.redo(transactions[index].changes)
        store.releaseReads(transactions[index].id)
    }

    /// Gives up every lock of a transaction.
    mutating func release(_ index: Int) { store.release(transactions[index].id) }

    /// Brings the data to an outcome that is on disk.
    ///
    /// - Returns: what to announce.
    mutating func settle(_ outcome: Outcome, _ index: Int) -> Announcement {
        switch outcome {
        case .commit: store.redo(transactions[index].changes)
        case .abort: store.undo(transactions[index].changes)
        }
        release(index)
        transactions[index].phase = .decided(outcome)
        return .decided(subject: "\(transactions[index].id)", outcome: outcome.word)
    }

    /// A prepared record found in the log: its locks are taken again before anybody else can ask for them.
    ///
    /// - Returns: the position of the transaction, which is uncertain again.
    mutating func recover(_ transaction: TransactionID, _ changes: [Change]) -> Int {
        let index = insert(transaction, .uncertain)
        transactions[index].changes = changes
        store.relock(transaction, changes)
        store.redo(changes)
        return index
    }

    /// How long to wait before it asks for the outcome once more; each silence makes the next wait longer.
    mutating func nextWait(_ index: Int, _ timeouts: CommitTimeouts) -> Tick {
        let attempt = transactions[index].attempts
        transactions[index].attempts = min(attempt + 1, 4)
        return timeouts.answer(attempt: attempt)
    }
}

// MARK: - Observation

extension ResourceManager {
    func outcome(of transaction: TransactionID) -> Outcome? {
        index(of: transaction).flatMap { transactions[$0].phase.outcome }
    }

    /// Every transaction's phase, and the keys it has locked for writing.
    var summary: String {
        transactions.map { transaction in
            let keys = store.keys(heldBy: transaction.id)
            return transaction.stage + (keys.isEmpty ? "" : ", holds " + keys.joined(separator: " "))
        }.joined(separator: "; ")
    }
}

extension ResourceManager: CanonicalEncodable {
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(store)
        encoder.encode(transactions)
        encoder.encode(refusals)
    }
}
