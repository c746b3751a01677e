import CoordinationCore
import HTTPService
import StateMachines

/// What limits the admin commands `snapshot` and `restore`: they are for those who may do everything with the root, and
/// not too often.
struct AdminLimit {
    let command: AdminCommand
    /// `admin.snapshot.enabled`, `admin.restore.enabled`.
    let isEnabled: Bool
    /// `admin.rateLimiterIntervalInMS`: at most one in such a time.
    let interval: Tick
    private var lastTaken: Tick?

    init(_ command: AdminCommand, isEnabled: Bool, interval: Tick) {
        self.command = command
        self.isEnabled = isEnabled
        self.interval = interval
    }

    enum Verdict {
        case allowed
        case tooSoon
        case refused(HTTPAnswer)
    }

    /// Judges in ZooKeeper's order, with its statuses.
    mutating func judge(_ request: HTTPRequest, on server: CoordinationServer) -> Verdict {
        guard let authorization = request.authorization else {
            return .refused(answer(401, error: "Auth info is missing for the command"))
        }
        let access = server.core.adminAccess(
            authorization, from: request.clientAddress, certificate: request.certificateSubject)
        switch access {
        case .notAuthenticated: return .refused(answer(401, error: "Not authenticated"))
        case .notAuthorized: return .refused(answer(403, error: "Not authorized"))
        case .allowed: break
        }
        guard isEnabled else { return .refused(answer(503)) }
        guard server.options.storage.serializeLastProcessedZxid else { return .refused(answer(500)) }
        if let lastTaken, server.now < lastTaken + interval { return .tooSoon }
        lastTaken = server.now
        return .allowed
    }

    func answer(_ status: Int, _ members: [JSON.Member] = [], error: String? = nil) -> HTTPAnswer {
        HTTPAnswer(
            status: status, contentType: "application/json",
            text: CoordinationServer.answer(command.rawValue, members, error: error).indentedText)
    }
}

/// The admin command that takes a snapshot and sends it.
struct AdminSnapshot {
    private var limit: AdminLimit

    init(isEnabled: Bool, interval: Tick) { limit = AdminLimit(.snapshot, isEnabled: isEnabled, interval: interval) }

    /// Answers at once or when the snapshot is there.
    mutating func run(
        _ request: HTTPRequest, on server: CoordinationServer, then answer: @escaping (HTTPAnswer) -> Void
    ) {
        switch limit.judge(request, on: server) {
        case .refused(let refusal): return answer(refusal)
        case .tooSoon:
            server.storage.statistics.limitedSnapshotCount += 1
            return answer(limit.answer(429))
        case .allowed: break
        }
        let isStreamed = request.value("streaming").map { $0.lowercased() == "true" } ?? true
        server.takeSnapshot { [limit] result in
            guard case .success(let taken) = result else { return answer(limit.answer(500)) }
            var success = limit.answer(200)
            success.headers = [
                HTTPRequest.Pair(name: "last_zxid", value: taken.zxid.description),
                HTTPRequest.Pair(name: "snapshot_size", value: String(taken.byteCount)),
            ]
            if isStreamed {
                success.contentType = "application/octet-stream"
                success.file = taken.path
            }
            answer(success)
        }
    }
}
