import Bytes
import Testing
import WireProtocol

struct ConfigurationChangeTests {
    private static let text = """
        server.1=a:2888:3888:participant;0.0.0.0:2181
        server.2=b:2888:3888:participant;0.0.0.0:2181
        server.3=c:2888:3888:observer;c:2182
        version=100000000
        """

    private func changed(joining: ByteString? = nil, leaving: ByteString? = nil) throws -> String? {
        try QuorumConfigurationText(parsing: Array(Self.text.utf8)).changed(joining: joining, leaving: leaving)?
            .description
    }

    @Test func `servers come, go and change`() throws {
        #expect(
            try changed(joining: "server.4=d:2888:3888;2181, server.3=c:2888:3888;c:2182", leaving: "1,9") == """
                server.2=b:2888:3888:participant;0.0.0.0:2181
                server.3=c:2888:3888:participant;c:2182
                server.4=d:2888:3888:participant;0.0.0.0:2181
                """)
        // One that leaves and joins again has a new address; one that takes over an address that is given up may.
        #expect(try changed(joining: "server.1=b:2888:3888;2181", leaving: "2")?.contains("server.1=b:2888") == true)
        #expect(try changed() == Self.text.split(separator: "\n").dropLast().joined(separator: "\n"))
    }

    @Test(
        arguments: [
            ("server.4=d:2888:3888", nil), ("server.4=d:2888;2181", nil), ("server.4", nil), ("server.x=d:1:2;3", nil),
            ("server.4=b:2888:4000;2181", nil), ("server.4=d:2889:3889;c:2182", nil), (nil, "x"),
        ] as [(ByteString?, ByteString?)])
    func `what is malformed or belongs to another is refused`(joining: ByteString?, leaving: ByteString?) throws {
        #expect(try changed(joining: joining, leaving: leaving) == nil)
    }

    @Test func `groups are changed as a whole only`() throws {
        let groups = "server.1=a:1:2;3\ngroup.1=1\nweight.1=1"
        let text = try QuorumConfigurationText(parsing: Array(groups.utf8))
        #expect(text.changed(joining: "server.2=b:1:2;3", leaving: nil) == nil)
        let replaced = QuorumConfigurationText.replacement("server.2=b:1:2;3,group.1=2,weight.2=4,version=7")
        #expect(replaced?.description == "server.2=b:1:2:participant;0.0.0.0:3\ngroup.1=2\nweight.2=4")
        #expect(QuorumConfigurationText.replacement("server.2=b") == nil)
    }

    @Test func `every machine has its own loopback`() throws {
        let one = try #require(QuorumServer(id: 1, "127.0.0.1:1:2;3"))
        let other = try #require(QuorumServer(id: 2, "127.0.0.1:1:2;3"))
        #expect(!one.sharesAddress(with: other))
    }
}
