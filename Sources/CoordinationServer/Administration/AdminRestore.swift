import CoordinationCore
import HTTPService
import Messages
import StateMachines

/// The admin command that puts a snapshot, sent as the body of a POST, in the place of the server's tree.
struct AdminRestore {
    private var limit: AdminLimit

    init(isEnabled: Bool, interval: Tick) { limit = AdminLimit(.restore, isEnabled: isEnabled, interval: interval) }

    /// Where the body goes; `nil` where there is an answer at once.
    mutating func begin(
        _ request: HTTPRequest, on server: CoordinationServer, then answer: (HTTPAnswer) -> Void
    ) -> String? {
        switch limit.judge(request, on: server) {
        case .refused(let refusal): answer(refusal)
        case .allowed where server.isRestoring: answer(limit.answer(429))
        case .tooSoon:
            server.storage.statistics.limitedRestoreCount += 1
            answer(limit.answer(429))
        case .allowed: return server.storage.folders.upload
        }
        return nil
    }

    /// The body is there.
    func finish(
        _ file: String, on server: CoordinationServer, then answer: @escaping (HTTPAnswer) -> Void
    ) {
        server.restore(fromFile: file) { [limit] result in
            switch result {
            case .success(let zxid): answer(limit.answer(200, [JSON.Member("last_zxid", .integer(zxid.wireValue))]))
            case .failure(let failure): answer(limit.answer(500, error: failure.message.english))
            }
        }
    }
}
