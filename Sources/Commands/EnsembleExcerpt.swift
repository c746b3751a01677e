import CommandLines
import Foundation
import LocalEnsemble
import Messages
import StateMachines
import TraceFiles
import Traces

/// `zoolab ensemble trace`: the part of an ensemble's record that somebody wants to draw.
struct EnsembleExcerpt {
    private static let beginnings: [EventKind] = [.crash, .restart, .partition, .heal, .pause, .resume, .annotate]

    private let output: String?
    private let since: EventKind?
    private let last: Tick?
    private let keepsPings: Bool

    init(_ arguments: inout ArgumentReader) throws {
        output = try arguments.option("-o", "--output")
        since = try arguments.option("--since").map { word in
            guard let kind = Self.beginnings.first(where: { $0.rawValue == word }) else {
                throw UsageError(LocalEnsembleMessages.unknownKind(word, Self.beginnings.map(\.rawValue)))
            }
            return kind
        }
        last = try arguments.number("--last", as: UInt64.self, in: 1...86_400).map(Tick.seconds)
        keepsPings = arguments.flag("--pings")
    }

    func write(_ folder: EnsembleFolder, _ context: CommandContext) throws -> ExitCode {
        guard FileManager.default.fileExists(atPath: folder.traceFile) else {
            throw EnsembleFailure.refused(LocalEnsembleMessages.noTrace(folder.path))
        }
        let plan = try folder.plan() ?? EnsemblePlan(tick: 0, isTraced: true)
        let part = try excerpt(of: try EnsembleRecord.read(folder, plan))
        guard let output else {
            context.write(String(decoding: TraceFile.encode(part), as: UTF8.self))
            return .pass
        }
        try TraceFile.write(part, path: output)
        context.print(LocalEnsembleMessages.wrote(output, part.events.count))
        return .pass
    }

    private func excerpt(of whole: Trace) throws -> Trace {
        var events = whole.events
        if let since {
            guard let place = events.lastIndex(where: { $0.kind == since }) else {
                throw EnsembleFailure.refused(LocalEnsembleMessages.neverHappened(since.rawValue))
            }
            events = Array(events[place...])
        }
        if let last, let end = events.last?.time { events.removeAll { $0.time < end - last } }
        if !keepsPings { events.removeAll { $0.label == "PING" } }
        return Trace(header: whole.header, events: EnsembleRecord.renumbered(events))
    }
}
