package import Messages
import Traces

/// A protocol that takes part in comparisons, and the scene in which nothing goes wrong with it.
package struct Contender: Sendable {
    /// Different problems are not compared with each other.
    package enum Problem: CaseIterable, Hashable, Sendable {
        /// Everybody who takes part must be able to say no, and all must do the same.
        case atomicCommitment
        /// Copies of one log: a majority is enough.
        case replication

        package var title: LocalizedText {
            switch self {
            case .atomicCommitment: CompareMessages.atomicCommitment
            case .replication: CompareMessages.replication
            }
        }
    }

    /// As it is shown; of protocols with one form, the protocol's.
    package var name: String
    /// As `zoolab run` knows it.
    package var protocolName: String
    package var problem: Problem
    package var scene: String
    /// What only the node that leads sends, when it has the request: its first sender is "L" in the faults.
    package var leadingMessage: String
    /// Lifelines that only ask.
    var clients: Set<String> = []
    /// How what was decided about the request is told from who was elected.
    var isOutcome: @Sendable (Event) -> Bool = { _ in true }

    init(
        _ name: String, of protocolName: String? = nil, _ problem: Problem, scene: String, leadingMessage: String
    ) {
        self.name = name
        self.protocolName = protocolName ?? name
        self.problem = problem
        self.scene = scene
        self.leadingMessage = leadingMessage
    }

    /// Those that `zoolab compare` knows, in the order of the course.
    package static let all: [Contender] = [
        Contender("two-phase-commit", .atomicCommitment, scene: "happy-path", leadingMessage: "PREPARE"),
        Contender(
            "three-phase-notes", of: "three-phase-commit", .atomicCommitment, scene: "happy-path",
            leadingMessage: "CAN-COMMIT"),
        Contender(
            "three-phase-skeen", of: "three-phase-commit", .atomicCommitment, scene: "termination-not-needed",
            leadingMessage: "CAN-COMMIT"),
        Contender("paxos-commit", .atomicCommitment, scene: "happy-path", leadingMessage: "PREPARE"),
        Contender("paxos", .replication, scene: "asks-again", leadingMessage: "PREPARE"),
        raft,
        Contender("zab", .replication, scene: "write", leadingMessage: "PROPOSAL"),
    ]

    private static var raft: Contender {
        var raft = Contender("raft", .replication, scene: "replication", leadingMessage: "APPEND")
        raft.clients = ["C"]
        raft.isOutcome = { $0.payload?.hasPrefix("term ") != true }
        return raft
    }
}

/// Who leads in a run, who follows, and when the request came.
struct Cast: Sendable {
    /// "L", then "N1", "N2"…, as faults of comparisons name them.
    static func roles(followers: Int) -> [String] { ["L"] + (1...max(followers, 1)).map { "N\($0)" } }

    /// By role.
    var names: [String: String]
    var request: Event

    /// - Parameter trace: a run without faults; whoever never sends, receives nor writes is nobody in it.
    init?(of contender: Contender, in trace: Trace) {
        guard let request = trace.events.first(where: { $0.kind == .invoke }) else { return nil }
        let after = trace.events.drop { $0.order < request.order }
        guard let leader = after.first(where: { $0.kind == .send && $0.label == contender.leadingMessage })?.node else {
            return nil
        }
        self.request = request
        let followers = trace.header.nodes.filter { $0 != leader && !contender.clients.contains($0) }
        names = Dictionary(uniqueKeysWithValues: zip(Self.roles(followers: followers.count), [leader] + followers))
    }
}
