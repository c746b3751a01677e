package import Messages
import StateMachines

/// What a rule says about one record.
package enum RuleVerdict: Hashable, Sendable {
    case passed(LocalizedText)
    /// A fact, however long anything took; `at` is the entry that broke the rule, to be framed on the diagram.
    case failed(LocalizedText, at: Int?)
    /// Something did not happen within its bound, or might have happened otherwise had somebody been faster.
    case late(LocalizedText, at: Int?)
}

extension RuleID {
    /// Judges the record of this rule's own scenario. A function of the record alone.
    package func judge(_ record: JudgeRecord) -> RuleVerdict {
        switch self {
        case .makesProgress: record.judgeProgress()
        case .mutualExclusion: record.judgeExclusion()
        case .oneLeader: record.judgeLeaders()
        case .fairOrder: record.judgeOrder()
        case .timeoutLeavesNothing: record.judgeTimeout()
        case .releasesOnExpiry: record.judgeExpiry()
        case .takeoverWithin: record.judgeTakeover()
        case .noHerd: record.judgeHerd()
        case .survivesConnectionLoss: record.judgeLostReply()
        case .noOrphanNodes: record.judgeOrphans()
        case .fencingTokenRises: record.judgeFencing()
        }
    }
}

extension JudgeRecord {
    var enterAction: ControlCommand.Action { kind == .lock ? .acquire : .lead }
    var leaveAction: ControlCommand.Action { kind == .lock ? .release : .resign }

    private func bound(_ timeouts: UInt64) -> Tick { sessionTimeout * timeouts }

    // MARK: Turns

    /// Fails unless every commanded program got in.
    private func missingTurn() -> RuleVerdict? {
        for entry in entries {
            guard case .commanded(let command) = entry.fact, command.action == enterAction, let program = entry.program
            else { continue }
            if entrance(of: program, after: entry.order) == nil { return missedTurn(of: program) }
        }
        return nil
    }

    private func missedTurn(of program: String) -> RuleVerdict {
        var sentences = [JudgementMessages.neverEntered(program, seconds(bound(RuleBound.entrance)))]
        for entry in entries where entry.program == program {
            switch entry.fact {
            case .replied(let reply) where !reply.ok:
                sentences.append(JudgementMessages.saidError(program, reply.text ?? reply.error ?? "?"))
            case .ended(let status): sentences.append(JudgementMessages.ended(program, status.text))
            default: continue
            }
        }
        return .late(.joined(sentences), at: entries.last { $0.program == program }?.order)
    }

    func judgeProgress() -> RuleVerdict {
        let commanded = programs.filter { command(enterAction, to: $0) != nil }
        if let missing = missingTurn() { return missing }
        guard commanded == programs else { return missedTurn(of: programs.first { !commanded.contains($0) } ?? "?") }
        return .passed(JudgementMessages.allEntered(programs.joined(separator: ", ")))
    }

    // MARK: Exclusion

    func judgeExclusion() -> RuleVerdict {
        let stays = self.stays
        for (index, later) in stays.enumerated() {
            for earlier in stays[..<index] where earlier.program != later.program {
                guard earlier.end.map({ $0.order > later.entrance.order }) ?? true else { continue }
                let held = liveSessions(of: earlier.program, at: earlier.entrance.order)
                let alive = liveSessions(of: earlier.program, at: later.entrance.order)
                guard !held.isDisjoint(with: alive) else { continue }
                return .failed(
                    JudgementMessages.bothInside(earlier.program, later.program, seconds(later.entrance.time)),
                    at: later.entrance.order)
            }
        }
        guard Set(stays.map(\.program)).count >= 2 else { return .late(JudgementMessages.tooFewStays, at: nil) }
        return .passed(JudgementMessages.neverTwo(stays.count))
    }

    func judgeLeaders() -> RuleVerdict {
        let verdict = judgeExclusion()
        guard case .passed(let text) = verdict, let late = latecomer(after: .isolate) else { return verdict }
        if let accepted = late.requests.first(where: { $0.isAcceptedRequest }) {
            return .failed(JudgementMessages.cutOffWork(late.program, after: late.newer.program), at: accepted.order)
        }
        guard !late.requests.isEmpty else { return verdict }
        return .passed(.joined([text, JudgementMessages.cutOffRefused(late.program, after: late.newer.program)]))
    }

    /// A program that was stopped or cut off until another took its place, and all that it asked of the resource afterwards
    /// with a token no newer than that of the other.
    private func latecomer(after fault: JudgeFault) -> (program: String, newer: Stay, requests: [Entry])? {
        guard let event = self.fault(fault), let program = event.program,
            let newer = stays.first(where: { $0.entrance.order > event.order && $0.program != program })
        else { return nil }
        let requests = entries.dropFirst(newer.entrance.order).filter { entry in
            guard entry.program == program, case .resource(let exchange) = entry.fact else { return false }
            return exchange.request.map { $0.token <= newer.token } ?? false
        }
        return (program, newer, requests)
    }

