package import EventLoop
import HTTPService
import Messages
package import StateMachines

/// Where administrators and Prometheus ask over HTTP.
package struct AdminOptions: Hashable, Sendable {
    package var host = "0.0.0.0"
    /// 0 takes a free one; `nil` serves nothing.
    package var port: UInt16?
    /// What stands before the command in a path.
    package var commandPath = "/commands"
    package var metricsHost = "0.0.0.0"
    /// 0 takes a free one; `nil` serves nothing.
    package var metricsPort: UInt16?
    /// `admin.snapshot.enabled`.
    package var allowsSnapshots = true
    /// `admin.rateLimiterIntervalInMS`.
    package var snapshotInterval: Tick = .milliseconds(300_000)

    package init() {}
}

/// Admin commands and metrics over HTTP, for one server.
///
/// The HTTP threads never touch the server: each request crosses to the loop through a mailbox, and its answer comes back
/// to the suspended connection.
package final class AdminServer {
    package private(set) var port: UInt16?
    package private(set) var metricsPort: UInt16?
    private var servers: [HTTPServer] = []

    private struct Job: Sendable {
        var request: HTTPRequest
        var responder: HTTPResponder
        var isForMetrics: Bool
    }

    /// - Throws: a `LocalizedFailure`: a port cannot be had.
    package init(_ options: AdminOptions, for server: CoordinationServer, on loop: EventLoop) throws {
        var snapshot = AdminSnapshot(isEnabled: options.allowsSnapshots, interval: options.snapshotInterval)
        let mailbox = try loop.makeMailbox(of: Job.self) { [weak server] job in
            guard let server else { return job.responder.answer(Self.stopping) }
            if job.isForMetrics { return job.responder.answer(Self.metrics(server)) }
            guard let name = Self.command(job.request.path, below: options.commandPath) else {
                return job.responder.answer(Self.text(404, "Admin commands are at \(options.commandPath).\n"))
            }
            if AdminCommand(named: name) == .snapshot {
                return snapshot.run(job.request, on: server) { job.responder.answer($0) }
            }
            job.responder.answer(Self.answer(name, job.request, below: options.commandPath, server))
        }
        func start(_ host: String, _ port: UInt16, isForMetrics: Bool) throws -> UInt16 {
            let http = try HTTPServer(host: host, port: port) { request, responder in
                guard request.method == "GET" || request.method == "HEAD" else {
                    return responder.answer(Self.text(405, "Only GET is served here.\n"))
                }
                if isForMetrics, request.path != "/metrics" {
                    return responder.answer(Self.text(404, "Metrics are at /metrics.\n"))
                }
                let job = Job(request: request, responder: responder, isForMetrics: isForMetrics)
                if !mailbox.post(job) { responder.answer(Self.stopping) }
            }
            servers.append(http)
            return http.port
        }
        do {
            if let wanted = options.port { port = try start(options.host, wanted, isForMetrics: false) }
            if let wanted = options.metricsPort {
                metricsPort = try start(options.metricsHost, wanted, isForMetrics: true)
            }
        } catch {
            stop()
            throw error
        }
    }

    package func stop() {
        for server in servers { server.stop() }
        servers = []
    }

    private static let stopping = text(503, "The server is stopping.\n")

    private static func text(_ status: Int, _ text: String) -> HTTPAnswer {
        HTTPAnswer(status: status, contentType: "text/plain; charset=utf-8", text: text)
    }

    private static func metrics(_ server: CoordinationServer) -> HTTPAnswer {
        HTTPAnswer(contentType: PrometheusText.contentType, text: PrometheusText.render(server.metrics))
    }

    /// The command of a path; empty for the list of all, `nil` for a path that is none of ours.
    private static func command(_ path: String, below commandPath: String) -> String? {
        guard path.hasPrefix(commandPath) else { return nil }
        let rest = path.dropFirst(commandPath.count)
        return rest.isEmpty || rest.hasPrefix("/") ? String(rest.dropFirst()) : nil
    }

    private static func answer(
        _ name: String, _ request: HTTPRequest, below commandPath: String, _ server: CoordinationServer
    ) -> HTTPAnswer {
        guard !name.isEmpty else {
            let links = AdminCommand.sortedNames.map { "<a href=\"\(commandPath)/\($0)\">\($0)</a>\n<br/>\n" }
            // Without a type, as ZooKeeper sends it; browsers show the links all the same.
            return HTTPAnswer(contentType: nil, text: links.joined())
        }
        return HTTPAnswer(contentType: "application/json", text: server.administer(name, request).indentedText)
    }
}
