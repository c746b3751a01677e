package import StateMachines

/// What a coordinator waits for, the first one or an elected one.
package struct Coordination: Hashable, Sendable, CanonicalEncodable {
    enum Stage: Hashable, Sendable {
        /// → `acknowledgements` on the last YES; the transaction is aborted on a NO or a timeout.
        case votes
        /// Elected. → `acknowledgements`, or a decision, when the states seen are enough.
        case states
        /// Everybody is to enter the buffer state. → decision.
        case acknowledgements(Outcome)
    }

    /// Where another node says it stands.
    struct State: Hashable, Sendable, CanonicalEncodable {
        var node: NodeID
        var prepared: Outcome?
        var attempt: UInt16

        func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(node)
            encoder.encode(prepared)
            encoder.encode(attempt)
        }
    }

    var stage: Stage
    /// Who has answered, sorted; what they said matters where states are asked for.
    var answers: [State] = []
    /// Who has voted NO, and needs to be told nothing.
    var refusing: NodeID?

    init(_ stage: Stage) { self.stage = stage }

    var answered: [NodeID] { answers.map(\.node) }

    mutating func add(_ answer: State) {
        guard !answered.contains(answer.node) else { return }  // A second copy.
        answers.insert(answer, at: answers.firstIndex { $0.node > answer.node } ?? answers.count)
    }

    func timer(_ transaction: TransactionID) -> ThreePhaseTimer {
        switch stage {
        case .votes: .votes(transaction)
        case .states: .states(transaction)
        case .acknowledgements: .acknowledgements(transaction)
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch stage {
        case .votes: encoder.encode(tag: 1)
        case .states: encoder.encode(tag: 2)
        case .acknowledgements(let outcome):
            encoder.encode(tag: 3)
            encoder.encode(outcome)
        }
        encoder.encode(answers)
        encoder.encode(refusing)
    }
}

extension ThreePhaseCommitNode {
    private mutating func coordinate(_ stage: Coordination.Stage, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let coordination = Coordination(stage)
        manager.transactions[index].coordination = coordination
        effects.append(
            .setTimer(coordination.timer(manager.transactions[index].id), after: configuration.timeouts.votes))
    }

    mutating func stopCoordinating(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        guard let coordination = manager.transactions[index].coordination else { return }
        effects.append(.cancelTimer(coordination.timer(manager.transactions[index].id)))
        manager.transactions[index].coordination = nil
    }

    /// The transaction of a coordinator's answer, where it is still at this stage.
    private func index(
        of transaction: TransactionID, at isStage: (Coordination.Stage) -> Bool
    ) -> Int? {
        guard let index = manager.index(of: transaction),
            let coordination = manager.transactions[index].coordination, isStage(coordination.stage)
        else { return nil }
        switch manager.transactions[index].phase {
        case .preparing, .uncertain, .buffering, .buffered: return index
        case .deciding, .decided: return nil  // Too late to matter.
        }
    }

    private func silent(_ index: Int) -> [NodeID] {
        let answered = manager.transactions[index].coordination?.answered ?? []
        return others(index).filter { !answered.contains($0) }
    }

    /// Whether these others and itself are enough to decide, where a quorum is asked for.
    private func isQuorum(_ others: [NodeID]) -> Bool {
        configuration.mutation == .decidesWithoutQuorum || others.count + 1 >= configuration.majority
    }
}

// MARK: - Votes

extension ThreePhaseCommitNode {
    mutating func askForVotes(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        guard let plan = manager.transactions[index].plan else { preconditionFailure("\(id) asks for nothing") }
        for assignment in plan.assignments {
            effects.append(
                .send(.canCommit(plan.transaction, assignment.operations), to: assignment.participant))
        }
        coordinate(.votes, index, &effects)
    }

    mutating func onVote(
        _ transaction: TransactionID, _ vote: Vote, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction, at: { $0 == .votes }) else { return }
        switch vote {
        case .yes, .readOnly:
            manager.transactions[index].coordination?.add(.init(node: sender, prepared: nil, attempt: 0))
            if silent(index).isEmpty { everyoneVotedYes(index, &effects) }
        case .no:
            manager.transactions[index].coordination?.refusing = sender
            effects.append(.announce(.phaseEnded("voting")))
            conclude(.abort, index, &effects)
        }
    }

    private mutating func everyoneVotedYes(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.cancelTimer(.votes(manager.transactions[index].id)))
        effects.append(.announce(.phaseEnded("voting")))
        if configuration.mutation == .skipsBufferState {
            conclude(.commit, index, &effects)
        } else {
            buffer(.commit, index, &effects)
        }
    }

    mutating func onVotesMissing(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = index(of: transaction, at: { $0 == .votes }) else { return }
        if configuration.mutation == .countsSilenceAsYes { return everyoneVotedYes(index, &effects) }
        effects.append(.announce(.phaseEnded("voting")))
        effects.append(.announce(.noted("votes are missing: abort")))
        conclude(.abort, index, &effects)
    }
}

