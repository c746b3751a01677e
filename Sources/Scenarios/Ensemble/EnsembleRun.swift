package import Simulator
import StateMachines
import Traces
import WireProtocol
import Zab

/// What a simulated run has shown, read from its trace and from what its clients remember.
package struct EnsembleRun: Sendable {
    /// A transaction that took effect at a server.
    struct Delivery: Hashable, Sendable {
        var zxid: Zxid
        var session: String
        var cxid: Int32
        var summary: String
    }

    enum ServerEvent: Sendable {
        case delivered(Delivery)
        /// In the state, and decided or not: found in the log by a restart, or put there by a leader that begins.
        case held(Delivery)
        /// The state of a server, with the digest of its tree.
        case state(Zxid, digest: String, EnsembleServer.StateSource)
        case led(Epoch, after: Zxid)
        /// Serves no longer.
        case looked
        /// Its state is decided from here on.
        case followed
        case refused(String)
        /// It was told what it never should be.
        case offended(String)
    }

    let names: [String]
    let serverCount: Int
    let world: World<EnsembleNode>
    /// Of every server, with its position, in their order.
    private(set) var events: [(server: Int, event: ServerEvent)] = []
    /// Everything that took effect anywhere, by zxid, as it was told first: at a server that applied it, or that served with
    /// it in the state that it had started from.
    private(set) var history: [Delivery] = []

    package init(_ result: SimulationResult<EnsembleNode>, serverCount: Int) {
        names = result.trace.header.nodes
        world = result.world
        self.serverCount = serverCount
        let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        for event in result.trace.events {
            guard let server = positions[event.node], server < serverCount, let read = Self.read(event) else {
                continue
            }
            events.append((server, read))
        }
        collectHistory()
    }

    private mutating func collectHistory() {
        var byZxid: [Zxid: Delivery] = [:]
        var held: [[Delivery]] = Array(repeating: [], count: serverCount)
        // By a state's last transaction, as whoever came to it first told it: nobody tells what a copy holds, and a crash may
        // come between a copy and its announcement, so that the next start is the first to tell of it.
        var heldAt: [Zxid: [Delivery]] = [:]
        var state = Array(repeating: Zxid.zero, count: serverCount)
        func add(_ delivery: Delivery) { if byZxid[delivery.zxid] == nil { byZxid[delivery.zxid] = delivery } }
        for (server, event) in events {
            switch event {
            case .delivered(let delivery): add(delivery)
            case .held(let delivery):
                held[server].append(delivery)
                heldAt[max(state[server], delivery.zxid)] = held[server]
            case .state(let zxid, _, let source):
                state[server] = zxid
                switch source {
                case .applied: break
                case .cut, .loaded: held[server] = heldAt[zxid] ?? held[server].filter { $0.zxid <= zxid }
                case .copied: held[server] = heldAt[zxid] ?? []
                }
                heldAt[zxid] = held[server]
            case .led, .followed:
                for delivery in held[server] where delivery.zxid <= state[server] { add(delivery) }
                held[server] = []
            case .looked, .refused, .offended: break
            }
        }
        history = byZxid.values.sorted { $0.zxid < $1.zxid }
    }

    private static func read(_ event: Event) -> ServerEvent? {
        switch event.kind {
        case .decide:
            let words = (event.payload ?? "").split(separator: " ")
            guard words.count == 4, let zxid = Zxid(shortDescription: words[1]), let cxid = Int32(words[3])
            else { return nil }
            let delivery = Delivery(
                zxid: zxid, session: String(words[2]), cxid: cxid, summary: event.label ?? "")
            return words[0] == "holds" ? .held(delivery) : .delivered(delivery)
        case .note:
            let words = (event.label ?? "").split(separator: " ")
            if words.first == "refused:" { return .refused(event.label ?? "") }
            if words.first == "untimely" { return .offended(event.label ?? "") }
            guard words.count == 3, let source = EnsembleServer.StateSource(rawValue: String(words[0])),
                let zxid = Zxid(shortDescription: words[1])
            else { return nil }
            return .state(zxid, digest: String(words[2]), source)
        case .phaseBegin:
            let label = event.label ?? ""
            if let reign = ZabRun.Reign(label) { return .led(reign.epoch, after: reign.last) }
            return label == "looking" ? .looked : .followed
        default: return nil
        }
    }

    /// The first transaction that took effect at a server and may not follow what its state stood at.
    func neighbours(
        that areWrong: (Zxid, Zxid) -> Bool
    ) -> (name: String, earlier: String, later: String)? {
        var last = Array(repeating: Zxid.zero, count: serverCount)
        for (server, event) in events {
            switch event {
            case .state(let zxid, _, _): last[server] = zxid
            case .delivered(let delivery):
                if areWrong(last[server], delivery.zxid) {
                    return (names[server], last[server].shortDescription, delivery.zxid.shortDescription)
                }
                last[server] = delivery.zxid
            case .held, .led, .looked, .followed, .refused, .offended: break
            }
        }
        return nil
    }

    var servers: [(name: String, server: EnsembleServer)] {
        (0..<serverCount).compactMap { index in world.nodes[index].machine.server.map { (names[index], $0) } }
    }

    /// With whether each lived to the end.
    var clients: [(name: String, client: EnsembleClient, isAlive: Bool)] {
        (serverCount..<names.count).compactMap { index in
            world.nodes[index].machine.client.map { (names[index], $0, world.nodes[index].isUp) }
        }
    }

    /// What clients have seen, a word for each event: "answered", "expired".
    package var clientEvents: [String] {
        clients.flatMap { client in
            client.client.events.map { event in
                switch event {
                case .answered(let position):
                    client.client.operations[position].answer?.error == .ok ? "answered" : "refused"
                case .notified: "notified"
                case .opened: "opened"
                case .resumed: "resumed"
                case .lost: "lost"
                case .expired: "expired"
                case .offended(let what): what
                }
            }
        }
    }
}
