import StateMachines

/// What a node says that was down: enough, with the others', to decide when everybody was.
struct Recovery: Hashable, Sendable, CanonicalEncodable {
    var node: NodeID
    var prepared: Outcome?
    /// Those it did not know to have failed; sorted.
    var operational: [NodeID]

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(node)
        encoder.encode(prepared)
        encoder.encode(operational)
    }
}

// MARK: - When the coordinator is silent

extension ThreePhaseCommitNode {
    mutating func onSilence(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = manager.index(of: transaction) else { return }
        switch manager.transactions[index].phase {
        case .uncertain, .buffered: break
        case .preparing, .buffering: return  // Waits for its own disk first.
        case .deciding, .decided: preconditionFailure("nobody waits for a coordinator in \(transactions[index])")
        }
        switch configuration.termination {
        case .alone: decideAlone(index, &effects)
        case .elected:
            suspect([configuration.coordinator(of: manager.transactions[index].round)], index, &effects)
            turnToNextCoordinator(index, &effects)
        case .quorum: turnToNextCoordinator(index, &effects)
        }
    }

    private mutating func decideAlone(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        if manager.transactions[index].phase.prepared == .commit {
            effects.append(.announce(.noted("no DO-COMMIT: commit alone")))
            conclude(.commit, index, &effects)
        } else {
            effects.append(.announce(.noted("no PRE-COMMIT: abort alone")))
            conclude(.abort, index, &effects)
        }
    }

    /// Takes nodes for failed, for good.
    mutating func suspect(_ nodes: [NodeID], _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        guard nodes.contains(where: manager.transactions[index].operational.contains) else { return }
        manager.transactions[index].operational.removeAll { nodes.contains($0) }
        let transaction = manager.transactions[index]
        effects.append(.persist(.operational(transaction.id, transaction.operational), forced: false))
    }

    private mutating func turnToNextCoordinator(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = manager.transactions[index]
        var round = transaction.round + 1
        while !transaction.operational.contains(configuration.coordinator(of: round)) { round += 1 }
        let coordinator = configuration.coordinator(of: round)
        guard coordinator != id else { return follow(round, index, &effects) }
        manager.transactions[index].round = round
        effects.append(.send(.elect(transaction.id, round: round), to: coordinator))
        awaitNextRound(index, &effects)
    }

    /// With quorums there may be none for long, and waiting gets more patient.
    mutating func awaitNextRound(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        guard configuration.termination == .quorum else { return awaitCoordinator(index, &effects) }
        let wait = configuration.timeouts.decision + manager.nextWait(index, configuration.timeouts)
        effects.append(.setTimer(.silence(manager.transactions[index].id), after: wait))
    }

    /// Obeys the coordinator of a round, which may be itself, and no earlier one.
    private mutating func follow(_ round: UInt16, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        stopCoordinating(index, &effects)
        manager.transactions[index].round = round
        guard configuration.termination == .quorum else { return proceed(index, &effects) }
        effects.append(.persist(.following(manager.transactions[index].id, round: round), forced: true))
    }

    /// Coordinates its round, or says where it stands to who does.
    mutating func proceed(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = manager.transactions[index]
        switch transaction.phase {
        case .uncertain, .buffered: break
        case .buffering where configuration.termination != .quorum: break
        case .preparing, .buffering, .deciding, .decided: return  // The disk has not caught up, or has more to tell.
        }
        let coordinator = configuration.coordinator(of: transaction.round)
        guard coordinator != id else {
            effects.append(.cancelTimer(.silence(transaction.id)))
            return askForStates(index, &effects)
        }
        effects.append(
            .send(
                .state(
                    transaction.id, round: transaction.round, prepared: transaction.phase.prepared,
                    attempt: transaction.attempt), to: coordinator))
        awaitCoordinator(index, &effects)
    }

    mutating func onElected(
        _ transaction: TransactionID, round: UInt16, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = undecided(transaction, for: sender, &effects) else { return }
        guard configuration.coordinator(of: round) == id, round > manager.transactions[index].round,
            !manager.transactions[index].hasRecovered
        else { return }
        follow(round, index, &effects)
    }

    mutating func onStateRequested(
        _ transaction: TransactionID, round: UInt16, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = undecided(transaction, for: sender, &effects) else { return }
        guard round >= manager.transactions[index].round, !manager.transactions[index].hasRecovered else { return }
        follow(round, index, &effects)
    }

    /// The transaction that somebody asks about, where its YES is out and nothing is decided. Otherwise the sender is
    /// told the outcome; before the YES is out that is abort, for good.
    private mutating func undecided(
        _ transaction: TransactionID, for sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) -> Int? {
        let index = manager.index(of: transaction) ?? insert(transaction)
        switch manager.transactions[index].phase {
        case .preparing:
            addAsker(sender, index)
            conclude(.abort, index, &effects)
        case .deciding: addAsker(sender, index)
        case .decided(let outcome): effects.append(.send(.decision(transaction, outcome), to: sender))
        case .uncertain, .buffering, .buffered: return index
        }
        return nil
    }
}

