import StateMachines

/// The scenario of each rule: what the judge makes happen. Whether the rule was kept, the record says.
struct Script {
    let stage: Stage
    let rule: RuleID
    private var random: SplitMix64

    init(stage: Stage, rule: RuleID, seed: UInt64) {
        self.stage = stage
        self.rule = rule
        random = SplitMix64(seed: seed, stream: rule.rawValue)
    }

    private var timeout: Tick { stage.sessionTimeout }
    private var programs: [String] { stage.programs }

    /// Plays the scenario as far as it can be played.
    mutating func play() async throws {
        switch rule {
        case .makesProgress: try await takeTurns()
        case .mutualExclusion: _ = try await loseAWaiterAndContend()
        case .oneLeader: if try await loseAWaiterAndContend() { try await cutOffLeader() }
        case .fairOrder: try await askInOrder()
        case .timeoutLeavesNothing: try await giveUp()
        case .releasesOnExpiry: try await killHolder()
        case .takeoverWithin: try await killLeaderAndResign()
        case .noHerd: try await handOverAlongTheQueue()
        case .survivesConnectionLoss: try await loseReplyOfCreate()
        case .noOrphanNodes: try await loseRequestOfDelete()
        case .fencingTokenRises: try await pauseHolder()
        }
    }

    // MARK: Scenarios

    private func takeTurns() async throws {
        guard try await enter(programs[0]) else { return }
        for (holder, next) in zip(programs, programs.dropFirst()) {
            try await ask(next)
            try await leave(holder)
            guard try await entered(next) else { return }
        }
        try await leave(programs[programs.count - 1])
    }

    /// All contend as fast as they can; then a waiter dies between the holder and another waiter.
    ///
    /// False if somebody did not get in in time.
    private mutating func loseAWaiterAndContend() async throws -> Bool {
        guard try await contend(rounds: 2) else { return false }
        let (holder, neighbour, last) = (programs[0], programs[1], programs[2])
        guard try await enter(holder) else { return false }
        try await ask(neighbour)
        try await ask(last)
        try await stage.inflict(.kill, on: neighbour)
        try await stage.wait(upTo: timeout * RuleBound.takeover) { record in
            record.liveSessions(of: neighbour, at: record.entries.count).isEmpty
        }
        try await stage.rest(timeout * 3, dividedBy: 10)
        try await leave(holder)
        guard try await entered(last) else { return false }
        try await leave(last)
        return true
    }

    /// A leader that cannot reach the server, but the resource, until another leads; then it tries to go on.
    private func cutOffLeader() async throws {
        let (leader, heir) = (programs[0], programs[2])
        guard try await enter(leader) else { return }
        try await ask(heir)
        try await stage.inflict(.isolate, on: leader)
        guard try await entered(heir, within: RuleBound.takeover) else { return }
        try await stage.inflict(.heal, on: leader)
        try await stage.command(leader, .work)
        _ = try await stage.answered(leader, within: timeout * RuleBound.entrance)
        // Once it is connected again it may want to lead on, while the other still leads.
        let isBack = try await stage.wait(upTo: timeout) { record in
            !record.liveSessions(of: leader, at: record.entries.count).isEmpty
        }
        if isBack { try await stage.rest(timeout, dividedBy: 2) }
        try await leave(heir)
    }

    /// False if somebody did not get in in time.
    private mutating func contend(rounds: Int) async throws -> Bool {
        var left = programs.map { _ in rounds - 1 }
        for program in programs { try await stage.command(program, stage.enterAction) }
        for number in 0..<(rounds * programs.count) {
            guard let holder = try await stage.entrance(number: number, within: timeout * RuleBound.entrance) else {
                return false
            }
            try await stage.rest(.milliseconds(random.uniform(in: 5...40)))
            try await leave(holder)
            guard let index = programs.firstIndex(of: holder), left[index] > 0 else { continue }
            left[index] -= 1
            try await stage.command(holder, stage.enterAction)
        }
        return true
    }

    /// First a plain queue; then the next in line is slow while a newcomer asks.
    private func askInOrder() async throws {
        let (first, second, third) = (programs[0], programs[1], programs[2])
        guard try await enter(first) else { return }
        try await ask(second)
        try await ask(third)
        try await leave(first)
        guard try await entered(second) else { return }
        try await leave(second)
        guard try await entered(third) else { return }
        try await ask(first)
        try await stage.inflict(.pause, on: first)
        try await leave(third)
        try await ask(second)
        try await stage.inflict(.resume, on: first)
        guard try await entered(first) else { return }
        try await leave(first)
        guard try await entered(second) else { return }
        try await leave(second)
    }

