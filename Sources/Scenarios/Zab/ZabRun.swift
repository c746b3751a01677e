package import Checking
import Messages
package import Simulator
import StateMachines
import Traces
package import Zab

/// What the servers of a run have told of themselves, and where they stand in the end.
struct ZabRun: Sendable {
    struct Delivery: Hashable, Sendable {
        var zxid: Zxid
        var payload: String
    }

    /// An established leader and the last entry of the history it began with.
    struct Reign: Hashable, Sendable {
        var epoch: Epoch
        var last: Zxid

        /// From "leading epoch 2 after 1:5".
        init?(_ label: String) {
            let words = label.split(separator: " ")
            guard words.count == 5, words[0] == "leading", let epoch = Epoch(words[2]),
                let last = Zxid(shortDescription: words[4])
            else { return nil }
            (self.epoch, self.last) = (epoch, last)
        }
    }

    enum Announcement: Hashable, Sendable {
        case delivered(Delivery)
        case led(Reign)
        /// Looks for a leader, or follows one.
        case leadsNoLonger
        case offended(String)
    }

    let run: FinishedRun<ZabNode>
    /// Of every server, by name, in their order.
    let announcements: [(server: String, announcement: Announcement)]

    init(_ run: FinishedRun<ZabNode>) {
        self.run = run
        announcements = run.trace.events.compactMap { event in
            Self.announcement(in: event).map { (event.node, $0) }
        }
    }

    private static func announcement(in event: Event) -> Announcement? {
        let label = event.label ?? ""
        switch event.kind {
        case .decide:
            return Zxid(shortDescription: event.payload ?? "").map {
                .delivered(Delivery(zxid: $0, payload: label))
            }
        case .phaseBegin where label.hasPrefix("ensemble"): return nil
        case .phaseBegin: return Reign(label).map(Announcement.led) ?? .leadsNoLonger
        case .note: return .offended(label)
        default: return nil
        }
    }

    var deliveries: [Delivery] {
        announcements.compactMap { if case .delivered(let delivery) = $0.announcement { delivery } else { nil } }
    }

    private var reigns: [(server: String, reign: Reign)] {
        announcements.compactMap { if case .led(let reign) = $0.announcement { ($0.server, reign) } else { nil } }
    }
}

// MARK: - What is wrong with it

extension ZabRun {
    /// Two servers that lead one epoch, at whatever times.
    var secondLeader: LocalizedText? {
        var leaders: [Epoch: String] = [:]
        for (server, reign) in reigns {
            if let other = leaders.updateValue(server, forKey: reign.epoch), other != server {
                return ZabMessages.twoLeaders(other, server, epoch: reign.epoch)
            }
        }
        return nil
    }

    var disagreement: LocalizedText? {
        var payloads: [Zxid: String] = [:]
        for delivery in deliveries {
            let other = payloads.updateValue(delivery.payload, forKey: delivery.zxid)
            if let other, other != delivery.payload {
                return ZabMessages.disagreed(delivery.zxid.shortDescription, other, delivery.payload)
            }
        }
        return nil
    }

    /// What nobody asked for, or what came twice.
    var forgery: LocalizedText? {
        let asked = Set(run.trace.events.filter { $0.kind == .invoke }.compactMap(\.payload))
        var zxids: [String: Zxid] = [:]
        for delivery in deliveries {
            guard asked.contains(delivery.payload) else { return ZabMessages.neverAsked(delivery.payload) }
            let other = zxids.updateValue(delivery.zxid, forKey: delivery.payload)
            if let other, other != delivery.zxid {
                return ZabMessages.deliveredTwice(
                    delivery.payload, other.shortDescription, delivery.zxid.shortDescription)
            }
        }
        return nil
    }

    /// What an established leader's history did not have of older epochs, and what was delivered all the same.
    var returned: LocalizedText? {
        let reigns = reigns
        for delivery in deliveries {
            guard let (_, reign) = reigns.first(where: { delivery.zxid.epoch < $1.epoch && delivery.zxid > $1.last })
            else { continue }
            return ZabMessages.cameBack(
                delivery.zxid.shortDescription, epoch: reign.epoch, last: reign.last.shortDescription)
        }
        return nil
    }

    /// A leader that begins with less than leaders before it have committed, or commits what lies before.
    ///
    /// A leader that has been replaced, and does not know it yet, may still deliver what its successor has, too.
    var setback: LocalizedText? {
        var (leader, epoch, committed) = ("", Epoch(0), Zxid.zero)
        for (server, announcement) in announcements {
            switch announcement {
            case .led(let reign) where reign.epoch > epoch:
                guard reign.last >= committed else {
                    return ZabMessages.setBack(
                        server, epoch: reign.epoch, last: reign.last.shortDescription,
                        committed: committed.shortDescription)
                }
                (leader, epoch, committed) = (server, reign.epoch, reign.last)
            case .delivered(let delivery) where server == leader:
                guard delivery.zxid > committed else {
                    return ZabMessages.outOfOrder(
                        server, delivery.zxid.shortDescription, after: committed.shortDescription)
                }
                committed = delivery.zxid
            case .leadsNoLonger where server == leader: leader = ""
            case .led, .delivered, .leadsNoLonger, .offended: break
            }
        }
        return nil
    }

    /// What was delivered once, and is missing in the end where somebody serves.
    ///
    /// - Parameter serving: the servers that do, by name.
    func loss(on serving: [(name: String, machine: ZabNode)]) -> LocalizedText? {
        for (name, machine) in serving {
            let held = Set(machine.state.map { Delivery(zxid: $0.zxid, payload: $0.text) })
            if let lost = deliveries.first(where: { !held.contains($0) }) {
                return ZabMessages.lost(lost.zxid.shortDescription, lost.payload, on: name)
            }
        }
        return nil
    }

    var offence: LocalizedText? {
        for case (let server, .offended(let what)) in announcements { return ZabMessages.offended(server, what) }
        return nil
    }
}

// MARK: - Promises

extension ZabInvariants {
    package typealias Run = FinishedRun<ZabNode>

    /// What no single state shows.
    private var ofAnnouncements: [Invariant<ZabRun>] {
        [
            Invariant("agreement", explanation: ZabMessages.agreement, problem: \.disagreement),
            Invariant("integrity", explanation: ZabMessages.integrity, problem: \.forgery),
            Invariant("committed-log-durability", explanation: ZabMessages.durability) { run in
                run.loss(on: serving(run.run.world))
            },
            Invariant("primary-integrity", explanation: ZabMessages.primaryIntegrity, problem: \.returned),
            Invariant(
                "committed-log-monotonicity", explanation: ZabMessages.committedLogMonotonicity, problem: \.setback),
            Invariant("leadership-over-time", explanation: ZabMessages.leadershipOverTime, problem: \.secondLeader),
            Invariant("should-not-be-triggered", explanation: ZabMessages.shouldNotBeTriggered, problem: \.offence),
        ]
    }

    /// Of a run that is over: what no single state shows.
    package var ofWholeRun: [Invariant<Run>] {
        ofAnnouncements.map { promise in
            Invariant(promise.name, explanation: promise.explanation) { promise.problem(ZabRun($0)) }
        }
    }

    /// All that is wrong with a run. Everything must have been mended some time before its end.
    package func problems(of result: SimulationResult<ZabNode>) -> [Violation] {
        let run = ZabRun(Run(trace: result.trace, world: result.world))
        let found = ofAnnouncements.map { $0.violation(by: run) } + [liveness.violation(by: result.world)]
        return result.violations + found.compactMap(\.self)
    }
}
