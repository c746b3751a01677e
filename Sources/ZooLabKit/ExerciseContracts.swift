@_exported public import CoordinationClient
import StateMachines

/// A lock that at most one program holds at a time. Homework `exclusive-lock`.
///
/// Write one type that conforms, and let the last line of your file run it:
///
/// ```swift
/// import ZooLabKit
///
/// struct MyLock: ExclusiveLock {
///     let environment: ExerciseEnvironment
///
///     init(_ environment: ExerciseEnvironment) { self.environment = environment }
///     mutating func acquire(within limit: Duration?) async throws -> FencingToken? { … }
///     mutating func release() async throws { … }
/// }
///
/// await Exercise.run(MyLock.self)
/// ```
///
/// One instance serves many acquisitions, one after the other. When the session has expired, a new instance is made for
/// the next command. A class or an actor may conform as well.
public protocol ExclusiveLock {
    init(_ environment: ExerciseEnvironment)

    /// Waits until this program holds the lock.
    ///
    /// - Parameter limit: how long to wait; nil: as long as it takes. When the time is up, return nil, and leave
    ///   nothing behind on the server.
    /// - Returns: the fencing token, which is the `czxid` of the node that makes this program the holder.
    mutating func acquire(within limit: Duration?) async throws -> FencingToken?

    /// Gives the lock back. When it returns, the node is gone, even if the connection broke in between.
    mutating func release() async throws
}

/// At most one leader at a time, and a new one soon after the old one is gone. Homework `leader-election`.
///
/// As for `ExclusiveLock`, write one type that conforms, and end the file with `await Exercise.run(MyElection.self)`.
public protocol LeaderElection {
    init(_ environment: ExerciseEnvironment)

    /// Waits until this program is the leader.
    ///
    /// - Returns: the fencing token, which is the `czxid` of the node that makes this program the leader.
    mutating func lead() async throws -> FencingToken

    /// Stops being the leader. When it returns, the node is gone, even if the connection broke in between.
    mutating func resign() async throws
}

/// A number that rises from holder to holder, so that whatever the lock protects can refuse one who is late.
public struct FencingToken: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: UInt64

    /// The token of the node with this stat: its `czxid`.
    public init(_ stat: NodeStat) { rawValue = stat.czxid.rawValue }

    public static func < (left: FencingToken, right: FencingToken) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }
}
