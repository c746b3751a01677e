package import CoordinationClient
import CoordinationCore
package import CoordinationServer
package import EventLoop
package import FaultProxy
import Foundation
package import StateMachines

/// A real server behind a fault proxy, on one loop in this process; each client reaches it by a way of its own, which can be
/// made to fail. Its data is deleted when it stops.
package final class LoopbackServer: Sendable {
    package let thread: LoopThread
    private let server: LoopBound<CoordinationServer>
    private let proxy: LoopBound<FaultProxy>
    private let ports: [String: UInt16]
    /// Where clients connect to by TLS, past the proxy; nil unless the options ask for a secure port.
    package let secureAddress: String?
    private let folder: URL

    /// - Parameters:
    ///   - timeout: granted to every session, whatever it asks for.
    ///   - clients: the names of the ways to it.
    ///   - configure: changes to the server's options.
    package init(
        timeout: Tick = .seconds(60), clients: [String] = ["A", "B"],
        configure: @escaping @Sendable (inout ServerOptions) -> Void = { _ in }
    ) async throws {
        thread = try LoopThread()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zoolab-\(UUID().uuidString)")
        self.folder = folder
        (server, proxy, ports, secureAddress) = try await thread.run { loop in
            var options = ServerOptions()
            options.port = 0
            options.dataFolder = folder.path
            options.core.tickTime = .milliseconds(100)
            options.core.minSessionTimeoutMilliseconds = Int32(timeout.microseconds / 1_000)
            options.core.maxSessionTimeoutMilliseconds = Int32(timeout.microseconds / 1_000)
            configure(&options)
            let server = try CoordinationServer(options, on: loop)
            let proxy = FaultProxy(host: "127.0.0.1", port: server.port, on: loop)
            var ports: [String: UInt16] = [:]
            for name in clients { ports[name] = try proxy.addClient(name) }
            let secure = server.secureAddress.map { "127.0.0.1:\($0.port)" }
            return (LoopBound(server, on: loop), LoopBound(proxy, on: loop), ports, secure)
        }
    }

    /// Where the client of this name connects to.
    /// - Precondition: the name was given at the start.
    package func address(_ name: String) -> String { "127.0.0.1:\(ports[name]!)" }

    /// A client with an open session.
    ///
    /// - Parameter root: what it takes for the root, "" or a path.
    package func connect(_ name: String = "A", root: String = "") async throws -> CoordinationClient {
        try await CoordinationClient.connect(to: address(name) + root, sessionTimeout: .seconds(60))
    }

    /// Does something with the proxy, on its loop.
    package func proxy(_ body: @escaping @Sendable (FaultProxy) throws -> Void) async throws {
        try await thread.run { [proxy] loop in try body(proxy.value(on: loop)) }
    }

    package func stop() async throws {
        await withCheckedContinuation { continuation in
            thread.post { [server, proxy] loop in
                proxy.value(on: loop).close()
                server.value(on: loop).stop { continuation.resume() }
            }
        }
        await thread.stop()
        try? FileManager.default.removeItem(at: folder)
    }
}
