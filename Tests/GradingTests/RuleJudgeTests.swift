import EventLoop
import Grading
import StateMachines
import Testing

/// Records made by hand: each rule must tell right from wrong without any server.
struct RuleJudgeTests {
    @Test func `a record of turns passes what it shows and fails what it lacks`() {
        var good = Story()
        good.session("A", 1)
        good.session("B", 2)
        good.session("C", 3)
        for (program, token) in [("A", 10), ("B", 11), ("C", 12)] {
            good.stay(program, token: Int64(token))
        }
        #expect(good.passes(.makesProgress))
        #expect(good.passes(.mutualExclusion))
        #expect(good.passes(.fairOrder))
        #expect(!good.passes(.fencingTokenRises), "Nobody was paused, so nobody was refused.")
        #expect(!good.passes(.survivesConnectionLoss), "Nothing was lost.")
        #expect(!good.passes(.noOrphanNodes), "Nothing was lost.")
        #expect(!good.passes(.noHerd), "There were too few hand-overs.")
        #expect(!good.passes(.releasesOnExpiry), "Nobody was killed.")
        #expect(!good.passes(.timeoutLeavesNothing), "Nobody had a time limit.")
    }

    @Test func `an empty record passes no rule`() {
        for rule in RuleID.allCases { #expect(!Story().passes(rule), "\(rule.rawValue)") }
    }

    @Test func `two inside at once break exclusion only while the first one's session lives`() {
        var story = Story()
        story.session("A", 1)
        story.session("B", 2)
        story.command("A", .acquire)
        story.resource("A", "ENTER A 10")
        var expired = story
        story.command("B", .acquire)
        story.resource("B", "ENTER B 11")
        #expect(!story.passes(.mutualExclusion))

        expired.add(.sessionExpired(1), "A")
        // A client library may have opened the next session by the time the other gets in.
        expired.session("A", 3)
        expired.resource("B", "ENTER B 11")
        #expect(expired.passes(.mutualExclusion))
    }

    @Test(arguments: [(stale: Int64(10), passes: true), (stale: 11, passes: false)])
    func `nothing of a leader that was cut off is accepted after its successor`(stale: Int64, passes: Bool) {
        var story = Story()
        story.session("A", 1)
        story.session("B", 2)
        story.resource("A", "ENTER A \(stale)")
        story.add(.fault(.isolate), "A")
        var early = story
        story.add(.sessionExpired(1), "A")
        story.resource("B", "ENTER B 11")
        story.add(.fault(.heal), "A")
        story.resource("A", "WORK A \(stale)")
        // With equal tokens the resource cannot tell the two apart, but the judge can.
        #expect(story.passes(.oneLeader) == passes)
        early.resource("B", "ENTER B 11")
        #expect(!early.passes(.oneLeader), "A's session was alive.")
    }

    @Test func `a killed holder's stay ends with its connection`() {
        var story = Story()
        story.session("A", 1)
        story.session("B", 2)
        story.command("A", .acquire)
        story.resource("A", "ENTER A 10")
        story.command("B", .acquire)
        story.add(.fault(.kill), "A")
        story.add(.resourceDisconnected, "A")
        var late = story
        story.wait(milliseconds: 2_000)
        story.resource("B", "ENTER B 11")
        #expect(story.passes(.releasesOnExpiry))
        #expect(story.passes(.mutualExclusion))
        late.wait(milliseconds: 4_600)
        late.resource("B", "ENTER B 11")
        #expect(!late.passes(.releasesOnExpiry))
    }

    @Test func `who asked first must get in first`() {
        var story = Story()
        story.command("A", .acquire)
        story.command("B", .acquire)
        story.resource("B", "ENTER B 11")
        story.resource("A", "ENTER A 12")
        #expect(!story.passes(.fairOrder))
    }

    @Test(arguments: [(true, true), (false, false)])
    func `a time-out must take the node along`(deleted: Bool, passes: Bool) {
        var story = Story()
        story.session("A", 1)
        story.session("B", 2)
        story.session("C", 3)
        story.command("A", .acquire)
        story.resource("A", "ENTER A 10")
        story.command("B", .tryAcquire, milliseconds: 500)
        story.add(.created(path: "/x/b-0000000001", zxid: 11, owner: 2), "B")
        story.wait(milliseconds: 600)
        if deleted { story.add(.deleted(path: "/x/b-0000000001"), nil) }
        story.reply("B", ok: false)
        story.resource("A", "EXIT A 10")
        story.command("A", .release)
        story.command("C", .acquire)
        story.resource("C", "ENTER C 12")
        story.resource("C", "EXIT C 12")
        story.command("C", .release)
        story.command("B", .tryAcquire, milliseconds: 1_500)
        story.resource("B", "ENTER B 13")
        #expect(story.passes(.timeoutLeavesNothing) == passes)
    }

    @Test(arguments: [
        (fixed: 2, perWaiter: 0, passes: true), (fixed: 12, perWaiter: 0, passes: true),
        (fixed: 13, perWaiter: 0, passes: false), (fixed: 2, perWaiter: 1, passes: false),
        (fixed: 0, perWaiter: 2, passes: false),
    ])
    func `a hand-over may cost something, but not for each waiter`(fixed: Int, perWaiter: Int, passes: Bool) {
        let names = (0..<8).map { String(UnicodeScalar(UInt8(65 + $0))) }
        var story = Story(programs: names)
        var costs: [Int] = []
        for name in names { story.command(name, .acquire) }
        for (index, name) in names.enumerated() {
            story.resource(name, "ENTER \(name) \(index + 10)")
            guard index < 7 else { break }
            story.command(name, .release)
            story.talk(name, .request, "delete")  // The leaver's own requests cost nothing.
            costs.append(fixed + perWaiter * (7 - index))
            for _ in 0..<costs[index] { story.talk(names[7], .request, "getChildren") }
            story.talk(names[7], .ping, "ping")
            story.resource(name, "EXIT \(name) \(index + 10)")
        }
        #expect(story.record.handoverCosts == costs)
        #expect(story.passes(.noHerd) == passes)
    }

    @Test func `one reconnection does not look like a herd`() {
        let names = (0..<8).map { String(UnicodeScalar(UInt8(65 + $0))) }
        var story = Story(programs: names)
        for name in names { story.command(name, .acquire) }
        for (index, name) in names.enumerated() {
            story.resource(name, "ENTER \(name) \(index + 10)")
            guard index < 7 else { break }
            story.command(name, .release)
            for _ in 0..<(index == 1 ? 40 : 3) { story.talk(names[7], .request, "getChildren") }
            story.resource(name, "EXIT \(name) \(index + 10)")
        }
        #expect(story.passes(.noHerd))
    }

    @Test(arguments: [
        (tokens: [Int64(10), 11, 12], created: [Int64(10), 11, 12], passes: true),
        (tokens: [10, 10, 12], created: [10, 11, 12], passes: false),
        (tokens: [10, 11, 99], created: [10, 11, 12], passes: false),
    ])
    func `a token must rise and be the czxid of the holder's node`(
        tokens: [Int64], created: [Int64], passes: Bool
    ) {
        var story = Story()
        for (index, name) in ["A", "B", "C"].enumerated() {
            story.session(name, Int64(index + 1))
            story.add(.created(path: "/x/\(name)", zxid: created[index], owner: Int64(index + 1)), name)
        }
        story.resource("A", "ENTER A \(tokens[0])")
        story.resource("A", "EXIT A \(tokens[0])")
        story.resource("B", "ENTER B \(tokens[1])")
        story.add(.fault(.pause), "B")
        story.add(.sessionExpired(2), "B")
        story.resource("C", "ENTER C \(tokens[2])")
        story.resource("B", "WORK B \(tokens[1])")
        #expect(story.passes(.fencingTokenRises) == passes)
    }

    @Test func `nodes of a session go with it`() {
        var story = Story()
        story.session("A", 1)
        story.add(.created(path: "/x/a", zxid: 5, owner: 1), "A")
        story.add(.created(path: "/x/b", zxid: 6, owner: 0), "A")
        story.add(.created(path: "/elsewhere", zxid: 7, owner: 1), "A")
        #expect(story.record.nodes(at: story.record.entries.count).map(\.path) == ["/x/a", "/x/b"])
        story.add(.sessionClosed(1), "A")
        #expect(story.record.nodes(at: story.record.entries.count).map(\.path) == ["/x/b"])
    }

    @Test func `a lost delete must be made good`() {
        var story = Story()
        story.session("A", 1)
        story.session("B", 2)
        story.command("A", .acquire)
        story.add(.created(path: "/x/a", zxid: 5, owner: 1), "A")
        story.resource("A", "ENTER A 5")
        story.command("B", .acquire)
        story.command("A", .release)
        story.resource("A", "EXIT A 5")
        story.add(.fault(.loseRequest(operation: "delete")), "A")
        #expect(!story.passes(.noOrphanNodes), "B never gets in.")
        story.resource("B", "ENTER B 6")
        #expect(!story.passes(.noOrphanNodes), "A's node is still there.")
        story.add(.deleted(path: "/x/a"), nil)
        #expect(story.passes(.noOrphanNodes))
    }
}

/// Writes a record as a scenario would.
struct Story {
    private(set) var record: JudgeRecord
    private var time = Tick.zero
    private var resource: Resource
    private var commands = 0

