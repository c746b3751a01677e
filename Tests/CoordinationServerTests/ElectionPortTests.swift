import CoordinationServer
import Foundation
import Messages
import Testing

/// The election port of one server of two, with the other one absent.
@Suite(.timeLimit(.minutes(1)))
struct ElectionPortTests {
    private let folder = TemporaryFolder()
    private let electionPort: UInt16
    private let otherPorts: [UInt16]

    init() throws {
        let ports = try FreePorts.take(4)
        (electionPort, otherPorts) = (ports[0], Array(ports[1...]))
    }

    private func start(_ lines: String) async throws -> RunningServer {
        let text = """
            dataDir=\(folder.path)
            tickTime=60000
            preAllocSize=64
            clientPort=0
            clientPortAddress=127.0.0.1
            server.1=127.0.0.1:\(otherPorts[0]):\(electionPort)
            server.2=127.0.0.1:\(otherPorts[1]):\(otherPorts[2])
            """
        let configuration = try ZooConfiguration(text + "\n" + lines, file: "zoo.cfg") {
            _ throws(ConfigurationFailure) in "1"
        }
        return try await RunningServer(configuration.options)
    }

    /// Somebody else who listens there.
    private final class Occupant {
        let descriptor: Int32

        init(_ port: UInt16) throws {
            descriptor = socket(AF_INET, FreePorts.stream, 0)
            var address = FreePorts.loopback(port)
            let isBound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            try #require(isBound && listen(descriptor, 1) == 0)
        }

        func leave() { close(descriptor) }
    }

    @Test func `a port that is taken is tried as often as is wanted`() async throws {
        let occupant = try Occupant(electionPort)
        defer { occupant.leave() }
        let failure = await #expect(throws: ServerFailure.self) { try await start("electionPortBindRetry=1") }
        #expect(failure?.message.english.contains("After 1 attempts") == true)
        let server = try await start("electionPortBindRetry=2")
        #expect(server.failure == nil)
        try await eventually { if server.failure == nil { throw NotYet() } }
        #expect(server.failure?.message.english.contains("After 2 attempts") == true)
        await server.stop()
    }

    @Test func `a port that becomes free is taken`() async throws {
        let occupant = try Occupant(electionPort)
        let server = try await start("electionPortBindRetry=0")
        try await eventually {
            let said = try await server.notices
            guard said.contains(where: { $0.english.contains("tries again in a second") }) else { throw NotYet() }
        }
        occupant.leave()
        try await eventually { try LoopbackSocket.connect(to: electionPort).close() }
        #expect(server.failure == nil)
        await server.stop()
    }

    @Test func `whoever says nothing there is sent away in time`() async throws {
        let server = try await start("quorumCnxnTimeoutMs=50\ncnxTimeout=3600000")
        let silent = try LoopbackSocket.connect(to: electionPort)
        // Otherwise it would be five minutes.
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(silent.fileDescriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        #expect(try silent.readToEnd() ?? Data() == Data())
        await server.stop()
    }
}
