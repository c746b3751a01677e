import StateMachines
import Traces

/// What a trace means, before anything has a place: which events belong together.
///
/// Events are named by their position in `events`, lifelines by theirs in `lanes`.
struct RunReading {
    let header: TraceHeader
    let events: [Event]
    private(set) var lanes: [String] = []
    private(set) var laneOfEvent: [Int] = []
    private(set) var flights: [Flight] = []
    private(set) var partitions: [Partition] = []
    private(set) var phases: [Phase] = []
    private(set) var operations: [Operation] = []
    /// For each persisted event, the first write it completed.
    private(set) var firstWrite: [Int: Int] = [:]
    /// The other half of a phase or operation, in both directions.
    private(set) var partner: [Int: Int] = [:]
    /// For each receive or drop, the flight it ends.
    private(set) var flightEndedBy: [Int: Int] = [:]

    /// One copy of a message on its way.
    struct Flight {
        enum Outcome { case delivered, lost, cut, refused, inFlight }
        var send: Int?
        /// The event that made this copy, for every copy but the first.
        var duplication: Int?
        var end: Int?
        var from: Int?
        var to: Int?
        var outcome: Outcome
        /// 1 for the message itself, 2 for its first duplicate.
        var copy: Int
        /// The lane in front of which a partition stopped it.
        var stoppedBefore: Int?
    }

    struct Partition {
        var begin: Int
        var end: Int?
        /// Lanes by side, as the label has them; empty where it names no lane.
        var groups: [[Int]]
        var isOneWay: Bool

        /// Whether a message from one lane to the other cannot pass.
        func separates(_ from: Int, _ to: Int) -> Bool {
            guard let side = groups.firstIndex(where: { $0.contains(from) }),
                let other = groups.firstIndex(where: { $0.contains(to) })
            else { return false }
            return isOneWay ? side == 0 && other == 1 : side != other
        }
    }

    struct Phase {
        var lane: Int
        var begin: Int
        var end: Int?
        /// No other lane is in a phase of its own meanwhile, so that the frame may span all lanes.
        var isAlone = true
        /// How many phases that span all lanes it lies in.
        var depth = 0
    }

    struct Operation {
        var lane: Int
        var begin: Int
        var end: Int?
    }

    init(_ trace: Trace) {
        header = trace.header
        events = trace.events
        nameLanes()
        pairMessages()
        pairIntervals()
    }

    private mutating func nameLanes() {
        lanes = header.nodes
        var index: [String: Int] = [:]
        for (position, name) in lanes.enumerated() where index[name] == nil { index[name] = position }
        for event in events {
            for name in [event.node] + (event.peer.map { [$0] } ?? []) where index[name] == nil {
                index[name] = lanes.count
                lanes.append(name)
            }
        }
        laneOfEvent = events.map { index[$0.node, default: 0] }
        laneIndex = index
    }

    /// Only looked up.
    private var laneIndex: [String: Int] = [:]

    func lane(named name: String?) -> Int? { name.flatMap { laneIndex[$0] } }

    // MARK: Messages

    private struct Copies {
        var send: Int?
        var duplications: [Int] = []
        var ends: [Int] = []
    }

    private mutating func pairMessages() {
        var copies: [Copies] = []
        var byID: [String: Int] = [:]
        for (index, event) in events.enumerated() {
            switch event.kind {
            case .send:
                if let id = event.id { byID[id] = copies.count }
                copies.append(Copies(send: index))
            case .receive, .drop, .duplicate:
                let known = event.id.flatMap { byID[$0] }
                let position = known ?? copies.count
                if known == nil {
                    if let id = event.id { byID[id] = position }
                    copies.append(Copies())
                }
                if event.kind == .duplicate {
                    copies[position].duplications.append(index)
                } else {
                    copies[position].ends.append(index)
                }
            default: break
            }
        }
        for message in copies { appendFlights(of: message) }
    }

    /// Gives each end the copy it belongs to: by its cause where that names a duplication, else in order.
    private mutating func appendFlights(of message: Copies) {
        var open: [Int?] = [nil] + message.duplications.map { $0 }
        var numbers = Array(1...open.count)
        for end in message.ends {
            let byCause = open.firstIndex { $0 != nil && events[$0!].order == events[end].cause }
            if let choice = byCause ?? open.indices.first {
                append(message, duplication: open.remove(at: choice), end: end, copy: numbers.remove(at: choice))
            } else {
                // More ends than copies: one message to several receivers, or a copy the trace does not tell of.
                let before = message.ends.prefix { $0 != end }.filter { laneOfEvent[$0] == laneOfEvent[end] }.count
                append(message, duplication: nil, end: end, copy: before + 1)
            }
        }
        for (duplication, number) in zip(open, numbers) where message.send != nil || duplication != nil {
            append(message, duplication: duplication, end: nil, copy: number)
        }
    }