    init(programs: [String] = ["A", "B", "C"]) {
        record = JudgeRecord(programs: programs, sessionTimeout: .milliseconds(1_500), path: "/x", kind: .lock)
        resource = Resource(kind: .lock)
    }

    mutating func add(_ fact: Fact, _ program: String?) {
        time = time + .milliseconds(1)
        record.append(fact, of: program, at: time)
    }
    mutating func wait(milliseconds: UInt64) { time = time + .milliseconds(milliseconds) }
    mutating func session(_ program: String, _ session: Int64) { add(.sessionOpened(session), program) }
    mutating func command(_ program: String, _ action: ControlCommand.Action, milliseconds: Int? = nil) {
        commands += 1
        add(.commanded(ControlCommand(id: commands, action: action, milliseconds: milliseconds)), program)
    }
    mutating func reply(_ program: String, ok: Bool) {
        add(.replied(ControlReply(id: commands, ok: ok, error: ok ? nil : "timeout")), program)
    }
    mutating func resource(_ program: String, _ line: String) {
        add(.resource(resource.answer(line, from: program)), program)
    }
    mutating func talk(_ program: String, _ kind: ProxyTalk.Kind, _ label: String) {
        add(.sent(ProxyTalk(id: "t", kind: kind, toServer: true, label: label, detail: "/x")), program)
    }
    /// One whole turn.
    mutating func stay(_ program: String, token: Int64) {
        command(program, .acquire)
        resource(program, "ENTER \(program) \(token)")
        command(program, .release)
        resource(program, "EXIT \(program) \(token)")
        reply(program, ok: true)
    }

    func passes(_ rule: RuleID) -> Bool {
        if case .passed = rule.judge(record) { return true }
        return false
    }
}
