package import Messages

/// The fault words of the course. The parser and the reference page are both made from this table.
package enum FaultWord: String, CaseIterable, Hashable, Sendable {
    case drop, delay, duplicate, reorder, partition
    case oneWay = "one-way"
    case isolate, heal, crash, restart, pause, resume, skew
    case loseUnsynced = "lose-unsynced"
    case expireSession = "expire-session"
    case loseReply = "lose-reply"
}

/// What stands behind a fault word.
package enum FaultArguments: Hashable, Sendable {
    case nothing
    case messages
    case messagesAndTime
    case groups
    case direction
    case node
    case nodeAndOffset
    case nodeAndRepetition
    case session

    /// Whether a message selector is among them.
    var areMessages: Bool { self == .messages || self == .messagesAndTime }

    /// In the notation of the reference page.
    package var notation: String {
        switch self {
        case .nothing: ""
        case .messages: "[P%] [every [N]] [LABEL] [N] [from NODE] [to NODE]"
        case .messagesAndTime: "[P%] [every [N]] [LABEL] [N] [from NODE] [to NODE] TIME"
        case .groups: "NODE,NODE|NODE…"
        case .direction: "NODE>NODE"
        case .node: "NODE"
        case .nodeAndOffset: "NODE +TIME"
        case .nodeAndRepetition: "NODE [N | every [N]]"
        case .session: "SESSION"
        }
    }
}

/// One row of the table.
package struct FaultDescription: Sendable {
    package var word: FaultWord
    package var arguments: FaultArguments
    package var meaning: LocalizedText
    /// Where it works.
    package var scope: LocalizedText
    /// Why it does not work on real servers; nil where it does.
    package var obstacle: LocalizedText?
    /// How often it strikes, or until when.
    package var repetition: LocalizedText
    /// Whether `for` may follow.
    package var mayLast: Bool
    /// Complete faults, which the tests parse.
    package var examples: [String]
}

extension FaultWord {
    package var description: FaultDescription {
        switch self {
        case .drop, .delay, .duplicate, .reorder, .loseReply: messageFault
        case .partition, .oneWay, .isolate, .heal: linkFault
        case .crash, .restart, .pause, .resume, .skew, .loseUnsynced, .expireSession: nodeFault
        }
    }

    private func row(
        _ arguments: FaultArguments, _ meaning: LocalizedText, scope: LocalizedText = FaultMessages.everywhere,
        obstacle: LocalizedText? = nil, _ repetition: LocalizedText, mayLast: Bool = true, _ examples: String...
    ) -> FaultDescription {
        FaultDescription(
            word: self, arguments: arguments, meaning: meaning,
            scope: obstacle.map(FaultMessages.simulatedOnly) ?? scope, obstacle: obstacle, repetition: repetition,
            mayLast: mayLast, examples: examples)
    }

    private var messageFault: FaultDescription {
        switch self {
        case .drop:
            row(
                .messages, FaultMessages.drop, FaultMessages.everyMatch, "drop PREPARE to P2", "drop COMMIT 1",
                "drop 5% from C", "drop every 3 VOTE", "drop VOTE to P1 every 3", "drop from P1 at 120ms for 300ms")
        case .delay:
            row(
                .messagesAndTime, FaultMessages.delay, FaultMessages.everyMatch, "delay COMMIT 50ms",
                "delay VOTE 2 from P1 120ms")
        case .duplicate:
            row(
                .messages, FaultMessages.duplicate, obstacle: FaultMessages.onceOverTCP, FaultMessages.everyMatch,
                "duplicate PREPARE 1")
        case .reorder:
            row(
                .messages, FaultMessages.reorder, obstacle: FaultMessages.inOrderOverTCP, FaultMessages.everyMatch,
                "reorder 20% to P1")
        default:
            row(
                .nodeAndRepetition, FaultMessages.loseReply, FaultMessages.firstMatch, "lose-reply A",
                "lose-reply A 2", "lose-reply A every")
        }
    }

    private var linkFault: FaultDescription {
        switch self {
        case .partition:
            row(
                .groups, FaultMessages.partition, FaultMessages.untilHealed, "partition A,B|C",
                "partition A|B,C at 120ms for 300ms")
        case .oneWay: row(.direction, FaultMessages.oneWay, FaultMessages.untilHealed, "one-way A>B after send VOTE")
        case .isolate: row(.node, FaultMessages.isolate, FaultMessages.untilHealed, "isolate A for 2s")
        default: row(.nothing, FaultMessages.heal, FaultMessages.once, mayLast: false, "heal at 500ms")
        }
    }

    private var nodeFault: FaultDescription {
        switch self {
        case .crash:
            row(
                .node, FaultMessages.crash, FaultMessages.untilRestarted, "crash C after send COMMIT 1",
                "crash P1 after receive PREPARE from C for 300ms", "crash A at 120ms")
        case .restart: row(.node, FaultMessages.restart, FaultMessages.once, mayLast: false, "restart A at 500ms")
        case .pause:
            row(.node, FaultMessages.pause, FaultMessages.untilResumed, "pause A after receive VOTE 2 from B for 3s")
        case .resume: row(.node, FaultMessages.resume, FaultMessages.once, mayLast: false, "resume A at 4s")
        case .skew:
            row(
                .nodeAndOffset, FaultMessages.skew, obstacle: FaultMessages.oneClock, FaultMessages.forGood,
                "skew A +2s", "skew B -150ms at 1s")
        case .loseUnsynced:
            row(
                .node, FaultMessages.loseUnsynced, obstacle: FaultMessages.onePowerSupply,
                FaultMessages.untilRestarted,
                "lose-unsynced A after persist PREPARED")
        default:
            row(
                .session, FaultMessages.expireSession, scope: FaultMessages.sessionsOnly, FaultMessages.once,
                mayLast: false, "expire-session S1 at 2s")
        }
    }
}
