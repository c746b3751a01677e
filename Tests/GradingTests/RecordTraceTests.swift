import Grading
import StateMachines
import Testing
import Traces

/// The diagram of a run can only be as right as the trace it is drawn from.
struct RecordTraceTests {
    @Test func `a picture shows the part around the violation, and what still matters of the rest`() throws {
        var story = Story()
        story.session("A", 1)
        story.resource("A", "ENTER A 10")
        story.add(.fault(.kill), "A")
        let talk = (0..<100).map { number in
            ProxyTalk(id: "B.\(number)", kind: .request, toServer: true, label: "exists", detail: "/x")
        }
        for message in talk {
            story.add(.sent(message), "B")
            story.add(.delivered(message), "B")
        }
        let place = story.record.entries.count - 100
        let trace = story.record.trace(title: "a title", seed: 3, violation: (place, "broken"))
        let violation = try #require(trace.events.first { $0.kind == .violation })
        let part = trace.excerpt(around: violation.order, keeping: "resource", before: 21, after: 4)

        let kinds = part.events.map(\.kind)
        #expect(kinds.prefix(5) == [.send, .receive, .send, .receive, .crash])
        #expect(part.events.dropFirst(5).allSatisfy { $0.node != "resource" })
        #expect(kinds.contains(.violation))
        #expect((20...31).contains(part.events.count))
        #expect(part.events.map(\.order) == part.events.map(\.order).sorted())
        for event in part.events where event.id != nil && event.kind != .sessionOpen {
            #expect(part.events.count { $0.id == event.id } == 2, "\(event) is whole")
        }
        let all = trace.excerpt(around: violation.order, keeping: "resource", before: 300, after: 300)
        #expect(all.events.count == trace.events.count)
    }

    @Test func `a record becomes a trace with its messages, faults and the violation`() throws {
        var story = Story()
        story.session("A", 1)
        story.command("A", .acquire)
        let create = ProxyTalk(id: "A.1-1", kind: .request, toServer: true, label: "create", detail: "/x/lock-")
        let reply = ProxyTalk(
            id: "A.1-1'", kind: .reply, toServer: false, label: "create", detail: "ok /x/lock-0000000001")
        let ping = ProxyTalk(id: "A.1-2", kind: .ping, toServer: true, label: "ping", detail: "")
        story.add(.sent(create), "A")
        story.add(.delivered(create), "A")
        story.add(.created(path: "/x/lock-0000000001", zxid: 7, owner: 1), "A")
        story.add(.sent(reply), "A")
        story.add(.lost(reply), "A")
        story.add(.fault(.loseReply(operation: "create")), "A")
        story.add(.sent(ping), "A")
        story.add(.fault(.kill), "A")
        story.resource("B", "ENTER B 8")
        let last = story.record.entries.count
        let trace = story.record.trace(title: "a title", seed: 3, violation: (last, "broken"))

        #expect(trace.header.nodes == ["A", "B", "C", "zookeeper", "resource"])
        #expect(trace.header.seed == 3)
        #expect(trace.events.map(\.order) == Array(1...trace.events.count))
        let kinds = trace.events.map { "\($0.node) \($0.kind.rawValue) \($0.label ?? "")" }
        #expect(
            kinds == [
                "A session-open ", "A invoke acquire", "A send create", "zookeeper receive create",
                "zookeeper decide czxid 7", "zookeeper send ok", "A drop ok", "A note reply of create lost",
                "A crash kill -9", "B send ENTER 8", "resource receive ENTER 8", "resource send OK", "B receive OK",
                "B violation broken",
            ])
        for event in trace.events where event.kind == .receive || event.kind == .drop {
            let send = trace.events.first { $0.kind == .send && $0.id == event.id }
            #expect(try #require(send).node == event.peer)
        }
    }
}