    // MARK: Order

    func judgeOrder() -> RuleVerdict {
        let asked = entries.compactMap { entry -> String? in
            guard case .commanded(let command) = entry.fact, command.action == enterAction else { return nil }
            return entry.program
        }
        let stays = self.stays
        for (position, program) in asked.enumerated() {
            guard position < stays.count else { return missedTurn(of: program) }
            guard stays[position].program == program else {
                return .late(
                    JudgementMessages.overtaken(program, by: stays[position].program),
                    at: stays[position].entrance.order)
            }
        }
        guard asked.count >= 2 else { return .late(JudgementMessages.tooFewStays, at: nil) }
        return .passed(JudgementMessages.inOrder(asked.joined(separator: ", ")))
    }

    // MARK: Time limits

    func judgeTimeout() -> RuleVerdict {
        guard let attempt = first(where: { $0.isCommand(.tryAcquire) }), let program = attempt.program,
            case .commanded(let command) = attempt.fact
        else { return .late(JudgementMessages.tooFewStays, at: nil) }
        let limit = Tick.milliseconds(UInt64(command.milliseconds ?? 0))
        guard let reply = reply(of: program, after: attempt.order),
            reply.time - attempt.time <= limit + bound(RuleBound.timeout)
        else {
            return .late(
                JudgementMessages.noAnswerInTime(program, seconds(limit), seconds(bound(RuleBound.timeout))), at: nil)
        }
        guard let release = first(after: reply.order, where: { $0.isCommand(.release) }) else {
            return .late(JudgementMessages.tooFewStays, at: nil)
        }
        if let node = nodes(at: release.order).first(where: { $0.program == program }) {
            return .failed(JudgementMessages.leftNode(program, node.path), at: reply.order)
        }
        let second = first(after: attempt.order) { $0.program == program && $0.isCommand(.tryAcquire) }
        if let early = entrance(of: program, after: attempt.order), early.entrance.order < second?.order ?? .max {
            return .late(JudgementMessages.enteredLate(program), at: early.entrance.order)
        }
        if let missing = missingTurn() { return missing }
        guard let second, entrance(of: program, after: second.order) != nil else {
            return .late(JudgementMessages.freeButRefused(program), at: second?.order)
        }
        return .passed(JudgementMessages.nothingLeft)
    }

    // MARK: Death of the holder

    func judgeExpiry() -> RuleVerdict {
        switch successor(of: .fault(.kill), saying: JudgementMessages.killed, within: RuleBound.takeover) {
        case .failure(let verdict): verdict
        case .success(let program, let time): .passed(JudgementMessages.tookOver(program, seconds(time)))
        }
    }

    func judgeTakeover() -> RuleVerdict {
        let killed: Tick
        switch successor(of: .fault(.kill), saying: JudgementMessages.killed, within: RuleBound.takeover) {
        case .failure(let verdict): return verdict
        case .success(_, let time): killed = time
        }
        switch successor(of: nil, saying: JudgementMessages.left, within: RuleBound.handover) {
        case .failure(let verdict): return verdict
        case .success(_, let time):
            return .passed(JudgementMessages.tookOverAndHandedOver(seconds(killed), seconds(time)))
        }
    }

    private enum Succession {
        case success(String, Tick)
        case failure(RuleVerdict)
    }

    /// The first stay after an event: `fact`, or where that is `nil` the last command to leave.
    private func successor(
        of fact: Fact?, saying describe: (String) -> LocalizedText, within timeouts: UInt64
    ) -> Succession {
        let event = fact.map { fact in first { $0.fact == fact } } ?? entries.last { $0.isCommand(leaveAction) }
        guard let event, let leaver = event.program else {
            return .failure(missingTurn() ?? missedTurn(of: programs[0]))
        }
        guard let next = stays.first(where: { $0.entrance.order > event.order && $0.program != leaver }) else {
            return .failure(
                .late(
                    JudgementMessages.noSuccessor(after: describe(leaver), seconds(bound(timeouts))), at: event.order))
        }
        let time = next.entrance.time - event.time
        guard time <= bound(timeouts) else {
            return .failure(
                .late(
                    JudgementMessages.tooSlow(after: describe(leaver), next.program, seconds(time)),
                    at: next.entrance.order))
        }
        return .success(next.program, time)
    }

    // MARK: Herd

    /// What each hand-over cost: watch events, and requests of everybody but the one who left.
    package var handoverCosts: [Int] {
        var costs: [Int] = []
        var leaver: String?
        for entry in entries {
            if entry.isCommand(leaveAction) {
                leaver = entry.program
                costs.append(0)
            }
            guard let leaver, entry.program != nil, entry.program != leaver else { continue }
            switch entry.fact {
            case .sent(let talk) where talk.kind == .request || talk.kind == .event: costs[costs.count - 1] += 1
            default: continue
            }
        }
        return costs
    }

