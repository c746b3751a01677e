import Foundation
import Messages
import Simulator
import StateMachines
import Traces

/// Reads one replay file, line by line, and stops at the first problem.
struct ReplayReader {
    let file: String
    private let decoder = JSONDecoder()

    init(file: String) { self.file = file }

    mutating func read(_ data: Data) throws(TraceFileFailure) -> ReplayFile {
        var lines = LineCursor(data)
        guard let first = lines.next(), !first.isBlank else { throw TraceFileFailure(file: file, problem: .empty) }
        let header = try readHeader(first)
        var entries: [ReplayFile.Entry] = []
        while let line = lines.next() {
            if line.isBlank { continue }
            guard let fields = try? decoder.decode(StepLine.self, from: line.bytes) else {
                throw failure(line.isUnterminated ? .cutOff : .notJSON, line)
            }
            if let word = fields.outcome {
                return ReplayFile(
                    header: header, entries: entries, outcome: try outcome(named: word, fields, line),
                    cycle: try cycle(fields, of: entries, line))
            }
            entries.append(try entry(fields, line))
        }
        throw TraceFileFailure(file: file, problem: .noOutcome)
    }

    private func failure(_ problem: TraceFileFailure.Problem, _ line: TraceLine) -> TraceFileFailure {
        TraceFileFailure(file: file, line: line.number, problem: problem)
    }

    private func readHeader(_ line: TraceLine) throws(TraceFileFailure) -> ReplayFile.Header {
        guard let fields = try? decoder.decode(FormatLine.self, from: line.bytes), fields.format == ReplayFile.format
        else { throw failure(.notAReplay, line) }
        guard fields.version == ReplayFile.version else {
            throw failure(.wrongVersion(found: String(fields.version)), line)
        }
        guard let header = try? decoder.decode(ReplayHeaderLine.self, from: line.bytes),
            header.network.isPossible, header.disk.isPossible
        else { throw failure(.notAReplay, line) }
        return header.header
    }

    private func entry(_ fields: StepLine, _ line: TraceLine) throws(TraceFileFailure) -> ReplayFile.Entry {
        guard let time = fields.t, time >= 0, time <= TraceReader.latestMilliseconds else {
            throw failure(.missingField("t", expected: TraceFileMessages.milliseconds(upTo: "2251799813685.248")), line)
        }
        guard let event = fields.event else {
            throw failure(.missingField("event", expected: TraceFileMessages.text), line)
        }
        guard let fingerprint = fields.fingerprint.flatMap(Fingerprint.init) else {
            throw failure(.missingField("fingerprint", expected: TraceFileMessages.hexadecimal), line)
        }
        return ReplayFile.Entry(
            time: Tick(microseconds: UInt64((time * 1_000).rounded())), event: event, fingerprint: fingerprint,
            state: fields.state ?? "")
    }

    private func cycle(
        _ fields: StepLine, of entries: [ReplayFile.Entry], _ line: TraceLine
    ) throws(TraceFileFailure) -> Int {
        guard let cycle = fields.cycle else { return 0 }
        guard fields.invariant != nil, (1...max(1, entries.count)).contains(cycle) else {
            throw failure(
                .wrongField("cycle", found: "\(cycle)", expected: TraceFileMessages.wholeNumber(upTo: entries.count)),
                line)
        }
        return cycle
    }

    private func outcome(
        named name: String, _ fields: StepLine, _ line: TraceLine
    ) throws(TraceFileFailure) -> ReplayFile.Outcome {
        switch (name, fields.invariant) {
        case ("holds", _): return .holds
        case ("unknown", _): return .unknown
        case ("violated", let invariant?): return .violated(invariant: invariant)
        default:
            throw failure(
                .wrongField(
                    "outcome", found: name, expected: TraceFileMessages.oneOf(["holds", "violated", "unknown"])), line)
        }
    }
}

private struct FormatLine: Decodable {
    var format: String
    var version: Int
}

private struct StepLine: Decodable {
    var t: Double?
    var event: String?
    var state: String?
    var fingerprint: String?
    var outcome: String?
    var invariant: String?
    var cycle: Int?
}

private struct ReplayHeaderLine: Decodable {
    struct Times: Decodable {
        var delayMicroseconds: UInt64
        var jitterMicroseconds: UInt64
        var isOrdered: Bool?

        /// Not longer than a trace may be.
        var isPossible: Bool { jitterMicroseconds <= delayMicroseconds && delayMicroseconds <= 1 << 51 }
    }
    struct Budgets: Decodable {
        var losses: UInt8
        var duplications: UInt8
        var crashes: UInt8
        var restarts: UInt8
        var partitions: UInt8
        var earlyTimeouts: UInt8
        var pauses: UInt8?
        var cuts: UInt8?
    }

    var tool: String
    var `protocol`: String
    var title: String?
    var nodes: [String]
    var parameters: [String: String]
    /// As text: JSON numbers do not hold 64 bits everywhere.
    var seed: String?
    var generator: String
    var network: Times
    var disk: Times
    var budgets: Budgets
    var faults: [String]
    var invariants: [String]

    var header: ReplayFile.Header {
        ReplayFile.Header(
            toolVersion: tool, protocolName: self.protocol, title: title, nodes: nodes,
            parameters: parameters.sorted { $0.key < $1.key }.map {
                TraceHeader.Parameter(name: $0.key, value: $0.value)
            },
            seed: seed.flatMap { UInt64($0) }, generator: generator,
            network: NetworkModel(
                delay: .microseconds(network.delayMicroseconds), jitter: .microseconds(network.jitterMicroseconds),
                isOrdered: network.isOrdered ?? true),
            disk: DiskModel(
                delay: .microseconds(disk.delayMicroseconds), jitter: .microseconds(disk.jitterMicroseconds)),
            budgets: FaultBudgets(
                losses: Int(budgets.losses), duplications: Int(budgets.duplications), crashes: Int(budgets.crashes),
                restarts: Int(budgets.restarts), partitions: Int(budgets.partitions),
                earlyTimeouts: Int(budgets.earlyTimeouts), pauses: Int(budgets.pauses ?? 0),
                cuts: Int(budgets.cuts ?? 0)),
            faults: faults, invariants: invariants)
    }
}
