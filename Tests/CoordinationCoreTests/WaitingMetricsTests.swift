import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes
import Zab

/// What a member tells of requests that wait for transactions, and of acknowledgements.
struct WaitingMetricsTests {
    /// Three voters; everything that electing them has counted is forgotten.
    private func elected() throws -> (VirtualEnsemble, leader: Int) {
        var setup = VirtualEnsemble.Setup()
        setup.core.commandWhitelist = FourLetterWord.allCases
        var ensemble = VirtualEnsemble(setup)
        ensemble.wait(.seconds(5))
        return (ensemble, try #require(ensemble.leader))
    }

    private func forgetStatistics(_ ensemble: inout VirtualEnsemble) {
        for server in ensemble.servers.indices { _ = ensemble.ask(.srst, on: server) }
    }

    private func values(on server: Int, _ ensemble: inout VirtualEnsemble) -> [String: String] {
        let rows = ensemble.ask(.mntr, on: server).split(separator: "\n").map {
            $0.split(separator: "\t", maxSplits: 1).map(String.init)
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0.count > 1 ? $0[1] : "") })
    }

    private func expect(_ rows: [String: String], _ expected: KeyValuePairs<String, String>) {
        for (name, value) in expected { #expect(rows["zk_\(name)"] == value, "\(name)") }
    }

    /// One write, and two reads that have to wait for it, sent together; their answers come 30 ms later.
    private func writeAndRead(on server: Int, _ client: ConnectionID, _ ensemble: inout VirtualEnsemble) throws {
        ensemble.disksAreSlow = true
        ensemble.send(
            create("/a", [1]).frame(xid: 1)
                + ClientRequest.getData(PathWatchRequest(path: "/a", watch: false)).frame(xid: 2)
                + ClientRequest.exists(PathWatchRequest(path: "/a", watch: false)).frame(xid: 3), client, on: server)
        #expect(try ensemble.take(client, on: server).isEmpty)
        ensemble.now = ensemble.now + .milliseconds(30)
        ensemble.finishDisks()
        #expect(try ensemble.take(client, on: server).count == 3)
    }

    @Test(arguments: [true, false])
    func `reads wait behind a write of their session`(isOnLeader: Bool) throws {
        var (ensemble, leader) = try elected()
        let server = isOnLeader ? leader : (leader + 1) % 3
        let (client, _) = try ensemble.connect(to: server)
        forgetStatistics(&ensemble)
        try writeAndRead(on: server, client, &ensemble)
        expect(
            values(on: server, &ensemble),
            [
                "request_commit_queued": "1",
                // One, two and three as they came, and three when the write was committed.
                "cnt_requests_in_session_queue": "4", "min_requests_in_session_queue": "1",
                "max_requests_in_session_queue": "3", "sum_requests_in_session_queue": "9",
                "cnt_pending_session_queue_size": "1", "sum_pending_session_queue_size": "1",
                "cnt_reads_after_write_in_session_queue": "1", "sum_reads_after_write_in_session_queue": "2",
                "cnt_reads_issued_from_session_queue": "1", "sum_reads_issued_from_session_queue": "2",
                "cnt_session_queues_drained": "1", "sum_session_queues_drained": "1",
                // A turn with the requests, and one with the commit, after which nothing waits.
                "cnt_read_commit_proc_req_queued": "2", "sum_read_commit_proc_req_queued": "2",
                "cnt_write_commit_proc_req_queued": "2", "sum_write_commit_proc_req_queued": "1",
                "cnt_read_commit_proc_issued": "2", "sum_read_commit_proc_issued": "0",
                "cnt_write_commit_proc_issued": "1", "sum_write_commit_proc_issued": "1",
                "cnt_read_commitproc_time_ms": "2", "max_read_commitproc_time_ms": "30",
                "cnt_write_commitproc_time_ms": "1", "max_write_commitproc_time_ms": "30",
            ])
    }

    @Test func `who has nobody waiting counts the commit alone`() throws {
        var (ensemble, leader) = try elected()
        let (client, _) = try ensemble.connect(to: leader)
        forgetStatistics(&ensemble)
        try writeAndRead(on: leader, client, &ensemble)
        expect(
            values(on: (leader + 1) % 3, &ensemble),
            [
                "request_commit_queued": "1", "cnt_requests_in_session_queue": "0",
                "cnt_pending_session_queue_size": "0", "cnt_reads_after_write_in_session_queue": "0",
                "cnt_session_queues_drained": "1", "sum_session_queues_drained": "0",
                "cnt_write_commit_proc_issued": "1", "sum_write_commit_proc_issued": "1",
            ])
    }

    @Test func `a read that waits for nothing is counted where it was answered`() throws {
        var (ensemble, leader) = try elected()
        let (client, _) = try ensemble.connect(to: leader)
        forgetStatistics(&ensemble)
        _ = try ensemble.ask(.exists(PathWatchRequest(path: "/", watch: false)), client, on: leader)
        expect(
            values(on: leader, &ensemble),
            [
                "cnt_read_commit_proc_issued": "1", "sum_read_commit_proc_issued": "1",
                "cnt_requests_in_session_queue": "0", "cnt_write_commit_proc_issued": "0",
                "cnt_read_commit_proc_req_queued": "1", "sum_read_commit_proc_req_queued": "0",
            ])
    }

    /// What waits is forgotten with its connection, and counted no more.
    @Test func `a connection that ends leaves no queue`() throws {
        var (ensemble, leader) = try elected()
        let (lost, _) = try ensemble.connect(to: leader)
        let (client, _) = try ensemble.connect(to: leader)
        forgetStatistics(&ensemble)
        ensemble.disksAreSlow = true
        ensemble.send(create("/b").frame(xid: 1), lost, on: leader)
        ensemble.disconnect(lost, on: leader)
        try writeAndRead(on: leader, client, &ensemble)
        expect(
            values(on: leader, &ensemble),
            [
                "outstanding_requests": "0", "request_commit_queued": "2", "cnt_pending_session_queue_size": "1",
                "sum_pending_session_queue_size": "1", "max_write_commit_proc_req_queued": "1",
                "max_read_commit_proc_req_queued": "2", "sum_write_commit_proc_issued": "2",
            ])
    }

    /// The third acknowledgement comes when everything is decided.
    @Test func `acknowledgements are timed from the proposal, until the decision`() throws {
        var (ensemble, leader) = try elected()
        let followers = ensemble.servers.indices.filter { $0 != leader }
        let (client, _) = try ensemble.connect(to: leader)
        forgetStatistics(&ensemble)
        try writeAndRead(on: leader, client, &ensemble)
        let rows = values(on: leader, &ensemble)
        for server in [leader, followers[0]] {
            expect(rows, ["cnt_\(server + 1)_ack_latency": "1", "max_\(server + 1)_ack_latency": "30"])
        }
        #expect(rows["zk_cnt_\(followers[1] + 1)_ack_latency"] == nil)
        for server in ensemble.servers.indices {
            expect(
                values(on: server, &ensemble),
                ["cnt_proposal_ack_creation_latency": "1", "max_proposal_ack_creation_latency": "30"])
        }
    }

    @Test func `a server by itself has none of these`() throws {
        var server = VirtualServer()
        let (client, _) = try server.connect()
        _ = try server.ask(create("/a"), on: client)
        let id = server.open()
        server.send(Array("mntr".utf8), on: id)
        let text = String(decoding: server.take(on: id), as: UTF8.self)
        #expect(text.contains("zk_cnt_readlatency"))
        for name in ["session_queue", "commit_proc", "commitproc", "ack_latency", "ack_creation"] {
            #expect(!text.contains(name), "\(name)")
        }
    }

    @Test func `measured servers stand in the order of their numbers`() {
        var table = MeasuredServers<Int>()
        for number: Int64 in [3, 1, -1, 2, 3] { table.update(ServerID(number), from: 10) { $0 += 1 } }
        #expect(table.rows.map(\.server) == [ServerID(1), ServerID(2), ServerID(3)])
        #expect(table.rows.map(\.value) == [11, 11, 12])
        for number: Int64 in 0..<1_000 { table.update(ServerID(number), from: 0) { $0 += 1 } }
        #expect(table.rows.count == 256)
    }
}
