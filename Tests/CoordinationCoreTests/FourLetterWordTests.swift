import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes

struct FourLetterWordTests {
    /// A client with an ephemeral and one watch of each kind; 12 ms went by before its first write was on disk.
    private func busyServer() throws -> (VirtualServer, SessionID) {
        var server = VirtualServer()
        let (client, answer) = try server.connect()
        server.diskIsFast = false
        server.send(
            [(1, create("/a", [1, 2, 3])), (2, .getData(PathWatchRequest(path: "/a", watch: true)))], on: client)
        server.now = server.now + .milliseconds(12)
        server.diskIsFast = true
        server.finishDisk()
        server.send(
            [
                (3, create("/a/e", [], .ephemeral)), (4, .getChildren(PathWatchRequest(path: "/a", watch: true))),
                (5, .exists(PathWatchRequest(path: "/none", watch: true))),
            ], on: client)
        _ = server.take(on: client)
        return (server, answer.session)
    }

    private func ask(_ word: String, _ server: inout VirtualServer, more: [UInt8] = []) -> String {
        let id = server.open(address: "127.0.0.1:40001")
        server.send(Array(word.utf8) + more, on: id)
        #expect(server.closed.contains(id))
        return String(decoding: server.take(on: id), as: UTF8.self)
    }

    @Test func `connections are told with their statistics`() throws {
        var (server, session) = try busyServer()
        let start = " /127.0.0.1:40000[1](queued=0,recved=6,sent=6"
        #expect(
            ask("cons", &server) == start
                + ",sid=\(session),lop=EXIS,est=1700000000000,to=10000,lcxid=0x5,lzxid=0x3,lresp=1000012,llat=0,minlat=0"
                + ",avglat=4,maxlat=12)\n /127.0.0.1:40001[0](queued=0,recved=0,sent=0)\n\n")
        #expect(ask("stat", &server).contains("\nClients:\n" + start + ")\n /127.0.0.1:40001[0]("))
        #expect(ask("crst", &server) == "Connection stats reset.\n")
        #expect(ask("cons", &server).hasPrefix(" /127.0.0.1:40000[1](queued=0,recved=0,sent=0,sid=\(session),lop=NA,"))
    }

    @Test func `the server tells of itself, and can forget`() throws {
        var (server, _) = try busyServer()
        let text = ask("srvr", &server)
        #expect(text.hasPrefix("Zookeeper version: 3.9"))
        #expect(
            text.hasSuffix(
                """

                Latency min/avg/max: 0/4.8/12
                Received: 6
                Sent: 6
                Connections: 2
                Outstanding: 0
                Zxid: 0x3
                Mode: standalone
                Node count: 7

                """), "\(text)")
        #expect(ask("srst", &server) == "Server stats reset.\n")
        #expect(ask("srvr", &server).contains("Latency min/avg/max: 0/0.0/0\nReceived: 0\n"))
    }

    @Test func `watches are told by session and by path, those of data only`() throws {
        var (server, session) = try busyServer()
        #expect(ask("wchs", &server) == "1 connections watching 2 paths\nTotal watches:2\n")
        #expect(ask("wchc", &server) == "\(session)\n\t/a\n\t/none\n\n")
        #expect(ask("wchp", &server) == "/a\n\t\(session)\n/none\n\t\(session)\n\n")
    }

    @Test func `sessions, ephemerals and connections are dumped`() throws {
        var (server, session) = try busyServer()
        let lines = ask("dump", &server).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(
            lines == [
                "SessionTracker dump:", "Session Sets (1)/(1):", "1 expire at Tue Nov 14 22:13:32 UTC 2023:",
                "\t\(session)", "ephemeral nodes dump:", "Sessions with Ephemerals (1):", "\(session):", "\t/a/e",
                "Connections dump:", "Connections Sets (1)/(2):", "2 expire at Tue Nov 14 22:13:30 UTC 2023:",
                "\tip: /127.0.0.1:40000 sessionId: \(session)", "\tip: /127.0.0.1:40001 sessionId: 0x0", "",
            ])
    }

    @Test func `the trace mask is kept`() throws {
        var (server, _) = try busyServer()
        #expect(ask("gtmk", &server) == "306")
        #expect(ask("stmk", &server, more: [0, 0, 0, 0, 0, 0, 2, 1]) == "513")
        #expect(ask("gtmk", &server) == "513")
        let id = server.open()
        server.send(Array("stmk".utf8), on: id)
        server.send([0, 0, 0, 0], on: id)
        #expect(!server.closed.contains(id))
        server.send([0, 0, 0, 7], on: id)
        #expect(server.take(on: id) == Array("7".utf8))
    }

    @Test func `an average lies between the least and the greatest, and no quantile above that`() {
        var histogram = LatencyHistogram()
        histogram.add(.microseconds(17_504))
        #expect(histogram.summary.minimum == 17 && histogram.summary.average == 17.504)
        #expect(histogram.summary.maximum == 18)
        #expect(histogram.quantile(0.5) == 17.504)
        histogram.add(.microseconds(300))
        #expect(histogram.summary.minimum == 0 && histogram.summary.average == 8.902)
        #expect(histogram.summary.maximum == 18 && histogram.quantile(0.999) == 17.504)
        var whole = LatencySummary()
        whole.add(.milliseconds(3))
        #expect(whole.minimum == 3 && whole.average == 3 && whole.maximum == 3)
    }

    @Test func `every 128th transaction's digest is kept`() throws {
        var server = VirtualServer()
        let (client, _) = try server.connect()
        #expect(ask("hash", &server) == "")
        for number in 0..<300 { server.send([(Int32(number), create(ByteString("/n\(number)")))], on: client) }
        let lines = ask("hash", &server).split(separator: "\n")
        #expect(lines.map { $0.prefix { $0 != ":" } } == ["80", "100"])
        #expect(lines.allSatisfy { Int64($0.drop { $0 != " " }.dropFirst()) != nil })
    }

    @Test func `what the driver knows is asked of it`() throws {
        var (server, _) = try busyServer()
        server.hostFacts.clientPort = 2_181
        server.hostFacts.snapshotFolder = "/d/version-2"
        server.hostFacts.logFolder = "/l/version-2"
        server.hostFacts.snapshotByteCount = 7
        server.hostFacts.logByteCount = 9
        server.hostFacts.openFileDescriptors = 11
        server.hostFacts.environment = [HostFacts.Property("host.name", "h")]
        server.hostFacts.metrics = [Metric("fsynctime", .durations(LatencySummary()))]
        #expect(ask("dirs", &server) == "datadir_size: 7\nlogdir_size: 9\n")
        #expect(
            ask("conf", &server) == """
                clientPort=2181
                secureClientPort=-1
                dataDir=/d/version-2
                dataDirSize=7
                dataLogDir=/l/version-2
                dataLogSize=9
                tickTime=2000
                maxClientCnxns=60
                minSessionTimeout=4000
                maxSessionTimeout=40000
                clientPortListenBacklog=-1
                serverId=0

                """)
        #expect(ask("envi", &server).hasSuffix("\nhost.name=h\n"))
        let rows = ask("mntr", &server).split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
        let values = Dictionary(rows.map { ($0[0], $0[1]) }) { first, _ in first }
        #expect(values.count == rows.count, "a key came twice")
        let expected = [
            "zk_server_state": "standalone", "zk_avg_latency": "4.8", "zk_max_latency": "12",
            "zk_num_alive_connections": "2", "zk_outstanding_requests": "0", "zk_znode_count": "7",
            "zk_watch_count": "3", "zk_ephemerals_count": "1", "zk_global_sessions": "1", "zk_local_sessions": "0",
            "zk_open_file_descriptor_count": "11", "zk_uptime": "12", "zk_cnt_updatelatency": "2",
            "zk_p99_updatelatency": "12", "zk_cnt_readlatency": "3", "zk_op_count_create": "2",
            "zk_op_count_total": "5", "zk_cnt_fsynctime": "0", "zk_commit_count": "3",
        ]
        for (key, value) in expected { #expect(values[key] == value, "\(key)") }
    }

    @Test func `words that are not on the list are refused`() throws {
        var configuration = VirtualServer.configuration()
        configuration.commandWhitelist = FourLetterWord.defaultWhitelist
        for word in FourLetterWord.allCases where word != .srvr {
            var server = VirtualServer(configuration)
            #expect(
                ask(word.rawValue, &server)
                    == "\(word.rawValue) is not executed because it is not in the whitelist.\n")
        }
    }

    @Test(
        arguments: [
            (0, "Thu Jan 01 00:00:00 UTC 1970"), (951_827_696_789, "Tue Feb 29 12:34:56 UTC 2000"),
            (-1, "Wed Dec 31 23:59:59 UTC 1969"), (1_795_230_878_000, "Sat Nov 21 03:14:38 UTC 2026"),
        ] as [(Int64, String)])
    func `dates are Java's`(milliseconds: Int64, text: String) {
        #expect(JavaDate.text(milliseconds: milliseconds) == text)
    }

    @Test func `quantiles are at most an eighth too high`() {
        var histogram = LatencyHistogram()
        for microseconds in 1...10_000 as ClosedRange<UInt64> { histogram.add(.microseconds(microseconds)) }
        for (quantile, exact) in [(0.5, 5.0), (0.9, 9.0), (0.99, 9.9), (1, 10.0)] {
            let told = histogram.quantile(quantile)
            #expect(told >= exact && told <= exact * 1.13, "\(quantile): \(told)")
        }
        #expect(LatencyHistogram().quantile(0.99) == 0)
        histogram.add(.seconds(1_000_000))
        #expect(histogram.quantile(1) > 10)
    }
}
