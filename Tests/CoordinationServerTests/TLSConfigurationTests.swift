import CoordinationServer
import EventLoop
import Messages
import StateMachines
import Testing

struct TLSConfigurationTests {
    private func tls(_ lines: String) throws -> ServerTLSOptions {
        try ZooConfiguration("clientPort=1\ndataDir=d\n" + lines, file: "zoo.cfg").options.tls
    }

    @Test func `the keys that count, in both notations`() throws {
        let tls = try tls(
            """
            secureClientPort=2281
            secureClientPortAddress=127.0.0.1
            client.portUnification=true
            client.certReload=true
            ssl.keyStore.password=one
            ssl.keyStore.location=/keys.p12
            ssl.trustStore.location=/trust
            zookeeper.ssl.trustStore.type=pkcs12
            ssl.trustStore.passwordPath=/password
            ssl.clientAuth=WANT
            ssl.enabledProtocols=TLSv1.1,TLSv1.2
            ssl.ciphersuites=TLS_AES_128_GCM_SHA256,ECDHE-RSA-AES256-GCM-SHA384
            ssl.clientHostnameVerification=true
            ssl.crl=true
            ssl.handshakeDetectionTimeoutMillis=750
            """)
        var keys = TLSStore("/keys.p12")
        keys.password = "one"
        var trust = TLSStore("/trust")
        (trust.format, trust.passwordLocation) = (.pkcs12, "/password")
        #expect(tls.securePort == 2281)
        #expect(tls.secureHost == "127.0.0.1")
        #expect(tls.isPortUnified && tls.reloadsCertificates)
        #expect(tls.rules.keyStore == keys)
        #expect(tls.rules.trustStore == trust)
        #expect(tls.rules.paths == ["/keys.p12", "/trust", "/password"])
        #expect(tls.rules.clientCertificate == .want)
        #expect(tls.rules.versions == .tls12 ... .tls12)
        #expect(tls.rules.cipherSuites == ["TLS_AES_128_GCM_SHA256", "ECDHE-RSA-AES256-GCM-SHA384"])
        #expect(tls.rules.verifiesPeerName)
        #expect(tls.rules.checksRevocation)
        #expect(tls.rules.handshakeTimeout == .milliseconds(750))
    }

    @Test func `what is not said is as in ZooKeeper`() throws {
        let none = try tls("")
        #expect(!none.isWanted)
        let some = try tls("secureClientPort=0\nssl.hostnameVerification=false\nssl.clientHostnameVerification=true")
        #expect(some.isWanted)
        #expect(some.rules.clientCertificate == .need)
        #expect(some.rules.versions == .tls12 ... .tls13)
        #expect(!some.rules.verifiesPeerName)
        let options = try ZooConfiguration("secureClientPort=2281\ndataDir=d", file: "zoo.cfg").options
        #expect(!options.hasPlainPort)
        #expect(try ZooConfiguration("clientPort=1\ndataDir=d", file: "zoo.cfg").options.hasPlainPort)
    }

    @Test(arguments: [
        ("secureClientPort=65536", "secureClientPort must be a port from 0 to 65535, not ‘65536’."),
        ("client.certReload=maybe", "client.certReload must be true or false, not ‘maybe’."),
        ("ssl.clientAuth=always", "ssl.clientAuth must be one of none, want, need, not ‘always’."),
        ("ssl.keyStore.type=DER", "ssl.keyStore.type must be one of PEM, PKCS12, JKS, BCFKS, not ‘DER’."),
        ("ssl.enabledProtocols=SSLv3", "ssl.enabledProtocols must be TLSv1.2, TLSv1.3 or both, not ‘SSLv3’."),
        ("ssl.keyStore.location=", "ssl.keyStore.location must be something, not ‘’."),
        (
            "ssl.handshakeDetectionTimeoutMillis=0",
            "ssl.handshakeDetectionTimeoutMillis must be a whole number of milliseconds, not ‘0’."
        ),
    ])
    func `a value that cannot be is named`(line: String, sentence: String) throws {
        let failure = #expect(throws: ConfigurationFailure.self) { try tls(line) }
        #expect(failure?.message.english.hasSuffix(", line 3: " + sentence) == true)
    }
}
