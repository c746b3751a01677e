import Bytes
import CoordinationCore
import CoordinationServer
import EventLoop
import Foundation
import Goldens
import JavaFormats
import Messages
import StateMachines
import Testing
import TransactionLog
import Zab

struct ZooConfigurationTests {
    private func read(_ text: String, _ properties: [ZooConfiguration.Property] = []) throws -> ServerOptions {
        try ZooConfiguration("clientPort=1\ndataDir=d\n" + text, file: "zoo.cfg", properties: properties).options
    }

    @Test func `the keys that count`() throws {
        let configuration = try ZooConfiguration(
            """
            # A comment.
            clientPort = 2185
            clientPortAddress=127.0.0.1
            dataDir=/var/data\r
            dataLogDir=/var/log
            ! Another one.
            tickTime 500
            minSessionTimeout:1000
            maxSessionTimeout=9000
            maxClientCnxns=0
            4lw.commands.whitelist=ruok, \\
              isro,nonsense
            server.1=localhost:2888:3888
            """, file: "zoo.cfg")
        let options = configuration.options
        #expect(options.port == 2185)
        #expect(options.host == "127.0.0.1")
        #expect(options.dataFolder == "/var/data")
        #expect(options.storage.logFolder == "/var/log")
        #expect(options.storage.purge == .afterEachSnapshot)
        #expect(options.core.tickTime == .milliseconds(500))
        #expect(options.core.sessionTimeouts == 1_000...9_000)
        #expect(options.core.connectionLimitPerAddress == 0)
        #expect(options.core.commandWhitelist == [.ruok, .isro, .srvr])
        #expect(configuration.warnings.isEmpty)
    }

