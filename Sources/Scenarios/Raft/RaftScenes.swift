import Checking
package import ConsensusProtocols
import Explorer
import Messages
import Simulator
import StateMachines
import Traces

/// Raft and its scenes: servers S1, S2… and perhaps a client C.
///
/// The dice are loaded where a scene must know who is first: S1 leads term 1 within a fifth of a second. What most
/// scenes are about begins at 300 ms, and there they open.
package enum RaftScenes {
    package static let protocolScenes = ProtocolScenes<RaftNode>(
        name: "raft", title: RaftMessages.title, labels: labels, vocabulary: RaftMessages.vocabulary,
        presentation: presentation,
        catalog: electionScenes + replicationScenes + clientScenes + disruptionScenes + transferScenes
            + membershipScenes + readScenes + snapshotScenes,
        search: { explore($0, invariants: $1, $2, elapsed: $3, report: $4) },
        play: { Explorer.play($0, in: $1, breaking: $2) }, isBlocked: { $0.isStuck })

    static let labels = [
        "REQUEST-VOTE", "PRE-VOTE", "VOTE", "NO-VOTE", "PRE-YES", "PRE-NO", "APPEND", "HEARTBEAT", "OK", "HEARD",
        "REJECT", "SNAPSHOT", "TIMEOUT-NOW", "REQUEST", "REPLY", "REDIRECT", "term", "entry", "truncate", "snapshot",
        "election", "heartbeat", "quorum", "leader-heard", "lease", "transfer", "catch-up", "retry",
    ]

    /// Left out: heartbeats that change nothing and their answers, and timers that only tick.
    static let presentation = TracePresentation(
        joinsPayload: true,
        isRoutine: { event in
            switch event.kind {
            case .send, .receive, .drop, .duplicate: event.label == "HEARTBEAT" || event.label == "HEARD"
            case .timerSet: true
            case .timerFire: !["election", "quorum", "lease", "retry"].contains(event.label)
            default: false
            }
        }, tellsCauses: true)

    typealias Command = SimulationPlan<RaftNode>.ScheduledCommand

    static func server(_ number: Int) -> NodeID { NodeID(number - 1) }

    static func command(_ command: RaftCommand, at milliseconds: UInt64, to number: Int) -> Command {
        Command(at: .milliseconds(milliseconds), to: server(number), command)
    }

    static func write(_ key: String, _ value: Int, at milliseconds: UInt64, to number: Int) -> Command {
        command(.perform(.set(key, value)), at: milliseconds, to: number)
    }

    /// What a scene of this protocol is made of, for a number of servers; the rest is the same everywhere.
    struct Recipe: Sendable {
        var servers = 3...3
        /// Servers that are no members at first, behind the others.
        var spares = 0
        var clients = 0
        /// By term: the servers that lose patience first, in their order; everybody else after them. In a term that is
        /// not here: by number.
        var impatience: [RaftTerm: [Int]] = [:]
        /// Election timeouts in milliseconds that differ from that.
        var dice: [(server: Int, term: RaftTerm, timeout: UInt64)] = []
        var adjust: @Sendable (inout RaftConfiguration) -> Void = { _ in }
        var mutation: RaftMutation?
        var commands: @Sendable (Int) -> [Command] = { _ in [] }
        var faults: @Sendable (Int) -> [String] = { _ in [] }
        var judgesStability = false
        var expectation: Expectation
        /// In milliseconds; `nil`: at the beginning.
        var opening: UInt64? = 260
        /// In milliseconds.
        var end: UInt64
    }

    static func scene(
        _ name: String, _ text: RaftSceneTexts.Text, rows: String..., recipe: Recipe
    ) -> Scene<RaftNode> {
        let description = SceneDescription(
            name: name, title: text.title, story: text.story, rows: rows, participants: recipe.servers,
            usualParticipants: max(3, recipe.servers.lowerBound),
            isMutant: recipe.mutation != nil || recipe.expectation.violated != nil)
        return Scene(description) { servers in
            let configuration = configuration(recipe, servers)
            let names =
                (1...configuration.servers).map { "S\($0)" }
                + (recipe.clients == 1 ? ["C"] : (0..<recipe.clients).map { "C\($0 + 1)" })
            let invariants = RaftInvariants(names: names)
            var setup = SceneSetup(
                names: names, machines: RaftNode.nodes(configuration), commands: recipe.commands(servers),
                faults: recipe.faults(servers), invariants: invariants.always, expectation: recipe.expectation,
                timeLimit: .milliseconds(recipe.end))
            setup.milestones = invariants.milestones
            setup.wholeRunInvariants = invariants.ofWholeRun
            if recipe.judgesStability { setup.wholeRunInvariants.append(invariants.stableLeader) }
            setup.opening = recipe.opening.map(Tick.milliseconds)
            return setup
        }
    }

    private static func configuration(_ recipe: Recipe, _ servers: Int) -> RaftConfiguration {
        var configuration = RaftConfiguration(
            servers: servers + recipe.spares, members: servers, clients: recipe.clients)
        configuration.mutation = recipe.mutation
        configuration.loadedTimeouts =
            recipe.dice.map { .init(server($0.server), term: $0.term, .milliseconds($0.timeout)) }
            + (0..<8).flatMap { term in loaded(recipe, servers + recipe.spares, term) }
        recipe.adjust(&configuration)
        return configuration
    }

    /// 60 ms from one server to the next: nobody stands for election while another's votes are on their way.
    private static func loaded(
        _ recipe: Recipe, _ servers: Int, _ term: RaftTerm
    ) -> [RaftConfiguration.LoadedTimeout] {
        let first = recipe.impatience[term] ?? []
        let order = first + (1...servers).filter { !first.contains($0) }
        return order.enumerated().map { place, number in
            .init(server(number), term: term, .milliseconds(150 + 60 * UInt64(place)))
        }
    }
}
