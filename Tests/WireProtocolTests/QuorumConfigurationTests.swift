import Bytes
import StateMachines
import Testing
import WireProtocol

struct QuorumConfigurationTests {
    @Test func `an ensemble as ZooKeeper writes it`() throws {
        let text = """
            server.1=a.example:2888:3888:participant;0.0.0.0:2181
            server.2=10.0.0.2:2888:3888|10.1.0.2:2889:3889:participant
            server.3=[2001:db8::3]:2888:3888:observer;[::1]:2181
            version=100000002
            """
        let configuration = try QuorumConfigurationText(parsing: ByteString(text))
        #expect(
            configuration.servers == [
                QuorumServer(
                    id: 1, addresses: [.init(host: "a.example", quorumPort: 2_888, electionPort: 3_888)],
                    clientAddress: QuorumEndpoint(host: "0.0.0.0", port: 2_181)),
                QuorumServer(
                    id: 2,
                    addresses: [
                        .init(host: "10.0.0.2", quorumPort: 2_888, electionPort: 3_888),
                        .init(host: "10.1.0.2", quorumPort: 2_889, electionPort: 3_889),
                    ]),
                QuorumServer(
                    id: 3, addresses: [.init(host: "2001:db8::3", quorumPort: 2_888, electionPort: 3_888)],
                    role: .observer, clientAddress: QuorumEndpoint(host: "::1", port: 2_181)),
            ])
        #expect(configuration.version == 0x1_0000_0002)
        #expect(configuration.description == text)
        #expect(configuration.bytes == Array(text.utf8))
        #expect(configuration[server: 2]?.addresses[1].election.description == "10.1.0.2:3889")
        #expect(configuration[server: 2]?.addresses[1].quorum.description == "10.1.0.2:2889")
        #expect(configuration[server: 9] == nil)
    }

    @Test func `groups and weights`() throws {
        let text = """
            server.1=a:1:2:participant
            server.2=b:1:2:participant
            server.3=c:1:2:participant
            group.1=1:2
            group.2=3
            weight.1=1
            weight.2=0
            weight.3=5
            version=0
            """
        let configuration = try QuorumConfigurationText(parsing: ByteString(text))
        #expect(configuration.groups == [.init(id: 1, members: [1, 2]), .init(id: 2, members: [3])])
        #expect(
            configuration.weights == [
                .init(server: 1, weight: 1), .init(server: 2, weight: 0), .init(server: 3, weight: 5),
            ])
        #expect(configuration.description == text)
    }

    /// What stands behind `server.1=`, and how it is written then.
    @Test(arguments: [
        ("h:1:2", "h:1:2:participant"), ("h:1:2:OBSERVER", "h:1:2:observer"),
        ("h:1:2;3", "h:1:2:participant;0.0.0.0:3"),
        ("h:1:2:participant;k:3", "h:1:2:participant;k:3"), ("[::1]:1:2;[::]:3", "[::1]:1:2:participant;[::]:3"),
        ("a:1:2:observer|b:1:2:observer", "a:1:2|b:1:2:observer"),
        ("a:1:2|b:3:4:observer;5", "a:1:2|b:3:4:observer;0.0.0.0:5"),
    ]) func `servers in other spellings`(text: String, written: String) throws {
        let server = try #require(QuorumServer(id: 1, text))
        #expect(server.description == written)
        #expect(QuorumServer(id: 1, written) == server)
    }

    @Test(arguments: [
        "", "h", "h:1", "h:1:1", "h:1:x", "h:x:1", "h:1:70000", "h:-1:2", "h:1:2:king", "h:1:2:participant:4", "h:1:2;",
        "h:1:2;x", "h:1:2;k:x", "h:1:2;3;4", "h:1:2|", "|h:1:2", "h:1:2:participant|k:1:2:observer", ":1:2", "[]:1:2",
        "[::1:1:2", "[::1]1:2", "::1:1:2", "h:1:2;:3", "h:1:2;[::1]",
    ]) func `what is no server`(text: String) {
        #expect(QuorumServer(id: 1, text) == nil)
    }

    @Test(arguments: [
        ("server.1=h:1:2\nserver.2=h", QuorumConfigurationText.Failure.malformedLine(2)),
        ("server.x=h:1:2", .malformedLine(1)), ("server.1", .malformedLine(1)), ("server=h:1:2", .malformedLine(1)),
        ("\n# a comment\nserver.1.2=h:1:2", .malformedLine(3)), ("clientPort=5", .malformedLine(1)),
        ("server.1=h:1:2\nserver.1=h:1:2", .repeated(2)), ("server.1=h:1:2\nversion=x", .malformedLine(2)),
        ("version=1\nversion=1", .repeated(2)), ("version=10000000000000000", .malformedLine(1)),
        ("group.1=1:1", .malformedLine(1)), ("group.1=", .malformedLine(1)), ("group.1=1\ngroup.1=2", .repeated(2)),
        ("group.1=1:2\ngroup.2=2:3", .repeated(2)), ("weight.1=-1", .malformedLine(1)),
        ("weight.1=1\nweight.1=1", .repeated(2)), ("", .empty), ("version=0", .empty),
    ]) func `texts that are refused`(text: String, failure: QuorumConfigurationText.Failure) {
        #expect(throws: failure) { try QuorumConfigurationText(parsing: ByteString(text)) }
    }

    @Test func `blanks, comments and the ends of lines of another system`() throws {
        let text = "# by hand\r\n\r\n server.1 = h:1:2 \r\n\tversion = A\r\n"
        let configuration = try QuorumConfigurationText(parsing: ByteString(text))
        #expect(configuration.description == "server.1=h:1:2:participant\nversion=a")
        let joining = try QuorumConfigurationText(parsing: "server.4=h:1:2")
        #expect(joining.version == nil)
        #expect(joining.description == "server.4=h:1:2:participant")
    }

    @Test func `a text up to the limit`() throws {
        let beginning = Array("server.1=h:1:2\n#".utf8)
        let limit = QuorumConfigurationText.byteLimit
        let filling = Array(repeating: UInt8(ascii: "x"), count: limit - beginning.count)
        #expect(try QuorumConfigurationText(parsing: beginning + filling).servers.count == 1)
        #expect(throws: QuorumConfigurationText.Failure.tooLong(bytes: limit + 1)) {
            try QuorumConfigurationText(parsing: beginning + filling + filling.prefix(1))
        }
        let address = "h:1:2|"
        let most = String(repeating: address, count: QuorumServer.addressLimit - 1) + "h:1:2"
        #expect(QuorumServer(id: 1, most) != nil)
        #expect(QuorumServer(id: 1, address + most) == nil)
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>) func `any ensemble comes back`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let configuration = Self.random(&random)
        let text = configuration.bytes
        #expect(try QuorumConfigurationText(parsing: text) == configuration, "seed=\(seed)")
        for _ in 0..<5 {
            var changed = text
            changed[Int.random(in: changed.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            // Whatever it is taken for, that is written so that it is taken for the same again.
            guard let read = try? QuorumConfigurationText(parsing: changed) else { continue }
            #expect(try QuorumConfigurationText(parsing: read.bytes) == read, "seed=\(seed)")
        }
    }

    static func random(_ random: inout SplitMix64) -> QuorumConfigurationText {
        let hosts = ["a.example", "10.0.0.1", "::1", "2001:db8::7"]
        let servers = (1...Int64.random(in: 1...7, using: &random)).map { id in
            let addresses = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                let port = UInt16.random(in: 1...60_000, using: &random)
                return QuorumServer.Address(
                    host: hosts.randomElement(using: &random)!, quorumPort: port, electionPort: port + 1)
            }
            let client = QuorumEndpoint(host: hosts.randomElement(using: &random)!, port: 2_181)
            return QuorumServer(
                id: id, addresses: addresses, role: QuorumServer.Role.allCases.randomElement(using: &random)!,
                clientAddress: Bool.random(using: &random) ? client : nil)
        }
        let isGrouped = Bool.random(using: &random)
        return QuorumConfigurationText(
            servers: servers,
            groups: isGrouped
                ? servers.map { .init(id: $0.id, members: [$0.id, $0.id + 100]) } : [],
            weights: isGrouped ? servers.map { .init(server: $0.id, weight: $0.id % 3) } : [],
            version: Int64.random(in: 0 ... .max, using: &random))
    }
}
