import Messages

/// Judges whether clients came to read the same once nobody wrote any more (Vogels, "Eventually consistent", 2009).
///
/// No finite history can refute that they would have later; what is judged is the end of this one: the last read of each
/// client that began after the last write was over. They must agree, on something that was written if anything was.
struct EventualConsistency {
    let history: ReadWriteHistory

    func judge() -> HistoryJudgement {
        let judgement = HistoryJudgement(.eventual)
        var wasCompared = false
        for key in history.keys.indices {
            let operations = history.operations.indices.filter { history.operations[$0].key == key }
            let final = finalReads(among: operations)
            guard let first = final.first else { continue }
            wasCompared = wasCompared || final.count > 1
            let isWritten = operations.contains { history.operations[$0].isWrite && history.operations[$0].end != nil }
            if let stray = final.first(where: { history.operations[$0].source == .nobody }) {
                return judgement.violated(
                    HistoryMessages.nobodyWrote(history.client(of: stray), history.value(of: stray)),
                    evidence([stray]))
            }
            if isWritten, let late = final.first(where: { history.operations[$0].source == .initial }) {
                let writes = operations.filter { history.operations[$0].isWrite && history.operations[$0].end != nil }
                return judgement.violated(
                    HistoryMessages.readsNothing(history.client(of: late), although: history.value(of: writes.last!)),
                    evidence([writes.last!, late]))
            }
            let source = history.operations[first].source
            if let other = final.first(where: { history.operations[$0].source != source }) {
                return judgement.violated(
                    HistoryMessages.stillDisagree(
                        history.client(of: first), history.value(of: first), history.client(of: other),
                        history.value(of: other)), evidence([first, other]))
            }
        }
        return wasCompared ? judgement : HistoryJudgement(.eventual, .unknown(.events(history.operations.count)))
    }

    private func evidence(_ indices: [Int]) -> HistoryJudgement.Evidence {
        .contradiction(indices.map { history.operations[$0].position })
    }

    /// The last read of each client, of those that began when all writes were over.
    private func finalReads(among operations: [Int]) -> [Int] {
        let quiet = operations.map { history.operations[$0] }.filter(\.isWrite).map { $0.end ?? $0.begin }.max() ?? -1
        var last: [Int?] = history.clients.map { _ in nil }
        for index in operations where !history.operations[index].isWrite && history.operations[index].begin > quiet {
            last[history.operations[index].client] = index
        }
        return last.compactMap(\.self)
    }
}
