public import StateMachines
package import WireProtocol

/// What the server knows of a node beside its data.
public struct NodeStat: Hashable, Sendable {
    /// The transaction that created the node. Unique, and rising from node to node: fit for a fencing token.
    public let czxid: Zxid
    /// The transaction that last set its data.
    public let mzxid: Zxid
    /// The transaction that last added or removed a child.
    public let pzxid: Zxid
    /// When it was created, and when its data was last set: the server's wall clock, in milliseconds since 1970.
    public let createdMilliseconds: Int64
    public let modifiedMilliseconds: Int64
    /// Rises by one with every change of the data.
    public let version: Int32
    /// Rises with every child that comes or goes.
    public let childVersion: Int32
    /// Rises by one with every change of the access rules.
    public let accessVersion: Int32
    /// The session whose end deletes the node; 0 for a node that is not ephemeral.
    public let ephemeralOwner: Int64
    public let dataLength: Int
    public let childCount: Int

    package init(_ stat: Stat) {
        czxid = stat.czxid
        mzxid = stat.mzxid
        pzxid = stat.pzxid
        createdMilliseconds = stat.ctime
        modifiedMilliseconds = stat.mtime
        version = stat.version
        childVersion = stat.cversion
        accessVersion = stat.aversion
        ephemeralOwner = stat.ephemeralOwner.rawValue
        dataLength = Int(stat.dataLength)
        childCount = Int(stat.numChildren)
    }
}

/// How a node comes into being, and when it goes.
public enum NodeKind: Hashable, Sendable {
    /// Stays until deleted.
    case persistent
    /// Goes with the session that created it.
    case ephemeral
    /// The server appends a number of ten digits that rises within the parent.
    case persistentSequential
    /// Both.
    case ephemeralSequential
    /// Goes, some time after its last child has gone.
    case container
    /// Goes when it has had no children, and no change of its data, for this long. Servers allow it only where they are
    /// configured to.
    case timeToLive(Duration)
    case timeToLiveSequential(Duration)

    var mode: CreateMode {
        switch self {
        case .persistent: .persistent
        case .ephemeral: .ephemeral
        case .persistentSequential: .persistentSequential
        case .ephemeralSequential: .ephemeralSequential
        case .container: .container
        case .timeToLive: .timeToLive
        case .timeToLiveSequential: .timeToLiveSequential
        }
    }

    /// Of a node that has one.
    var timeToLiveMilliseconds: Int64? {
        switch self {
        case .timeToLive(let duration), .timeToLiveSequential(let duration):
            duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
        default: nil
        }
    }
}

/// Where a session stands, as its client knows it.
public enum SessionState: Hashable, Sendable {
    case connected
    /// Connected to a server that has lost its ensemble: what is read may be old, and nothing can be written.
    case connectedReadOnly
    /// The connection is lost; the session may still live on the server, and the client tries to come back.
    case disconnected
    /// The server has ended the session. Final.
    case expired
    /// `close` was called, or the server refused the login. Final.
    case closed
}
