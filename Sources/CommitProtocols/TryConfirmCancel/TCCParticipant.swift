package import StateMachines

/// A participant of try-confirm-cancel: a service with accounts, whose three operations are local transactions.
///
/// TRY takes money out of the account into a reservation, CONFIRM uses it up, CANCEL puts it back. Between them no lock
/// is held: others work with what is left. A record for each transaction, written together with the data, makes each
/// operation idempotent, lets CANCEL come before TRY, and turns away a TRY that comes after it.
///
/// - Source: as `TCCCoordinator`.
/// - Deviations: money that is to come needs no reservation; it must only have an account to come to. Records are
///   never deleted.
package struct TCCParticipant: Machine {
    package typealias Input = TCCNode.Input
    package typealias Effect = TCCNode.Effect

    package enum Phase: Hashable, Sendable {
        /// The reservation is on its way to the disk. → `reserved`; → `settling` if a CANCEL is faster.
        case reserving
        /// → `settling` on CONFIRM or CANCEL, or when the reservation expires.
        case reserved
        /// The settlement is on its way to the disk. → `settled`.
        case settling(Outcome)
        /// Done; late and repeated calls are answered from here.
        case settled(Outcome)
    }

    /// A participant's record of one transaction.
    package struct Entry: Hashable, Sendable {
        package let id: TransactionID
        package internal(set) var phase: Phase
        /// What it has reserved; empty where nothing was.
        var operations: [Operation] = []
    }

    let id: NodeID
    let configuration: TCCConfiguration
    /// What can be spent is under an account's own key, what is reserved under `reserved`.
    package private(set) var store: KeyValueStore
    /// In the order of their numbers.
    package private(set) var entries: [Entry] = []
    /// Sorted.
    private var refusals: [TransactionID] = []

    init(id: NodeID, configuration: TCCConfiguration) {
        self.id = id
        self.configuration = configuration
        let position = id.index - 1
        let accounts = configuration.accounts
        store = KeyValueStore(accounts.indices.contains(position) ? [accounts[position]] : [])
    }

    /// The key under which an account's reservations are.
    package static func reserved(_ key: String) -> String { key + " reserved" }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started: break
        case .recovered(let log): onRecovered(log, &effects)
        case .received(let message, _): onReceived(message, &effects)
        case .timerFired(.reservation(let transaction)): onReservationOld(transaction, &effects)
        case .timerFired(.tries), .timerFired(.settlements): break  // The coordinator's.
        case .persisted(let record): onPersisted(record, &effects)
        case .invoked(.refuse(let transaction)):
            guard !refusals.contains(transaction) else { return }
            refusals.insert(transaction, at: refusals.firstIndex { $0 > transaction } ?? refusals.count)
        case .invoked(.transact): break  // Clients speak to the coordinator.
        }
    }

    private mutating func onReceived(_ message: TCCMessage, _ effects: inout EffectBuffer<Effect>) {
        switch message {
        case .attempt(let transaction, let operations): onTry(transaction, operations, &effects)
        case .settle(let transaction, .commit, _): onConfirm(transaction, &effects)
        case .settle(let transaction, .abort, let operations): onCancel(transaction, operations, &effects)
        case .reserved, .refused, .settled: break  // For the coordinator.
        }
    }

    private func index(of transaction: TransactionID) -> Int? { entries.firstIndex { $0.id == transaction } }

    private mutating func insert(_ transaction: TransactionID, _ phase: Phase) -> Int {
        let place = entries.firstIndex { $0.id > transaction } ?? entries.count
        entries.insert(Entry(id: transaction, phase: phase), at: place)
        return place
    }

    private func send(_ message: TCCMessage, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.send(message, to: TCCConfiguration.coordinator))
    }
}

// MARK: - The account

