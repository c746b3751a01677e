import EventLoop
import FaultProxy
import Faults
import Messages
import StateMachines
import Traces

// What it is asked.
extension EnsembleSupervisor {
    func answer(_ request: ControlRequest, _ reply: @escaping (ControlReply) -> Void) {
        do {
            switch request.action {
            case .status: status(reply)
            case .stop: stop { reply(Self.done(LocalEnsembleMessages.stopped)) }
            case .fault: reply(Self.done(try inflict(request.words)))
            case .halt:
                let child = try child(request.words)
                guard child.hasProcess else { throw EnsembleFailure.isNotRunning(child.member.number) }
                recorder?.record(.crash, child.member.number, payload: "stopped")
                child.stop()
                reply(Self.done(LocalEnsembleMessages.serverStopped(child.member.number)))
            case .add:
                let role = EnsemblePlan.Role(rawValue: request.words) ?? .observer
                let number = try add(role)
                reply(Self.done(LocalEnsembleMessages.added(number, votes: role == .participant)))
            case .remove:
                let votes = try child(request.words).member.role == .participant
                try remove(request.words)
                reply(Self.done(LocalEnsembleMessages.removed(request.words, votes: votes)))
            case .record:
                recorder?.flush()
                reply(ControlReply())
            case .note:
                recorder?.record(.annotate, plan.members[0].number, label: request.words)
                reply(ControlReply())
            }
        } catch {
            let text = (error as? any LocalizedFailure)?.message ?? LocalizedText("\(error)", zh: "\(error)")
            var answer = ControlReply()
            answer.failure = .init(text)
            reply(answer)
        }
    }

    private static func done(_ text: LocalizedText) -> ControlReply {
        var reply = ControlReply()
        reply.done = [.init(text)]
        return reply
    }

    // MARK: Status

    private func status(_ reply: @escaping (ControlReply) -> Void) {
        let asked = children
        let running = asked.filter { $0.condition == .running && $0.hasProcess }
        probe(running) { [self] answers in
            let leader = answers.first { $0.mode == "leader" }?.zxid
            let servers = asked.map { child in
                let answer = running.firstIndex { $0 === child }.map { answers[$0] } ?? StatusProbe.Answer()
                return row(child, answer, leader)
            }
            var answer = ControlReply()
            answer.status = EnsembleStatus(
                folder: folder.path, connectString: plan.connectString, servers: servers,
                faults: lasting.filter { !$0.isDone() }.map(\.text))
            reply(answer)
        }
    }

    private func row(_ child: ServerChild, _ answer: StatusProbe.Answer, _ leader: Zxid?) -> EnsembleStatus.Server {
        var lag: Int?
        if let leader, let zxid = answer.zxid, leader.epoch == zxid.epoch {
            lag = max(0, Int(leader.counter) - Int(zxid.counter))
        }
        let number = child.member.number
        return EnsembleStatus.Server(
            server: number, role: child.member.role, condition: child.condition.rawValue, mode: answer.mode,
            epoch: folder.currentEpoch(of: number), zxid: answer.zxid?.pair, lag: lag,
            // The question itself came over one.
            connections: answer.connections.map { max(0, $0 - 1) },
            sessions: fronts.first { $0.server == number }?.sessions.map { "\($0.identifier)" } ?? [],
            received: answer.received, sent: answer.sent,
            address: "127.0.0.1:\(child.member.clientPort)", process: child.processIdentifier,
            complaint: child.complaint)
    }

    // MARK: Faults

    /// Does what a fault says, now or when its condition comes true.
    ///
    /// - Returns: what to tell.
    private func inflict(_ words: String) throws -> LocalizedText {
        let fault = try Fault(parsing: words, in: .ensemble(nodes: plan.members.map { String($0.number) }))
        switch fault.start {
        case .immediately: try begin(fault)
        case .at(let time):
            loop.schedule(after: time - (loop.now - origin)) { [unowned self] in try? begin(fault) }
        case .after(let trigger):
            guard trigger.kind == .send || trigger.kind == .receive else {
                throw EnsembleFailure.refused(LocalEnsembleMessages.invisible("\(trigger)"))
            }
            triggers.append(ArmedTrigger(trigger: trigger, node: fault.triggerNode, fault: fault))
        }
        return fault.start == .immediately
            ? LocalEnsembleMessages.faultBegan("\(fault)") : LocalEnsembleMessages.faultWaits("\(fault)")
    }

    func notice(_ sighting: PeerNetwork.Sighting) {
        for index in triggers.indices {
            let trigger = triggers[index].trigger
            let isSend = trigger.kind == .send
            guard sighting.stage == (isSend ? .sent : .arrived) else { continue }
            let (node, peer) = isSend ? (sighting.from, sighting.to) : (sighting.to, sighting.from)
            guard trigger.label.map({ $0 == sighting.message.label }) ?? true,
                triggers[index].node.map({ $0 == String(node) }) ?? true,
                trigger.peer.map({ $0 == String(peer) }) ?? true
            else { continue }
            triggers[index].count += 1
            guard triggers[index].count == trigger.number else { continue }
            let fault = triggers[index].fault
            // The message itself is on its way.
            loop.schedule(after: .zero) { [unowned self] in try? begin(fault) }
        }
        triggers.removeAll { $0.count >= $0.trigger.number }
    }

