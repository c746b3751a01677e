package import StateMachines

/// The place of a value in the order of all writes: the higher one wins. Writers with the same number are told apart.
package struct Version: Hashable, Comparable, Sendable, CanonicalEncodable, CustomStringConvertible {
    package var number: UInt32
    /// Which client, from 1; 0 before the first write.
    package var writer: UInt8

    package init(number: UInt32, writer: UInt8) { (self.number, self.writer) = (number, writer) }

    package static let none = Version(number: 0, writer: 0)

    package static func < (one: Version, other: Version) -> Bool {
        (one.number, one.writer) < (other.number, other.writer)
    }

    /// "2A": the second, by client A.
    package var description: String {
        writer == 0 ? "0" : "\(number)\(UnicodeScalar(UInt8(ascii: "A") + writer - 1))"
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(number)
        encoder.encode(tag: writer)
    }
}

/// A value with its version.
package struct VersionedValue: Hashable, Sendable, CanonicalEncodable, CustomStringConvertible {
    package var version: Version
    /// 0 before the first write.
    package var value: UInt8

    package init(version: Version, value: UInt8) { (self.version, self.value) = (version, value) }

    package static let nothing = VersionedValue(version: .none, value: 0)

    /// "3 (2A)".
    package var description: String { value == 0 ? "empty" : "\(value) (\(version))" }
    /// As clients are told.
    var answer: String { value == 0 ? "nil" : "\(value)" }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(version)
        encoder.encode(tag: value)
    }
}

/// What replicas and clients say. Everything that a client asks for one home replica says so, for a stand-in may answer.
package enum QuorumMessage: Hashable, Sendable, CanonicalEncodable, Labelled {
    case query(round: UInt32, home: NodeID)
    case value(round: UInt32, home: NodeID, VersionedValue)
    case store(round: UInt32, home: NodeID, VersionedValue)
    case stored(round: UInt32, home: NodeID)
    /// To a replica that answered with an old version; nobody waits for it.
    case repair(VersionedValue)
    /// A stand-in gives back what it holds.
    case handoff(VersionedValue)
    case taken(VersionedValue)

    package var label: String {
        switch self {
        case .query: "QUERY"
        case .value: "VALUE"
        case .store: "STORE"
        case .stored: "STORED"
        case .repair: "REPAIR"
        case .handoff: "HANDOFF"
        case .taken: "TAKEN"
        }
    }

    package var detail: String {
        switch self {
        case .query, .stored: ""
        case .value(_, _, let value), .store(_, _, let value), .repair(let value), .handoff(let value),
            .taken(let value):
            "\(value)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .query(let round, let home):
            encoder.encode(tag: 1)
            encoder.encode(round)
            encoder.encode(home)
        case .value(let round, let home, let value):
            encoder.encode(tag: 2)
            encoder.encode(round)
            encoder.encode(home)
            encoder.encode(value)
        case .store(let round, let home, let value):
            encoder.encode(tag: 3)
            encoder.encode(round)
            encoder.encode(home)
            encoder.encode(value)
        case .stored(let round, let home):
            encoder.encode(tag: 4)
            encoder.encode(round)
            encoder.encode(home)
        case .repair(let value):
            encoder.encode(tag: 5)
            encoder.encode(value)
        case .handoff(let value):
            encoder.encode(tag: 6)
            encoder.encode(value)
        case .taken(let value):
            encoder.encode(tag: 7)
            encoder.encode(value)
        }
    }
}

package enum QuorumTimer: UInt8, Hashable, Sendable, CanonicalEncodable, Labelled {
    /// A client: turn to stand-ins for those who have not answered.
    case suspicion = 1
    /// A client: give the operation up.
    case patience
    /// A stand-in: try to hand over.
    case handoff

    package var label: String {
        switch self {
        case .suspicion: "suspicion"
        case .patience: "patience"
        case .handoff: "handoff"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// One entry of a replica's log.
package enum QuorumRecord: Hashable, Sendable, CanonicalEncodable, Labelled {
    case stored(VersionedValue)
    /// Held for a home replica.
    case hinted(home: NodeID, VersionedValue)
    /// The home replica has it.
    case handed(home: NodeID)

    package var label: String {
        switch self {
        case .stored: "stored"
        case .hinted: "hinted"
        case .handed: "handed"
        }
    }

    package var detail: String {
        switch self {
        case .stored(let value), .hinted(_, let value): "\(value)"
        case .handed: ""
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .stored(let value):
            encoder.encode(tag: 1)
            encoder.encode(value)
        case .hinted(let home, let value):
            encoder.encode(tag: 2)
            encoder.encode(home)
            encoder.encode(value)
        case .handed(let home):
            encoder.encode(tag: 3)
            encoder.encode(home)
        }
    }
}

/// What a client is told to do. Its operations come one after the other.
package enum QuorumCommand: Hashable, Sendable, CanonicalEncodable, Labelled {
    case read
    /// A value from 1; each is written once in a run.
    case write(UInt8)

    package var label: String {
        switch self {
        case .read: "read"
        case .write: "write"
        }
    }
    package var detail: String {
        switch self {
        case .read: ""
        case .write(let value): "\(value)"
        }
    }
    /// In the words of a register.
    var request: String {
        switch self {
        case .read: "read"
        case .write(let value): "write \(value)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .read: encoder.encode(tag: 0)
        case .write(let value): encoder.encode(tag: value)
        }
    }
}
