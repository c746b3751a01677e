package import StateMachines

/// A general of the Byzantine army: loyal to OM(m) or SM(m), or a traitor.
///
/// A traitor has no rule at all. It says what it is commanded to say, so that a scene writes its lies down, a simulation
/// draws them by seed, and a search tries every one.
///
/// - Source: Lamport, Shostak and Pease, "The Byzantine Generals Problem", ACM TOPLAS 4(3), 1982: OM(m) in section 3,
///   SM(m) in section 4.
/// - Deviations: rounds are told by each general's own timer, all of them started together (A3: absence can be detected);
///   a message of *k* mouths or signatures counts until the end of round *k*, and is passed on then. Every message of OM(m) travels alone, where
///   a real program would put those of one round and receiver into one. Signatures are names; whether one is forged
///   travels with the message, and machines may look at it because everyone can verify signatures. Traitors sign for each
///   other, but pass loyal signatures on only in messages. Nothing is written down: a general that crashes is faulty.
package struct ByzantineGeneral: ProtocolNode {
    package typealias Message = ByzantineMessage
    package typealias Timer = ByzantineTimer
    package typealias Record = NothingDurable
    package typealias Command = ByzantineCommand
    package typealias Input = NodeInput<ByzantineMessage, ByzantineTimer, NothingDurable, ByzantineCommand>
    package typealias Effect = NodeEffect<ByzantineMessage, ByzantineTimer, NothingDurable>

    package enum Phase: Hashable, Sendable {
        /// → `decided` when the last round is over.
        case exchanging
        case decided(BattleOrder)
        /// After a crash: it remembers nothing and stays away.
        case lost
    }

    package let id: NodeID
    package let configuration: ByzantineConfiguration
    package private(set) var phase = Phase.exchanging
    /// The one that is going on, from 1; after the last one, one more.
    package private(set) var round = 1
    /// A loyal commander's own order, once it has one.
    package private(set) var order: BattleOrder?
    /// OM(m): the first message of each path. SM(m): every chain of signatures that counted. Sorted by path.
    package private(set) var heard: [ByzantineMessage] = []
    /// SM(m): what has to be signed and passed on when the round is over, in the order it came.
    package private(set) var unsigned: [ByzantineMessage] = []
    /// A traitor's lies; sorted.
    package private(set) var said: [ByzantineCommand.Lie] = []

    package init(_ id: NodeID, _ configuration: ByzantineConfiguration) {
        precondition(id.index < configuration.generals, "an army of \(configuration.generals) has no \(id.index)")
        self.id = id
        self.configuration = configuration
    }

    /// Every general of a run, by position.
    package static func nodes(_ configuration: ByzantineConfiguration) -> [ByzantineGeneral] {
        (0..<configuration.generals).map { ByzantineGeneral(NodeID($0), configuration) }
    }

    package var isTraitor: Bool { configuration.traitors.contains(id) }

    /// What it does in the end; traitors do what they like.
    package var decision: BattleOrder? {
        switch phase {
        case .decided(let order): order
        case .exchanging, .lost: nil
        }
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started:
            for round in 1...configuration.rounds {
                effects.append(
                    .setTimer(ByzantineTimer(round: round), after: configuration.roundLength * UInt64(round)))
            }
        case .recovered: phase = .lost
        case .received(let message, let sender): onReceived(message, from: sender, &effects)
        case .timerFired(let timer): onRoundEnded(timer.round, &effects)
        case .persisted(let record): switch record {}
        case .invoked(.order(let order)): onOrdered(order, &effects)
        case .invoked(.lie(let lie)): onLieWanted(lie, &effects)
        }
    }

    private mutating func onOrdered(_ order: BattleOrder, _ effects: inout EffectBuffer<Effect>) {
        guard id == ByzantineConfiguration.commander, !isTraitor else { return }
        switch phase {
        case .exchanging where self.order == nil:
            self.order = order
            for lieutenant in configuration.lieutenants {
                effects.append(.send(ByzantineMessage(order, .commander), to: lieutenant))
            }
        case .exchanging, .decided, .lost:
            break  // One order a run.
        }
    }

    // MARK: What comes in

    private mutating func onReceived(
        _ message: ByzantineMessage, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        switch phase {
        case .exchanging:
            guard isWellFormed(message.path, from: sender), !isTraitor || !message.isForged else { return }
            guard isInTime(message) || isTraitor else {
                effects.append(.announce(.noted("too late: \(message.label.lowercased()) \(message.path)")))
                return
            }
            switch configuration.algorithm {
            case .oralMessages: note(message)
            case .signedMessages: onSignedOrder(message, &effects)
            }
        case .decided, .lost:
            break  // Nobody waits for it any more.
        }
    }

    /// From the commander, through different mouths, of which the last is the sender's.
    private func isWellFormed(_ path: MessengerPath, from sender: NodeID) -> Bool {
        path.generals.first == ByzantineConfiguration.commander && path.generals.last == sender && !path.contains(id)
            && path.length <= configuration.rounds && Set(path.generals).count == path.length
    }

    private func isInTime(_ message: ByzantineMessage) -> Bool {
        message.path.length >= round || configuration.mutation == .acceptsLateOrders
    }

    /// - Returns: false for a path that has been heard before.
    @discardableResult
    private mutating func note(_ message: ByzantineMessage) -> Bool {
        let place = heard.firstIndex { !($0.path < message.path) } ?? heard.count
        let isKnown = heard[place...].prefix { $0.path == message.path }
            .contains { configuration.algorithm == .oralMessages || $0.order == message.order }
        if isKnown { return false }
        heard.insert(message, at: place)
        return true
    }

    /// An order that it has not seen yet under the commander's signature; a traitor keeps every chain.
    private mutating func onSignedOrder(_ message: ByzantineMessage, _ effects: inout EffectBuffer<Effect>) {
        if message.isForged, configuration.mutation != .trustsForgedSignatures {
            effects.append(.announce(.noted("forged: \(message.label.lowercased()) \(message.path)")))
            return
        }
        guard !orders.contains(message.order) || isTraitor else { return }
        note(message)
        if !isTraitor { unsigned.append(message) }
    }

    // MARK: The end of a round

    private mutating func onRoundEnded(_ ended: Int, _ effects: inout EffectBuffer<Effect>) {
        switch phase {
        case .exchanging:
            round = ended + 1
            guard !isTraitor else { return }
            if ended == configuration.rounds {
                decide(&effects)
            } else if configuration.mutation != .obeysAtOnce {
                for message in news { relay(message, &effects) }
            }
            unsigned = []
        case .decided, .lost:
            preconditionFailure("a round ends after the last one: \(self)")
        }
    }

    /// What the others have to be told. OM(m): what came on each path of the round, the default where nothing came.
    private var news: [ByzantineMessage] {
        switch configuration.algorithm {
        case .oralMessages:
            MessengerPath.all(ofLength: round - 1, among: configuration.generals, without: id)
                .map { ByzantineMessage(told($0), $0) }
        case .signedMessages: unsigned.filter { $0.path.length < configuration.rounds }
        }
    }

    /// Adds its own name and tells everybody who has not had it in hand.
    private func relay(_ message: ByzantineMessage, _ effects: inout EffectBuffer<Effect>) {
        let relayed = ByzantineMessage(message.order, message.path.adding(id), isForged: message.isForged)
        for other in configuration.lieutenants where other != id && !message.path.contains(other) {
            effects.append(.send(relayed, to: other))
        }
    }

    private mutating func decide(_ effects: inout EffectBuffer<Effect>) {
        let decision: BattleOrder
        if id == ByzantineConfiguration.commander {
            decision = order ?? .byDefault
        } else {
            switch configuration.algorithm {
            case .oralMessages: decision = OralMajority(configuration, of: id).decision(told)
            case .signedMessages: decision = orders.count == 1 ? orders[0] : .byDefault
            }
        }
        phase = .decided(decision)
        effects.append(.announce(.decided(subject: "order", outcome: decision.word)))
    }

    /// What came on a path; silence is the default.
    private func told(_ path: MessengerPath) -> BattleOrder { heard.first { $0.path == path }?.order ?? .byDefault }

    /// SM(m): the set V of different orders that bear the commander's signature; sorted.
    package var orders: [BattleOrder] { BattleOrder.allCases.filter { order in heard.contains { $0.order == order } } }
}

