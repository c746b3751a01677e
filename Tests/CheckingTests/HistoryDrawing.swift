import Checking
import StateMachines
import Traces

/// A history as people draw it on a board, one line a client:
///
///     A: [write 1     ]      [read → 2]
///     B:      [write 2   ]        [cas 2 3…
///
/// A bracket is a call or an answer, its column the time; in one column calls come first. What has no closing bracket gets no
/// answer. An answer left out is "ok".
enum HistoryDrawing {
    static func trace(_ drawing: String) -> Trace {
        var events: [(column: Int, isCall: Bool, client: String, id: String, label: String)] = []
        for line in drawing.split(separator: "\n") where line.contains(":") {
            let characters = Array(line)
            let client = String(characters[..<characters.firstIndex(of: ":")!])
            var column = 0
            while let begin = characters[column...].firstIndex(of: "[") {
                let end = characters[begin...].firstIndex(of: "]")
                let words = String(characters[(begin + 1)..<(end ?? characters.count)])
                    .split(separator: "→").map { $0.trimmed }
                events.append((begin, true, client, "\(client)\(begin)", words[0]))
                guard let end else { break }
                events.append((end, false, client, "\(client)\(begin)", words.count > 1 ? words[1] : "ok"))
                column = end
            }
        }
        events.sort { ($0.column, $0.isCall ? 0 : 1, $0.client) < ($1.column, $1.isCall ? 0 : 1, $1.client) }
        return Trace(
            header: TraceHeader(protocolName: "drawing", nodes: []),
            events: events.enumerated().map { order, event in
                Event(
                    order: order + 1, time: .milliseconds(UInt64(event.column)),
                    kind: event.isCall ? .invoke : .respond, node: event.client, id: event.id, label: event.label)
            })
    }

    static func history<Model: SequentialModel>(
        _ drawing: String, of model: Model
    ) throws -> History<Model.Request, Model.Response> { try History(trace(drawing), as: model) }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while text.first == " " || text.first == "…" { text.removeFirst() }
        while text.last == " " || text.last == "…" { text.removeLast() }
        return String(text)
    }
}

extension History {
    /// The same history in which only these answers ever came.
    func knowing(answersOf kept: [Int]) -> History {
        var recorder = HistoryRecorder<Request, Response>()
        var events: [(place: Int, isCall: Bool, position: Int)] = []
        for (position, operation) in operations.enumerated() {
            events.append((operation.begin, true, position))
            if let end = operation.end, kept.contains(position) { events.append((end, false, position)) }
        }
        for event in events.sorted(by: { $0.place < $1.place }) {
            if event.isCall {
                _ = recorder.called(by: clients[operations[event.position].client], operations[event.position].request)
            } else {
                recorder.answered(event.position, operations[event.position].response)
            }
        }
        return recorder.history
    }
}
