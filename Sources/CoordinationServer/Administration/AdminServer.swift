package import EventLoop
import HTTPService
import Messages

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
        let mailbox = try loop.makeMailbox(of: Job.self) { [weak server] job in
            guard let server else { return job.responder.answer(Self.stopping) }
            job.responder.answer(
                job.isForMetrics
                    ? Self.metrics(server)
                    : Self.answer(job.request, below: options.commandPath, server))
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

    /// `/commands` lists the commands; `/commands/NAME` runs one.
    private static func answer(
        _ request: HTTPRequest, below commandPath: String, _ server: CoordinationServer
    ) -> HTTPAnswer {
        guard request.path.hasPrefix(commandPath) else { return text(404, "Admin commands are at \(commandPath).\n") }
        let rest = request.path.dropFirst(commandPath.count)
        guard rest.isEmpty || rest.hasPrefix("/") else {
            return text(404, "Admin commands are at \(commandPath).\n")
        }
        let name = String(rest.dropFirst())
        if name.isEmpty {
            let links = AdminCommand.sortedNames.map { "<a href=\"\(commandPath)/\($0)\">\($0)</a>\n<br/>\n" }
            // Without a type, as ZooKeeper sends it; browsers show the links all the same.
            return HTTPAnswer(contentType: nil, text: links.joined())
        }
        return HTTPAnswer(
            contentType: "application/json", text: server.administer(name, request).indentedText)
    }
}
