package import StateMachines

/// What a client or an operator asks, where a transaction is begun and voted on in one go.
package enum TransactionCommand: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// To the coordinator: have this done by everyone or by nobody.
    case transact(Plan)
    /// To a participant: vote NO when asked. A restart forgets it.
    case refuse(TransactionID)

    package var label: String {
        switch self {
        case .transact: "transact"
        case .refuse: "refuse"
        }
    }

    package var detail: String {
        switch self {
        case .transact(let plan): "\(plan.transaction): \(plan)"
        case .refuse(let transaction): "\(transaction)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .transact(let plan):
            encoder.encode(tag: 1)
            encoder.encode(plan)
        case .refuse(let transaction):
            encoder.encode(tag: 2)
            encoder.encode(transaction)
        }
    }
}
