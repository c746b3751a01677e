import Bytes
import Messages
import StateMachines
import WireProtocol
import Zab

/// Compares what clients were told with what the common history means, request by request.
///
/// The history of an ensemble is an order of all writes; the writes are linearizable if it respects real time and every
/// answer is what it leads to. With an order at hand that is checked in one pass; no search is needed.
struct ClientJudgement {
    /// One client's operation.
    private struct Place: Hashable {
        var client: Int
        var operation: Int
    }

    private let run: EnsembleRun
    private let clients: [(name: String, client: EnsembleClient, isAlive: Bool)]
    private var tree = SequentialTree()
    private var outcomes: [Zxid: SequentialTree.Outcome] = [:]
    /// Writes of clients by their transaction.
    private var writes: [(zxid: Zxid, place: Place)] = []
    private var openSessions: [String: Zxid] = [:]
    private(set) var integrity: LocalizedText?
    private(set) var linearizability: LocalizedText?

    init(_ run: EnsembleRun) {
        self.run = run
        clients = run.clients
        replay()
    }

    private func operation(_ place: Place) -> ClientOperation {
        clients[place.client].client.operations[place.operation]
    }

    /// "C1: SET /a, xid 7".
    private func text(_ place: Place) -> String {
        let operation = operation(place)
        let path = operation.request.path.map { " \($0)" } ?? ""
        return "\(clients[place.client].name): \(operation.request.operation.name)\(path), xid \(operation.xid)"
    }

    private struct Asked: Hashable {
        var session: String
        var xid: Int32
    }

    private mutating func replay() {
        var asked: [Asked: Place] = [:]
        for (index, client) in clients.enumerated() {
            for (position, operation) in client.client.operations.enumerated() {
                asked[Asked(session: operation.session.description, xid: operation.xid)] = Place(
                    client: index, operation: position)
            }
        }
        var done: [Place: Zxid] = [:]
        for delivery in run.history {
            if delivery.summary == "createSession" {
                openSessions[delivery.session] = delivery.zxid
                continue
            }
            guard let place = asked[Asked(session: delivery.session, xid: delivery.cxid)] else {
                if delivery.summary == "closeSession" { end(delivery) } else { neverAsked(delivery) }
                continue
            }
            if let other = done.updateValue(delivery.zxid, forKey: place) {
                integrity =
                    integrity
                    ?? ZabMessages.deliveredTwice(text(place), other.shortDescription, delivery.zxid.shortDescription)
            }
            writes.append((delivery.zxid, place))
            apply(delivery, place)
        }
    }

    private mutating func neverAsked(_ delivery: EnsembleRun.Delivery) {
        integrity = integrity ?? ZabMessages.neverAsked("\(delivery.zxid.shortDescription) \(delivery.summary)")
    }

    private mutating func end(_ delivery: EnsembleRun.Delivery) {
        openSessions[delivery.session] = nil
        guard let number = UInt64(delivery.session.dropFirst(2), radix: 16) else { return }
        outcomes[delivery.zxid] = tree.end(SessionID(rawValue: Int64(bitPattern: number)), delivery.zxid)
    }

    /// What came from a connection that its client had left, or from a session that had ended: it has no effect.
    private static func refusal(_ delivery: EnsembleRun.Delivery) -> ErrorCode? {
        [ErrorCode.sessionMoved, .sessionExpired].first { delivery.summary == "refused: \($0.name)" }
    }

    /// What a transaction must have been, by what was asked and all that came before.
    private mutating func apply(_ delivery: EnsembleRun.Delivery, _ place: Place) {
        let asked = operation(place)
        if asked.request == .closeSession { openSessions[delivery.session] = nil }
        if let refusal = Self.refusal(delivery) {
            outcomes[delivery.zxid] = .refused(refusal)
            return
        }
        let given = delivery.summary.split(separator: " ").last.map { ByteString(String($0)) }
        let outcome = tree.apply(asked.request, by: asked.session, as: delivery.zxid, given: given)
        outcomes[delivery.zxid] = outcome
        let isRefused: Bool = if case .refused = outcome { true } else { false }
        guard isRefused == delivery.summary.contains("refused") else {
            return disagree(delivery.zxid, place, delivery.summary, "\(outcome)")
        }
    }

