import Checking
import Explorer
import Messages
import Simulator
import StateMachines
import Traces
package import Zab

/// Leader election and atomic broadcast: a few servers whose clients write, and what goes wrong.
///
/// Servers S1, S2… that know nothing of each other elect the last of them within a fifth of a second. What most scenes are
/// about begins at half a second, and there they open.
package enum ZabScenes {
    package static let protocolScenes = ProtocolScenes<ZabNode>(
        name: "zab", title: ZabMessages.title, labels: ZabSchedule.labels + ["WRITE", "READ", "RECONFIGURE"],
        vocabulary: ZabMessages.vocabulary, presentation: presentation,
        catalog: electionScenes + epochScenes + recoveryScenes + broadcastScenes + electionMutants
            + recoveryMutants + broadcastMutants,
        search: { explore($0, invariants: $1, $2, elapsed: $3, report: $4) },
        play: { Explorer.play($0, in: $1, breaking: $2) },
        isBlocked: { $0.peer.role == .looking })

    /// Left out: pings, how streams begin and end, and timers that only tick.
    static let presentation = TracePresentation(
        joinsPayload: true,
        isRoutine: { event in
            switch event.kind {
            case .send, .receive, .drop, .duplicate:
                ["PING", "ACCEPT", "CLOSE"].contains(event.label)
            case .timerSet, .timerFire: event.label != "finalize election"
            case .phaseBegin: true
            default: false
            }
        },
        // "following 3 epoch 1, log 1:4": the log grows all the time.
        keyOfState: { state in String(state.prefix { $0 != "," }) })

    /// In the proportions of the usual configuration, and quick: whoever hears nothing for 400 ms gives up, in an election that
    /// does not get on after 500 ms.
    private static func timing(tick: UInt64) -> ZabTiming {
        ZabTiming(
            tick: .milliseconds(tick), initLimit: 500 / tick, syncLimit: 400 / tick, finalizeWait: .milliseconds(40),
            leastResendInterval: .milliseconds(60), longestResendInterval: .milliseconds(500),
            connectionPause: .milliseconds(30))
    }

    typealias Command = SimulationPlan<ZabNode>.ScheduledCommand

    static func write(_ text: String, at milliseconds: UInt64, to server: Int) -> Command {
        Command(at: .milliseconds(milliseconds), to: NodeID(server - 1), .write(text))
    }

    static func read(at milliseconds: UInt64, from server: Int) -> Command {
        Command(at: .milliseconds(milliseconds), to: NodeID(server - 1), .read)
    }

    /// What a scene of this protocol is made of, for a number of servers that vote; the rest is the same everywhere.
    struct Recipe: Sendable {
        var servers = 3...3
        var observers = 0
        var mutation: ZabMutation?
        var transactionsPerEpoch: UInt32 = .max - 1
        /// In milliseconds; leaders look twice a tick whether their quorum is there.
        var tick: UInt64 = 100
        var commands: @Sendable (Int) -> [Command] = { _ in [] }
        var faults: @Sendable (Int) -> [String] = { _ in [] }
        var expectation: Expectation
        /// In milliseconds; `nil`: at the beginning.
        var opening: UInt64? = 480
        /// In milliseconds.
        var end: UInt64
    }

    static func scene(
        _ name: String, _ text: ZabSceneTexts.Text, rows: String..., recipe: Recipe
    ) -> Scene<ZabNode> {
        let description = SceneDescription(
            name: name, title: text.title, story: text.story, rows: rows, participants: recipe.servers,
            usualParticipants: 3, isMutant: recipe.mutation != nil)
        return Scene(description) { servers in
            let names = (1...(servers + recipe.observers)).map { "S\($0)" }
            let invariants = ZabInvariants(names: names)
            var setup = SceneSetup(
                names: names, machines: machines(recipe, servers), commands: recipe.commands(servers),
                faults: recipe.faults(servers), invariants: invariants.always, expectation: recipe.expectation,
                timeLimit: .milliseconds(recipe.end))
            setup.milestones = invariants.milestones
            setup.wholeRunInvariants = invariants.ofWholeRun
            setup.opening = recipe.opening.map(Tick.milliseconds)
            return setup
        }
    }

    private static func machines(_ recipe: Recipe, _ servers: Int) -> [ZabNode] {
        let ensemble = Ensemble(
            (1...(servers + recipe.observers)).map { number in
                Ensemble.Member(ServerID(Int64(number)), role: number <= servers ? .participant : .observer)
            })
        return ensemble.members.map { member in
            ZabNode(
                ZabConfiguration(
                    me: member.id, ensemble: ensemble, timing: timing(tick: recipe.tick),
                    transactionsPerEpoch: recipe.transactionsPerEpoch, mutation: recipe.mutation))
        }
    }
}
