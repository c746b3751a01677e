import Messages
import StateMachines

extension Fault {
    /// Reads one fault: a word, its arguments, and perhaps a condition.
    ///
    ///     fault     = word arguments [condition] ["for" time]
    ///     condition = "at" time | "after" event [label [number]] ["by" node] [("from" | "to") node]
    ///
    /// - Throws: the first thing that does not fit, with its column.
    package init(parsing text: String, in context: FaultContext = FaultContext()) throws(FaultSyntaxError) {
        var parser = FaultParser(text, context)
        self = try parser.fault()
    }
}

/// Reads one fault from left to right; one method for each rule of the grammar.
struct FaultParser {
    private var tokens: FaultTokens
    private let context: FaultContext

    init(_ text: String, _ context: FaultContext) {
        tokens = FaultTokens(text)
        self.context = context
    }

    mutating func fault() throws(FaultSyntaxError) -> Fault {
        let word = try faultWord()
        var fault = Fault(try action(word))
        while let token = tokens.peek {
            switch token.text {
            case "at", "after":
                guard fault.start == .immediately else { throw tokens.error(FaultMessages.saidTwice(token.text)) }
                fault.start = try start()
            case "for":
                guard fault.duration == nil else { throw tokens.error(FaultMessages.saidTwice(token.text)) }
                guard word.description.mayLast else { throw tokens.error(FaultMessages.cannotLast(word.rawValue)) }
                tokens.advance()
                fault.duration = try time()
            default:
                let isAboutMessages = word.description.arguments.areMessages
                throw tokens.error(
                    FaultMessages.unexpected(token.text),
                    expected: isAboutMessages ? FaultMessages.aSelectorOrCondition : FaultMessages.aCondition,
                    among: (isAboutMessages ? ["from", "to"] : []) + ["at", "after", "for"])
            }
        }
        return fault
    }

    private mutating func faultWord() throws(FaultSyntaxError) -> FaultWord {
        let words = context.words.map(\.rawValue)
        guard let token = tokens.peek else {
            throw tokens.error(FaultMessages.atTheEnd, expected: FaultMessages.aFaultWord)
        }
        guard let word = FaultWord(rawValue: token.text) else {
            throw tokens.error(
                FaultMessages.unknownWord(token.text), expected: FaultMessages.oneOf(words), among: words)
        }
        guard context.words.contains(word) else {
            if context.isReal, let reason = word.description.obstacle {
                throw tokens.error(FaultMessages.notReal(token.text, reason), expected: FaultMessages.oneOf(words))
            }
            throw tokens.error(FaultMessages.notSupported(token.text), expected: FaultMessages.oneOf(words))
        }
        tokens.advance()
        return word
    }

    private mutating func action(_ word: FaultWord) throws(FaultSyntaxError) -> FaultAction {
        switch word {
        case .drop: .drop(try selector())
        case .delay: .delay(try selector(), by: try time())
        case .duplicate: .duplicate(try selector())
        case .reorder: .reorder(try selector())
        case .partition: .partition(try groups())
        case .oneWay: try direction()
        case .isolate: .isolate(try node())
        case .heal: .heal
        case .crash: .crash(try node())
        case .restart: .restart(try node())
        case .pause: .pause(try node())
        case .resume: .resume(try node())
        case .skew: .skew(try node(), try offset())
        case .loseUnsynced: .loseUnsynced(try node())
        case .expireSession: .expireSession(try name(FaultMessages.aSession))
        case .loseReply: .loseReply(try node(), try replyRepetition())
        }
    }

    // MARK: Messages

    private mutating func selector() throws(FaultSyntaxError) -> MessageSelector {
        var selector = MessageSelector()
        if let token = tokens.peek, token.text.last == "%" { selector.partsPerMillion = try percentage() }
        if tokens.take("every") { selector.repetition = try stride() }
        if let token = tokens.peek, token.isName, !FaultTokens.keywords.contains(token.text), token.microseconds == nil
        {
            selector.label = try label()
        }
        if let token = tokens.peek, token.isNumber {
            guard selector.repetition == .all else { throw tokens.error(FaultMessages.saidTwice(token.text)) }
            selector.repetition = .only(try number(from: 1))
        }
        while let token = tokens.peek, ["from", "to", "every"].contains(token.text) {
            let isSecond =
                switch token.text {
                case "from": selector.from != nil
                case "to": selector.to != nil
                default: selector.repetition != .all
                }
            guard !isSecond else { throw tokens.error(FaultMessages.saidTwice(token.text)) }
            tokens.advance()
            switch token.text {
            case "from": selector.from = try node()
            case "to": selector.to = try node()
            // In front of what is meant, or behind it.
            default: selector.repetition = try stride()
            }
        }
        return selector
    }

    /// What follows `every`: nothing, or how far apart.
    private mutating func stride() throws(FaultSyntaxError) -> Repetition {
        guard let token = tokens.peek, token.isNumber else { return .all }
        return .eachNth(try number(from: 2))
    }

    private mutating func replyRepetition() throws(FaultSyntaxError) -> Repetition {
        if tokens.take("every") { return try stride() }
        guard let token = tokens.peek, token.isNumber else { return .only(1) }
        return .only(try number(from: 1))
    }

    private mutating func percentage() throws(FaultSyntaxError) -> UInt64 {
        guard let token = tokens.peek, let value = token.partsPerMillion else {
            throw tokens.error(FaultMessages.outOfRange(tokens.peek?.text ?? ""))
        }
        tokens.advance()
        return value
    }