extension TCCParticipant {
    /// Moves money out of the accounts that pay.
    /// - Returns: why that is impossible, with nothing moved; `nil` when it is done.
    private mutating func reserve(_ operations: [Operation]) -> String? {
        for operation in operations where operation.amount < 0 {
            guard store.value(operation.key) + operation.amount >= 0 else {
                return "\(KeyValueStore.Refusal.belowZero(key: operation.key))"
            }
        }
        guard configuration.mutation != .reservesNothing else { return nil }
        for operation in operations where operation.amount < 0 {
            store.add(operation.amount, to: operation.key)
            store.add(-operation.amount, to: Self.reserved(operation.key))
        }
        return nil
    }

    private mutating func confirm(_ operations: [Operation]) {
        for operation in operations {
            let isFromReserve = operation.amount < 0 && configuration.mutation != .reservesNothing
            store.add(operation.amount, to: isFromReserve ? Self.reserved(operation.key) : operation.key)
        }
    }

    private mutating func cancel(_ operations: [Operation]) {
        guard configuration.mutation != .reservesNothing else { return }
        for operation in operations where operation.amount < 0 {
            store.add(-operation.amount, to: operation.key)
            store.add(operation.amount, to: Self.reserved(operation.key))
        }
    }
}

extension Operation {
    /// By how much it changes its account.
    fileprivate var amount: Int { if case .add(_, let amount) = self { amount } else { 0 } }
}

// MARK: - Try

extension TCCParticipant {
    private mutating func onTry(
        _ transaction: TransactionID, _ operations: [Operation], _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction) else { return reserve(transaction, operations, &effects) }
        switch entries[index].phase {
        case .reserving: break  // The answer follows the record.
        case .reserved, .settling(.commit), .settled(.commit): send(.reserved(transaction), &effects)
        case .settling(.abort), .settled(.abort):
            if configuration.mutation == .acceptsLateTry, entries[index].operations.isEmpty {
                entries.remove(at: index)
                return reserve(transaction, operations, &effects)
            }
            effects.append(.announce(.noted("cancelled before: no try any more")))
            send(.refused(transaction), &effects)
        }
    }

    private mutating func reserve(
        _ transaction: TransactionID, _ operations: [Operation], _ effects: inout EffectBuffer<Effect>
    ) {
        let reason = refusals.contains(transaction) ? "told to refuse" : reserve(operations)
        if let reason {
            effects.append(.announce(.noted(reason)))
            return send(.refused(transaction), &effects)
        }
        let index = insert(transaction, .reserving)
        entries[index].operations = operations
        effects.append(.persist(.reserved(transaction, operations), forced: true))
    }

    private mutating func onPersisted(_ record: TCCRecord, _ effects: inout EffectBuffer<Effect>) {
        guard let index = index(of: record.transaction) else {
            preconditionFailure("\(record) of an unknown transaction")
        }
        switch record {
        case .reserved(let transaction, _):
            guard entries[index].phase == .reserving else { return }  // A CANCEL was faster.
            entries[index].phase = .reserved
            send(.reserved(transaction), &effects)
            awaitSettlement(index, &effects)
        case .settled(let transaction, let outcome, _):
            entries[index].phase = .settled(outcome)
            effects.append(.announce(.decided(subject: "\(transaction)", outcome: outcome.settlement)))
            send(.settled(transaction, outcome), &effects)
        case .began, .decided, .ended: preconditionFailure("\(record) is no record of a participant")
        }
    }

    private func awaitSettlement(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        guard configuration.reservationsExpire else { return }
        effects.append(.setTimer(.reservation(entries[index].id), after: configuration.timeouts.decision))
    }

    private mutating func onReservationOld(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = index(of: transaction), entries[index].phase == .reserved else { return }
        effects.append(.announce(.noted("the reservation expires")))
        settle(.abort, index, &effects)
    }
}

// MARK: - Confirm, cancel

extension TCCParticipant {
    private mutating func onConfirm(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = index(of: transaction) else {
            // Only a protocol with a bug confirms what was never tried.
            return effects.append(.announce(.noted("told to confirm \(transaction) without a reservation")))
        }
        switch entries[index].phase {
        case .reserved:
            if configuration.mutation == .reservesNothing, let reason = shortage(entries[index].operations) {
                effects.append(.announce(.noted("cannot confirm: \(reason)")))
                return settle(.abort, index, &effects)
            }
            settle(.commit, index, &effects)
        case .reserving, .settling: break  // The answer follows the record.
        case .settled(.commit):
            if configuration.mutation == .confirmsTwice { return settle(.commit, index, &effects) }
            send(.settled(transaction, .commit), &effects)
        case .settled(.abort):
            effects.append(.announce(.noted("told to confirm \(transaction) after cancel")))
            send(.settled(transaction, .abort), &effects)
        }
    }

