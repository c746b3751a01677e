/// What the packets between a leader and its learners say; the first field of each.
///
/// - Source: ZooKeeper's `Leader`, `Learner` and `LearnerHandler`.
package enum QuorumPacketType: Int32, CaseIterable, Sendable {
    /// A client's request, from the learner that the client is connected to.
    case request = 1
    case proposal = 2
    case acknowledge = 3
    case commit = 4
    case ping = 5
    case revalidate = 6
    case sync = 7
    /// Proposal and commit in one, for observers.
    case inform = 8
    /// Commits a reconfiguration.
    case commitAndActivate = 9
    case newLeader = 10
    case followerInfo = 11
    case upToDate = 12
    case diff = 13
    case truncate = 14
    /// The tree follows on the same stream, outside of packets.
    case snapshot = 15
    case observerInfo = 16
    case leaderInfo = 17
    case acknowledgeEpoch = 18
    /// A reconfiguration, proposal and commit in one, for observers.
    case informAndActivate = 19

    /// The word of diagrams and faults, which is ZooKeeper's own: "NEWLEADER".
    package var name: String {
        switch self {
        case .request: "REQUEST"
        case .proposal: "PROPOSAL"
        case .acknowledge: "ACK"
        case .commit: "COMMIT"
        case .ping: "PING"
        case .revalidate: "REVALIDATE"
        case .sync: "SYNC"
        case .inform: "INFORM"
        case .commitAndActivate: "COMMITANDACTIVATE"
        case .newLeader: "NEWLEADER"
        case .followerInfo: "FOLLOWERINFO"
        case .upToDate: "UPTODATE"
        case .diff: "DIFF"
        case .truncate: "TRUNC"
        case .snapshot: "SNAP"
        case .observerInfo: "OBSERVERINFO"
        case .leaderInfo: "LEADERINFO"
        case .acknowledgeEpoch: "ACKEPOCH"
        case .informAndActivate: "INFORMANDACTIVATE"
        }
    }
}
