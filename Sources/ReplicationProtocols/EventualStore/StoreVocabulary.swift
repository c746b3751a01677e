package import StateMachines

/// What replicas and clients of an eventually consistent register say.
package enum StoreMessage: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// The replica answers when it knows all that is needed.
    case read(number: UInt32, needs: VersionVector)
    /// For a client, which the message names, for others may pass it on.
    case write(number: UInt32, client: NodeID, value: UInt8, needs: VersionVector, context: VersionVector)
    /// More than one value: siblings.
    case value(number: UInt32, [UInt8], VersionVector)
    case written(number: UInt32, Dot, version: UInt64)
    /// Writes that the other may not have, each replica's in its order.
    case spread([AcceptedWrite])
    /// What a replica has.
    case have(VersionVector)

    package var label: String {
        switch self {
        case .read: "READ"
        case .write: "WRITE"
        case .value: "VALUE"
        case .written: "WRITTEN"
        case .spread: "SPREAD"
        case .have: "HAVE"
        }
    }

    package var detail: String {
        switch self {
        case .read, .written: ""
        case .write(_, _, let value, _, _): "\(value)"
        case .value(_, let values, _): StoreMessage.text(values)
        case .spread(let writes): writes.map { "\($0.value)" }.joined(separator: " ")
        case .have(let vector): "\(vector)"
        }
    }

    /// "1,2"; "nil".
    static func text(_ values: [UInt8]) -> String {
        values.isEmpty ? "nil" : values.map(String.init).joined(separator: ",")
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .read(let number, let needs):
            encoder.encode(tag: 1)
            encoder.encode(number)
            encoder.encode(needs)
        case .write(let number, let client, let value, let needs, let context):
            encoder.encode(tag: 2)
            encoder.encode(number)
            encoder.encode(client)
            encoder.encode(tag: value)
            encoder.encode(needs)
            encoder.encode(context)
        case .value(let number, let values, let vector):
            encoder.encode(tag: 3)
            encoder.encode(number)
            encoder.encode(bytes: values[...])
            encoder.encode(vector)
        case .written(let number, let dot, let version):
            encoder.encode(tag: 4)
            encoder.encode(number)
            encoder.encode(dot)
            encoder.encode(version)
        case .spread(let writes):
            encoder.encode(tag: 5)
            encoder.encode(writes)
        case .have(let vector):
            encoder.encode(tag: 6)
            encoder.encode(vector)
        }
    }
}

package enum StoreTimer: UInt8, Hashable, Sendable, CanonicalEncodable, Labelled {
    /// A replica: others may lack something.
    case spreading = 1
    /// A client: give up.
    case patience

    package var label: String { self == .spreading ? "spreading" : "patience" }
    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// One entry of a replica's log.
package struct StoreRecord: Hashable, Sendable, CanonicalEncodable, Labelled {
    package var write: AcceptedWrite
    package init(write: AcceptedWrite) { self.write = write }
    package var label: String { "write" }
    package var detail: String { "\(write.value)" }
    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(write) }
}

/// What a client is told to do, at which replica. Its operations come one after the other.
package enum StoreCommand: Hashable, Sendable, CanonicalEncodable, Labelled {
    case read(at: NodeID)
    case write(UInt8, at: NodeID)

    package var label: String {
        switch self {
        case .read: "read"
        case .write: "write"
        }
    }
    /// In the words of a register.
    var request: String {
        switch self {
        case .read: "read"
        case .write(let value, _): "write \(value)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .read(let replica):
            encoder.encode(tag: 1)
            encoder.encode(replica)
        case .write(let value, let replica):
            encoder.encode(tag: 2)
            encoder.encode(tag: value)
            encoder.encode(replica)
        }
    }
}
