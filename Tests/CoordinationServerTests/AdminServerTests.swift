import Bytes
import CoordinationClient
import CoordinationCore
import CoordinationServer
import EventLoop
import Foundation
import StateMachines
import Testing
import TransactionLog
import ZNodes

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Admin commands and metrics of a real server, over HTTP.
struct AdminServerTests {
    /// A server with HTTP on free ports, a client, an ephemeral and a watch.
    private final class Bench: Sendable {
        let folder = TemporaryFolder()
        let thread: LoopThread
        let parts: LoopBound<(CoordinationServer, AdminServer)>
        let client: CoordinationClient
        let (admin, metrics): (UInt16, UInt16)

        /// - Parameter isMember: an ensemble of one, whose only member it is.
        init(interval: Int = 300_000, isMember: Bool = false) async throws {
            let thread = try LoopThread()
            let path = folder.path
            var ensemble = ""
            if isMember {
                try "3\n".write(toFile: path + "/myid", atomically: true, encoding: .utf8)
                let ports = try FreePorts.take(2)
                ensemble = "server.3=127.0.0.1:\(ports[0]):\(ports[1])\nstandaloneEnabled=false"
            }
            let members = ensemble
            parts = try await thread.run { loop in
                let text = """
                    clientPort=0
                    clientPortAddress=127.0.0.1
                    dataDir=\(path)
                    admin.serverPort=0
                    admin.serverAddress=127.0.0.1
                    admin.rateLimiterIntervalInMS=\(interval)
                    metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider
                    metricsProvider.httpPort=0
                    metricsProvider.httpHost=127.0.0.1
                    \(members)
                    """
                let options = try ZooConfiguration(text, file: "zoo.cfg").options
                let server = try CoordinationServer(options, on: loop)
                return LoopBound((server, try AdminServer(options.administration, for: server, on: loop)), on: loop)
            }
            self.thread = thread
            let parts = self.parts
            let ports = try await thread.run { loop in
                let (server, admin) = parts.value(on: loop)
                return (server.port, admin.port ?? 0, admin.metricsPort ?? 0)
            }
            (admin, metrics) = (ports.1, ports.2)
            client = try await CoordinationClient.connect(to: "127.0.0.1:\(ports.0)")
            _ = try await client.create("/a", kind: .ephemeral)
            _ = try await client.existsAndWatch("/none")
        }