    private mutating func append(_ message: Copies, duplication: Int?, end: Int?, copy: Int) {
        let source = message.send ?? duplication
        var flight = Flight(
            send: message.send, duplication: duplication, end: end, from: source.map { laneOfEvent[$0] },
            to: source.flatMap { lane(named: events[$0].peer) }, outcome: .inFlight, copy: copy)
        if let end {
            let isDrop = events[end].kind == .drop
            flight.outcome = isDrop ? .lost : .delivered
            if isDrop {
                // A drop stands on its receiver or, in some traces, on its sender.
                flight.to =
                    flight.to ?? (laneOfEvent[end] == flight.from ? lane(named: events[end].peer) : laneOfEvent[end])
            } else {
                flight.to = laneOfEvent[end]
            }
            flight.from = flight.from ?? lane(named: events[end].peer)
        }
        if let end { flightEndedBy[end] = flights.count }
        flights.append(flight)
    }

    // MARK: Intervals

    private mutating func pairIntervals() {
        var openPhases: [Int] = []
        var openOperations: [Int] = []
        var openPartitions: [Int] = []
        var openWrites: [Int?] = lanes.map { _ in nil }
        var isDown = lanes.map { _ in false }
        for (index, event) in events.enumerated() {
            let lane = laneOfEvent[index]
            switch event.kind {
            case .phaseBegin:
                openPhases.append(phases.count)
                phases.append(Phase(lane: lane, begin: index))
            case .phaseEnd: closePhase(at: index, &openPhases)
            case .invoke:
                openOperations.append(operations.count)
                operations.append(Operation(lane: lane, begin: index))
            case .respond: closeOperation(at: index, &openOperations)
            case .partition:
                openPartitions.append(partitions.count)
                partitions.append(partition(at: index))
            case .heal: closePartitions(at: index, &openPartitions)
            case .persist: openWrites[lane] = openWrites[lane] ?? index
            case .persisted:
                if let first = openWrites[lane] { firstWrite[index] = first }
                openWrites[lane] = nil
            case .crash:
                isDown[lane] = true
                openWrites[lane] = nil
            case .restart: isDown[lane] = false
            case .drop:
                if let flight = flightEndedBy[index] { explainLoss(flight, openPartitions, isDown) }
            default: break
            }
        }
        nestPhases()
    }

    private mutating func nestPhases() {
        for (index, phase) in phases.enumerated() {
            let end = phase.end ?? events.count
            for (other, rival) in phases.enumerated() where other != index {
                let rivalEnd = rival.end ?? events.count
                guard phase.begin < rivalEnd, rival.begin < end else { continue }
                if rival.lane != phase.lane { phases[index].isAlone = false }
                if rival.begin < phase.begin, rivalEnd >= end { phases[index].depth += 1 }
            }
        }
    }

    /// The phase that begins or ends with this event.
    func phase(at index: Int) -> Phase? { phases.first { $0.begin == index || $0.end == index } }

    private mutating func explainLoss(_ position: Int, _ openPartitions: [Int], _ isDown: [Bool]) {
        guard let from = flights[position].from, let to = flights[position].to else { return }
        let walls = openPartitions.map { partitions[$0] }
        if let wall = walls.first(where: { $0.separates(from, to) }) {
            flights[position].outcome = .cut
            let path = from < to ? Array(from...to) : Array((to...from).reversed())
            flights[position].stoppedBefore = wall.isOneWay ? to : path.first { wall.separates(from, $0) } ?? to
        } else if isDown[to] {
            flights[position].outcome = .refused
        }
    }

    private mutating func closePhase(at index: Int, _ open: inout [Int]) {
        let label = events[index].label
        let match = open.lastIndex {
            phases[$0].lane == laneOfEvent[index] && (label == nil || events[phases[$0].begin].label == label)
        }
        guard let match else { return }
        let phase = open.remove(at: match)
        phases[phase].end = index
        join(phases[phase].begin, index)
    }

    private mutating func closeOperation(at index: Int, _ open: inout [Int]) {
        let id = events[index].id
        let match = open.firstIndex {
            let begin = operations[$0].begin
            return id != nil ? events[begin].id == id : operations[$0].lane == laneOfEvent[index]
        }
        guard let match else { return }
        let operation = open.remove(at: match)
        operations[operation].end = index
        join(operations[operation].begin, index)
    }

    private mutating func join(_ begin: Int, _ end: Int) {
        partner[begin] = end
        partner[end] = begin
    }

    /// A heal with the label of an open partition ends that one; any other ends all.
    private mutating func closePartitions(at index: Int, _ open: inout [Int]) {
        let label = events[index].label
        let named = open.filter { label != nil && events[partitions[$0].begin].label == label }
        let closing = named.isEmpty ? open : named
        for partition in closing { partitions[partition].end = index }
        open.removeAll(where: closing.contains)
    }

    private func partition(at index: Int) -> Partition {
        let label = events[index].label ?? ""
        let isOneWay = label.contains(">") && !label.contains("|")
        let groups = label.split(separator: isOneWay ? ">" : "|").map { side in
            side.split(separator: ",").compactMap { name in
                lane(named: String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
            }
        }
        return Partition(begin: index, groups: groups.filter { !$0.isEmpty }, isOneWay: isOneWay)
    }
}
