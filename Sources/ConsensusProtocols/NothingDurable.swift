package import StateMachines

/// The log record of a protocol that writes nothing down: there is none.
package enum NothingDurable: Hashable, Sendable, CanonicalEncodable, Labelled {
    package var label: String { switch self {} }
    package func encode(into encoder: inout CanonicalEncoder) { switch self {} }
}