    private func shortage(_ operations: [Operation]) -> KeyValueStore.Refusal? {
        operations.first { store.value($0.key) + $0.amount < 0 }.map { .belowZero(key: $0.key) }
    }

    private mutating func onCancel(
        _ transaction: TransactionID, _ operations: [Operation], _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction) else {
            effects.append(.announce(.noted("cancel without a try")))
            let index = insert(transaction, .reserved)
            if configuration.mutation == .cancelsBlindly { entries[index].operations = operations }
            return settle(.abort, index, &effects)
        }
        switch entries[index].phase {
        case .reserving, .reserved: settle(.abort, index, &effects)
        case .settling: break  // The answer follows the record.
        case .settled(.abort): send(.settled(transaction, .abort), &effects)
        case .settled(.commit):
            effects.append(.announce(.noted("told to cancel \(transaction) after confirm")))
            send(.settled(transaction, .commit), &effects)
        }
    }

    private mutating func settle(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let entry = entries[index]
        effects.append(.cancelTimer(.reservation(entry.id)))
        apply(outcome, entry.operations)
        entries[index].phase = .settling(outcome)
        effects.append(.persist(.settled(entry.id, outcome, entry.operations), forced: true))
    }

    private mutating func apply(_ outcome: Outcome, _ operations: [Operation]) {
        switch outcome {
        case .commit: confirm(operations)
        case .abort: cancel(operations)
        }
    }

    /// Repeats the log over the first cells: reservations are taken again, settled ones settled again.
    private mutating func onRecovered(_ log: [TCCRecord], _ effects: inout EffectBuffer<Effect>) {
        for record in log {
            switch record {
            case .reserved(let transaction, let operations):
                _ = reserve(operations)
                let index = index(of: transaction) ?? insert(transaction, .reserved)
                entries[index].phase = .reserved
                entries[index].operations = operations
            case .settled(let transaction, let outcome, let operations):
                apply(outcome, operations)
                let index = index(of: transaction) ?? insert(transaction, .reserved)
                entries[index].phase = .settled(outcome)
            case .began, .decided, .ended: preconditionFailure("\(record) is no record of a participant")
            }
        }
        for index in entries.indices where entries[index].phase == .reserved { awaitSettlement(index, &effects) }
    }
}

// MARK: - Observation

extension TCCParticipant {
    /// Every transaction's phase, and what its accounts hold.
    var summary: String {
        let phases = entries.map(\.phase.word).joined(separator: "; ")
        let accounts = store.cells.filter { $0.value != 0 }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return [phases, accounts].filter { !$0.isEmpty }.joined(separator: ": ")
    }
}

extension TCCParticipant.Phase: CanonicalEncodable {
    package var outcome: Outcome? { if case .settled(let outcome) = self { outcome } else { nil } }

    var word: String {
        switch self {
        case .reserving: "trying"
        case .reserved: "tried"
        case .settling(.commit): "confirming"
        case .settling(.abort): "cancelling"
        case .settled(.commit): "confirmed"
        case .settled(.abort): "cancelled"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .reserving: encoder.encode(tag: 1)
        case .reserved: encoder.encode(tag: 2)
        case .settling(let outcome):
            encoder.encode(tag: 3)
            encoder.encode(outcome)
        case .settled(let outcome):
            encoder.encode(tag: 4)
            encoder.encode(outcome)
        }
    }
}

extension TCCParticipant.Entry: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(id)
        encoder.encode(phase)
        encoder.encode(operations)
    }
}

extension TCCParticipant: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(store)
        encoder.encode(entries)
        encoder.encode(refusals)
    }
}
