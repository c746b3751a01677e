import Foundation
import Messages
import StateMachines
import Traces

/// Reads one trace file, line by line, and stops at the first problem.
struct TraceReader {
    let file: String
    private let decoder = JSONDecoder()
    private var lineNumber = 0
    private var previous: Event?
    /// Ids of every message sent so far.
    private var sent: Set<String> = []

    init(file: String) { self.file = file }

    mutating func read(_ data: Data) throws(TraceFileFailure) -> Trace {
        var lines = LineCursor(data)
        guard let first = lines.next(), !first.isBlank else { throw failure(.empty, line: nil) }
        lineNumber = first.number
        var header = try readHeader(first)
        var events: [Event] = []
        while let line = lines.next() {
            lineNumber = line.number
            if line.isBlank { continue }
            let event = try readEvent(line)
            events.append(event)
            previous = event
        }
        if header.nodes.isEmpty { header.nodes = Self.lifelines(of: events) }
        return Trace(header: header, events: events)
    }

    /// Every node in the order of its first appearance; for foreign traces whose header names none.
    private static func lifelines(of events: [Event]) -> [String] {
        var seen: Set<String> = []
        return events.flatMap { [$0.node] + ($0.peer.map { [$0] } ?? []) }.filter { seen.insert($0).inserted }
    }

    private func failure(_ problem: TraceFileFailure.Problem, line: Int?) -> TraceFileFailure {
        TraceFileFailure(file: file, line: line, problem: problem)
    }

    private func failure(_ problem: TraceFileFailure.Problem) -> TraceFileFailure {
        failure(problem, line: lineNumber)
    }

    // MARK: The header

    private func readHeader(_ line: TraceLine) throws(TraceFileFailure) -> TraceHeader {
        let members = try members(of: line)
        guard members["format"] == .string(TraceHeader.format) else {
            throw failure(.notATrace(found: members["format"].map(Self.clipped)))
        }
        guard let version = members["version"] else {
            throw failure(
                .missingField("version", expected: LocalizedText(String(TraceHeader.version), zh: " 1")))
        }
        guard version == .integer(Int64(TraceHeader.version)) else {
            throw failure(.wrongVersion(found: Self.clipped(version)))
        }
        var header = TraceHeader(
            protocolName: try text("protocol", in: members) ?? "", nodes: try nodes(in: members),
            title: try text("title", in: members))
        header.seed = try seed(of: line, in: members)
        header.parameters = members.sorted { $0.key < $1.key }
            .filter { !TraceLines.ownFields.contains($0.key) }
            .compactMap { name, value in value.plainText.map { TraceHeader.Parameter(name: name, value: $0) } }
        return header
    }

    private func nodes(in members: [String: JSONValue]) throws(TraceFileFailure) -> [String] {
        guard let value = members["nodes"] else { return [] }
        if case .array(let elements) = value {
            let names = elements.compactMap { if case .string(let name) = $0, !name.isEmpty { name } else { nil } }
            if names.count == elements.count, Set(names).count == names.count { return names }
        }
        throw wrong("nodes", value, TraceFileMessages.listOfNames)
    }

    /// Seeds use all 64 bits, which `JSONValue` would round.
    private func seed(of line: TraceLine, in members: [String: JSONValue]) throws(TraceFileFailure) -> UInt64? {
        guard let value = members["seed"], value != .null else { return nil }
        guard let parsed = try? decoder.decode(HeaderLine.self, from: line.bytes) else {
            throw wrong("seed", value, TraceFileMessages.wholeNumber(atLeast: 0))
        }
        return parsed.seed
    }

    // MARK: Events

    private mutating func readEvent(_ line: TraceLine) throws(TraceFileFailure) -> Event {
        let canonical = line.bytes.withUnsafeBytes { bytes in
            var reader = CanonicalLine(bytes)
            return reader.event()
        }
        let event: Event
        if let canonical { event = canonical } else { event = try decode(line) }
        try checkOrder(of: event)
        try checkMessage(of: event)
        return event
    }

