package import StateMachines

/// What two generals have agreed on before they camped on different hills.
///
/// Messenger 1 carries A's proposal, messenger 2 B's answer, messenger 3 A's answer to that, and so on, *k* in all. At
/// dawn each general attacks if it has seen enough messengers.
package struct TwoGeneralsConfiguration: Hashable, Sendable {
    /// *k*: nobody sends more, however well it goes.
    package var messengers: Int
    /// How many messengers A, and how many B, wants to have seen before it attacks.
    package var wanted: [Int]
    /// Each general sends its latest messenger again so often, until a later one answers it; `nil`: never.
    package var repeats: Tick?
    package var dawn = Tick.milliseconds(400)

    /// How many messengers could reach A, and B.
    package static func expected(_ messengers: Int) -> [Int] { [messengers / 2, (messengers + 1) / 2] }

    /// - Parameter wanted: of A and of B; `nil`: every one that the other may send.
    /// - Precondition: no more than 20 messengers.
    package init(messengers: Int, wanted: [Int]? = nil, repeats: Tick? = nil) {
        precondition((0...20).contains(messengers), "no such plan")
        self.messengers = messengers
        self.wanted = wanted ?? Self.expected(messengers)
        self.repeats = repeats
    }
}

/// One of two generals who can only win together, and whose messengers may be caught.
///
/// - Source: Akkoyunlu, Ekanadham and Huber, "Some constraints and tradeoffs in the design of network communications",
///   SOSP 1975; the generals are those of Gray, "Notes on data base operating systems", 1978, section 5.8.3.3.
/// - Deviations: every messenger carries the same plan; its number says everything, since messenger *i* + 1 only leaves
///   when messenger *i* has come.
package struct TwoGeneralsNode: ProtocolNode {
    package struct Message: Hashable, Sendable, CanonicalEncodable, Labelled {
        /// From 1.
        package var number: Int
        package var label: String { "M\(number)" }
        package var detail: String { number == 1 ? "attack at dawn" : "M\(number - 1) has come" }
        package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: UInt8(number)) }
    }

    package enum Timer: String, Hashable, Sendable, CanonicalEncodable, Labelled {
        case dawn
        case again

        package var label: String { rawValue }
        package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: self == .dawn ? 1 : 2) }
    }

    package enum Command: Hashable, Sendable, CanonicalEncodable, Labelled {
        /// To A: propose to attack at dawn.
        case propose

        package var label: String { "propose" }
        package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: 1) }
    }

    package typealias Record = NothingDurable
    package typealias Input = NodeInput<Message, Timer, NothingDurable, Command>
    package typealias Effect = NodeEffect<Message, Timer, NothingDurable>

    package enum Phase: Hashable, Sendable {
        /// → `decided` at dawn.
        case waiting
        /// Whether it attacked.
        case decided(attacks: Bool)
        /// After a crash it has forgotten the plan, and stays in its camp.
        case lost
    }

    package let id: NodeID
    package let configuration: TwoGeneralsConfiguration
    package private(set) var phase = Phase.waiting
    /// Whether there is a plan at all.
    private var hasProposed = false
    /// The number of the last messenger that came; 0: none.
    package private(set) var latest = 0

    package static func nodes(_ configuration: TwoGeneralsConfiguration) -> [TwoGeneralsNode] {
        (0...1).map { TwoGeneralsNode(id: NodeID($0), configuration: configuration) }
    }

    /// How many different messengers have come.
    package var seen: Int { TwoGeneralsConfiguration.expected(latest)[id.index] }

    private var other: NodeID { NodeID(1 - id.index) }
    private var knowsPlan: Bool { hasProposed || latest > 0 }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started: effects.append(.setTimer(.dawn, after: configuration.dawn))
        case .recovered: phase = .lost
        case .received(let message, _): onReceived(message, &effects)
        case .timerFired(.dawn): onDawn(&effects)
        case .timerFired(.again): onSilence(&effects)
        case .persisted(let record): switch record {}
        case .invoked(.propose): onProposed(&effects)
        }
    }

    private mutating func onProposed(_ effects: inout EffectBuffer<Effect>) {
        switch phase {
        case .waiting where id.index == 0 && !hasProposed:
            hasProposed = true
            send(1, &effects)
        case .waiting, .decided, .lost:
            break  // One plan a night.
        }
    }

    private func send(_ number: Int, _ effects: inout EffectBuffer<Effect>) {
        guard number <= configuration.messengers else { return }
        effects.append(.send(Message(number: number), to: other))
        // An answer is expected to all but the last messenger.
        if let interval = configuration.repeats, number < configuration.messengers {
            effects.append(.setTimer(.again, after: interval))
        }
    }

    private mutating func onReceived(_ message: Message, _ effects: inout EffectBuffer<Effect>) {
        switch phase {
        case .waiting:
            let isNews = message.number > latest
            latest = max(latest, message.number)
            guard isNews || configuration.repeats != nil else { return }
            if isNews, configuration.repeats != nil { effects.append(.cancelTimer(.again)) }
            send(latest + 1, &effects)
        case .decided, .lost:
            break  // Too late.
        }
    }

    private mutating func onSilence(_ effects: inout EffectBuffer<Effect>) {
        switch phase {
        case .waiting: send(latest + 1, &effects)
        case .decided, .lost: break
        }
    }

    private mutating func onDawn(_ effects: inout EffectBuffer<Effect>) {
        switch phase {
        case .waiting:
            let attacks = knowsPlan && seen >= configuration.wanted[id.index]
            phase = .decided(attacks: attacks)
            if configuration.repeats != nil { effects.append(.cancelTimer(.again)) }
            effects.append(
                .announce(.decided(subject: id.index == 0 ? "A" : "B", outcome: attacks ? "attack" : "stay")))
        case .decided, .lost:
            preconditionFailure("dawn comes once: \(self)")
        }
    }

    package var summary: String {
        switch phase {
        case .waiting: knowsPlan ? "seen \(seen) of \(configuration.wanted[id.index])" : ""
        case .decided(let attacks): attacks ? "attacks" : "stays"
        case .lost: "lost"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch phase {
        case .waiting: encoder.encode(tag: 1)
        case .decided(let attacks):
            encoder.encode(tag: 2)
            encoder.encode(attacks)
        case .lost: encoder.encode(tag: 3)
        }
        encoder.encode(hasProposed)
        encoder.encode(tag: UInt8(latest))
    }
}
