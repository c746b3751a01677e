package import Bytes
package import StateMachines
package import WireProtocol

/// What every transaction carries beside what it does.
package struct TransactionHeader: Hashable, Sendable {
    package var session: SessionID
    /// The xid of the client's request; 0 where the server itself asked.
    package var cxid: Int32
    package var zxid: Zxid
    /// The proposer's wall clock, in milliseconds since 1970.
    package var time: Int64

    package init(session: SessionID, cxid: Int32, zxid: Zxid, time: Int64) {
        self.session = session
        self.cxid = cxid
        self.zxid = zxid
        self.time = time
    }
}

/// One decided change. It says what will be, not what was asked, so that applying it can neither fail nor differ
/// between servers: versions are the new ones, sequential names are complete.
package enum TransactionBody: Hashable, Sendable {
    case createSession(timeoutMilliseconds: Int32)
    /// The ephemerals that die with the session; `nil` leaves it to whoever applies it to find them.
    case closeSession([ByteString]?)
    case create(Creation)
    /// Differs from `create` in the reply only. Containers and timed nodes always come so.
    case createWithStat(Creation)
    case delete(ByteString)
    /// A container or timed node that the server itself deletes.
    case deleteContainer(ByteString)
    case setData(path: ByteString, data: [UInt8]?, version: Int32)
    /// The ensemble's new configuration; differs from `setData` in its type only.
    case reconfigure(path: ByteString, data: [UInt8]?, version: Int32)
    case setACL(path: ByteString, acl: [ACL], version: Int32)
    case check(path: ByteString, version: Int32)
    /// A write that was refused; it changes nothing but takes its zxid.
    case error(ErrorCode)
    case multi([TransactionBody])

    /// A node to come.
    package struct Creation: Hashable, Sendable {
        /// How long it will live; an ephemeral's session is that of the transaction's header.
        package enum Kind: Hashable, Sendable {
            case persistent
            case ephemeral
            case container
            case timeToLive(milliseconds: Int64)
        }

        package var path: ByteString
        package var data: [UInt8]?
        package var acl: [ACL]
        package var kind: Kind
        /// The parent's stored `cversion` afterwards; −1 for “one more than now”.
        package var parentCVersion: Int32

        package init(path: ByteString, data: [UInt8]?, acl: [ACL], kind: Kind, parentCVersion: Int32) {
            self.path = path
            self.data = data
            self.acl = acl
            self.kind = kind
            self.parentCVersion = parentCVersion
        }

        package init(path: ByteString, data: [UInt8]?, acl: [ACL], isEphemeral: Bool, parentCVersion: Int32) {
            self.init(
                path: path, data: data, acl: acl, kind: isEphemeral ? .ephemeral : .persistent,
                parentCVersion: parentCVersion)
        }

        package var isEphemeral: Bool { kind == .ephemeral }

        /// What ends the node, if this session creates it.
        package func lifetime(in session: SessionID) -> NodeLifetime {
            switch kind {
            case .persistent: .persistent
            case .ephemeral: .ephemeral(session)
            case .container: .container
            case .timeToLive(let milliseconds): .timeToLive(milliseconds: milliseconds)
            }
        }
    }
}

/// A change of the tree that watches may wait for.
///
/// `readers` is the access list of the node itself, `parentReaders` that of the node above it: who may not read a node
/// hears nothing of it. `nil` where everybody may.
package enum TreeChange: Hashable, Sendable {
    case created(ByteString, readers: [ACL]?, parentReaders: [ACL]?)
    case deleted(ByteString, readers: [ACL]?, parentReaders: [ACL]?)
    case dataChanged(ByteString, readers: [ACL]?)
}

/// What applying a transaction gives to whoever asked for it.
package enum TransactionOutcome: Hashable, Sendable {
    case done
    case created(ByteString, Stat)
    case stat(Stat)
    case error(ErrorCode)
    case multi([TransactionOutcome])
}