    private mutating func disagree(_ zxid: Zxid, _ place: Place, _ found: String, _ expected: String) {
        linearizability =
            linearizability
            ?? EnsembleCheckMessages.wrongOutcome(zxid.shortDescription, text(place), found, expected: expected)
    }
}

// MARK: - Writes

extension ClientJudgement {
    /// What was wrong with writes; `nil` where nothing was.
    mutating func judgeWrites() -> LocalizedText? {
        for write in writes { judgeAnswer(to: write.place, write.zxid) }
        return linearizability ?? lostWrite ?? overtaking
    }

    private mutating func judgeAnswer(to place: Place, _ zxid: Zxid) {
        guard let answer = operation(place).answer, let outcome = outcomes[zxid] else { return }
        let isAsExpected: Bool =
            switch (outcome, answer.response) {
            case (.refused(let error), nil): answer.error == error
            case (.refused(let error), .multi(let response)?):
                response.results.contains(.error(error.rawValue))
            case (.created(let path), .path(let answered)?): path == answered
            case (.set(let nodes), .stat(let stat)?):
                nodes.count == 1 && stat.version == nodes[0].version && stat.mzxid == zxid
            case (.set(let nodes), .multi(let response)?): Self.matches(nodes, response, zxid)
            case (.deleted, .empty?), (.ended, .empty?): true
            default: false
            }
        guard isAsExpected, answer.zxid == zxid else {
            return disagree(zxid, place, "\(answer.error.name) \(answer.zxid.shortDescription)", "\(outcome)")
        }
    }

    private static func matches(_ nodes: [SequentialTree.Node], _ response: MultiResponse, _ zxid: Zxid) -> Bool {
        nodes.count == response.results.count
            && zip(nodes, response.results).allSatisfy { node, result in
                if case .setData(let stat) = result {
                    stat.mzxid == zxid && stat.version <= node.version
                } else {
                    false
                }
            }
    }

    /// An acknowledged write that took effect nowhere.
    private var lostWrite: LocalizedText? {
        let known = Set(writes.map(\.place))
        for (index, client) in clients.enumerated() {
            for (position, operation) in client.client.operations.enumerated() {
                let place = Place(client: index, operation: position)
                guard operation.isWrite, operation.answer?.error == .ok, !known.contains(place) else { continue }
                return EnsembleCheckMessages.acknowledgedAndLost(
                    text(place), operation.answer?.zxid.shortDescription ?? "")
            }
        }
        return nil
    }

    /// A write that was over before another began must stand before it.
    private var overtaking: LocalizedText? {
        var earliestEnd: (time: Tick, zxid: Zxid, place: Place)?
        for (zxid, place) in writes.reversed() {
            let operation = operation(place)
            if let later = earliestEnd, later.time < operation.invokedAt {
                return EnsembleCheckMessages.overtaken(
                    text(place), zxid.shortDescription, by: text(later.place), later.zxid.shortDescription)
            }
            guard let end = operation.answer?.at else { continue }
            if end < earliestEnd?.time ?? Tick(microseconds: .max) { earliestEnd = (end, zxid, place) }
        }
        return nil
    }
}

// MARK: - Sessions

extension ClientJudgement {
    /// First in, first out: a session's writes stand in the order in which its client sent them; and nothing that no
    /// server may do has been seen.
    var sessionOrder: LocalizedText? {
        var last: [String: Int32] = [:]
        for delivery in run.history where delivery.cxid > 0 && Self.refusal(delivery) == nil {
            if let earlier = last.updateValue(delivery.cxid, forKey: delivery.session), earlier > delivery.cxid {
                return EnsembleCheckMessages.outOfTurn(delivery.session, xid: delivery.cxid, after: earlier)
            }
        }
        for (name, client, _) in clients {
            for case .offended(let what) in client.events { return EnsembleCheckMessages.offended(name, what) }
        }
        return nil
    }

