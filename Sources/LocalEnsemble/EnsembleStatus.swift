/// What each server of an ensemble is doing; what `zoolab ensemble status --json` prints.
package struct EnsembleStatus: Codable, Hashable, Sendable {
    package struct Server: Codable, Hashable, Sendable {
        package var server: Int
        package var role: EnsemblePlan.Role
        /// "running", "paused", "crashed" or "stopped".
        package var condition: String
        /// "leader", "follower", "observer", "looking"; absent where it does not answer.
        package var mode: String?
        package var epoch: UInt64?
        /// "2:17": epoch and number of its last transaction.
        package var zxid: String?
        /// So many transactions of the leader's epoch has it not applied; absent where its last one is of another epoch.
        package var lag: Int?
        package var connections: Int?
        /// Of its clients that are connected, as ‘expire-session’ names them.
        package var sessions: [String]
        package var received: Int?
        package var sent: Int?
        /// Where clients connect.
        package var address: String
        package var process: Int32?
        /// Why it has ended, where nobody had asked it to.
        package var complaint: String?
    }

    package var folder: String
    package var connectString: String
    package var servers: [Server]
    /// The faults of the network that last, in the words of faults.
    package var faults: [String]

    /// Whether a leader serves, and everybody who runs serves with it.
    package var isServing: Bool {
        let running = servers.filter { $0.condition == "running" }
        return running.contains { $0.mode == "leader" } && running.allSatisfy { $0.mode != nil && $0.mode != "looking" }
    }
}
