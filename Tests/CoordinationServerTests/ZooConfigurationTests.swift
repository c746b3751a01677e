import CoordinationCore
import CoordinationServer
import Messages
import StateMachines
import Testing
import TransactionLog

struct ZooConfigurationTests {
    @Test func `the keys that count`() throws {
        let configuration = try ZooConfiguration(
            """
            # A comment.
            clientPort = 2185
            clientPortAddress=127.0.0.1
            dataDir=/var/data\r
            dataLogDir=/var/log

            tickTime=500
            minSessionTimeout=1000
            maxSessionTimeout=9000
            maxClientCnxns=0
            4lw.commands.whitelist=ruok, srvr,nonsense
            autopurge.snapRetainCount=5
            server.1=localhost:2888:3888
            """, file: "zoo.cfg")
        let options = configuration.options
        #expect(options.port == 2185)
        #expect(options.host == "127.0.0.1")
        #expect(options.dataFolder == "/var/data")
        #expect(options.storage.logFolder == "/var/log")
        #expect(options.storage.snapshotRetainCount == 5)
        #expect(options.storage.purge == .afterEachSnapshot)
        #expect(options.core.tickTime == .milliseconds(500))
        #expect(options.core.sessionTimeouts == 1_000...9_000)
        #expect(options.core.connectionLimitPerAddress == 0)
        #expect(options.core.commandWhitelist == [.ruok, .srvr])
        #expect(configuration.warnings.map(\.english).map { $0.contains("has no effect") } == [true])
    }

    @Test func `the keys of logs and snapshots, in both notations`() throws {
        let storage = try ZooConfiguration(
            """
            clientPort=1
            dataDir=d
            snapCount=1000
            zookeeper.snapSizeLimitInKb=-1
            txnLogSizeLimitInKb=4096
            preAllocSize=128
            forceSync=no
            fsync.warningthresholdms=20
            zookeeper.snapshot.compression.method=GZ
            snapshot.trust.empty=true
            serializeLastProcessedZxid.enabled=false
            db.autocreate=false
            datadir.autocreate=false
            autopurge.snapRetainCount=1
            autopurge.purgeInterval=12
            """, file: "zoo.cfg"
        ).options.storage
        #expect(storage.snapCount == 1_000)
        #expect(storage.snapSizeLimitInKb == 0)
        #expect(storage.txnLogSizeLimitInKb == 4_096)
        #expect(storage.preAllocSize == 128)
        #expect(!storage.forceSync)
        #expect(storage.fsyncWarningThreshold == .milliseconds(20))
        #expect(storage.snapshotCompression == .gzip)
        #expect(storage.trustEmptySnapshot)
        #expect(!storage.serializeLastProcessedZxid)
        #expect(!storage.databaseAutocreate)
        #expect(!storage.folderAutocreate)
        #expect(storage.snapshotRetainCount == 3)
        #expect(storage.purge == .every(hours: 12))
        let never = try ZooConfiguration("clientPort=1\ndataDir=d\nautopurge.purgeInterval=0", file: "zoo.cfg")
        #expect(never.options.storage.purge == .never)
    }

    @Test func `timeouts follow the tick`() throws {
        let configuration = try ZooConfiguration("clientPort=1\ndataDir=d\ntickTime=100", file: "zoo.cfg")
        #expect(configuration.options.core.sessionTimeouts == 200...2_000)
        #expect(configuration.options.host == "0.0.0.0")
    }

    @Test(arguments: [
        ("clientPort", "line 1"), ("clientPort=70000\ndataDir=d", "line 1"), ("clientPort=1", "dataDir"),
        ("dataDir=d", "clientPort"), ("clientPort=1\ndataDir=", "line 2"), ("dataDir=d\ntickTime=0", "line 2"),
        ("dataDir=d\nserver.1=a\nserver.2=b", "line 3"), ("dataDir=d\nsnapCount=1", "line 2"),
        ("dataDir=d\nsnapshot.compression.method=snappy", "Snappy is not supported"),
    ])
    func `what is wrong is named with its line`(text: String, place: String) {
        let failure = #expect(throws: ConfigurationFailure.self) { try ZooConfiguration(text, file: "zoo.cfg") }
        #expect(failure?.message.english.contains(place) == true)
        #expect(failure?.message.chinese.isEmpty == false)
    }
}