    private func giveUp() async throws {
        let (holder, impatient, next) = (programs[0], programs[1], programs[2])
        guard try await enter(holder) else { return }
        let limit = Int(timeout.microseconds / 3_000)
        try await stage.command(impatient, .tryAcquire, milliseconds: limit)
        let grace = Tick.milliseconds(UInt64(limit)) + timeout * RuleBound.timeout
        guard try await stage.answered(impatient, within: grace) else { return }
        try await stage.rest(timeout, dividedBy: 10)
        try await leave(holder)
        guard try await enter(next) else { return }
        try await leave(next)
        try await stage.command(impatient, .tryAcquire, milliseconds: Int(timeout.microseconds / 1_000))
        guard try await entered(impatient) else { return }
        try await leave(impatient)
    }

    private func killHolder() async throws {
        guard try await enter(programs[0]) else { return }
        try await ask(programs[1])
        try await stage.inflict(.kill, on: programs[0])
        guard try await entered(programs[1], within: RuleBound.takeover) else { return }
        try await leave(programs[1])
    }

    private func killLeaderAndResign() async throws {
        guard try await enter(programs[0]) else { return }
        try await ask(programs[1])
        try await ask(programs[2])
        try await stage.inflict(.kill, on: programs[0])
        guard let next = try await stage.entrance(number: 1, within: timeout * RuleBound.takeover) else { return }
        try await stage.command(next, stage.leaveAction)
        _ = try await stage.entrance(number: 2, within: timeout * (RuleBound.handover + 1))
    }

    private func handOverAlongTheQueue() async throws {
        guard try await enter(programs[0]) else { return }
        for program in programs.dropFirst() { try await ask(program) }
        var holder = programs[0]
        for number in 1..<programs.count {
            try await stage.command(holder, stage.leaveAction)
            guard let next = try await stage.entrance(number: number, within: timeout * RuleBound.entrance) else {
                return
            }
            try await stage.settle()
            holder = next
        }
    }

    private func loseReplyOfCreate() async throws {
        let (holder, unlucky, next) = (programs[0], programs[1], programs[2])
        guard try await enter(holder) else { return }
        try await stage.inflict(.loseReply(operation: "create"), on: unlucky)
        try await ask(unlucky)
        try await leave(holder)
        guard try await entered(unlucky, within: RuleBound.reconnection) else { return }
        try await leave(unlucky)
        guard try await enter(next) else { return }
        try await leave(next)
    }

    private func loseRequestOfDelete() async throws {
        let (unlucky, next) = (programs[0], programs[1])
        guard try await enter(unlucky) else { return }
        try await ask(next)
        try await stage.inflict(.loseRequest(operation: "delete"), on: unlucky)
        try await stage.command(unlucky, stage.leaveAction)
        guard try await entered(next, within: RuleBound.reconnection) else { return }
        try await leave(next)
        // Who leaves may be slow to tell the server; an orphan is what is still there after the bound.
        try await stage.wait(upTo: timeout * RuleBound.reconnection) { $0.nodes(at: $0.entries.count).isEmpty }
    }

    private func pauseHolder() async throws {
        let (first, sleeper, next) = (programs[0], programs[1], programs[2])
        guard try await enter(first) else { return }
        try await leave(first)
        guard try await enter(sleeper) else { return }
        try await ask(next)
        try await stage.inflict(.pause, on: sleeper)
        guard try await entered(next, within: RuleBound.takeover) else { return }
        try await stage.inflict(.resume, on: sleeper)
        try await stage.command(sleeper, .work)
        _ = try await stage.answered(sleeper, within: timeout * RuleBound.entrance)
        try await leave(next)
    }

    // MARK: Steps

    /// Asks and waits for the entrance; false if it does not come in time.
    private func enter(_ program: String) async throws -> Bool {
        try await stage.command(program, stage.enterAction)
        return try await entered(program)
    }

    /// Asks, and waits until the program has said all it has to say to the server for now.
    private func ask(_ program: String) async throws {
        try await stage.command(program, stage.enterAction)
        try await stage.settle(program)
    }

    /// Whether the program got in since it was last asked to, or does in time.
    private func entered(
        _ program: String, within timeouts: UInt64 = RuleBound.entrance
    ) async throws -> Bool {
        try await stage.wait(upTo: timeout * timeouts) { record in record.hasEntered(program) }
    }

    /// Tells the program to leave, and waits for it to say that it has.
    private func leave(_ program: String) async throws {
        try await stage.command(program, stage.leaveAction)
        _ = try await stage.answered(program, within: timeout * RuleBound.entrance)
    }
}
