import Messages

/// Judges whether one order of all operations explains every answer.
package struct OrderCheck<Model: SequentialModel>: Sendable {
    package typealias Log = History<Model.Request, Model.Response>

    package let model: Model
    /// `linearizable` or `sequential`.
    package let consistency: Consistency
    package let limits: CheckLimits

    package init(_ consistency: Consistency, of model: Model, limits: CheckLimits = CheckLimits()) {
        precondition(consistency == .linearizable || consistency == .sequential)
        (self.consistency, self.model, self.limits) = (consistency, model, limits)
    }

    /// Linearizability is judged key by key (Herlihy and Wing's locality), sequential consistency only as a whole.
    ///
    /// - Returns: `holds` with an order that was checked against the model once more, `violated` with an explanation, or
    ///   `unknown` with the limit that was reached.
    package func judge(_ history: Log) -> HistoryJudgement {
        var effort = Effort(limits)
        var orders: [[Int]] = []
        var stopped: Bound?
        for positions in parts(of: history) {
            let part = Part(history, positions, model, isRealTime: consistency == .linearizable)
            switch part.search(&effort) {
            case .found(let order): orders.append(order)
            case .stopped(let bound): stopped = bound
            case .impossible(let longest):
                var explainer = Explainer(part: part, effort: effort)
                let impossibility = explainer.explain(longest: longest)
                var judgement = violation(impossibility, in: history)
                judgement.placements = explainer.effort.placements
                return judgement
            }
        }
        var judgement = HistoryJudgement(consistency)
        judgement.placements = effort.placements
        if let stopped {
            judgement.verdict = .unknown(stopped)
            return judgement
        }
        let order = merged(orders, of: history)
        precondition(explains(order, history), "the search for an order found one that explains nothing: \(order)")
        judgement.evidence = .order(order)
        return judgement
    }

    /// Positions of operations that can be judged by themselves, smaller parts first.
    private func parts(of history: Log) -> [[Int]] {
        let all = Array(history.operations.indices)
        guard consistency == .linearizable else { return [all] }
        var numberOfKey: [String: Int] = [:]  // Only looked up.
        var parts: [[Int]] = []
        for position in all {
            guard let key = model.key(of: history.operations[position].request) else { return [all] }
            let number = numberOfKey[key] ?? parts.count
            if number == parts.count {
                numberOfKey[key] = number
                parts.append([])
            }
            parts[number].append(position)
        }
        return parts.enumerated().sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }
            .map(\.element)
    }

    /// One order of all from one of each key: each operation as early as its own key allows.
    private func merged(_ orders: [[Int]], of history: Log) -> [Int] {
        guard orders.count > 1 else { return orders.first ?? [] }
        var moments: [(moment: Int, position: Int)] = []
        for order in orders {
            var moment = -1
            for position in order {
                moment = max(moment, history.operations[position].begin)
                moments.append((moment, position))
            }
        }
        // Moments are places of calls, so equal ones belong to one key, whose order stays.
        return moments.enumerated().sorted { ($0.element.moment, $0.offset) < ($1.element.moment, $1.offset) }
            .map(\.element.position)
    }

    private func violation(_ impossibility: Impossibility, in history: Log) -> HistoryJudgement {
        let culprit = history.operations[impossibility.culprit]
        let problem = HistoryMessages.fitsNowhere(
            history.clients[culprit.client], model.text(of: culprit),
            others: impossibility.core.count - 1, isMinimal: impossibility.isMinimal,
            isRealTime: consistency == .linearizable)
        return HistoryJudgement(consistency).violated(problem, .impossible(impossibility))
    }

    // MARK: The order, once more

    /// True where `order` holds each operation at most once and each with an answer exactly once, respects real time, or
    /// each client's order, and the model gives these very answers. Shares nothing with the search.
    ///
    /// - Complexity: O(*n*) calls of the model.
    package func explains(_ order: [Int], _ history: Log) -> Bool {
        let operations = history.operations
        var isPlaced = Array(repeating: false, count: operations.count)
        var latestBegin = Array(repeating: -1, count: consistency == .linearizable ? 1 : history.clients.count)
        var state = model.initial
        for position in order {
            guard operations.indices.contains(position), !isPlaced[position] else { return false }
            isPlaced[position] = true
            let operation = operations[position]
            let lane = consistency == .linearizable ? 0 : operation.client
            if let end = operation.end, end < latestBegin[lane] { return false }
            latestBegin[lane] = max(latestBegin[lane], operation.begin)
            let response = model.apply(operation.request, to: &state)
            if let wanted = operation.response, wanted != response { return false }
        }
        return operations.indices.allSatisfy { isPlaced[$0] || operations[$0].end == nil }
    }
}

