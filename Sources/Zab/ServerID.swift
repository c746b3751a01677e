package import StateMachines

/// Names one server of an ensemble: the number in its `myid` file.
package struct ServerID: Hashable, Comparable, Sendable, CanonicalEncodable, CustomStringConvertible {
    package let rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }

    package static func < (left: ServerID, right: ServerID) -> Bool { left.rawValue < right.rawValue }
    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(rawValue) }
    package var description: String { "\(rawValue)" }
}

/// Which leader's reign a transaction belongs to: the upper half of its zxid.
package typealias Epoch = UInt32

/// A small map from servers to values, in the order of their identifiers.
///
/// - Complexity: O(*n*) for every access; an ensemble has a handful of servers.
package struct ServerTable<Value: Hashable & Sendable & CanonicalEncodable>: Hashable, Sendable, CanonicalEncodable {
    package struct Row: Hashable, Sendable, CanonicalEncodable {
        package let id: ServerID
        package var value: Value

        package func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(id)
            encoder.encode(value)
        }
    }

    package internal(set) var rows: [Row] = []

    package init() {}

    package var ids: [ServerID] { rows.map(\.id) }
    package var isEmpty: Bool { rows.isEmpty }

    package subscript(id: ServerID) -> Value? {
        get { rows.first { $0.id == id }?.value }
        set {
            let position = rows.firstIndex { $0.id >= id } ?? rows.count
            let isPresent = position < rows.count && rows[position].id == id
            switch (newValue, isPresent) {
            case (let value?, true): rows[position].value = value
            case (let value?, false): rows.insert(Row(id: id, value: value), at: position)
            case (nil, true): rows.remove(at: position)
            case (nil, false): break
            }
        }
    }

    package mutating func removeAll() { rows.removeAll() }

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(rows) }
}