        /// A read after the server has hung up; as often as the loss of the connection comes in between.
        func reconnected<Value: Sendable>(
            _ read: @Sendable (CoordinationClient) async throws -> Value
        ) async throws -> Value {
            for _ in 0..<100 {
                do {
                    return try await read(client)
                } catch let error as CoordinationError where error.isTransient {
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            return try await read(client)
        }

        func stop() async throws {
            await client.close()
            let (parts, thread) = (self.parts, self.thread)
            try await thread.run { loop in parts.value(on: loop).1.stop() }
            await withCheckedContinuation { continuation in
                thread.post { loop in parts.value(on: loop).0.stop { continuation.resume() } }
            }
            await thread.stop()
        }

        func get(
            _ port: UInt16, _ path: String, method: String = "GET", authorization: String? = nil, body: Data? = nil
        ) async throws -> (Int, String) {
            let (answer, data) = try await fetch(port, path, method: method, authorization: authorization, body: body)
            return (answer.statusCode, String(decoding: data, as: UTF8.self))
        }

        func fetch(
            _ port: UInt16, _ path: String, method: String = "GET", authorization: String? = nil, body: Data? = nil
        ) async throws -> (HTTPURLResponse, Data) {
            var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
            request.httpMethod = method
            request.httpBody = body
            if let authorization { request.setValue(authorization, forHTTPHeaderField: "Authorization") }
            let (data, response) = try await URLSession(configuration: .ephemeral).data(for: request)
            return (try #require(response as? HTTPURLResponse), data)
        }

        func command(_ name: String) async throws -> [String: Any] {
            let (status, text) = try await get(admin, "/commands/\(name)")
            #expect(status == 200)
            return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        }
    }

    @Test func `every command answers with its name`() async throws {
        let bench = try await Bench()
        let (status, links) = try await bench.get(bench.admin, "/commands")
        #expect(status == 200)
        for command in AdminCommand.allCases where command != .snapshot && command != .restore {
            #expect(links.contains("<a href=\"/commands/\(command.rawValue)\">\(command.rawValue)</a>"))
            let answer = try await bench.command(command.rawValue)
            #expect(answer["command"] as? String == command.rawValue)
            let hasError = answer["error"] is String
            #expect(hasError == [.leader, .setTraceMask].contains(command), "\(command)")
        }
        try await bench.stop()
    }

    @Test func `a member tells of its ensemble`() async throws {
        let bench = try await Bench(isMember: true)
        let monitor = try await bench.command("mntr")
        #expect(monitor["server_state"] as? String == "leader")
        #expect(monitor["peer_state"] as? String == "leading - broadcast")
        #expect(monitor["quorum_size"] as? Int == 1)
        let leader = try await bench.command("lead")
        #expect(leader["is_leader"] as? Bool == true)
        #expect(leader["leader_id"] as? Int == 3)
        #expect(leader["leader_ip"] as? String == "127.0.0.1")
        #expect(leader["error"] is NSNull)
        let state = try await bench.command("zabstate")
        #expect(state["voting"] as? Bool == true)
        #expect(state["zabstate"] as? String == "broadcast")
        let view = try #require(try await bench.command("voting_view")["current_config"] as? [String: [String: Any]])
        #expect(view.keys.sorted() == ["3"])
        #expect(view["3"]?["learnerType"] as? String == "participant")
        #expect((view["3"]?["serverAddresses"] as? [String])?.first?.hasPrefix("127.0.0.1:") == true)
        let server = try await bench.command("srvr")
        #expect(server["read_only"] as? Bool == false)
        let proposals = try #require(server["proposal_stats"] as? [String: Int])
        #expect(try #require(proposals["last_buffer_size"]) > 0)
        #expect(try await bench.command("conf")["server_id"] as? Int == 3)
        #expect(try await bench.command("obsr")["synced_observers"] as? Int == 0)
        try await bench.stop()
    }

    @Test func `commands tell what the server knows`() async throws {
        let bench = try await Bench()
        let connections = try #require(try await bench.command("cons")["connections"] as? [[String: Any]])
        #expect(connections.count == 1)
        #expect(connections.first?["last_operation"] as? String == "EXIS")
        let dump = try await bench.command("dump")
        let ephemerals = try #require(dump["session_id_to_ephemeral_paths"] as? [String: [String]])
        #expect(ephemerals.values.first == ["/a"])
        #expect(try await bench.command("wchp")["path_to_session_ids"] is [String: [Int]])
        #expect(try await bench.command("mntr")["ephemerals_count"] as? Int == 1)
        #expect(try await bench.command("mntr")["server_state"] as? String == "standalone")
        let stats = try #require(try await bench.command("srvr")["server_stats"] as? [String: Any])
        #expect(stats["num_alive_client_connections"] as? Int == 1)
        #expect(try await bench.command("stmk?traceMask=7")["tracemask"] as? Int == 7)
        #expect(try await bench.command("gtmk")["tracemask"] as? Int == 7)
        #expect(try await bench.command("stmk?traceMask=x")["error"] is String)
        #expect(try await bench.command("nothing")["error"] as? String == "Unknown command: nothing")
        #expect(try await bench.command("srst")["error"] is NSNull)
        #expect(try await bench.command("mntr")["op_count_create"] as? Int == 0)
        #expect(
            (try await bench.command("icfg")["initial_configuration"] as? String)?.contains("admin.serverPort=0")
                == true)
        try await bench.stop()
    }

    @Test func `other paths and methods are refused`() async throws {
        let bench = try await Bench()
        #expect(try await bench.get(bench.admin, "/").0 == 404)
        #expect(try await bench.get(bench.admin, "/commandsx").0 == 404)
        #expect(try await bench.get(bench.admin, "/commands/ruok", method: "POST").0 == 405)
        #expect(try await bench.get(bench.metrics, "/other").0 == 404)
        try await bench.stop()
    }

    @Test func `a snapshot goes to those who may have everything, and not too often`() async throws {
        let bench = try await Bench()
        let path = "/commands/snapshot"
        #expect(try await bench.get(bench.admin, path).0 == 401)
        #expect(try await bench.get(bench.admin, path, authorization: "nothing x").0 == 401)
        try await bench.client.authenticate("digest", Array("ann:secret".utf8))
        _ = try await bench.client.setAccess("/", [.authenticated(.all)])
        #expect(try await bench.get(bench.admin, path, authorization: "digest bob:secret").0 == 403)
        let (answer, data) = try await bench.fetch(bench.admin, path, authorization: "digest ann:secret")
        #expect(answer.statusCode == 200)
        #expect(answer.value(forHTTPHeaderField: "snapshot_size") == String(data.count))
        let zxid = try #require(answer.value(forHTTPHeaderField: "last_zxid"))
        let file = bench.folder.path + "/copy"
        try data.write(to: URL(filePath: file))
        let snapshot = try SnapshotFile.read(file)
        #expect(snapshot.zxid.description == zxid)
        #expect(snapshot.tree.find("/a") != nil)
        #expect(try await bench.get(bench.admin, path, authorization: "digest ann:secret").0 == 429)
        try await bench.stop()
    }

    @Test func `a snapshot that is sent takes the tree's place, also on disk`() async throws {
        let bench = try await Bench(interval: 0)
        let (snapshot, restore) = ("/commands/snapshot", "/commands/restore")
        let ann = "digest ann:secret"
        try await bench.client.authenticate("digest", Array("ann:secret".utf8))
        _ = try await bench.client.setAccess("/", [.authenticated(.all)])
        let data = try await bench.fetch(bench.admin, snapshot, authorization: ann).1
        for number in 0..<5 { _ = try await bench.client.create("/later\(number)") }
        #expect(try await bench.get(bench.admin, restore, authorization: ann).0 == 405)
        #expect(try await bench.get(bench.admin, restore, method: "POST", body: data).0 == 401)
        #expect(
            try await bench.get(bench.admin, restore, method: "POST", authorization: "digest bob:x", body: data).0
                == 403)
        let torn = data.prefix(data.count - 3)
        let refused = try await bench.get(bench.admin, restore, method: "POST", authorization: ann, body: torn)
        #expect(refused.0 == 500)
        #expect(try await bench.client.exists("/later0") != nil)
        let answer = try await bench.get(bench.admin, restore, method: "POST", authorization: ann, body: data)
        #expect(answer.0 == 200, "\(answer.1)")
        let members = try #require(try JSONSerialization.jsonObject(with: Data(answer.1.utf8)) as? [String: Any])
        // The client's session is in the snapshot, so it comes back and goes on.
        // The server has hung up on it, and it may not know yet.
        #expect(try await bench.reconnected { try await $0.exists("/later0") } == nil)
        #expect(try await bench.client.exists("/a") != nil)
        let stat = try #require(try await bench.client.exists(try await bench.client.create("/after")))
        #expect(Int(stat.czxid.rawValue) > (members["last_zxid"] as? Int ?? .max))
        let metrics = try await bench.command("mntr")
        #expect(metrics["cnt_restore_time"] as? Int == 1)
        #expect(metrics["restore_error_count"] as? Int == 1)
        try await bench.stop()

        var storage = StorageOptions()
        storage.dataFolder = bench.folder.path
        let server = try await RunningServer(storage)
        let client = try await server.connect()
        #expect(try await client.exists("/after") != nil)
        #expect(try await client.exists("/later0") == nil)
        await client.close()
        await server.stop()
    }

    @Test func `metrics have the names of dashboards`() async throws {
        let bench = try await Bench()
        let (status, text) = try await bench.get(bench.metrics, "/metrics")
        #expect(status == 200)
        for line in [
            "# TYPE znode_count gauge", "ephemerals_count 1", "num_alive_connections 1", "op_count_create 1",
            "# TYPE op_count_create counter", "# TYPE readlatency summary", "readlatency_count 1", "watch_count 1",
        ] { #expect(text.contains("\n\(line)\n"), "\(line)") }
        #expect(text.contains("\nupdatelatency{quantile=\"0.99\"} "))
        #expect(text.contains("\nfsynctime_count "))
        try await bench.stop()
    }
}