    func judgeHerd() -> RuleVerdict {
        let waiters = programs.count - 1
        let handovers = stays.count - 1
        guard handovers >= waiters, waiters >= RuleBound.herdWaiters else {
            return .late(JudgementMessages.handoversMissing(max(0, handovers)), at: nil)
        }
        let costs = Array(handoverCosts.prefix(waiters))
        // Medians, because one reconnection on a busy machine must not look like a herd.
        func median(_ costs: some Sequence<Int>) -> Int {
            let sorted = costs.sorted()
            return sorted[(sorted.count - 1) / 2]
        }
        let split = waiters - RuleBound.herdWaiters + 1
        let (many, few) = (median(costs[..<split]), median(costs[split...]))
        let text = JudgementMessages.herdCost(costs.map(String.init).joined(separator: ", "), many: many, few: few)
        // The median of the first hand-overs has three waiters more than that of the last ones.
        guard many <= RuleBound.herdBudget, many - few < 3 else {
            return .late(text, at: first { $0.isCommand(leaveAction) }?.order)
        }
        return .passed(text)
    }

    // MARK: Broken connections

    func judgeLostReply() -> RuleVerdict {
        guard let lost = first(where: { $0.isLoss }), let program = lost.program else {
            return missingTurn() ?? .late(JudgementMessages.faultDidNotHappen(programs[1], "create"), at: nil)
        }
        return judgeTurns(after: lost, saying: JudgementMessages.lostReply(program))
            ?? .passed(JudgementMessages.survived)
    }

    func judgeOrphans() -> RuleVerdict {
        guard let lost = first(where: { $0.isLoss }), let program = lost.program else {
            return missingTurn() ?? .late(JudgementMessages.faultDidNotHappen(programs[0], "delete"), at: nil)
        }
        if let failure = judgeTurns(after: lost, saying: JudgementMessages.lostRequest(program)) { return failure }
        let left = nodes(at: entries.count)
        guard left.isEmpty else {
            return .late(JudgementMessages.nodesLeft(left.map(\.path).joined(separator: ", ")), at: lost.order)
        }
        return .passed(JudgementMessages.cleanedUp)
    }

    /// Fails unless everybody who asked got in, in time after `event`.
    private func judgeTurns(after event: Entry, saying description: LocalizedText) -> RuleVerdict? {
        guard case .late(let missing, let place)? = missingTurn() else { return nil }
        return .late(.joined([description.sentence, missing]), at: place ?? event.order)
    }

    // MARK: Fencing

    func judgeFencing() -> RuleVerdict {
        var highest: Int64 = -1
        for stay in stays {
            guard stay.token > highest else {
                return .failed(
                    JudgementMessages.tokenNotRising(stay.program, stay.token, after: highest), at: stay.entrance.order)
            }
            highest = stay.token
            let own = nodes(at: stay.entrance.order).contains { $0.zxid == stay.token && $0.program == stay.program }
            guard own else {
                return .failed(JudgementMessages.tokenNotOwn(stay.program, stay.token), at: stay.entrance.order)
            }
        }
        guard let late = latecomer(after: .pause) else {
            return missingTurn() ?? .late(JudgementMessages.tooFewStays, at: nil)
        }
        guard !late.requests.isEmpty else {
            return .late(JudgementMessages.staleNotTried, at: late.newer.entrance.order)
        }
        if let accepted = late.requests.first(where: { $0.isAcceptedRequest }) {
            return .failed(JudgementMessages.staleWork(late.program, after: late.newer.program), at: accepted.order)
        }
        let tokens = stays.map { String($0.token) }.joined(separator: ", ")
        return .passed(JudgementMessages.staleRefused(late.program, tokens: tokens))
    }
}

extension JudgeRecord.Entry {
    func isCommand(_ action: ControlCommand.Action) -> Bool {
        guard case .commanded(let command) = fact else { return false }
        return command.action == action
    }

    /// A request that the resource accepted.
    var isAcceptedRequest: Bool {
        guard case .resource(let exchange) = fact else { return false }
        return exchange.answer == .ok
    }

    /// A request or reply that the proxy lost on purpose.
    var isLoss: Bool {
        switch fact {
        case .fault(.loseReply), .fault(.loseRequest): true
        default: false
        }
    }
}

extension LocalizedText {
    /// Sentences one after another: with a space in English, without in Chinese.
    static func joined(_ sentences: [LocalizedText]) -> LocalizedText {
        LocalizedText(
            sentences.map(\.english).joined(separator: " "), zh: sentences.map(\.chinese).joined())
    }

    /// The clause as a sentence of its own.
    var sentence: LocalizedText { LocalizedText(english + ".", zh: chinese + "。") }
}