// MARK: - Traitors

extension ByzantineGeneral {
    private mutating func onLieWanted(_ lie: ByzantineCommand.Lie, _ effects: inout EffectBuffer<Effect>) {
        guard isTraitor, phase == .exchanging, lie.path.generals.last == id else { return }
        let place = said.firstIndex { !($0 < lie) } ?? said.count
        guard place == said.count || said[place] != lie else { return }
        said.insert(lie, at: place)
        let isForged = configuration.algorithm == .signedMessages && !canSign(lie.order, lie.path)
        effects.append(.send(ByzantineMessage(lie.order, lie.path, isForged: isForged), to: lie.receiver))
    }

    /// Whether it can make this chain: with signatures of traitors, and loyal ones that it has seen under this order.
    package func canSign(_ order: BattleOrder, _ path: MessengerPath) -> Bool {
        guard let loyal = path.generals.lastIndex(where: { !configuration.traitors.contains($0) }) else { return true }
        return heard.contains { $0.order == order && $0.path.generals.starts(with: path.generals[...loyal]) }
    }

    /// Everything that it may say in this round, and that nobody would throw away unread; sorted.
    ///
    /// In OM(m) one word for each path and receiver. In SM(m) every chain of signatures that it can make and that is not
    /// too late; with the mistakes that make them worth something, forged and late chains too.
    package var possibleLies: [ByzantineCommand.Lie] {
        guard isTraitor, phase == .exchanging, round <= configuration.rounds else { return [] }
        var lies: [ByzantineCommand.Lie] = []
        for path in paths {
            for receiver in configuration.lieutenants
            where !path.contains(receiver) && !configuration.traitors.contains(receiver) {
                for order in BattleOrder.allCases where isWorthSaying(order, path) {
                    lies.append(ByzantineCommand.Lie(order, path, to: receiver))
                }
            }
        }
        switch configuration.algorithm {
        case .oralMessages:
            // In their order, so that each choice of lies is made in one way only.
            guard let last = said.last else { return lies }
            return lies.filter { (last.path, last.receiver) < ($0.path, $0.receiver) }
        case .signedMessages: return lies.filter { !said.contains($0) }
        }
    }

