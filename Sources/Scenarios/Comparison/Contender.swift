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

    /// As `zoolab run` knows it.
    package var protocolName: String
    package var problem: Problem
    package var scene: String
    /// What only the node that leads sends, when it has the request: its first sender is "L" in the faults.
    package var leadingMessage: String

    package init(_ protocolName: String, _ problem: Problem, scene: String, leadingMessage: String) {
        self.protocolName = protocolName
        self.problem = problem
        self.scene = scene
        self.leadingMessage = leadingMessage
    }

    /// Those that `zoolab compare` knows, in the order of the course.
    package static let all: [Contender] = [
        Contender("two-phase-commit", .atomicCommitment, scene: "happy-path", leadingMessage: "PREPARE"),
        Contender("zab", .replication, scene: "write", leadingMessage: "PROPOSAL"),
    ]
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
        let followers = trace.header.nodes.filter { $0 != leader }
        names = Dictionary(uniqueKeysWithValues: zip(Self.roles(followers: followers.count), [leader] + followers))
    }
}
