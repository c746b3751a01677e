package import Checking
import Explorer
import Simulator
package import Traces
package import Zab

/// A simulated night that one line of text names: of the bare protocol, or of whole servers with clients.
///
///     zab servers=3 observers=0 seed=17
///     zab servers=3 observers=2 spares=1 reconfigurations=12 hosting=true seed=17
///     zab servers=6 observers=0 groups=3 seed=17
///     ensemble servers=5 observers=0 clients=2 seed=17 mutation=keepsTornTail faults=0,3 actions=1
///
/// Observers are hosted by followers where `hosting` says so; spares are no members at first; groups make quorums hierarchical.
/// Where positions of faults and actions are given, the others that the seed brings are left out.
package enum Night: Hashable, Sendable {
    case protocolOnly(ZabSchedule)
    case wholeServers(EnsembleSchedule)

    /// The night of a seed: every kind and size of ensemble comes in turn.
    package init(seed: UInt64) {
        self =
            switch seed % 16 {
            case 0: .protocolOnly(ZabSchedule(servers: 3, seed: seed))
            case 1: .protocolOnly(ZabSchedule(servers: 5, seed: seed))
            case 2: .protocolOnly(ZabSchedule(servers: 3, observers: 2, seed: seed))
            case 8: .protocolOnly(ZabSchedule(servers: 3, spares: 2, reconfigurations: 12, seed: seed))
            case 9: .protocolOnly(ZabSchedule(servers: 6, groups: 3, seed: seed))
            case 10:
                .protocolOnly(
                    ZabSchedule(
                        servers: 3, observers: 2, spares: 1, reconfigurations: seed / 16 % 2 == 0 ? 12 : 0,
                        hostsObservers: true, seed: seed))
            case 3, 11: .wholeServers(EnsembleSchedule(servers: 5, seed: seed))
            case 4: .wholeServers(EnsembleSchedule(servers: 3, observers: 1, clients: 3, seed: seed))
            case 12:
                .wholeServers(
                    EnsembleSchedule(servers: 3, observers: 2, clients: 3, hostsObservers: true, seed: seed))
            default: .wholeServers(EnsembleSchedule(servers: 3, clients: 2, seed: seed))
            }
    }

    package init(_ mutation: ZabMutation, seed: UInt64) {
        self = .protocolOnly(ZabSchedule(seed: seed, mutation: mutation))
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
                schedule.keptActions ?? Array(0..<schedule.actionLimit)
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
            "zab servers=\(schedule.servers) observers=\(schedule.observers)"
                + Self.field("spares", schedule.spares) + Self.field("reconfigurations", schedule.reconfigurationCount)
                + Self.field("groups", schedule.groupCount) + Self.field("hosting", schedule.hostsObservers)
                + " seed=\(schedule.seed)" + Self.field("mutation", schedule.mutation.map { "\($0)" })
                + Self.field("faults", schedule.keptFaults) + Self.field("actions", schedule.keptActions)
        case .wholeServers(let schedule):
            "ensemble servers=\(schedule.servers) observers=\(schedule.observers) clients=\(schedule.clients)"
                + Self.field("hosting", schedule.hostsObservers) + " seed=\(schedule.seed)"
                + Self.field("mutation", schedule.mutation.map { "\($0)" })
                + Self.field("zab-mutation", schedule.zabMutation.map { "\($0)" })
                + Self.field("faults", schedule.keptFaults) + Self.field("actions", schedule.keptActions)
        }
    }

    private static func field(_ name: String, _ value: String?) -> String { value.map { " \(name)=\($0)" } ?? "" }
    private static func field(_ name: String, _ count: Int) -> String { count == 0 ? "" : " \(name)=\(count)" }
    private static func field(_ name: String, _ isSo: Bool) -> String { isSo ? " \(name)=true" : "" }
    private static func field(_ name: String, _ positions: [Int]?) -> String {
        field(name, positions.map { $0.map(String.init).joined(separator: ",") })
    }

    /// Reads what `description` wrote; `nil` for anything else.
    package init?(_ text: String) {
        let words = text.split(separator: " ")
        guard let kind = words.first, var fields = NightFields(words.dropFirst()),
            let servers = fields.number("servers"), servers > 0, let seed = fields.seed()
        else { return nil }
        let observers = fields.number("observers") ?? 0
        let hostsObservers = fields.isSo("hosting")
        switch kind {
        case "zab":
            let reconfigurations = fields.number("reconfigurations") ?? 0
            let groups = fields.number("groups") ?? 0
            guard groups == 0 || reconfigurations == 0 else { return nil }
            var schedule = ZabSchedule(
                servers: servers, observers: observers, spares: fields.number("spares") ?? 0,
                reconfigurations: reconfigurations, groups: groups, hostsObservers: hostsObservers, seed: seed,
                mutation: fields.mutation("mutation", ZabMutation.self))
            schedule.keptFaults = fields.positions("faults")
            schedule.keptActions = fields.positions("actions")
            self = .protocolOnly(schedule)
        case "ensemble":
            var schedule = EnsembleSchedule(
                servers: servers, observers: observers, clients: fields.number("clients") ?? 2,
                hostsObservers: hostsObservers, seed: seed)
            schedule.mutation = fields.mutation("mutation", EnsembleMutation.self)
            schedule.zabMutation = fields.mutation("zab-mutation", ZabMutation.self)
            schedule.keptFaults = fields.positions("faults")
            schedule.keptActions = fields.positions("actions")
            self = .wholeServers(schedule)
        default: return nil
        }
        guard fields.areUnderstood else { return nil }
    }
}

/// What a line says of a night: "servers=3", each word once.
private struct NightFields {
    private var values: [Substring: Substring] = [:]
    /// Whether no value has been taken that was not understood.
    private var isSound = true

    /// - Returns: `nil` where a word is no field, or comes twice.
    init?(_ words: some Sequence<Substring>) {
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, values.updateValue(parts[1], forKey: parts[0]) == nil else { return nil }
        }
    }

    /// Whether every field was asked for and understood.
    var areUnderstood: Bool { isSound && values.isEmpty }

    private mutating func take<Value>(_ name: Substring, _ read: (Substring) -> Value?) -> Value? {
        guard let text = values.removeValue(forKey: name) else { return nil }
        let value = read(text)
        if value == nil { isSound = false }
        return value
    }

    mutating func number(_ name: Substring) -> Int? { take(name) { Int($0).flatMap { $0 >= 0 ? $0 : nil } } }
    mutating func seed() -> UInt64? { take("seed") { UInt64($0) } }
    mutating func isSo(_ name: Substring) -> Bool { take(name) { $0 == "true" ? true : nil } ?? false }
    mutating func positions(_ name: Substring) -> [Int]? {
        take(name) { text in
            let positions = text.split(separator: ",").map { Int($0) }
            return positions.contains(nil) ? nil : positions.compactMap(\.self)
        }
    }
    mutating func mutation<Mutation: CaseIterable>(_ name: Substring, _ type: Mutation.Type) -> Mutation? {
        take(name) { text in type.allCases.first { "\($0)" == text } }
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
