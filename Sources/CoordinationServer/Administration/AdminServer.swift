package import EventLoop
import HTTPService
import Messages
package import StateMachines

/// Where administrators and Prometheus ask over HTTP.
package struct AdminOptions: Hashable, Sendable {
    package var host = "0.0.0.0"
    /// 0 takes a free one; `nil` serves nothing.
    package var port: UInt16?
    package var tls = AdminTLSOptions()
    /// `admin.idleTimeout`.
    package var idleTimeout: Tick = .milliseconds(30_000)
    /// What stands before the command in a path.
    package var commandPath = "/commands"
    package var metricsHost = "0.0.0.0"
    /// 0 takes a free one; `nil` serves nothing.
    package var metricsPort: UInt16?
    /// `admin.snapshot.enabled`.
    package var allowsSnapshots = true
    /// `admin.restore.enabled`.
    package var allowsRestores = true
    /// `admin.rateLimiterIntervalInMS`: between two snapshots, and between two restores.
    package var transferInterval: Tick = .milliseconds(300_000)

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
    private var door: AdminDoor?

    private struct Job: Sendable {
        var request: HTTPRequest
        var responder: HTTPResponder
        var isForMetrics: Bool
    }

    /// - Throws: a `LocalizedFailure`: a port cannot be had.
    package init(_ options: AdminOptions, for server: CoordinationServer, on loop: EventLoop) throws {
        var snapshot = AdminSnapshot(isEnabled: options.allowsSnapshots, interval: options.transferInterval)
        var restore = AdminRestore(isEnabled: options.allowsRestores, interval: options.transferInterval)
        let mailbox = try loop.makeMailbox(of: Job.self) { [weak server] job in
            guard let server else { return job.responder.answer(Self.stopping) }
            if job.isForMetrics { return job.responder.answer(Self.metrics(server)) }
            guard let name = Self.command(job.request.path, below: options.commandPath) else {
                return job.responder.answer(Self.text(404, "Admin commands are at \(options.commandPath).\n"))
            }
            let command = AdminCommand(named: name)
            guard (command == .restore) == (job.request.method == "POST") else {
                return job.responder.answer(
                    Self.text(405, "Only \(command == .restore ? "POST" : "GET") is served here.\n"))
            }
            if command == .snapshot {
                return snapshot.run(job.request, on: server) { job.responder.answer($0) }
            }
            if command == .restore {
                if let file = job.request.bodyFile {
                    return restore.finish(file, on: server) { job.responder.answer($0) }
                }
                let path = restore.begin(job.request, on: server) { job.responder.answer($0) }
                if let path { job.responder.receiveBody(into: path) }
                return
            }
            job.responder.answer(Self.answer(name, job.request, below: options.commandPath, server))
        }
        func handler(isForMetrics: Bool) -> HTTPServer.Handler {
            { request, responder in
                guard ["GET", "HEAD"].contains(request.method) || request.method == "POST" && !isForMetrics else {
                    return responder.answer(Self.text(405, "Only GET is served here.\n"))
                }
                if isForMetrics, request.path != "/metrics" {
                    return responder.answer(Self.text(404, "Metrics are at /metrics.\n"))
                }
                let job = Job(request: request, responder: responder, isForMetrics: isForMetrics)
                if !mailbox.post(job) { responder.answer(Self.stopping) }
            }
        }
        do {
            if let wanted = options.port, options.tls.isWanted {
                port = try openDoor(options, port: wanted, handler(isForMetrics: false), server, loop)
            } else if let wanted = options.port {
                port = try listen(options.host, wanted, options.idleTimeout, handler(isForMetrics: false))
            }
            if let wanted = options.metricsPort {
                metricsPort = try listen(
                    options.metricsHost, wanted, .seconds(30), handler(isForMetrics: true))
            }
        } catch {
            stop()
            throw error
        }
    }

    private func listen(
        _ host: String, _ port: UInt16, _ idleTimeout: Tick, _ handler: @escaping HTTPServer.Handler
    ) throws -> UInt16 {
        let http = try HTTPServer(host: host, port: port, idleSeconds: Self.seconds(idleTimeout), handler)
        servers.append(http)
        return http.port
    }

    private func openDoor(
        _ options: AdminOptions, port: UInt16, _ handler: @escaping HTTPServer.Handler, _ server: CoordinationServer,
        _ loop: EventLoop
    ) throws -> UInt16 {
        let http = try HTTPServer(idleSeconds: Self.seconds(options.idleTimeout), handler)
        servers.append(http)
        let door = try AdminDoor(
            host: options.host, port: port, options.tls.certificates(beside: server.options.tls),
            acceptsPlain: !options.tls.isForced, http, on: loop)
        door.onPlain = { [weak server] in server?.doorStatistics.plainAdministrators += 1 }
        door.onNotice = { [weak server] in server?.onNotice?($0) }
        self.door = door
        return door.port
    }

    private static func seconds(_ time: Tick) -> UInt32 { UInt32(clamping: (time.microseconds + 999_999) / 1_000_000) }

    /// Reads the certificates of HTTPS again, as `SIGHUP` asks for. Does nothing where there is no HTTPS.
    package func reloadCertificates() { door?.reloadCertificates() }

    package func stop() {
        door?.close()
        door = nil
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