    private func begin(_ fault: Fault) throws {
        let first = plan.members[0].number
        switch fault.action {
        case .partition(let groups):
            let sides = groups.map { $0.compactMap { Int($0) } }
            cut(fault) { from, to in
                guard let one = sides.firstIndex(where: { $0.contains(from) }),
                    let other = sides.firstIndex(where: { $0.contains(to) })
                else { return false }
                return one != other
            }
            recorder?.record(.partition, first, label: groups.map { $0.joined(separator: ",") }.joined(separator: "|"))
        case .oneWay(let source, let target):
            cut(fault) { from, to in String(from) == source && String(to) == target }
            recorder?.record(.partition, first, label: "\(source)>\(target)")
        case .isolate(let name):
            cut(fault) { from, to in (String(from) == name) != (String(to) == name) }
            let others = plan.members.map { String($0.number) }.filter { $0 != name }
            recorder?.record(.partition, first, label: "\(name)|\(others.joined(separator: ","))")
        case .heal:
            for fault in lasting { fault.mend() }
            lasting = []
            recorder?.record(.heal, first)
        case .drop(let selector): last(fault, network.add(selector, delay: nil))
        case .delay(let selector, let time): last(fault, network.add(selector, delay: time))
        case .crash(let name), .restart(let name), .pause(let name), .resume(let name):
            try begin(fault, on: try child(name))
        case .loseReply(let name, let repetition):
            let front = try front(of: try child(name))
            let number = front.loseReply(repetition)
            last(fault, mend: { front.mend(number) }, isDone: { front.isDone(number) })
            recorder?.record(.annotate, front.server, label: "\(fault)")
        case .expireSession(let name): try expire(name)
        case .duplicate, .reorder, .skew, .loseUnsynced: preconditionFailure("\(fault) is no word of an ensemble")
        }
    }

    private func front(of child: ServerChild) throws(EnsembleFailure) -> ClientFront {
        guard let front = fronts.first(where: { $0.server == child.member.number }) else { throw .noNetwork }
        return front
    }

    private func expire(_ name: String) throws(EnsembleFailure) {
        func session(of front: ClientFront) -> ProxiedSession? {
            front.sessions.first { "\($0.identifier)" == name }
        }
        guard let front = fronts.first(where: { session(of: $0) != nil }), let session = session(of: front) else {
            throw .unknownSession(name, known: fronts.flatMap(\.sessions).map { "\($0.identifier)" })
        }
        recorder?.record(.sessionExpire, front.server, id: name, label: name)
        var target = front.target
        SessionEnding.begin(session, on: loop) { [weak self] in
            // Where the client is now; while it is nowhere, where it was.
            target = self?.fronts.first { $0.sessions.contains(session) }?.target ?? target
            return target
        }
    }

    private func cut(_ fault: Fault, _ separates: @escaping (Int, Int) -> Bool) {
        last(fault, network.cut(separates))
    }

    private func last(_ fault: Fault, _ number: Int) {
        last(fault, mend: { [network] in network.mend(number) }, isDone: { [network] in network.isDone(number) })
    }

    private func last(_ fault: Fault, mend: @escaping () -> Void, isDone: @escaping () -> Bool) {
        lasting.removeAll { $0.isDone() }
        lasting.append(LastingFault(text: "\(fault)", mend: mend, isDone: isDone))
        guard let duration = fault.duration else { return }
        loop.schedule(after: duration) { [unowned self] in
            // Healed before, or nothing is left of it.
            guard !isDone() else { return }
            mend()
            recorder?.record(.heal, plan.members[0].number)
        }
    }

    private func begin(_ fault: Fault, on child: ServerChild) throws {
        let number = child.member.number
        switch fault.action {
        case .crash:
            guard child.hasProcess else { throw EnsembleFailure.isNotRunning(number) }
            child.crash()
            recorder?.record(.crash, number)
            later(fault) { [unowned self] in
                guard !child.hasProcess else { return }
                try? child.start()
                recorder?.record(.restart, number)
            }
        case .restart:
            guard !child.hasProcess else { throw EnsembleFailure.isRunning(number) }
            try child.start()
            recorder?.record(.restart, number)
        case .pause:
            guard child.hasProcess, child.condition == .running else { throw EnsembleFailure.isNotRunning(number) }
            child.pause()
            recorder?.record(.pause, number)
            later(fault) { [unowned self] in
                guard child.condition == .paused else { return }
                child.resume()
                recorder?.record(.resume, number)
            }
        default:
            guard child.hasProcess, child.condition == .paused else { throw EnsembleFailure.isRunning(number) }
            child.resume()
            recorder?.record(.resume, number)
        }
    }

    private func later(_ fault: Fault, _ body: @escaping () -> Void) {
        if let duration = fault.duration { loop.schedule(after: duration, body) }
    }
}
