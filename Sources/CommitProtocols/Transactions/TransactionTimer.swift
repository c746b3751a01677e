package import StateMachines

/// What a node of a commit protocol waits for, in one transaction; conforming types say only what tells their timers apart.
package protocol TransactionTimer: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// The tag of the canonical encoding, different for each kind; the word that faults match; whose timer it is.
    var parts: (tag: UInt8, label: String, transaction: TransactionID) { get }
}

extension TransactionTimer {
    package var label: String { parts.label }
    package var detail: String { "\(parts.transaction)" }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(tag: parts.tag)
        encoder.encode(parts.transaction)
    }
}