    @Test func `signs stay signs, whatever accent follows them`() {
        let lines = PropertyLines("a=\u{301}b\r\n\\=\\\n  c : d\u{301} \t\n\rlonely\\u00e9")
        #expect(
            lines.map { [$0.key, $0.value, "\($0.line) \($0.hasSeparator)"] } == [
                ["a", "\u{301}b", "1 true"], ["=c", "d\u{301}", "2 true"], ["lonely\u{E9}", "", "5 false"],
            ])
    }

    @Test func `timeouts follow the tick`() throws {
        #expect(try read("tickTime=100").core.sessionTimeouts == 200...2_000)
        #expect(try read("").core.sessionTimeouts == 6_000...60_000)
        #expect(try read("").host == "0.0.0.0")
    }

    @Test func `the keys of access and limits, in both notations`() throws {
        let options = try read(
            """
            zookeeper.skipACL=yes
            zookeeper.DigestAuthenticationProvider.digestAlg=SHA-256
            DigestAuthenticationProvider.superDigest=super:D/InIHSb7yEEbrWz8b9l71RjZJU=
            superUser=bob
            superUser.2=eve
            authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider
            enforce.auth.enabled=true
            enforce.auth.schemes=sasl, digest
            jute.maxbuffer=4096
            maxCnxns=7
            globalOutstandingLimit=9
            clientPortListenBacklog=12
            znode.container.checkIntervalMs=5
            extendedTypesEnabled=TRUE
            readonlymode.enabled=true
            """)
        let access = options.core.access
        #expect(access.skipACL)
        #expect(access.digestAlg == .sha256)
        #expect(access.superDigest == "super:D/InIHSb7yEEbrWz8b9l71RjZJU=")
        #expect(access.superUsers == ["bob", "eve"])
        #expect(access.authProviders == ["sasl"])
        #expect(access.enforceAuthSchemes == ["sasl", "digest"])
        #expect(options.core.frameLimit == 4_096)
        #expect(options.core.maxCnxns == 7)
        #expect(options.core.globalOutstandingLimit == 9)
        #expect(options.listenBacklog == 12)
        #expect(options.core.containerCheckInterval == .milliseconds(5))
        #expect(options.core.extendedTypesEnabled)
        #expect(options.core.commandWhitelist == [.srvr, .isro])
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

    @Test func `what administrators and connections may`() throws {
        let options = try read(
            """
            clientTcpKeepAlive=true
            admin.serverPort=0
            admin.idleTimeout=1500
            admin.restore.enabled=false
            admin.portUnification=true
            admin.needClientAuth=true
            ssl.quorum.keyStore.location=/k
            ssl.quorum.keyStore.passwordPath=/p
            ssl.quorum.trustStore.location=/t
            ssl.quorum.trustStore.type=pkcs12
            netty.server.outstandingHandshake.limit=9
            DigestAuthenticationProvider.superDigest=super:x
            ssl.keyStore.password=secret
            """)
        #expect(options.keepsAlive)
        #expect(options.administration.idleTimeout == .milliseconds(1_500))
        #expect(!options.administration.allowsRestores && options.administration.allowsSnapshots)
        let tls = options.administration.tls
        #expect(tls.isUnified && !tls.isForced && tls.needsClientCertificate)
        #expect(tls.keyStore?.location == "/k" && tls.keyStore?.passwordLocation == "/p")
        #expect(tls.trustStore?.location == "/t" && tls.trustStore?.format == .pkcs12)
        #expect(options.tls.handshakeLimit == 9)
        // As ZooKeeper's admin server tells them, but for passwords.
        let told = options.fileProperties.map { "\($0.key)=\($0.value)" }
        #expect(told.contains("zookeeper.clientTcpKeepAlive=true"))
        #expect(told.contains("zookeeper.ssl.keyStore.password=***"))
        #expect(!told.contains { $0.contains("dataDir") })
    }

    @Test func `the command line gives properties, and the file has the last word`() throws {
        let properties = [
            ZooConfiguration.Property(key: "zookeeper.maxCnxns", value: "3"),
            ZooConfiguration.Property(key: "tickTime", value: "9"),
        ]
        let options = try read("tickTime=70", properties)
        #expect(options.core.maxCnxns == 3)
        #expect(options.core.tickTime == .milliseconds(70))
        #expect(try ZooConfiguration(properties: properties).options.host == "127.0.0.1")
        let positional = try ZooConfiguration(positional: ["2199", "/d", "800", "5"], properties: properties).options
        #expect(positional.port == 2_199)
        #expect(positional.dataFolder == "/d")
        #expect(positional.core.tickTime == .milliseconds(800))
        #expect(positional.core.connectionLimitPerAddress == 5)
        #expect(positional.core.maxCnxns == 3)
    }

    @Test func `what has no effect is named with its reason, and what is unknown with the nearest key`() throws {
        let configuration = try ZooConfiguration(
            "clientPort=1\ndataDir=d\nelectionAlg=3\ntickTme=3\nzookeeper.quorum.nothing=1",
            file: "zoo.cfg")
        let warnings = configuration.warnings.map(\.english)
        #expect(warnings.count == 3)
        #expect(warnings[0].hasPrefix("zoo.cfg, line 3: ‘electionAlg’ has no effect here: fast leader"))
        #expect(warnings[1].hasSuffix("line 4: no key is called ‘tickTme’; it has no effect. Did you mean ‘tickTime’?"))
        #expect(warnings[2].hasSuffix("it has no effect."))
        #expect(configuration.warnings.allSatisfy { $0.chinese.contains("zoo.cfg 第") })
    }

    @Test func `the server line may give the client's port, also from the dynamic file`() throws {
        let direct = try ZooConfiguration(
            "dataDir=d\nserver.1=h:2888:3888:participant;127.0.0.1:2183", file: "zoo.cfg")
        #expect(direct.options.port == 2_183)
        #expect(direct.options.host == "127.0.0.1")
        let text = "dataDir=d\ndynamicConfigFile=more.cfg"
        let dynamic = try ZooConfiguration(text, file: "zoo.cfg") { path throws(ConfigurationFailure) in
            #expect(path == "more.cfg")
            return "version=100000000\nserver.7=h:1:2;2184"
        }
        #expect(dynamic.options.port == 2_184)
        #expect(dynamic.options.host == "0.0.0.0")
        let failure = #expect(throws: ConfigurationFailure.self) {
            try ZooConfiguration(text, file: "zoo.cfg") { _ throws(ConfigurationFailure) in "tickTime=5" }
        }
        #expect(failure?.message.english.hasPrefix("more.cfg, line 1: ‘tickTime’ does not belong") == true)
    }

    @Test func `several server lines and a number make an ensemble`() throws {
        let text = """
            dataDir=/d
            tickTime=300
            initLimit=7
            syncLimit=3
            server.1=a:2888:3888;2181
            server.2=b:2888:3888;127.0.0.1:2191
            server.3=c:2888:3888:observer
            group.1=1:2
            weight.2=5
            fastleader.minNotificationInterval=50
            snapshotSizeFactor=-1
            observerMasterPort=2999
            """
        let read: (String) throws(ConfigurationFailure) -> String = { path throws(ConfigurationFailure) in
            #expect(path == "/d/myid")
            return " 2\n"
        }
        let options = try ZooConfiguration(text, file: "zoo.cfg", read: read).options
        #expect(options.host == "127.0.0.1")
        #expect(options.port == 2_191)
        let ensemble = try #require(options.ensemble)
        #expect(ensemble.me == ServerID(2))
        #expect(ensemble.timing.tick == .milliseconds(300))
        #expect(ensemble.timing.initLimit == 7)
        #expect(ensemble.timing.leastResendInterval == .milliseconds(50))
        #expect(ensemble.logSizeLimitPerThousand == 0)
        #expect(ensemble.observerMasterPort == 2_999)
        #expect(ensemble.ensemble.voters.map(\.id) == [ServerID(1), ServerID(2)])
        #expect(ensemble.ensemble[ServerID(2)]?.weight == 5)
        #expect(ensemble.ensemble[ServerID(3)]?.role == .observer)
        for (myid, problem) in [("4", "no ‘server.4’ line"), ("", "must hold"), ("one", "must hold")] {
            let failure = #expect(throws: ConfigurationFailure.self) {
                try ZooConfiguration(text, file: "zoo.cfg") { _ throws(ConfigurationFailure) in myid }
            }
            #expect(failure?.message.english.contains(problem) == true)
        }
        let alone = try ZooConfiguration("dataDir=/d\nserver.2=b:1:2;3", file: "zoo.cfg", read: read)
        #expect(alone.options.ensemble == nil)
        let one = try ZooConfiguration(
            "dataDir=/d\nserver.2=b:1:2;3\nstandaloneEnabled=false", file: "zoo.cfg", read: read)
        #expect(one.options.ensemble != nil)
    }

    private func ensemble(_ lines: String) throws -> EnsembleOptions {
        let configuration = try ZooConfiguration(
            "dataDir=/d\nserver.1=a:1:2;3\nserver.2=b:1:2\n" + lines, file: "zoo.cfg"
        ) { _ throws(ConfigurationFailure) in "1" }
        #expect(configuration.warnings.isEmpty)
        return try #require(configuration.options.ensemble)
    }

    @Test func `how servers reach each other, and what they do while they cannot`() throws {
        let usual = try ensemble("")
        #expect(usual.timing.connectionLimit == 0 && usual.timing.connectionPause == .milliseconds(100))
        #expect(usual.timing.longestEpochWait == nil && usual.timing.observerConnectionDelay == .zero)
        #expect(usual.timing.observerElectionDelay == .milliseconds(200))
        #expect(usual.electionGreetingTimeout == nil && usual.electionPortAttempts == 3 && usual.oraclePath == nil)
        let other = try ensemble(
            """
            connectToLearnerMasterLimit=7
            leaderConnectDelayDuringRetryMs=11
            quorumCnxnTimeoutMs=900
            electionPortBindRetry=0
            leader.maxTimeToWaitForEpoch=800
            observer.reconnectDelayMs=700
            observer.election.DelayMs=600
            oraclePath=/etc/oracle
            """)
        #expect(other.timing.connectionLimit == 7 && other.timing.connectionPause == .milliseconds(11))
        #expect(other.electionGreetingTimeout == .milliseconds(900) && other.electionPortAttempts == 0)
        #expect(other.timing.longestEpochWait == .milliseconds(800))
        #expect(other.timing.observerConnectionDelay == .milliseconds(700))
        #expect(other.timing.observerElectionDelay == .milliseconds(600))
        #expect(other.oraclePath == "/etc/oracle")
        let off = try ensemble("quorumCnxnTimeoutMs=-1\nleader.maxTimeToWaitForEpoch=-1")
        #expect(off.electionGreetingTimeout == nil && off.timing.longestEpochWait == nil)
    }

    @Test func `the users of clients come from the section that is named, before or after the file`() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/logins"
        try #"Server { M required user_a="b"; }; Other { M required user_c="d"; };"#.write(
            toFile: path, atomically: false, encoding: .utf8)
        let lines = ["java.security.auth.login.config=\(path)", "zookeeper.sasl.serverconfig=Other"]
        #expect(try read(lines[0]).core.access.saslUsers == ["a": "b"])
        for text in [lines, lines.reversed()] {
            #expect(try read(text.joined(separator: "\n")).core.access.saslUsers == ["c": "d"])
        }
        let warnings = try ZooConfiguration(
            "clientPort=1\ndataDir=d\nsasl.serverconfig=Nobody\n" + lines[0], file: "zoo.cfg"
        ).warnings
        #expect(warnings.map(\.english).first?.contains("names the section ‘Nobody’ of /") == true)
    }

    /// Servers of an ensemble with these lines; “LOGINS” is a file of logins.
    private func login(_ lines: String) throws -> QuorumLoginOptions {
        let folder = TemporaryFolder()
        let path = folder.path + "/logins"
        let logins = """
            QuorumServer { M required user_a="b" user_c="d"; }; QuorumLearner { M required username="a" password="b"; };
            Mine { M required username="e" password="f"; }; Theirs { M required user_g="h"; };
            """
        try logins.write(toFile: path, atomically: false, encoding: .utf8)
        let text = "dataDir=/d\nserver.1=a:1:2;3\nserver.2=b:1:2\n" + lines.replacing("LOGINS", with: path)
        let configuration = try ZooConfiguration(text, file: "zoo.cfg") { _ throws(ConfigurationFailure) in "1" }
        #expect(configuration.warnings.isEmpty)
        return try #require(configuration.options.ensemble).login
    }

    @Test func `servers that log in to each other`() throws {
        let file = "\njava.security.auth.login.config=LOGINS"
        var expected = QuorumLoginOptions()
        #expect(try login("") == expected)
        #expect(try login("quorum.auth.enableSasl=false" + file) == expected)
        expected.users = ["a": "b", "c": "d"]
        #expect(try login("quorum.auth.enableSasl=true" + file) == expected)
        expected.credentials = QuorumLoginOptions.Credentials(user: "a", password: "b")
        #expect(try login("quorum.auth.learnerRequireSasl=true\nquorum.auth.enableSasl=true" + file) == expected)
        let all =
            "quorum.auth.enableSasl=true\nquorum.auth.learnerRequireSasl=true\nquorum.auth.serverRequireSasl=true\n"
        expected.isRequired = true
        #expect(try login(all + file) == expected)
        expected.credentials = QuorumLoginOptions.Credentials(user: "e", password: "f")
        expected.users = ["g": "h"]
        let sections = "quorum.auth.learner.saslLoginContext=Mine\nquorum.auth.server.saslLoginContext=Theirs"
        #expect(try login(all + sections + file) == expected)
    }

    @Test(arguments: [
        ("quorum.auth.learnerRequireSasl=true", "wants quorum.auth.enableSasl=true as well"),
        (
            "quorum.auth.enableSasl=true\nquorum.auth.serverRequireSasl=true",
            "wants quorum.auth.learnerRequireSasl=true"
        ),
        (
            "quorum.auth.enableSasl=true",
            "The section ‘QuorumServer’ of a JAAS file, which java.security.auth.login.config"
        ),
        (
            "quorum.auth.enableSasl=true\nquorum.auth.server.saslLoginContext=X\njava.security.auth.login.config=LOGINS",
            "users who may log in, and there are none. The section ‘X’ of /"
        ),
        (
            """
            quorum.auth.enableSasl=true\nquorum.auth.learnerRequireSasl=true\nquorum.auth.learner.saslLoginContext=X
            java.security.auth.login.config=LOGINS
            """, "a user to log in as, and there is none. The section ‘X’ of /"
        ), ("quorum.auth.enableSasl=yes", "true or false"),
    ])
    func `what is missing for logins between servers is named`(lines: String, problem: String) {
        let failure = #expect(throws: ConfigurationFailure.self) { try login(lines) }
        #expect(failure?.message.english.contains(problem) == true, "\(failure?.message.english ?? "")")
        #expect(failure?.message.chinese.contains("quorum.auth") == true)
    }

    @Test(arguments: [
        ("clientPort", "zoo.cfg, line 1"), ("clientPort=70000\ndataDir=d", "zoo.cfg, line 1"),
        ("clientPort=1", "dataDir"), ("dataDir=d", "clientPort"), ("clientPort=1\ndataDir=", "line 2"),
        ("dataDir=d\ntickTime=0", "line 2"),
        ("dataDir=d\nserver.1=a:1:2\nserver.1=b:1:2", "line 3: ‘server.1’ says again"),
        ("dataDir=/nowhere\nserver.1=a:1:2\nserver.2=b:1:2", "/nowhere/myid must hold this server's number"),
        ("dataDir=d\ngroup.1=1:1", "line 2: group.1 must be server numbers"),
        ("dataDir=d\nweight.1=-1", "line 2: weight.1 must be a number from 0"),
        ("dataDir=d\ncommitLogCount=0", "line 2"), ("dataDir=d\nsnapshotSizeFactor=x", "a number such as 0.33"),
        ("dataDir=d\nserver.1=a", "line 2: server.1 must be of the form"),
        ("dataDir=d\nskipACL=maybe", "one of yes, no"), ("dataDir=d\nreconfigEnabled=1", "true or false"),
        ("dataDir=d\n#\nzookeeper.authProvider.1=org.Mine", "line 3: zookeeper.authProvider.1 must be one of"),
        ("dataDir=d\nsnapCount=1", "line 2"),
        ("dataDir=d\nsnapshot.compression.method=zip", "‘gz’, ‘snappy’ or empty"),
        ("dataDir=d\nconnection_throttle_drop_increase=2", "from 0 to 1"),
        ("clientPort=1\ndataDir=d\nminSessionTimeout=9\nmaxSessionTimeout=8", "must not be above"),
        ("dataDir=d\ndynamicConfigFile=/nowhere/dynamic.cfg", "/nowhere/dynamic.cfg cannot be read"),
    ])
    func `what is wrong is named with its line`(text: String, place: String) {
        let failure = #expect(throws: ConfigurationFailure.self) { try ZooConfiguration(text, file: "zoo.cfg") }
        #expect(failure?.message.english.contains(place) == true, "\(failure?.message.english ?? "")")
        #expect(failure?.message.chinese.isEmpty == false)
    }

    @Test(arguments: zip(Language.allCases, ["configuration.md", "configuration.zh-CN.md"]))
    func `the reference page is what the table says`(language: Language, file: String) throws {
        #expect(try Golden.difference(ConfigurationReference.page(in: language), file, in: "../../docs") == nil)
    }
}
