package import Checking
import Explorer
import Simulator
package import Traces
import Zab

/// A simulated night that one line of text names: of the bare protocol, or of whole servers with clients.
///
///     zab servers=3 observers=0 seed=17
///     ensemble servers=5 observers=0 clients=2 seed=17 mutation=keepsTornTail faults=0,3 actions=1
///
/// Where positions of faults and actions are given, the others that the seed brings are left out.
package enum Night: Hashable, Sendable {
    case protocolOnly(ZabSchedule)
    case wholeServers(EnsembleSchedule)

    /// The night of a seed: every kind and size of ensemble comes in turn.
    package init(seed: UInt64) {
        self =
            switch seed % 8 {
            case 0: .protocolOnly(ZabSchedule(servers: 3, seed: seed))
            case 1: .protocolOnly(ZabSchedule(servers: 5, seed: seed))
            case 2: .protocolOnly(ZabSchedule(servers: 3, observers: 2, seed: seed))
            case 3: .wholeServers(EnsembleSchedule(servers: 5, seed: seed))
            case 4: .wholeServers(EnsembleSchedule(servers: 3, observers: 1, clients: 3, seed: seed))
            default: .wholeServers(EnsembleSchedule(servers: 3, clients: 2, seed: seed))
            }
    }

    package init(_ mutation: EnsembleMutation, seed: UInt64) {
        var schedule = EnsembleSchedule(seed: seed)
        schedule.mutation = mutation
        self = .wholeServers(schedule)
    }

    /// Positions that stay, of those that the seed brings.
    var keptFaults: [Int] {
        get {
            switch self {
            case .protocolOnly(let schedule): schedule.keptFaults ?? Array(0..<schedule.faultCount)
            case .wholeServers(let schedule): schedule.keptFaults ?? Array(0..<EnsembleSchedule.faultCount)
            }
        }
        set {
            switch self {
            case .protocolOnly(var schedule):
                schedule.keptFaults = newValue
                self = .protocolOnly(schedule)
            case .wholeServers(var schedule):
                schedule.keptFaults = newValue
                self = .wholeServers(schedule)
            }
        }
    }

    var keptActions: [Int] {
        get {
            switch self {
            case .protocolOnly(let schedule):
                schedule.keptActions ?? Array(0..<schedule.writeCount + ZabSchedule.longestBurst)
            case .wholeServers(let schedule): schedule.keptActions ?? Array(0..<EnsembleSchedule.actionCount)
            }
        }
        set {
            switch self {
            case .protocolOnly(var schedule):
                schedule.keptActions = newValue
                self = .protocolOnly(schedule)
            case .wholeServers(var schedule):
                schedule.keptActions = newValue
                self = .wholeServers(schedule)
            }
        }
    }

    /// What went wrong in it.
    package var problems: [Violation] { run(.announcements).problems }

    /// The whole night, with what went wrong at its end.
    package var trace: Trace { run(.everything).trace }

    private func run(_ detail: TraceDetail) -> (problems: [Violation], trace: Trace) {
        switch self {
        case .protocolOnly(let schedule):
            let result = Self.simulated(schedule.plan, detail)
            return (ZabInvariants(names: schedule.names).problems(of: result), result.trace)
        case .wholeServers(let schedule):
            let result = Self.simulated(schedule.plan, detail)
            let run = EnsembleRun(result, serverCount: schedule.serverCount)
            return (EnsembleInvariants.problems(of: run), result.trace)
        }
    }

    private static func simulated<Node>(_ plan: SimulationPlan<Node>, _ detail: TraceDetail) -> SimulationResult<Node> {
        var plan = plan
        plan.traceDetail = detail
        do { return try Simulation.run(plan) } catch {
            preconditionFailure("a schedule names what it does not have: \(error)")
        }
    }
}

// MARK: - One line

extension Night: CustomStringConvertible {
    package var description: String {
        switch self {
        case .protocolOnly(let schedule):
            "zab servers=\(schedule.servers) observers=\(schedule.observers) seed=\(schedule.seed)"
                + Self.field("mutation", schedule.mutation.map { "\($0)" })
                + Self.field("faults", schedule.keptFaults) + Self.field("actions", schedule.keptActions)
        case .wholeServers(let schedule):
            "ensemble servers=\(schedule.servers) observers=\(schedule.observers) clients=\(schedule.clients)"
                + " seed=\(schedule.seed)" + Self.field("mutation", schedule.mutation.map { "\($0)" })
                + Self.field("zab-mutation", schedule.zabMutation.map { "\($0)" })
                + Self.field("faults", schedule.keptFaults) + Self.field("actions", schedule.keptActions)
        }
    }

    private static func field(_ name: String, _ value: String?) -> String { value.map { " \(name)=\($0)" } ?? "" }
    private static func field(_ name: String, _ positions: [Int]?) -> String {
        field(name, positions.map { $0.map(String.init).joined(separator: ",") })
    }

    /// Reads what `description` wrote; `nil` for anything else.
    package init?(_ text: String) {
        let words = text.split(separator: " ")
        var fields: [Substring: Substring] = [:]
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            fields[parts[0]] = parts[1]
        }
        func number(_ name: Substring) -> Int? { fields[name].flatMap { Int($0) } }
        func positions(_ name: Substring) -> [Int]? {
            fields[name].map { $0.split(separator: ",").compactMap { Int($0) } }
        }
        func mutation<Mutation: CaseIterable>(_ name: Substring, _ type: Mutation.Type) -> Mutation? {
            fields[name].flatMap { value in Mutation.allCases.first { "\($0)" == value } }
        }
        guard let seed = fields["seed"].flatMap({ UInt64($0) }), let servers = number("servers"), servers > 0 else {
            return nil
        }
        switch words.first {
        case "zab":
            var schedule = ZabSchedule(
                servers: servers, observers: number("observers") ?? 0, seed: seed,
                mutation: mutation("mutation", ZabMutation.self))
            schedule.keptFaults = positions("faults")
            schedule.keptActions = positions("actions")
            self = .protocolOnly(schedule)
        case "ensemble":
            var schedule = EnsembleSchedule(
                servers: servers, observers: number("observers") ?? 0, clients: number("clients") ?? 2, seed: seed)
            schedule.mutation = mutation("mutation", EnsembleMutation.self)
            schedule.zabMutation = mutation("zab-mutation", ZabMutation.self)
            schedule.keptFaults = positions("faults")
            schedule.keptActions = positions("actions")
            self = .wholeServers(schedule)
        default: return nil
        }
    }
}

// MARK: - Shrinking

extension Night {
    /// A fault or an action that the seed brings, by position.
    private enum Piece {
        case fault(Int)
        case action(Int)
    }

    /// A night with as few faults and actions as it takes to break the same promise: none can be left out alone.
    ///
    /// - Parameter promise: the name of an invariant that this night breaks.
    package func shrunk(breaking promise: String) -> Night {
        let shrinker = Shrinker<Piece> { pieces in
            only(pieces).problems.contains { $0.invariant == promise } ? pieces : nil
        }
        return only(shrinker.shrunk(keptFaults.map(Piece.fault) + keptActions.map(Piece.action)))
    }

    /// This night with no other faults and actions.
    private func only(_ pieces: [Piece]) -> Night {
        var night = self
        night.keptFaults = pieces.compactMap { if case .fault(let position) = $0 { position } else { nil } }
        night.keptActions = pieces.compactMap { if case .action(let position) = $0 { position } else { nil } }
        return night
    }
}