extension SequentialModel {
    /// "read → 3"; an answer that nobody knows is a question mark.
    package func text(of operation: History<Request, Response>.Operation) -> String {
        let asked = text(of: operation.request)
        if let response = operation.response { return "\(asked) → \(text(of: response))" }
        return "\(asked) → \(operation.end == nil ? "?" : "…")"
    }
}

/// Operations that are judged by themselves, in numbers.
struct Part {
    /// Positions in the history.
    let positions: [Int]
    private let items: [PlacementSearch.Item]
    /// What each item is when its answer is unknown.
    private let openActions: [Int32]
    private let table: TransitionTable
    let isRealTime: Bool

    init<Model: SequentialModel>(
        _ history: History<Model.Request, Model.Response>, _ positions: [Int], _ model: Model, isRealTime: Bool
    ) {
        let coder = ModelCoder(model)
        self.positions = positions
        self.isRealTime = isRealTime
        table = coder.table()
        items = positions.map {
            let operation = history.operations[$0]
            return PlacementSearch.Item(
                lane: isRealTime ? 0 : operation.client, begin: operation.begin, end: operation.end,
                action: coder.action(operation.request, operation.end == nil ? nil : operation.response),
                isObservation: operation.response.map { model.isObservation(operation.request, answered: $0) } ?? false)
        }
        openActions = positions.map { coder.action(history.operations[$0].request, nil) }
    }

    var count: Int { items.count }
    func end(_ index: Int) -> Int? { items[index].end }
    func begin(_ index: Int) -> Int { items[index].begin }

    /// An order of all, as positions in the history.
    func search(_ effort: inout Effort) -> PlacementSearch.Result {
        located(search(keeping: { _ in true }, &effort))
    }

    /// The same result with positions in the history.
    func located(_ result: PlacementSearch.Result) -> PlacementSearch.Result {
        switch result {
        case .found(let order): .found(order.map { positions[$0] })
        case .impossible(let longest): .impossible(longest: longest.map { positions[$0] })
        case .stopped: result
        }
    }

    /// A search in which the answers of some items are taken for unknown, as if they had not come.
    ///
    /// - Parameters:
    ///   - keeping: whether the answer of an item counts.
    ///   - place: operations that began later are left out.
    /// - Returns: indices of items.
    func search(
        keeping: (Int) -> Bool, through place: Int = .max, _ effort: inout Effort
    ) -> PlacementSearch.Result {
        var (weakened, indices): ([PlacementSearch.Item], [Int]) = ([], [])
        for index in items.indices where items[index].begin <= place {
            var item = items[index]
            if item.end != nil, !keeping(index) {
                item.end = nil
                item.action = openActions[index]
            }
            weakened.append(item)
            indices.append(index)
        }
        var search = PlacementSearch(weakened, table: table)
        switch search.run(&effort) {
        case .found(let order): return .found(order.map { indices[$0] })
        case .impossible(let longest): return .impossible(longest: longest.map { indices[$0] })
        case .stopped(let bound): return .stopped(bound)
        }
    }
}