    /// The paths that end with it and may still be heard.
    private var paths: [MessengerPath] {
        if id == ByzantineConfiguration.commander {
            return round == 1 || configuration.mutation == .acceptsLateOrders ? [.commander] : []
        }
        let lengths: ClosedRange<Int>
        switch configuration.algorithm {
        case .oralMessages: lengths = round...round
        case .signedMessages:
            lengths = (configuration.mutation == .acceptsLateOrders ? 1 : round)...configuration.rounds
        }
        return lengths.filter { $0 > 1 }.flatMap { length in
            MessengerPath.all(ofLength: length - 1, among: configuration.generals, without: id).map { $0.adding(id) }
        }
    }

    private func isWorthSaying(_ order: BattleOrder, _ path: MessengerPath) -> Bool {
        switch configuration.algorithm {
        case .oralMessages: true
        case .signedMessages: canSign(order, path) || configuration.mutation == .trustsForgedSignatures
        }
    }
}

// MARK: - Observation

extension ByzantineGeneral {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(id)
        switch phase {
        case .exchanging: encoder.encode(tag: 1)
        case .decided(let order):
            encoder.encode(tag: 2)
            encoder.encode(order)
        case .lost: encoder.encode(tag: 3)
        }
        encoder.encode(tag: UInt8(round))
        encoder.encode(order)
        encoder.encode(heard)
        encoder.encode(unsigned)
        encoder.encode(said)
    }

    package var summary: String {
        if isTraitor { return "traitor" }
        switch phase {
        case .lost: return "lost"
        case .decided(let order): return "\(order.word)s"
        case .exchanging: break
        }
        if let order { return "orders \(order.word)" }
        switch configuration.algorithm {
        case .oralMessages: return heard.first.map { $0.path == .commander ? "told to \($0.order.word)" : "" } ?? ""
        case .signedMessages:
            return orders.isEmpty ? "" : "signed: " + orders.map(\.word).joined(separator: ", ")
        }
    }
}