// MARK: - Restart

extension ThreePhaseCommitNode {
    mutating func onRecovered(_ log: [ThreePhaseRecord], _ effects: inout EffectBuffer<Effect>) {
        for record in log { recover(record, &effects) }
        for index in manager.transactions.indices {
            switch manager.transactions[index].phase {
            case .uncertain, .buffered: break
            case .preparing, .buffering, .deciding: preconditionFailure("\(transactions[index]) after a restart")
            case .decided: continue
            }
            // With quorums nothing that is on disk is ever too old.
            if configuration.termination == .quorum || configuration.mutation == .forgetsItWasDown {
                awaitCoordinator(index, &effects)
            } else {
                manager.transactions[index].hasRecovered = true
                inquire(index, &effects)
            }
        }
    }

    private mutating func recover(_ record: ThreePhaseRecord, _ effects: inout EffectBuffer<Effect>) {
        switch record {
        case .prepared(let transaction, let changes):
            let index = manager.recover(transaction, changes)
            manager.transactions[index].operational = configuration.nodes
        case .buffered(let transaction, let outcome, let round):
            guard let index = manager.index(of: transaction) else { return }
            manager.transactions[index].phase = .buffered(outcome)
            manager.transactions[index].attempt = round
            manager.transactions[index].round = max(round, manager.transactions[index].round)
        case .following(let transaction, let round):
            guard let index = manager.index(of: transaction) else { return }
            manager.transactions[index].round = round
        case .operational(let transaction, let nodes):
            guard let index = manager.index(of: transaction) else { return }
            manager.transactions[index].operational = nodes
        case .decided(let transaction, let outcome):
            finish(outcome, manager.index(of: transaction) ?? insert(transaction), &effects)
        }
    }

    private mutating func inquire(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = manager.transactions[index].id
        for node in configuration.nodes where node != id { effects.append(.send(.inquire(transaction), to: node)) }
        effects.append(.setTimer(.inquiry(transaction), after: manager.nextWait(index, configuration.timeouts)))
        if configuration.mutation == .ignoresTheLastToFail { decideAfterTotalFailure(index, &effects) }
    }

    mutating func onInquiryUnanswered(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = manager.index(of: transaction) else { return }
        inquire(index, &effects)
    }

    mutating func onInquired(
        _ transaction: TransactionID, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = undecided(transaction, for: sender, &effects) else { return }
        // Who was never down will know the outcome in time; the other asks again.
        guard manager.transactions[index].hasRecovered else { return }
        let own = recovery(index)
        effects.append(
            .send(.recovering(transaction, prepared: own.prepared, operational: own.operational), to: sender))
    }

    private func recovery(_ index: Int) -> Recovery {
        let transaction = manager.transactions[index]
        return Recovery(node: id, prepared: transaction.phase.prepared, operational: transaction.operational)
    }

    mutating func onRecovering(
        _ transaction: TransactionID, _ recovery: Recovery, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = manager.index(of: transaction), manager.transactions[index].hasRecovered else { return }
        switch manager.transactions[index].phase {
        case .uncertain, .buffered: break
        case .preparing, .buffering, .deciding, .decided: return
        }
        manager.transactions[index].recoveries.removeAll { $0.node == recovery.node }
        let place = manager.transactions[index].recoveries.firstIndex { $0.node > recovery.node }
        manager.transactions[index].recoveries.insert(
            recovery, at: place ?? manager.transactions[index].recoveries.count)
        decideAfterTotalFailure(index, &effects)
    }

    /// Decides when those who are back include the last to fail: nobody outside of them can have decided unseen.
    private mutating func decideAfterTotalFailure(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let back = manager.transactions[index].recoveries + [recovery(index)]
        let last: [Recovery]
        if configuration.mutation == .ignoresTheLastToFail {
            last = back
        } else {
            let closed = back.compactMap { Self.closure(of: $0, in: back) }
            guard let smallest = closed.min(by: { $0.count < $1.count }) else { return }
            last = smallest
        }
        effects.append(.announce(.noted("the last to fail are back")))
        conclude(last.contains { $0.prepared == .commit } ? .commit : .abort, index, &effects)
    }

    /// A node with all it held to be alive, and all that these held to be alive, and so on; `nil` unless all are back.
    ///
    /// Everybody held the very last one to be alive, so that every such set contains its set: the smallest one.
    private static func closure(of first: Recovery, in back: [Recovery]) -> [Recovery]? {
        var (found, next) = ([first], 0)
        while next < found.count {
            for node in found[next].operational where !found.contains(where: { $0.node == node }) {
                guard let other = back.first(where: { $0.node == node }) else { return nil }
                found.append(other)
            }
            next += 1
        }
        return found
    }
}