    // MARK: Nodes and links

    private mutating func groups() throws(FaultSyntaxError) -> [[String]] {
        var groups: [[String]] = [[]]
        var seen: [String] = []
        while true {
            if let token = tokens.peek, seen.contains(token.text) {
                throw tokens.error(FaultMessages.nodeTwice(token.text))
            }
            let name = try node()
            seen.append(name)
            groups[groups.count - 1].append(name)
            if tokens.take(",") { continue }
            guard tokens.take("|") else { break }
            groups.append([])
        }
        guard groups.count > 1 else {
            throw tokens.error(unexpectedHere, expected: FaultMessages.aGroup)
        }
        return groups
    }

    private mutating func direction() throws(FaultSyntaxError) -> FaultAction {
        let from = try node()
        guard tokens.take(">") else { throw tokens.error(unexpectedHere, expected: FaultMessages.aDirection) }
        if let token = tokens.peek, token.text == from { throw tokens.error(FaultMessages.nodeTwice(from)) }
        return .oneWay(from: from, to: try node())
    }

    private mutating func node() throws(FaultSyntaxError) -> String {
        guard let nodes = context.nodes else { return try name(FaultMessages.aNode) }
        // The servers of a real ensemble have numbers, not names.
        guard let token = tokens.peek, token.isName || nodes.contains(token.text) else {
            throw tokens.error(unexpectedHere, expected: FaultMessages.oneOf(nodes))
        }
        guard nodes.contains(token.text) else {
            throw tokens.error(
                FaultMessages.unknownNode(token.text), expected: FaultMessages.oneOf(nodes), among: nodes)
        }
        tokens.advance()
        return token.text
    }

    // MARK: Conditions

    private mutating func start() throws(FaultSyntaxError) -> FaultStart {
        if tokens.take("at") { return .at(try time()) }
        tokens.advance()
        let kinds = Trigger.Kind.allCases.map(\.rawValue)
        guard let token = tokens.peek, let kind = Trigger.Kind(rawValue: token.text) else {
            throw tokens.error(unexpectedHere, expected: FaultMessages.anEvent, among: kinds)
        }
        tokens.advance()
        var trigger = Trigger(kind)
        if let token = tokens.peek, token.isName, !FaultTokens.keywords.contains(token.text) {
            trigger.label = try label()
        }
        if let token = tokens.peek, token.isNumber { trigger.number = try number(from: 1) }
        try ends(of: &trigger)
        return .after(trigger)
    }

    /// `by` is the node it happens on; of the two ends of a message, the other one is the peer.
    private mutating func ends(of trigger: inout Trigger) throws(FaultSyntaxError) {
        while let token = tokens.peek, ["by", "from", "to"].contains(token.text) {
            let isMessage = trigger.kind == .send || trigger.kind == .receive
            guard isMessage || token.text == "by" else { throw tokens.error(FaultMessages.unexpected(token.text)) }
            let isOwn = token.text == "by" || token.text == (trigger.kind == .send ? "from" : "to")
            guard isOwn ? trigger.node == nil : trigger.peer == nil else {
                throw tokens.error(FaultMessages.saidTwice(token.text))
            }
            tokens.advance()
            if isOwn { trigger.node = try node() } else { trigger.peer = try node() }
        }
    }

    // MARK: Words

    private var unexpectedHere: LocalizedText {
        tokens.peek.map { FaultMessages.unexpected($0.text) } ?? FaultMessages.atTheEnd
    }

    private mutating func label() throws(FaultSyntaxError) -> String {
        if let labels = context.labels, let token = tokens.peek, !labels.contains(token.text) {
            guard !labels.isEmpty else {
                throw tokens.error(FaultMessages.noLabels(token.text), expected: FaultMessages.aPlaceOrCondition)
            }
            throw tokens.error(
                FaultMessages.unknownLabel(token.text), expected: FaultMessages.oneOf(labels),
                among: labels + ["from", "to", "at", "after", "for", "every"])
        }
        return try name(FaultMessages.aSelectorOrCondition)
    }

    private mutating func name(_ expected: LocalizedText) throws(FaultSyntaxError) -> String {
        guard let token = tokens.peek, token.isName, !FaultTokens.keywords.contains(token.text) else {
            throw tokens.error(unexpectedHere, expected: expected)
        }
        tokens.advance()
        return token.text
    }

    private mutating func number(from lowest: Int) throws(FaultSyntaxError) -> Int {
        guard let token = tokens.peek, let value = Int(token.text), value >= lowest, value <= 1_000_000 else {
            throw tokens.error(FaultMessages.outOfRange(tokens.peek?.text ?? ""))
        }
        tokens.advance()
        return value
    }

    private mutating func time() throws(FaultSyntaxError) -> Tick {
        guard let token = tokens.peek, let value = token.microseconds else {
            throw tokens.error(unexpectedHere, expected: FaultMessages.aTime)
        }
        tokens.advance()
        return .microseconds(value)
    }

    private mutating func offset() throws(FaultSyntaxError) -> ClockOffset {
        guard let token = tokens.peek, let sign = token.text.first, sign == "+" || sign == "-",
            let value = FaultToken(text: String(token.text.dropFirst()), column: 0).microseconds
        else { throw tokens.error(unexpectedHere, expected: FaultMessages.anOffset) }
        tokens.advance()
        return ClockOffset(microseconds: sign == "-" ? -Int64(value) : Int64(value))
    }
}
