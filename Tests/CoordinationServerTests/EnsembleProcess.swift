import CoordinationClient
import Foundation
import Synchronization
import Testing

/// Several `zoolab server` on this machine that replicate together.
final class EnsembleProcess: Sendable {
    let folder = TemporaryFolder()
    let clientPorts: [UInt16]
    let quorumPorts: [UInt16]
    private let lines: [String]
    private let memberCount: Int
    private let extra: Mutex<String>
    /// They live as long as the ensemble, whoever looks at them: an optimised test lets go of what it uses no more.
    private let servers = Mutex<[Int: ServerProcess]>([:])

    /// - Parameters:
    ///   - spares: servers that are no members at first; each is told of the members and itself.
    ///   - hasOwnAddresses: for ports that are the same on all servers: each has an address of the loopback network for itself.
    init(_ count: Int, observers: Int = 0, spares: Int = 0, hasOwnAddresses: Bool = false, extra: String = "") throws {
        let all = count + observers + spares
        let ports = try FreePorts.take(3 * all)
        clientPorts = Array(ports[..<all])
        quorumPorts = (0..<all).map { ports[all + 2 * $0] }
        lines = (0..<all).map { number in
            let role = number < count || number >= count + observers ? "participant" : "observer"
            let host = hasOwnAddresses ? "127.0.0.\(number + 1)" : "127.0.0.1"
            return "server.\(number + 1)=\(host):\(ports[all + 2 * number]):\(ports[all + 2 * number + 1]):\(role)"
        }
        memberCount = count + observers
        self.extra = Mutex(extra)
    }

    /// A server as a reconfiguration names it: with its client's port.
    func line(_ number: Int, clientPort: UInt16? = nil) -> String {
        lines[number - 1] + ";127.0.0.1:\(clientPort ?? clientPorts[number - 1])"
    }

    /// Other lines for servers that are started from now on.
    func change(_ extra: String) { self.extra.withLock { $0 = extra } }

    /// - Parameter number: from 1.
    func data(_ number: Int) -> String { folder.path + "/\(number)" }

    func configuration(_ number: Int) throws -> String {
        try FileManager.default.createDirectory(atPath: data(number), withIntermediateDirectories: true)
        try "\(number)\n".write(toFile: data(number) + "/myid", atomically: false, encoding: .utf8)
        let text = """
            clientPort=\(clientPorts[number - 1])
            clientPortAddress=127.0.0.1
            dataDir=\(data(number))
            tickTime=200
            initLimit=25
            syncLimit=10
            maxSessionTimeout=60000
            preAllocSize=64
            4lw.commands.whitelist=*
            \((lines[..<memberCount] + (number > memberCount ? [lines[number - 1]] : [])).joined(separator: "\n"))
            \(extra.withLock { $0 })
            """
        let path = folder.path + "/\(number).cfg"
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return path
    }

    func start(_ number: Int) throws -> ServerProcess { try start(number, try configuration(number)) }

    /// With the configuration file as the server has left it.
    func startAgain(_ number: Int) throws -> ServerProcess { try start(number, folder.path + "/\(number).cfg") }

    private func start(_ number: Int, _ configuration: String) throws -> ServerProcess {
        let server = try ServerProcess(arguments: [configuration, "--log-level", "info"])
        servers.withLock { $0[number] = server }
        try #require(server.port != nil, "server \(number) did not start: \(server.firstLine) \(server.problems)")
        return server
    }

    var connectString: String { clientPorts.map { "127.0.0.1:\($0)" }.joined(separator: ",") }

    func address(_ number: Int) -> String { "127.0.0.1:\(clientPorts[number - 1])" }

    func connect(to number: Int) async throws -> CoordinationClient {
        try await CoordinationClient.connect(to: address(number), sessionTimeout: .seconds(20))
    }
}

/// What is waited for has not happened yet.
struct NotYet: Error {}

/// Tries until it comes to something; what the body throws last, after half a minute.
func eventually<Value>(_ body: () async throws -> Value) async throws -> Value {
    let deadline = ContinuousClock.now + .seconds(30)
    while true {
        do {
            return try await body()
        } catch  where ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

/// Ports that nobody listens on, below those that the system gives to outgoing connections. Between their being found and their
/// being used somebody else could take them: `conformance/check-ensemble`, which may run at the same time, looks above these.
enum FreePorts {
    static func take(_ count: Int) throws -> [UInt16] {
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        var ports: [UInt16] = []
        while ports.count < count {
            let port = UInt16.random(in: 10_000..<21_000)
            let descriptor = socket(AF_INET, Self.stream, 0)
            try #require(descriptor >= 0)
            sockets.append(descriptor)
            var address = loopback(port)
            let isFree = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if isFree, !ports.contains(port) { ports.append(port) }
        }
        return ports
    }

    static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    #if canImport(Glibc)
        static let stream = Int32(SOCK_STREAM.rawValue)
    #else
        static let stream = SOCK_STREAM
    #endif
}
