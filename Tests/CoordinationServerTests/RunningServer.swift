import CoordinationClient
import CoordinationServer
import EventLoop
import Messages
import Synchronization

/// A server on a loop of the test's own process, on a free port.
final class RunningServer: Sendable {
    private let thread: LoopThread
    private let server: LoopBound<CoordinationServer>
    private let said: Said

    private final class Said: Sendable {
        let notices = Mutex<[LocalizedText]>([])
        let failure = Mutex<ServerFailure?>(nil)
    }

    convenience init(_ storage: StorageOptions) async throws {
        var options = ServerOptions()
        options.port = 0
        options.storage = storage
        try await self.init(options)
    }

    init(_ options: ServerOptions) async throws {
        let (thread, said) = (try LoopThread(), Said())
        do {
            server = try await thread.run { loop in
                let server = try CoordinationServer(options, on: loop)
                server.onNotice = { notice in said.notices.withLock { $0.append(notice) } }
                server.onFailure = { failure in said.failure.withLock { $0 = failure } }
                return LoopBound(server, on: loop)
            }
        } catch {
            await thread.stop()
            throw error
        }
        self.thread = thread
        self.said = said
    }

    /// What it said at its start and since.
    var notices: [LocalizedText] {
        get async throws { try await read { $0.notices } + said.notices.withLock { $0 } }
    }
    var failure: ServerFailure? { said.failure.withLock { $0 } }
    var statistics: StorageStatistics { get async throws { try await read { $0.storageStatistics } } }
    var recoveredTransactionCount: Int { get async throws { try await read { $0.recoveredTransactionCount } } }

    func read<Value: Sendable>(_ body: @escaping @Sendable (CoordinationServer) -> Value) async throws -> Value {
        let server = server
        return try await thread.run { loop in body(server.value(on: loop)) }
    }

    func connect() async throws -> CoordinationClient {
        let port = try await read { $0.port }
        return try await CoordinationClient.connect(to: "127.0.0.1:\(port)", sessionTimeout: .seconds(4))
    }

    /// Waits until the server says so itself; the test's own time limit ends a wait that is in vain.
    func wait(until condition: @Sendable (StorageStatistics) -> Bool) async throws {
        while !condition(try await statistics) { try await Task.sleep(for: .milliseconds(2)) }
    }

    func stop() async {
        let (server, thread) = (server, thread)
        await withCheckedContinuation { continuation in
            thread.post { loop in server.value(on: loop).stop { continuation.resume() } }
        }
        await thread.stop()
    }
}