    private func decode(_ line: TraceLine) throws(TraceFileFailure) -> Event {
        guard let fields = try? decoder.decode(EventLine.self, from: line.bytes) else { throw diagnosis(of: line) }
        guard fields.n >= 0 else {
            throw wrong("n", String(fields.n), TraceFileMessages.wholeNumber(atLeast: 0))
        }
        guard fields.t >= 0, fields.t <= Self.latestMilliseconds else {
            throw wrong("t", "\(fields.t)", Self.timeRule)
        }
        guard let kind = EventKind(rawValue: fields.kind) else {
            throw wrong("kind", .string(fields.kind), Self.kindRule)
        }
        guard !fields.node.isEmpty else { throw wrong("node", "\"\"", TraceFileMessages.nameOfNode) }
        return Event(
            order: fields.n, time: Tick(microseconds: UInt64((fields.t * 1_000).rounded())), kind: kind,
            node: fields.node, peer: fields.peer, id: fields.id, cause: fields.cause, label: fields.label,
            payload: fields.payload, state: fields.state)
    }

    private func checkOrder(of event: Event) throws(TraceFileFailure) {
        if let cause = event.cause, cause >= event.order || cause < 0 {
            throw wrong("cause", String(cause), TraceFileMessages.below(event.order))
        }
        guard let previous else { return }
        guard event.order > previous.order else {
            throw wrong("n", String(event.order), TraceFileMessages.above(previous.order))
        }
        guard event.time >= previous.time else {
            throw wrong(
                "t", event.time.millisecondText, TraceFileMessages.notBefore(previous.time.millisecondText))
        }
    }

    private mutating func checkMessage(of event: Event) throws(TraceFileFailure) {
        switch event.kind {
        case .send:
            guard let id = event.id else { return }
            guard sent.insert(id).inserted else {
                throw wrong("id", .string(id), TraceFileMessages.idNotUsedBefore)
            }
        case .receive, .drop, .duplicate:
            guard let id = event.id else {
                throw failure(.missingField("id", expected: TraceFileMessages.idOfEarlierSend))
            }
            guard sent.contains(id) else { throw wrong("id", .string(id), TraceFileMessages.idOfEarlierSend) }
        case .timerSet, .timerFire, .persist, .persisted, .crash, .restart, .pause, .resume, .skew, .partition, .heal,
            .invoke, .respond, .state, .phaseBegin, .phaseEnd, .decide, .note, .annotate, .sessionOpen,
            .sessionExpire, .watchSet, .watchFire, .connectionLoss, .checkBegin, .checkEnd, .violation:
            break
        }
    }

    /// Times up to here survive a round trip through a `Double` of milliseconds to the microsecond.
    static let latestMilliseconds = Double(1 << 51) / 1_000

    private static let timeRule = TraceFileMessages.milliseconds(
        upTo: Tick(microseconds: 1 << 51).millisecondText)
    private static let kindRule = TraceFileMessages.oneOf(EventKind.allCases.map(\.rawValue))

    // MARK: What went wrong

    /// Why a line did not decode; slow, so only asked for once.
    private func diagnosis(of line: TraceLine) -> TraceFileFailure {
        do {
            let members = try members(of: line)
            let rules: [(String, LocalizedText, isRequired: Bool, (JSONValue) -> Bool)] = [
                ("n", TraceFileMessages.wholeNumber(atLeast: 0), true, { $0.isInteger }),
                ("t", Self.timeRule, true, { $0.isNumber }),
                ("kind", Self.kindRule, true, { $0.isString }),
                ("node", TraceFileMessages.nameOfNode, true, { $0.isString }),
                ("peer", TraceFileMessages.nameOfNode, false, { $0.isString }),
                ("id", TraceFileMessages.text, false, { $0.isString }),
                ("cause", TraceFileMessages.wholeNumber(atLeast: 0), false, { $0.isInteger }),
                ("label", TraceFileMessages.text, false, { $0.isString }),
            ]
            for (name, expected, isRequired, accepts) in rules {
                guard let value = members[name], value != .null else {
                    if isRequired { return failure(.missingField(name, expected: expected)) }
                    continue
                }
                if !accepts(value) { return wrong(name, value, expected) }
            }
            return failure(.notJSON)
        } catch {
            return error
        }
    }

    private func members(of line: TraceLine) throws(TraceFileFailure) -> [String: JSONValue] {
        if let column = line.firstInvalidByte { throw failure(.notUTF8(column: column)) }
        do {
            return try decoder.decode([String: JSONValue].self, from: line.bytes)
        } catch {
            if line.isUnterminated { throw failure(.cutOff) }
            throw failure(.notJSON)
        }
    }

