import Messages

/// Judges three kinds of causal consistency by the patterns that a history must not have.
///
/// Bouajjani, Enea, Guerraoui and Hamza, "On verifying causal consistency", POPL 2017: where each value is written once, a
/// history is causally consistent, a causal memory or causally convergent just where none of these patterns is in it. One
/// operation is causally before another if the same client had finished it, if the other read it, or through others.
struct CausalConsistency {
    let history: ReadWriteHistory

    /// Why one operation comes before another.
    enum Reason: Hashable {
        case session
        case reads
        /// A read of the second write knew of the first: by index of the read.
        case overwritten(Int)
    }

    func judge(_ consistency: Consistency) -> HistoryJudgement {
        let judgement = HistoryJudgement(consistency)
        if let stray = history.operations.firstIndex(where: { $0.source == .nobody }) {
            return judgement.violated(
                HistoryMessages.nobodyWrote(history.client(of: stray), history.value(of: stray)), evidence([stray]))
        }
        let graph = graph()
        guard let order = graph.topologicalOrder() else { return circle(in: graph, judgement) }
        let past = CausalOrder(order: order, predecessors: predecessors(graph))
        if let found = staleRead(past, judgement) { return found }
        switch consistency {
        case .causalConvergence: return disagreement(past, graph, judgement)
        case .causalMemory: return unexplainedSession(past, judgement)
        default: return judgement
        }
    }

    private func evidence(_ indices: [Int]) -> HistoryJudgement.Evidence {
        .contradiction(indices.map { history.operations[$0].position })
    }

    private func graph() -> Digraph<Reason> {
        var graph = Digraph<Reason>(count: history.operations.count)
        for (later, operation) in history.operations.enumerated() {
            for earlier in history.sessionPredecessors[later] { graph.add(earlier, later, .session) }
            if case .write(let write)? = operation.source { graph.add(write, later, .reads) }
        }
        return graph
    }

    private func predecessors(_ graph: Digraph<Reason>) -> [[Int]] {
        var predecessors: [[Int]] = Array(repeating: [], count: graph.count)
        for edge in graph.edges { predecessors[edge.to].append(edge.from) }
        return predecessors
    }

    /// Something happened before itself.
    private func circle(in graph: Digraph<Reason>, _ judgement: HistoryJudgement) -> HistoryJudgement {
        guard let circle = graph.shortestCircle() else { return judgement }
        let texts = circle.map { edge in
            switch edge.reason {
            case .session:
                HistoryMessages.before(
                    text(edge.from), text(edge.to), because: HistoryMessages.sameClient(history.client(of: edge.from)))
            case .reads:
                HistoryMessages.before(
                    text(edge.from), text(edge.to), because: HistoryMessages.readIt(history.client(of: edge.to)))
            case .overwritten(let read):
                HistoryMessages.before(
                    text(edge.from), text(edge.to),
                    because: HistoryMessages.knewBoth(history.client(of: read), history.value(of: read)))
            }
        }
        return judgement.violated(HistoryMessages.circle(texts), evidence(circle.map(\.from)))
    }

    private func text(_ index: Int) -> String {
        (history.operations[index].isWrite ? "write " : "read ") + history.value(of: index)
    }

    private func writes(of key: Int) -> [Int] {
        history.operations.indices.filter { history.operations[$0].isWrite && history.operations[$0].key == key }
    }

    /// A read of what was overwritten in its own past.
    private func staleRead(_ past: CausalOrder, _ judgement: HistoryJudgement) -> HistoryJudgement? {
        let writes = history.keys.indices.map(writes)
        for (read, operation) in history.operations.enumerated() {
            guard let source = operation.source else { continue }
            for write in writes[operation.key] where past.isBefore(write, read) {
                switch source {
                case .initial:
                    return judgement.violated(
                        HistoryMessages.readsNothing(
                            history.client(of: read), although: history.value(of: write)), evidence([write, read]))
                case .write(let seen) where seen != write && past.isBefore(seen, write):
                    return judgement.violated(
                        HistoryMessages.readsOverwritten(
                            history.client(of: read), history.value(of: read), by: history.value(of: write)),
                        evidence([seen, write, read]))
                case .write, .nobody: continue
                }
            }
        }
        return nil
    }

    /// No order of writes for all: whoever reads a write and knows another one of the key puts the other one before.
    private func disagreement(
        _ past: CausalOrder, _ causes: Digraph<Reason>, _ judgement: HistoryJudgement
    ) -> HistoryJudgement {
        var graph = causes
        let writes = history.keys.indices.map(writes)
        for (read, operation) in history.operations.enumerated() {
            guard case .write(let seen)? = operation.source else { continue }
            for write in writes[operation.key] where write != seen && past.isBefore(write, read) {
                graph.add(write, seen, .overwritten(read))
            }
        }
        return circle(in: graph, judgement)
    }

    /// A client that cannot order the writes in its past so that all its reads are explained.
    private func unexplainedSession(_ past: CausalOrder, _ judgement: HistoryJudgement) -> HistoryJudgement {
        var isLast = history.operations.map { _ in true }
        for predecessors in history.sessionPredecessors { for earlier in predecessors { isLast[earlier] = false } }
        for last in history.operations.indices where isLast[last] {
            if let found = unexplainedSession(endingWith: last, past, judgement) { return found }
        }
        return judgement
    }

    private func unexplainedSession(
        endingWith last: Int, _ past: CausalOrder, _ judgement: HistoryJudgement
    ) -> HistoryJudgement? {
        let known = history.operations.indices.filter { $0 == last || past.isBefore($0, last) }
        let reads = known.filter { read in
            !history.operations[read].isWrite && (read == last || history.isInSessionOrder(read, last))
        }
        var before = past
        var isNews = true
        while isNews {
            isNews = false
            for read in reads {
                for write in known where isOther(write, than: read) && before.isBefore(write, read) {
                    guard case .write(let seen)? = history.operations[read].source else {
                        return judgement.violated(
                            HistoryMessages.readsNothing(history.client(of: read), although: history.value(of: write)),
                            evidence([write, read]))
                    }
                    if before.isBefore(seen, write) {
                        return judgement.violated(
                            HistoryMessages.readsOverwritten(
                                history.client(of: read), history.value(of: read), by: history.value(of: write)),
                            evidence([seen, write, read]))
                    }
                    guard !before.isBefore(write, seen) else { continue }
                    isNews = true
                    for later in known where later == seen || before.isBefore(seen, later) {
                        before.include(write, before: later)
                    }
                }
            }
        }
        return nil
    }

    /// True for a write of the read's key that it did not read.
    private func isOther(_ write: Int, than read: Int) -> Bool {
        let (operation, reading) = (history.operations[write], history.operations[read])
        return operation.isWrite && operation.key == reading.key && reading.source != .write(write)
    }
}
