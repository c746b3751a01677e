package import Checking
package import ConsensusProtocols
import Messages
package import Simulator
import StateMachines
import Traces

/// What Raft promises, judged over states: figure 3.2 of the thesis, and what sessions and configurations add to it.
package struct RaftInvariants: Sendable {
    package typealias State = World<RaftNode>

    let names: [String]

    package init(names: [String]) { self.names = names }

    /// Of every state. Of a server that is down, what it had done before counts.
    package var always: [Invariant<State>] {
        [electionSafety, logMatching, stateMachineSafety, leaderCompleteness, atMostOnce, configurationInLog]
    }

    /// What a search should have seen.
    package var milestones: [Invariant<State>] {
        [
            .milestone("leader-elected", MilestoneMessages.leaderElected) { state in
                servers(state).contains { $0.machine.role == .leader }
            },
            .milestone("entry-committed", MilestoneMessages.entryCommitted) { state in
                servers(state).contains { $0.machine.commitIndex > 0 }
            },
        ]
    }

    private typealias Server = (name: String, isRunning: Bool, machine: RaftServer)

    private func servers(_ state: State) -> [Server] {
        state.identifiers.compactMap { id in
            let node = state[id]
            guard let machine = node.machine.server else { return nil }
            return (names[id.index], node.isUp || node.status == .paused, machine)
        }
    }

    /// What is found wrong with some pair, each with itself left out.
    private func firstPair(
        _ servers: [Server], _ problem: (Server, Server) -> LocalizedText?
    ) -> LocalizedText? {
        for (index, first) in servers.enumerated() {
            for second in servers.dropFirst(index + 1) {
                if let found = problem(first, second) { return found }
            }
        }
        return nil
    }

    package var electionSafety: Invariant<State> {
        Invariant("election-safety", explanation: RaftMessages.electionSafety) { state in
            firstPair(servers(state).filter { $0.machine.role == .leader }) { first, second in
                guard first.machine.currentTerm == second.machine.currentTerm else { return nil }
                return RaftMessages.twoLeaders(first.name, second.name, term: first.machine.currentTerm)
            }
        }
    }

    package var logMatching: Invariant<State> {
        Invariant("log-matching", explanation: RaftMessages.logMatching) { state in
            firstPair(servers(state)) { first, second in
                let (left, right) = (first.machine.log, second.machine.log)
                let (least, most) = (max(left.baseIndex, right.baseIndex), min(left.lastIndex, right.lastIndex))
                guard least < most else { return nil }
                var agrees = false
                for index in (least + 1...most).reversed() {
                    if agrees, left[index] != right[index] {
                        return RaftMessages.diverged(first.name, second.name, index: index)
                    }
                    if left[index]?.term == right[index]?.term {
                        agrees = true
                        guard left[index] == right[index] else {
                            return RaftMessages.diverged(first.name, second.name, index: index)
                        }
                    }
                }
                return nil
            }
        }
    }

    /// What was committed in some term is in the logs of the leaders of all later ones.
    package var leaderCompleteness: Invariant<State> {
        Invariant("leader-completeness", explanation: RaftMessages.leaderCompleteness) { state in
            let all = servers(state)
            for leader in all where leader.isRunning && leader.machine.role == .leader {
                for server in all where server.machine.currentTerm <= leader.machine.currentTerm {
                    for (offset, term) in server.machine.store.appliedTerms.enumerated() {
                        let index = RaftIndex(offset) + 1
                        if term == heldTerm(at: index, by: leader.machine) { continue }
                        return RaftMessages.leaderLacks(
                            leader.name, term: leader.machine.currentTerm, index: index, entryTerm: term,
                            committedBy: server.name)
                    }
                }
            }
            return nil
        }
    }

    private func heldTerm(at index: RaftIndex, by server: RaftServer) -> RaftTerm? {
        if index > server.log.baseIndex { return server.log.term(at: index) }
        return server.store.appliedTerms[Int(index) - 1]
    }

    package var stateMachineSafety: Invariant<State> {
        Invariant("state-machine-safety", explanation: RaftMessages.stateMachineSafety) { state in
            firstPair(servers(state)) { first, second in
                let (left, right) = (first.machine.store.appliedTerms, second.machine.store.appliedTerms)
                guard let offset = zip(left, right).enumerated().first(where: { $1.0 != $1.1 })?.offset else {
                    return nil
                }
                return RaftMessages.appliedDifferently(
                    first.name, left[offset], second.name, right[offset], index: RaftIndex(offset) + 1)
            }
        }
    }

    package var atMostOnce: Invariant<State> {
        Invariant("at-most-once", explanation: RaftMessages.atMostOnce) { state in
            for server in servers(state) {
                for session in server.machine.store.sessions where session.executions > 1 {
                    return RaftMessages.executedAgain(
                        server.name, client: names[session.client.index], serial: session.serial)
                }
            }
            return nil
        }
    }

    package var configurationInLog: Invariant<State> {
        Invariant("configuration-in-log", explanation: RaftMessages.configurationInLog) { state in
            let wrong = servers(state).first { $0.isRunning && $0.machine.members != $0.machine.latestMembers }
            return wrong.map {
                RaftMessages.usesOtherMembers(
                    $0.name, uses: $0.machine.members.description, log: $0.machine.latestMembers.description)
            }
        }
    }
}

