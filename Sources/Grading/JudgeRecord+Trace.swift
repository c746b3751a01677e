import Messages
import StateMachines
package import Traces

extension JudgeRecord {
    /// The resource's name in traces.
    static let resourceLifeline = "resource"

    /// The record as a trace, for the diagram: programs, the server and the resource as lifelines.
    ///
    /// - Parameters:
    ///   - title: for the caption.
    ///   - violation: the entry to frame, and what to say there.
    package func trace(title: String, seed: UInt64, violation: (entry: Int, text: String)?) -> Trace {
        var writer = TraceWriter()
        for entry in entries {
            writer.write(entry)
            if let violation, violation.entry == entry.order {
                writer.add(.violation, entry, node: entry.program ?? programs[0], label: violation.text)
            }
        }
        let header = TraceHeader(
            protocolName: "coordination-server", nodes: programs + [TraceWriter.server, TraceWriter.resource],
            seed: seed,
            title: title)
        return Trace(header: header, events: writer.events)
    }
}

/// Turns entries into events.
private struct TraceWriter {
    static let server = "zookeeper"
    static let resource = JudgeRecord.resourceLifeline

    private(set) var events: [Event] = []
    private var nextMessage = 1

    mutating func add(
        _ kind: EventKind, _ entry: JudgeRecord.Entry, node: String, peer: String? = nil, id: String? = nil,
        label: String? = nil, payload: String? = nil
    ) {
        events.append(
            Event(
                order: events.count + 1, time: entry.time, kind: kind, node: node, peer: peer, id: id, label: label,
                payload: payload))
    }

    /// A message to or from the resource, sent and received within one entry.
    private mutating func message(
        _ entry: JudgeRecord.Entry, from sender: String, to receiver: String, _ label: String, payload: String? = nil
    ) {
        let id = "r\(nextMessage)"
        nextMessage += 1
        add(.send, entry, node: sender, peer: receiver, id: id, label: label, payload: payload)
        add(.receive, entry, node: receiver, peer: sender, id: id, label: label, payload: payload)
    }

    /// What the proxy saw; handshakes and pings would only hide the story.
    private mutating func write(_ talk: ProxyTalk, _ kind: EventKind, _ entry: JudgeRecord.Entry, _ program: String) {
        guard talk.kind != .ping, talk.kind != .connect, talk.kind != .other else { return }
        let sender = talk.toServer ? program : Self.server
        let receiver = talk.toServer ? Self.server : program
        let label = talk.kind == .reply ? talk.detail.split(separator: " ").first.map(String.init) : talk.label
        add(
            kind, entry, node: kind == .send ? sender : receiver, peer: kind == .send ? receiver : sender, id: talk.id,
            label: label, payload: "\(talk.label) \(talk.detail)")
    }

    mutating func write(_ entry: JudgeRecord.Entry) {
        guard let program = entry.program else { return }
        switch entry.fact {
        case .ready, .changed: break
        case .commanded(let command):
            add(.invoke, entry, node: program, id: "\(program)\(command.id)", label: command.action.rawValue)
        case .replied(let reply):
            add(
                .respond, entry, node: program, id: "\(program)\(reply.id)",
                label: reply.ok ? "ok" : reply.error ?? "error",
                payload: reply.text)
        case .ended(let status): add(.crash, entry, node: program, label: status.text.english)
        case .fault(let fault): write(fault, entry, program)
        case .resource(let exchange): write(exchange, entry, program)
        case .resourceDisconnected: add(.note, entry, node: program, label: "left the resource")
        case .sessionOpened(let session): add(.sessionOpen, entry, node: program, id: hexadecimal(session))
        case .sessionExpired(let session): add(.sessionExpire, entry, node: program, id: hexadecimal(session))
        case .sessionClosed(let session):
            add(.note, entry, node: program, id: hexadecimal(session), label: "session closed")
        case .created(let path, let zxid, _):
            add(.decide, entry, node: Self.server, label: "czxid \(zxid)", payload: lastPart(path))
        case .deleted(let path): add(.decide, entry, node: Self.server, label: "deleted", payload: lastPart(path))
        case .sent(let talk): write(talk, .send, entry, program)
        case .delivered(let talk): write(talk, .receive, entry, program)
        case .lost(let talk): write(talk, .drop, entry, program)
        case .connectionLost: add(.connectionLoss, entry, node: program, label: "connection lost")
        }
    }

    private mutating func write(_ fault: JudgeFault, _ entry: JudgeRecord.Entry, _ program: String) {
        switch fault {
        case .kill: add(.crash, entry, node: program, label: "kill -9")
        case .pause: add(.pause, entry, node: program, label: "SIGSTOP")
        case .resume: add(.resume, entry, node: program, label: "SIGCONT")
        case .isolate:
            add(.partition, entry, node: program, peer: Self.server, label: "\(program)|\(Self.server)")
        case .heal: add(.heal, entry, node: program, peer: Self.server)
        case .loseReply(let operation): add(.note, entry, node: program, label: "reply of \(operation) lost")
        case .loseRequest(let operation): add(.note, entry, node: program, label: "\(operation) lost")
        }
    }

    private mutating func write(_ exchange: ResourceExchange, _ entry: JudgeRecord.Entry, _ program: String) {
        let words = exchange.line.split(separator: " ", omittingEmptySubsequences: true)
        let label = exchange.request.map { "\(words[0]) \($0.token)" } ?? "?"
        message(entry, from: program, to: Self.resource, label, payload: String(exchange.line.prefix(80)))
        message(entry, from: Self.resource, to: program, exchange.answer.line)
    }

    private func hexadecimal(_ session: Int64) -> String {
        "0x" + String(UInt64(bitPattern: session), radix: 16)
    }

    /// The last ten characters of a node's name hold its number, where it has one.
    private func lastPart(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return name.count > 16 ? "…" + name.suffix(10) : name
    }
}
