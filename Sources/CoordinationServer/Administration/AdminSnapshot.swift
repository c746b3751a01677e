import CoordinationCore
import HTTPService
import StateMachines

/// The admin command that takes a snapshot and sends it: for those who may do everything with the root, and not too often.
struct AdminSnapshot {
    /// `admin.snapshot.enabled`.
    let isEnabled: Bool
    /// `admin.rateLimiterIntervalInMS`: at most one in such a time.
    let interval: Tick
    private var lastTaken: Tick?

    init(isEnabled: Bool, interval: Tick) {
        self.isEnabled = isEnabled
        self.interval = interval
    }

    /// Answers at once or when the snapshot is there; the statuses are ZooKeeper's.
    mutating func run(
        _ request: HTTPRequest, on server: CoordinationServer, then answer: @escaping (HTTPAnswer) -> Void
    ) {
        guard let authorization = request.authorization else {
            return answer(Self.answer(401, "Auth info is missing for the command"))
        }
        switch server.core.adminAccess(authorization, from: request.clientAddress) {
        case .notAuthenticated: return answer(Self.answer(401, "Not authenticated"))
        case .notAuthorized: return answer(Self.answer(403, "Not authorized"))
        case .allowed: break
        }
        guard isEnabled else { return answer(Self.answer(503, nil)) }
        if let lastTaken, server.now < lastTaken + interval { return answer(Self.answer(429, nil)) }
        lastTaken = server.now
        let isStreamed = request.value("streaming").map { $0.lowercased() == "true" } ?? true
        server.takeSnapshot { result in
            guard case .success(let taken) = result else { return answer(Self.answer(500, nil)) }
            var success = Self.answer(200, nil)
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

    private static func answer(_ status: Int, _ error: String?) -> HTTPAnswer {
        HTTPAnswer(
            status: status, contentType: "application/json",
            text: CoordinationServer.answer(AdminCommand.snapshot.rawValue, [], error: error).indentedText)
    }
}