    private func text(_ name: String, in members: [String: JSONValue]) throws(TraceFileFailure) -> String? {
        switch members[name] {
        case nil, .null: return nil
        case .string(let text): return text
        case .some(let other): throw wrong(name, other, TraceFileMessages.text)
        }
    }

    private func wrong(_ name: String, _ found: JSONValue, _ expected: LocalizedText) -> TraceFileFailure {
        wrong(name, Self.clipped(found), expected)
    }

    private func wrong(_ name: String, _ found: String, _ expected: LocalizedText) -> TraceFileFailure {
        failure(.wrongField(name, found: found, expected: expected))
    }

    /// Enough of a value to recognise it.
    private static func clipped(_ value: JSONValue) -> String {
        let text = value.compactText
        return text.count <= 40 ? text : text.prefix(39) + "…"
    }
}

extension JSONValue {
    fileprivate var isInteger: Bool { if case .integer = self { true } else { false } }
    fileprivate var isString: Bool { if case .string = self { true } else { false } }
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .number: true
        case .null, .bool, .string, .array, .object: false
        }
    }
}

/// The header fields with a meaning; everything else is a parameter.
struct HeaderLine: Decodable {
    var seed: UInt64
}

/// An event's line as the coder sees it.
private struct EventLine: Decodable {
    var n: Int
    var t: Double
    var kind: String
    var node: String
    var peer: String?
    var id: String?
    var cause: Int?
    var label: String?
    var payload: String?
    var state: String?

    private enum CodingKeys: CodingKey { case n, t, kind, node, peer, id, cause, label, payload, state }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        n = try container.decode(Int.self, forKey: .n)
        t = try container.decode(Double.self, forKey: .t)
        kind = try container.decode(String.self, forKey: .kind)
        node = try container.decode(String.self, forKey: .node)
        peer = try container.decodeIfPresent(String.self, forKey: .peer)
        id = try container.decodeIfPresent(String.self, forKey: .id)
        cause = try container.decodeIfPresent(Int.self, forKey: .cause)
        label = try container.decodeIfPresent(String.self, forKey: .label)
        payload = try Self.anyText(container, .payload)
        state = try Self.anyText(container, .state)
    }

    private static func anyText(
        _ container: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys
    ) throws -> String? {
        guard container.contains(key) else { return nil }
        if let text = try? container.decode(String.self, forKey: key) { return text }
        return try container.decode(JSONValue.self, forKey: key).plainText
    }
}

/// One line of a file, without its line feed.
struct TraceLine {
    var bytes: Data
    /// From 1.
    var number: Int
    /// The file ends here, and not with a line feed.
    var isUnterminated: Bool

    var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }

    /// The place of the first byte that is not UTF-8, from 1.
    var firstInvalidByte: Int? {
        var codec = UTF8()
        var iterator = bytes.makeIterator()
        var position = 1
        while true {
            switch codec.decode(&iterator) {
            case .scalarValue(let scalar): position += UTF8.width(scalar)
            case .emptyInput: return nil
            case .error: return position
            }
        }
    }
}

/// Cuts a file into lines and skips a byte-order mark.
struct LineCursor {
    private let data: Data
    /// The ends of all lines: where their line feed stands, or where the data ends.
    private let ends: [Int]
    private var position: Int
    private var number = 0

    init(_ data: Data) {
        self.data = data
        let start = data.startIndex
        position = start + (data.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        // One pass over plain memory; asking `Data` for each byte takes a third of the time of reading a trace.
        var ends = data.withUnsafeBytes { bytes in
            bytes.indices.compactMap { bytes[$0] == 0x0A ? start + $0 : nil }
        }
        if ends.last.map({ $0 + 1 }) ?? start < data.endIndex { ends.append(data.endIndex) }
        self.ends = ends
    }

    mutating func next() -> TraceLine? {
        guard position < data.endIndex else { return nil }
        let end = ends[number]
        number += 1
        let line = TraceLine(bytes: data[position..<end], number: number, isUnterminated: end == data.endIndex)
        position = end + 1
        return line
    }
}
