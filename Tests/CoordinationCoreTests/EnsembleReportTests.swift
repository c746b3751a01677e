import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol

/// What operators are told of a member of an ensemble. The texts are those of Apache ZooKeeper 3.8's answers.
struct EnsembleReportTests {
    /// Three voters and an observer.
    private func elected() throws -> (VirtualEnsemble, leader: Int) {
        var setup = VirtualEnsemble.Setup(count: 4, observers: [3])
        setup.core.commandWhitelist = FourLetterWord.allCases
        setup.core.reconfigEnabled = true  // Then they have addresses.
        var ensemble = VirtualEnsemble(setup)
        ensemble.wait(.seconds(5))
        return (ensemble, try #require(ensemble.leader))
    }

    private func values(of text: String) -> [String: String] {
        let rows = text.split(separator: "\n").map { $0.split(separator: "\t", maxSplits: 1).map(String.init) }
        #expect(Set(rows.map { $0[0] }).count == rows.count, "a key came twice")
        return Dictionary(rows.map { ($0[0], $0.count > 1 ? $0[1] : "") }) { first, _ in first }
    }

    @Test func `each server tells its mode, and only the leader its proposals`() throws {
        var (ensemble, leader) = try elected()
        let follower = leader == 0 ? 1 : 0
        let before = ensemble.ask(.srvr, on: leader)
        #expect(before.hasSuffix("\nMode: leader\nNode count: 5\nProposal sizes last/min/max: -1/-1/-1\n"), "\(before)")
        let (client, _) = try ensemble.connect(to: follower)
        _ = try ensemble.ask(create("/a", [1, 2, 3]), client, on: follower)
        // 32 bytes of header, the record, and 12 of the digest: first of the session, then of the node.
        #expect(ensemble.ask(.srvr, on: leader).hasSuffix("\nProposal sizes last/min/max: 89/48/89\n"))
        #expect(ensemble.ask(.stat, on: follower).hasSuffix("\nZxid: 0x100000002\nMode: follower\nNode count: 6\n"))
        #expect(ensemble.ask(.srvr, on: 3).hasSuffix("\nMode: observer\nNode count: 6\n"))
        #expect(ensemble.servers.indices.map { ensemble.ask(.isro, on: $0) } == ["rw", "rw", "rw", "rw"])
        _ = ensemble.ask(.srst, on: leader)
        #expect(ensemble.ask(.srvr, on: leader).hasSuffix("\nProposal sizes last/min/max: -1/-1/-1\n"))
    }

    @Test func `a server that looks for a leader says that it does not serve`() throws {
        var setup = VirtualEnsemble.Setup()
        setup.core.commandWhitelist = FourLetterWord.allCases
        var ensemble = VirtualEnsemble(setup)
        ensemble.crash(1)
        ensemble.crash(2)
        ensemble.wait(.seconds(30))
        let refusal = "This ZooKeeper instance is not currently serving requests"
        for word in FourLetterWord.allCases where word != .stmk {
            let answer = ensemble.ask(word, on: 0)
            switch word {
            case .ruok: #expect(answer == "imok")
            case .isro: #expect(answer == "null")
            case .gtmk: #expect(answer == "306")
            case .envi: #expect(answer.hasPrefix("Environment:\n"))
            case .hash: #expect(answer == refusal)
            default: #expect(answer == refusal + "\n", "\(word)")
            }
        }
    }

    @Test func `the leader's metrics count its learners and its proposals`() throws {
        var (ensemble, leader) = try elected()
        let follower = leader == 0 ? 1 : 0
        let (client, _) = try ensemble.connect(to: follower)
        _ = try ensemble.ask(create("/a", [1, 2, 3]), client, on: follower)
        let rows = values(of: ensemble.ask(.mntr, on: leader))
        let expected = [
            "zk_server_state": "leader", "zk_peer_state": "leading - broadcast", "zk_quorum_size": "3",
            "zk_learners": "3", "zk_synced_followers": "2", "zk_synced_non_voting_followers": "0",
            "zk_synced_observers": "1", "zk_pending_syncs": "0", "zk_last_proposal_size": "89",
            "zk_max_proposal_size": "89", "zk_min_proposal_size": "48", "zk_proposal_count": "2",
            "zk_diff_count": "3", "zk_snap_count": "0", "zk_looking_count": "1", "zk_cnt_election_time": "1",
            "zk_cnt_unavailable_time": "1", "zk_cnt_leader_unavailable_time": "1", "zk_cnt_follower_sync_time": "0",
            "zk_cnt_quorum_ack_latency": "2", "zk_learner_proposal_received_count": "0", "zk_global_sessions": "1",
            "zk_cnt_proposal_ack_creation_latency": "2", "zk_requests_not_forwarded_to_commit_processor": "2",
            "zk_skip_learner_request_to_next_processor_count": "0", "zk_request_commit_queued": "2",
        ]
        for (key, value) in expected { #expect(rows[key] == value, "\(key)") }
        #expect(rows["zk_leader_uptime"] == rows["zk_uptime"])
        #expect(rows["zk_observer_master_id"] == nil)
    }

    @Test func `a learner's metrics count what it is sent`() throws {
        var (ensemble, leader) = try elected()
        let follower = leader == 0 ? 1 : 0
        let (client, _) = try ensemble.connect(to: follower)
        _ = try ensemble.ask(create("/a", [1, 2, 3]), client, on: follower)
        let common = [
            "zk_quorum_size": "3", "zk_cnt_unavailable_time": "1", "zk_cnt_leader_unavailable_time": "0",
            "zk_proposal_count": "0", "zk_learner_commit_received_count": "2", "zk_looking_count": "1",
            "zk_cnt_commit_propagation_latency": "2", "zk_cnt_quorum_ack_latency": "0",
            "zk_requests_not_forwarded_to_commit_processor": "0", "zk_request_commit_queued": "2",
        ]
        let following = [
            "zk_server_state": "follower", "zk_peer_state": "following - broadcast",
            "zk_learner_proposal_received_count": "2", "zk_cnt_proposal_latency": "2",
            "zk_cnt_follower_sync_time": "1", "zk_cnt_observer_sync_time": "0", "zk_cnt_election_time": "1",
            "zk_cnt_proposal_ack_creation_latency": "2",
        ]
        let observing = [
            "zk_server_state": "observer", "zk_peer_state": "observing - broadcast",
            "zk_observer_master_id": "\(leader + 1)", "zk_learner_proposal_received_count": "0",
            "zk_cnt_follower_sync_time": "0", "zk_cnt_observer_sync_time": "1", "zk_cnt_election_time": "0",
            "zk_cnt_proposal_ack_creation_latency": "0",
        ]
        for (server, own) in [(follower, following), (3, observing)] {
            let rows = values(of: ensemble.ask(.mntr, on: server))
            for (key, value) in common.merging(own, uniquingKeysWith: { $1 }) {
                #expect(rows[key] == value, "\(key) of server \(server + 1)")
            }
            #expect(rows["zk_learners"] == nil && rows["zk_leader_uptime"] == nil)
        }
    }

    @Test func `outages and elections are measured`() throws {
        var (ensemble, leader) = try elected()
        ensemble.crash(leader)
        ensemble.wait(.seconds(60))
        let next = try #require(ensemble.leader)
        let rows = values(of: ensemble.ask(.mntr, on: next))
        #expect(rows["zk_looking_count"] == "2")
        #expect(rows["zk_quit_leading_due_to_disloyal_voter"] == "0")
        #expect(rows["zk_cnt_election_time"] == "2")
        #expect(rows["zk_cnt_unavailable_time"] == "2")
        let longest = try #require(rows["zk_max_unavailable_time"].flatMap { Int($0) })
        let election = try #require(rows["zk_max_election_time"].flatMap { Int($0) })
        #expect(election > 0 && election <= longest && longest < 60_000)
    }

    @Test func `a client that comes while there is no leader is counted`() throws {
        var (ensemble, leader) = try elected()
        ensemble.crash(leader)
        let rest = leader == 0 ? 1 : 0
        let (_, refused) = try ensemble.shakeHands(with: rest)
        #expect(refused == nil)
        ensemble.wait(.seconds(60))
        #expect(values(of: ensemble.ask(.mntr, on: rest))["zk_cnxn_closed_without_zk_server_running"] == "1")
    }

    @Test func `a follower asks the leader which sessions live, and that is counted`() throws {
        var (ensemble, leader) = try elected()
        let follower = leader == 0 ? 1 : 0
        let (_, opened) = try ensemble.connect(to: leader)
        _ = try ensemble.connect(to: follower, session: opened.session, password: opened.password)
        #expect(values(of: ensemble.ask(.mntr, on: leader))["zk_revalidate_count"] == "1")
    }

    @Test func `the configuration names the ensemble`() throws {
        var (ensemble, leader) = try elected()
        let lines = { (text: String) in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
        #expect(
            lines(ensemble.ask(.conf, on: 3)).suffix(14) == [
                "serverId=4", "initLimit=10", "syncLimit=5", "electionAlg=3", "electionPort=3888", "quorumPort=2888",
                "peerType=1", "membership: ", "server.1=10.0.0.1:2888:3888:participant;0.0.0.0:2181",
                "server.2=10.0.0.2:2888:3888:participant;0.0.0.0:2181",
                "server.3=10.0.0.3:2888:3888:participant;0.0.0.0:2181",
                "server.4=10.0.0.4:2888:3888:observer;0.0.0.0:2181", "version=100000000", "",
            ])
        #expect(lines(ensemble.ask(.conf, on: leader)).contains("peerType=0"))
    }

    @Test func `the leader dumps when sessions end, learners which there are`() throws {
        var (ensemble, leader) = try elected()
        let follower = leader == 0 ? 1 : 0
        let (_, opened) = try ensemble.connect(to: follower)
        let start = "SessionTracker dump:\n"
        for server in [follower, 3] {
            #expect(
                ensemble.ask(.dump, on: server).hasPrefix(
                    start + "Global Sessions(1):\n\(opened.session)\t10000ms\nephemeral nodes dump:\n"))
        }
        #expect(ensemble.ask(.dump, on: leader).hasPrefix(start + "Session Sets (1)/(1):\n1 expire at "))
    }
}
