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
    private let request: String?
    private let keepsPings: Bool
    /// How long the other servers may need for what a client was answered already.
    private static let aftermath = Tick.milliseconds(20)

    init(_ arguments: inout ArgumentReader) throws {
        output = try arguments.option("-o", "--output")
        since = try arguments.option("--since").map { word in
            guard let kind = Self.beginnings.first(where: { $0.rawValue == word }) else {
                throw UsageError(LocalEnsembleMessages.unknownKind(word, Self.beginnings.map(\.rawValue)))
            }
            return kind
        }
        last = try arguments.number("--last", as: UInt64.self, in: 1...86_400).map(Tick.seconds)
        request = try arguments.option("--request")
        keepsPings = arguments.flag("--pings")
    }

    func write(_ folder: EnsembleFolder, _ context: CommandContext) throws -> ExitCode {
        guard FileManager.default.fileExists(atPath: folder.traceFile) else {
            throw EnsembleFailure.refused(LocalEnsembleMessages.noTrace(folder.path))
        }
        let plan = try folder.plan() ?? EnsemblePlan(tick: 0, isTraced: true)
        let part = try excerpt(of: try EnsembleRecord.read(folder, plan), context.language)
        guard let output else {
            context.write(String(decoding: TraceFile.encode(part), as: UTF8.self))
            return .pass
        }
        try TraceFile.write(part, path: output)
        context.print(LocalEnsembleMessages.wrote(output, part.events.count))
        return .pass
    }

    private func excerpt(of whole: Trace, _ language: Language) throws -> Trace {
        var events = whole.events
        if !keepsPings { events.removeAll { $0.label?.hasPrefix("PING") == true } }
        let trace = Trace(header: whole.header, events: events)
        let part = try self.part(of: events)
        let shown = trace.opening(at: part.lowerBound) + events[part]
        var header = whole.header
        header.title = LocalEnsembleMessages.title(request ?? since?.rawValue).text(in: language)
        header.nodes.removeAll { node in
            ClientLanes.isClient(node) && !shown.contains { $0.node == node || $0.peer == node }
        }
        return Trace(
            header: header, events: EnsembleRecord.renumbered(shown.map { Self.translated($0, language) }))
    }

    /// The events that are wanted.
    private func part(of events: [Event]) throws -> Range<Int> {
        var part = events.startIndex..<events.endIndex
        if let since {
            guard let place = events.lastIndex(where: { $0.kind == since }) else {
                throw EnsembleFailure.refused(LocalEnsembleMessages.neverHappened(since.rawValue))
            }
            part = place..<part.upperBound
        }
        if let last, let end = events.last?.time {
            let first = events.firstIndex { $0.time + last >= end } ?? part.lowerBound
            part = max(first, part.lowerBound)..<part.upperBound
        }
        if let request { part = try self.part(with: request, of: events) }
        return part
    }

    /// The latest request that begins so, up to its answer and what the other servers do then, before the next one.
    private func part(with request: String, of events: [Event]) throws -> Range<Int> {
        let isWanted: (Event) -> Bool = { $0.kind == .invoke && $0.label?.hasPrefix(request) == true }
        guard let first = events.lastIndex(where: isWanted) else {
            throw EnsembleFailure.refused(LocalEnsembleMessages.neverAsked(request))
        }
        let rest = events[first...]
        guard let answer = rest.firstIndex(where: { $0.kind == .respond && $0.id == events[first].id }) else {
            return first..<events.endIndex
        }
        let next = events[answer...].firstIndex { $0.kind == .invoke || $0.time > events[answer].time + Self.aftermath }
        return first..<(next ?? events.endIndex)
    }

    /// Roles, and what servers say about epochs, in the reader's language; the rest is names.
    private static func translated(_ event: Event, _ language: Language) -> Event {
        let said: Set<Substring> = [
            "VOTE", "FOLLOWERINFO", "OBSERVERINFO", "LEADERINFO", "ACKEPOCH", "DIFF", "TRUNC", "SNAP", "NEWLEADER",
        ]
        guard let label = event.label else { return event }
        var event = event
        let word = label.prefix { $0 != " " }
        if event.kind == .state {
            event.label = ZabMessages.vocabulary.text(label, in: language)
        } else if [.send, .receive, .drop].contains(event.kind), said.contains(word) {
            let rest = ZabMessages.vocabulary.text(String(label.dropFirst(word.count + 1)), in: language)
            event.label = word + (rest.isEmpty ? "" : " " + rest)
        }
        return event
    }
}
