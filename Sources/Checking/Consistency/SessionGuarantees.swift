import Messages

/// Judges the four session guarantees of Terry et al., "Session guarantees for weakly consistent replicated data", 1994.
///
/// As Viotti and Vukolić state them ("Consistency in non-transactional distributed storage systems", 2016): there must be an
/// order of all writes, in which a read shows the last of the writes that its replica had, such that
/// - *read your writes*: the replica had the client's earlier writes,
/// - *monotonic reads*: it had what the client's earlier reads had seen,
/// - *monotonic writes*: writes of one client are in their order,
/// - *writes follow reads*: a write is after those that its client had seen.
///
/// Each of these says "this write before that one", so an order exists just where that runs in no circle. Where the store tells
/// its order of writes (`version`), that one is asked about. Where not, a guarantee may hold by itself although it cannot hold
/// together with another; `sessionGuarantees` asks for all four at once.
struct SessionGuarantees {
    /// Why one write comes before another; operations by index.
    enum Reason: Hashable {
        /// Nothing had been written before the first write.
        case initial
        /// The store says so.
        case store
        case session(Consistency, Int, Int)
    }

    let history: ReadWriteHistory

    func judge(_ consistency: Consistency) -> HistoryJudgement {
        let judgement = HistoryJudgement(consistency)
        if let stray = history.operations.firstIndex(where: { $0.source == .nobody }) {
            return judgement.violated(
                HistoryMessages.nobodyWrote(history.client(of: stray), history.value(of: stray)),
                .contradiction([history.operations[stray].position]))
        }
        guard let circle = graph(of: consistency).shortestCircle() else { return judgement }
        let operations = circle.flatMap { edge -> [Int] in
            if case .session(_, let first, let second) = edge.reason { return [first, second] }
            return [edge.from, edge.to].filter { $0 < history.operations.count }
        }
        var seen: Set<Int> = []
        return judgement.violated(
            HistoryMessages.circle(circle.map(text)),
            .contradiction(
                operations.filter { seen.insert($0).inserted }.map { history.operations[$0].position }))
    }

    /// Writes by index; nothing written, by key, after them.
    private func graph(of consistency: Consistency) -> Digraph<Reason> {
        let operations = history.operations
        var graph = Digraph<Reason>(count: operations.count + history.keys.count)
        for (index, operation) in operations.enumerated() where operation.isWrite {
            graph.add(operations.count + operation.key, index, .initial)
        }
        addStoreOrder(to: &graph)
        let wanted: [Consistency] =
            consistency == .sessionGuarantees
            ? [.readYourWrites, .monotonicReads, .monotonicWrites, .writesFollowReads] : [consistency]
        for guarantee in wanted { add(guarantee, to: &graph) }
        return graph
    }

    private func addStoreOrder(to graph: inout Digraph<Reason>) {
        for key in history.keys.indices {
            let told = history.operations.indices
                .filter { history.operations[$0].key == key && history.operations[$0].isWrite }
                .compactMap { index in history.operations[index].version.map { (version: $0, index: index) } }
                .sorted { ($0.version, $0.index) < ($1.version, $1.index) }
            for (one, next) in zip(told, told.dropFirst()) { graph.add(one.index, next.index, .store) }
        }
    }

    private func add(_ guarantee: Consistency, to graph: inout Digraph<Reason>) {
        for session in history.sessions {
            for (place, later) in session.enumerated() {
                for earlier in session[..<place] where applies(guarantee, earlier, later) {
                    let (first, second) = (seen(by: earlier), seen(by: later))
                    if first != second { graph.add(first, second, .session(guarantee, earlier, later)) }
                }
            }
        }
    }

    private func applies(_ guarantee: Consistency, _ earlier: Int, _ later: Int) -> Bool {
        guard history.isInSessionOrder(earlier, later) else { return false }
        let (one, other) = (history.operations[earlier], history.operations[later])
        return switch guarantee {
        case .readYourWrites: one.isWrite && !other.isWrite && one.key == other.key
        case .monotonicReads: !one.isWrite && !other.isWrite && one.key == other.key
        case .monotonicWrites: one.isWrite && other.isWrite
        default: !one.isWrite && other.isWrite
        }
    }

    /// The node of the value that an operation wrote or read.
    private func seen(by index: Int) -> Int {
        switch history.operations[index].source {
        case nil: index
        case .write(let write)?: write
        case .initial?, .nobody?: history.operations.count + history.operations[index].key
        }
    }

    private func text(of edge: Digraph<Reason>.Edge) -> LocalizedText {
        func value(_ node: Int) -> String {
            node < history.operations.count
                ? history.value(of: node)
                : ReadWriteHistory.text(history.keys[node - history.operations.count], nil)
        }
        let before = (value(edge.from), value(edge.to))
        switch edge.reason {
        case .initial: return HistoryMessages.before(before.0, before.1, because: HistoryMessages.nothingBeforeWrites)
        case .store: return HistoryMessages.before(before.0, before.1, because: HistoryMessages.storeSays)
        case .session(let guarantee, let first, let second):
            return HistoryMessages.before(
                before.0, before.1,
                because: HistoryMessages.sessionSays(
                    history.client(of: first), history.value(of: first), wrote: history.operations[first].isWrite,
                    then: history.value(of: second), wrote: history.operations[second].isWrite,
                    guarantee: guarantee.rawValue))
        }
    }
}
