public import Simulator
public import StateMachines

/// What may happen to a world in a search, besides the faults that its budgets allow.
public struct ExplorationRules: Hashable, Sendable {
    /// Messages of one link arrive in the order they were sent, as over TCP; else in any order.
    public var isOrdered = true
    /// A node may crash between two effects of one step, having sent only some of its messages.
    public var crashesInsideSteps = true
    /// The groups into which a partition may split the nodes; empty: every split into two.
    public var partitions: [[[NodeID]]] = []
    /// Which nodes may crash; empty: every node.
    public var crashing: [NodeID] = []
    /// Whether worlds that differ only in how far their rounds, terms or epochs have grown are one. Then endless retrying
    /// with ever higher numbers comes back to where it was, and is a cycle.
    public var disregardsGrowth = false
    /// Senders take turns: of the node whose turn it is everything arrives that is in flight, first sent first, and what is
    /// written meanwhile is on disk at once. Whose turn is next is open, so that duels stay possible.
    public var isNarrow = false
    /// Whether what is written and sent arrives at once, in one order, before anything else happens: timers, commands and
    /// faults come only to a world at rest. Far fewer schedules, so that long ones come within reach; what needs a slow message
    /// or a crash amid a step is not seen.
    public var isCalm = false

    public init() {}
}

/// A world that is being explored.
public struct ExploredState<Node: ProtocolNode>: Sendable {
    public var world: World<Node>
    /// Bit *i*: command *i* has been given.
    public var commandsGiven: UInt64
    /// Where senders take turns: one more than the place of the node whose turn it is; 0: nobody's.
    @usableFromInline var turn: UInt8 = 0

    @inlinable init(world: World<Node>, commandsGiven: UInt64) {
        self.world = world
        self.commandsGiven = commandsGiven
    }
}

/// Every schedule of a world as a graph.
///
/// Events come in this order: deliveries by causal name, disk writes, timers, commands, then faults. Virtual time
/// stands still at zero, so machines must not remember what time it was.
///
/// *Timers.* Of one node's timers, one that was set no earlier and for no less time than another cannot fire before
/// it: on the node's own clock the other is due first. A timer fires for nothing when nothing else can happen to any
/// node; firing while a message or a write could still come costs one of the early timeouts of the budget.
/// *Links.* A message on a link that is cut may get lost there, for nothing, or wait for the link to heal.
/// *Pauses.* A node that stops keeps everything, and takes nothing; it may go on at any moment, or never.
/// *Clocks.* There are no skews: where time stands still no clock tells anything that could be wrong. What a fast clock
/// does to timers, early timeouts do.
public struct WorldModel<Node: ProtocolNode>: Model {
    public typealias State = ExploredState<Node>
    public typealias Action = WorldStep<Node.Command>

    public let start: World<Node>
    /// Given in this order, each at any moment; but those of nodes that tell of operations each in its node's order, whatever
    /// is given to others, and none while an operation of the node itself is under way.
    public let commands: [(node: NodeID, command: Node.Command)]
    public let rules: ExplorationRules
    @usableFromInline let splits: [[[NodeID]]]
    /// Bit *i*: node *i* tells of operations.
    @usableFromInline let telling: UInt64

    /// - Parameter start: with its fault budgets; nodes that have not started are started first, in their order.
    /// - Precondition: at most 64 commands.
    @inlinable public init(
        _ start: World<Node>, commands: [(node: NodeID, command: Node.Command)] = [],
        rules: ExplorationRules = ExplorationRules()
    ) {
        precondition(commands.count <= 64, "a search gives at most 64 commands")
        self.start = start
        self.commands = commands
        telling = start.initialMachines.indices.reduce(0) {
            $0 | (start.initialMachines[$1].tellsOperations ? 1 << UInt64($1) : 0)
        }
        self.rules = rules
        splits = rules.partitions.isEmpty ? Self.bipartitions(of: start.identifiers) : rules.partitions
    }