// MARK: - Acknowledgements of the buffer state

extension ThreePhaseCommitNode {
    /// In the buffer state itself, leads everybody else there.
    mutating func spread(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let (transaction, round) = (manager.transactions[index].id, manager.transactions[index].round)
        for node in others(index) {
            effects.append(.send(.prepare(transaction, for: outcome, round: round), to: node))
        }
        coordinate(.acknowledgements(outcome), index, &effects)
        if others(index).isEmpty { conclude(outcome, index, &effects) }
    }

    mutating func onAcknowledged(
        _ transaction: TransactionID, round: UInt16, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction, at: { if case .acknowledgements = $0 { true } else { false } }),
            manager.transactions[index].round == round,
            case .acknowledgements(let outcome)? = manager.transactions[index].coordination?.stage
        else { return }
        manager.transactions[index].coordination?.add(.init(node: sender, prepared: outcome, attempt: round))
        let answered = manager.transactions[index].coordination?.answered ?? []
        switch configuration.termination {
        case .alone, .elected:
            if silent(index).isEmpty { conclude(outcome, index, &effects) }
        case .quorum:
            if isQuorum(answered) { conclude(outcome, index, &effects) }
        }
    }

    mutating func onAcknowledgementsMissing(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = index(of: transaction, at: { if case .acknowledgements = $0 { true } else { false } }),
            case .acknowledgements(let outcome)? = manager.transactions[index].coordination?.stage
        else { return }
        switch configuration.termination {
        case .alone where configuration.abortsWithoutAcknowledgement:
            effects.append(.announce(.noted("an ACK is missing: abort")))
            conclude(.abort, index, &effects)
        case .alone:
            effects.append(.announce(.noted("an ACK is missing: commit all the same")))
            conclude(outcome, index, &effects)
        case .elected:
            suspect(silent(index), index, &effects)
            conclude(outcome, index, &effects)
        case .quorum:
            if configuration.mutation == .decidesWithoutQuorum { return conclude(outcome, index, &effects) }
            waitForQuorum(index, &effects)
        }
    }

    private mutating func waitForQuorum(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.announce(.noted("no quorum: wait")))
        stopCoordinating(index, &effects)
        awaitNextRound(index, &effects)
    }
}

// MARK: - States

extension ThreePhaseCommitNode {
    mutating func askForStates(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let (transaction, round) = (manager.transactions[index].id, manager.transactions[index].round)
        for node in others(index) { effects.append(.send(.stateRequest(transaction, round: round), to: node)) }
        coordinate(.states, index, &effects)
        if others(index).isEmpty { decideFromStates(index, &effects) }
    }

    mutating func onState(
        _ transaction: TransactionID, _ state: Coordination.State, round: UInt16,
        _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction, at: { $0 == .states }), manager.transactions[index].round == round
        else { return }
        manager.transactions[index].coordination?.add(state)
        if silent(index).isEmpty { decideFromStates(index, &effects) }
    }

    mutating func onStatesMissing(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = index(of: transaction, at: { $0 == .states }) else { return }
        switch configuration.termination {
        case .alone: preconditionFailure("nobody is elected where everyone decides alone")
        case .elected:
            suspect(silent(index), index, &effects)
            decideFromStates(index, &effects)
        case .quorum:
            guard isQuorum(manager.transactions[index].coordination?.answered ?? []) else {
                return waitForQuorum(index, &effects)
            }
            decideFromStates(index, &effects)
        }
    }

    /// TR3 and TR4: all uncertain, abort; somebody in the buffer state, lead everybody there. Who has decided (TR1, TR2)
    /// has answered with that.
    ///
    /// With quorums the latest attempt counts, and aborting needs a buffer state too.
    private mutating func decideFromStates(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = manager.transactions[index]
        var states = transaction.coordination?.answers ?? []
        states.append(.init(node: id, prepared: transaction.phase.prepared, attempt: transaction.attempt))
        let latest = states.filter { $0.prepared != nil }.max { ($0.attempt, $0.node) < ($1.attempt, $1.node) }
        stopCoordinating(index, &effects)
        switch (configuration.termination, latest?.prepared) {
        case (.quorum, let prepared):
            effects.append(
                .announce(.noted(prepared == .commit ? "somebody is pre-committed" : "nobody is pre-committed")))
            buffer(prepared ?? .abort, index, &effects)
        case (.alone, nil), (.elected, nil):
            effects.append(.announce(.noted("all are uncertain: abort")))
            manager.transactions[index].coordination = Coordination(.states)
            conclude(.abort, index, &effects)
        case (.alone, let outcome?), (.elected, let outcome?):
            effects.append(.announce(.noted("somebody is pre-committed")))
            guard configuration.mutation != .skipsRelay else {
                manager.transactions[index].coordination = Coordination(.states)
                return conclude(outcome, index, &effects)
            }
            buffer(outcome, index, &effects)
        }
    }
}