// MARK: - Over a whole run

extension RaftInvariants {
    package typealias Run = FinishedRun<RaftNode>

    /// Of a run that is over: what no single state shows.
    package var ofWholeRun: [Invariant<Run>] { [leaderAppendOnly, agreement, freshReads, handOver] }

    package var leaderAppendOnly: Invariant<Run> {
        Invariant("leader-append-only", explanation: RaftMessages.leaderAppendOnly) { run in
            var roles: [String: String] = [:]  // Only looked up.
            for event in run.trace.events {
                if event.kind == .crash { roles[event.node] = nil }
                if let state = event.kind == .state ? event.label : event.state { roles[event.node] = state }
                if event.kind == .persist, event.label == "truncate", roles[event.node]?.hasPrefix("leader") ?? false {
                    return RaftMessages.leaderCut(event.node, event.payload ?? "")
                }
            }
            return nil
        }
    }

    /// Nothing is decided twice in different ways: neither what an index holds, nor who leads a term.
    package var agreement: Invariant<Run> {
        Invariant("agreement", explanation: RaftMessages.agreement) { run in
            var outcomes: [String: String] = [:]  // Only looked up.
            for event in run.trace.events where event.kind == .decide {
                let (subject, outcome) = (event.payload ?? "", event.label ?? "")
                if let other = outcomes.updateValue(outcome, forKey: subject), other != outcome {
                    return RaftMessages.decidedTwice(subject, other, outcome)
                }
            }
            return nil
        }
    }

    /// A read finds every write that was committed before the read was asked for. Judged in runs
    /// that only set keys, each time to another value.
    package var freshReads: Invariant<Run> {
        Invariant("fresh-reads", explanation: RaftMessages.freshReads) { run in
            var written: [(key: String, value: String)] = []
            var asked: [String: (key: String, writes: Int)] = [:]  // Only looked up.
            guard !run.trace.events.contains(where: { $0.kind == .decide && $0.label?.contains("+") ?? false }) else {
                return nil
            }
            for event in run.trace.events {
                switch event.kind {
                case .decide:
                    let halves = (event.label ?? "").split(separator: "=").map(String.init)
                    let write = (key: halves.first ?? "", value: halves.last ?? "")
                    guard halves.count == 2, !written.contains(where: { $0 == write }) else { continue }
                    written.append(write)
                case .invoke where event.label == "READ":
                    asked[event.id ?? ""] = (event.payload ?? "", written.count)
                case .respond:
                    guard let id = event.id, let read = asked[id] else { continue }
                    let known = written[..<read.writes].last { $0.key == read.key }?.value ?? "0"
                    let later = written[read.writes...].filter { $0.key == read.key }.map(\.value)
                    guard let answer = event.label, Int(answer) != nil, answer != known, !later.contains(answer)
                    else { continue }
                    return RaftMessages.staleRead(event.node, key: read.key, answer: answer, written: known)
                default: break
                }
            }
            return nil
        }
    }

    /// Who was chosen to take over leads next, if anybody does.
    package var handOver: Invariant<Run> {
        Invariant("hand-over", explanation: RaftMessages.handOver) { run in
            var chosen: String?
            for event in run.trace.events {
                if event.kind == .invoke, event.label == "TRANSFER" { chosen = event.payload }
                guard event.kind == .decide, event.payload?.hasPrefix("term ") ?? false, let successor = chosen else {
                    continue
                }
                guard let next = event.label, next != successor else { return nil }
                return RaftMessages.tookOverInstead(next, chosen: successor)
            }
            return nil
        }
    }

    /// For runs in which nothing happens to the first leader.
    package var stableLeader: Invariant<Run> {
        Invariant("stable-leader", explanation: RaftMessages.stableLeader) { run in
            let elections = run.trace.events.filter { $0.kind == .decide && $0.payload?.hasPrefix("term ") ?? false }
            guard elections.count > 1, let first = elections.first?.label, let next = elections.last?.label else {
                return nil
            }
            return RaftMessages.deposed(first, next, subject: elections.last?.payload ?? "")
        }
    }
}
