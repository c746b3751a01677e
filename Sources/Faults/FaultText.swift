import StateMachines

/// The text of lengths of time in the grammar: a whole number and the largest unit that needs no fraction.
enum TimeText {
    /// Units of the grammar with their length in microseconds, longest first.
    static let units: [(name: String, microseconds: UInt64)] = [("s", 1_000_000), ("ms", 1_000), ("us", 1)]

    static func text(microseconds: UInt64) -> String {
        guard microseconds > 0, let unit = units.first(where: { microseconds % $0.microseconds == 0 }) else {
            return "0ms"
        }
        return "\(microseconds / unit.microseconds)\(unit.name)"
    }
}

extension ClockOffset: CustomStringConvertible {
    /// "+2s", "-150ms".
    package var description: String {
        (microseconds < 0 ? "-" : "+") + TimeText.text(microseconds: microseconds.magnitude)
    }
}

extension Fault: CustomStringConvertible {
    /// In the grammar; parses to the same fault.
    package var description: String {
        var words = [action.description]
        switch start {
        case .immediately: break
        case .at(let time): words.append("at \(TimeText.text(microseconds: time.microseconds))")
        case .after(let trigger): words.append("after \(trigger.description)")
        }
        if let duration { words.append("for \(TimeText.text(microseconds: duration.microseconds))") }
        return words.joined(separator: " ")
    }
}

extension FaultAction: CustomStringConvertible {
    package var description: String {
        switch self {
        case .drop(let selector): "drop" + selector.suffix
        case .delay(let selector, let time): "delay\(selector.suffix) \(TimeText.text(microseconds: time.microseconds))"
        case .duplicate(let selector): "duplicate" + selector.suffix
        case .reorder(let selector): "reorder" + selector.suffix
        case .partition(let groups):
            "partition " + groups.map { $0.joined(separator: ",") }.joined(separator: "|")
        case .oneWay(let from, let to): "one-way \(from)>\(to)"
        case .isolate(let node): "isolate \(node)"
        case .heal: "heal"
        case .crash(let node): "crash \(node)"
        case .restart(let node): "restart \(node)"
        case .pause(let node): "pause \(node)"
        case .resume(let node): "resume \(node)"
        case .skew(let node, let offset): "skew \(node) \(offset)"
        case .loseUnsynced(let node): "lose-unsynced \(node)"
        case .expireSession(let session): "expire-session \(session)"
        case .loseReply(let node, let repetition): "lose-reply \(node)" + repetition.suffix
        }
    }
}

extension MessageSelector {
    /// With a space in front; empty when every message is meant.
    var suffix: String {
        var words: [String] = []
        if let partsPerMillion { words.append(Percentage.text(partsPerMillion: partsPerMillion)) }
        if case .eachNth(let stride) = repetition { words.append("every \(stride)") }
        if let label { words.append(label) }
        if case .only(let number) = repetition { words.append("\(number)") }
        if let from { words.append("from \(from)") }
        if let to { words.append("to \(to)") }
        return words.map { " " + $0 }.joined()
    }
}

extension Repetition {
    var suffix: String {
        switch self {
        case .all: " every"
        case .only(let number): number == 1 ? "" : " \(number)"
        case .eachNth(let stride): " every \(stride)"
        }
    }
}

/// "5%", "0.25%": at most four digits behind the point, so that a millionth can be said.
enum Percentage {
    static func text(partsPerMillion: UInt64) -> String {
        let (whole, fraction) = partsPerMillion.quotientAndRemainder(dividingBy: 10_000)
        guard fraction > 0 else { return "\(whole)%" }
        var digits = String(repeating: "0", count: 4 - String(fraction).count) + String(fraction)
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)%"
    }
}

extension Trigger: CustomStringConvertible {
    package var description: String {
        var words = [kind.rawValue]
        if let label { words.append(label) }
        if number != 1 { words.append("\(number)") }
        if let node { words.append("by \(node)") }
        if let peer { words.append(kind == .send ? "to \(peer)" : "from \(peer)") }
        return words.joined(separator: " ")
    }
}