    /// What a read shows is the tree after exactly the transaction that its answer names.
    var reads: LocalizedText? {
        for (index, client) in clients.enumerated() {
            for (position, operation) in client.client.operations.enumerated() {
                guard let answer = operation.answer, !isRight(operation.request, answer) else { continue }
                return EnsembleCheckMessages.wrongRead(
                    text(Place(client: index, operation: position)), answer.zxid.shortDescription)
            }
        }
        return nil
    }

    private func isRight(_ request: ClientRequest, _ answer: ClientOperation.Answer) -> Bool {
        // Of a session that is about to end, or whose client has left the server, nothing is read.
        guard answer.error != .sessionExpired, answer.error != .sessionMoved else { return true }
        switch request {
        case .getData(let body):
            let node = tree.node(body.path, after: answer.zxid)
            guard case .dataAndStat(let data, let stat)? = answer.response else {
                return answer.error == .noNode && node == nil
            }
            return node?.data == data && node?.version == stat.version && node?.modifiedAt == stat.mzxid
                && node?.createdAt == stat.czxid && (node?.owner ?? SessionID.none) == stat.ephemeralOwner
        case .getChildrenWithStat:
            guard case .childrenAndStat(let names, _)? = answer.response else { return false }
            return names.filter { $0 != "zookeeper" }.sorted() == tree.names(after: answer.zxid)
        default: return true
        }
    }

    /// Whoever watches a node hears that it has changed before anything is answered that knows the change.
    var watchBeforeData: LocalizedText? {
        for (name, client, _) in clients {
            var watched: [(path: ByteString, since: Zxid)] = []
            for event in client.events {
                switch event {
                case .answered(let position):
                    let operation = client.operations[position]
                    guard let answer = operation.answer else { continue }
                    for watch in watched {
                        guard let change = tree.change(of: watch.path, after: watch.since, through: answer.zxid) else {
                            continue
                        }
                        return EnsembleCheckMessages.unannounced(
                            name, "\(watch.path)", change.shortDescription, xid: operation.xid)
                    }
                    if case .getData(let body) = operation.request, body.watch, answer.error == .ok,
                        !watched.contains(where: { $0.path == body.path })
                    {
                        watched.append((body.path, answer.zxid))
                    }
                case .notified(_, let path): watched.removeAll { $0.path == path }
                case .opened, .expired: watched = []
                case .resumed, .lost, .offended: break
                }
            }
        }
        return nil
    }

    /// At the end of a run there are no sessions but those of living clients: the others had their time, and more.
    var endedSessions: LocalizedText? {
        let living = Set(clients.filter(\.isAlive).map { $0.client.session.description })
        let (session, opened) =
            openSessions.filter { !living.contains($0.key) }.min { $0.value < $1.value } ?? ("", .zero)
        guard !session.isEmpty else { return nil }
        return EnsembleCheckMessages.undead(session, opened: opened.shortDescription)
    }

    /// Once everything has been mended for a while, the session of a client that lives goes on.
    var livingSessions: LocalizedText? {
        for (name, client, isAlive) in clients where isAlive {
            guard let time = client.expiredAt, time > EnsembleSchedule.settled else { continue }
            return EnsembleCheckMessages.expiredAlive(name, milliseconds: time.microseconds / 1_000)
        }
        return nil
    }

    /// Every client that lives has been served after everything was mended.
    var service: LocalizedText? {
        for (name, client, isAlive) in clients where isAlive {
            for operation in client.operations.suffix(EnsembleSchedule.lastActionCount)
            where operation.answer?.error != .ok {
                return EnsembleCheckMessages.unserved(
                    name, operation.request.operation.name, operation.answer.map { $0.error.name } ?? "-")
            }
            if client.operations.count < EnsembleSchedule.lastActionCount {
                return EnsembleCheckMessages.unserved(name, "-", "-")
            }
        }
        return nil
    }
}

extension ClientOperation {
    var isWrite: Bool {
        switch request {
        case .create, .setData, .delete, .multi, .closeSession: true
        default: false
        }
    }
}