    @inlinable static func bipartitions(of nodes: [NodeID]) -> [[[NodeID]]] {
        guard (2...12).contains(nodes.count) else { return [] }
        return (1..<(1 << (nodes.count - 1))).map { mask in
            let isOther = { (node: NodeID) in node.index > 0 && mask >> (node.index - 1) & 1 == 1 }
            return [nodes.filter { !isOther($0) }, nodes.filter(isOther)]
        }
    }

    @inlinable public var narrowed: WorldModel? {
        guard !rules.isNarrow else { return nil }
        var rules = rules
        rules.isNarrow = true
        return WorldModel(start, commands: commands, rules: rules)
    }

    @inlinable public var initialStates: [State] {
        var world = start
        var observer = SilentObserver<Node>()
        for node in world.identifiers where world[node].status == .notStarted {
            _ = world.apply(WorldStep(.start(node)), at: .zero, observer: &observer)
        }
        return [ExploredState(world: world, commandsGiven: 0)]
    }

    @inlinable public func fingerprint(of state: State, using encoder: inout CanonicalEncoder) -> Fingerprint {
        var fingerprint =
            rules.disregardsGrowth
            ? state.world.fingerprintDisregardingGrowth(using: &encoder)
            : state.world.fingerprint(isOrdered: rules.isOrdered, using: &encoder)
        fingerprint.high ^= state.commandsGiven
        fingerprint.low ^= UInt64(state.turn) &* 0x9E37_79B9_7F4A_7C15
        return fingerprint
    }

    @inlinable public func appendSuccessors(of state: State, to successors: inout [Successor<State, Action>]) {
        appendSuccessors(of: state, sleeping: 0, to: &successors)
    }

    @inlinable public func appendSuccessors(
        of state: State, sleeping: UInt64, to successors: inout [Successor<State, Action>]
    ) {
        var expansion = Expansion(model: self, state: state, sleeping: sleeping, successors: successors)
        successors = []
        defer { successors = expansion.successors }
        guard !rules.isCalm else { return expansion.proceedCalmly() }
        expansion.deliver()
        expansion.completeWrites()
        expansion.giveCommands()
        expansion.fireTimers()
        expansion.injectFaults()
    }
}

// MARK: - Steps whose order means nothing

extension WorldModel {
    /// Whether choices have numbers: links must keep their order, so that a delivery is known by its link, and there
    /// must be enough numbers.
    @inlinable var hasChoices: Bool { rules.isOrdered && !rules.isCalm && start.nodes.count <= 7 }

    /// The choice to deliver the next message of a link; -1 where choices have no numbers.
    @inlinable func choice(deliveringFrom sender: NodeID, to receiver: NodeID) -> Int8 {
        hasChoices ? Int8(receiver.index * start.nodes.count + sender.index) : -1
    }

    /// The choice to complete a node's write.
    @inlinable func choice(writingAt node: NodeID) -> Int8 {
        hasChoices ? Int8(start.nodes.count * start.nodes.count + node.index) : -1
    }

    /// Steps of two nodes can be exchanged: each takes from links to its own node, and appends to others. Timers wait
    /// until nothing else can happen, and faults share budgets, so that they can be exchanged with nothing. The order in
    /// which two nodes tell of operations is the history's order.
    @inlinable public func choices(independentOf choice: Int) -> UInt64 {
        let count = start.nodes.count
        guard hasChoices, choice < count * count + count else { return 0 }
        let node = choice < count * count ? choice / count : choice - count * count
        let isTelling = telling >> UInt64(node) & 1 == 1
        var independent: UInt64 = 0
        for other in 0..<count where other != node && !(isTelling && telling >> UInt64(other) & 1 == 1) {
            independent |= ((1 as UInt64) << UInt64(count) - 1) << UInt64(other * count)
            independent |= 1 << UInt64(count * count + other)
        }
        return independent
    }
}
