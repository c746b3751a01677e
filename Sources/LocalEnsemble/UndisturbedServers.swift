import Foundation
import Synchronization

/// Servers of this machine, with nothing between them or in front of them: for measurements. Their folder is a new one below
/// the system's for temporary files.
package final class UndisturbedServers: Sendable {
    private let folder: EnsembleFolder
    private let plan: EnsemblePlan
    private let isOver: Ending

    private final class Ending: Sendable {
        private let value = Mutex(false)
        var hasCome: Bool { value.withLock { $0 } }
        func come() { value.withLock { $0 = true } }
    }

    /// Starts servers, one alone or an ensemble, and returns before they serve.
    ///
    /// - Throws: `EnsembleFailure`, `SystemFailure`; nothing is left then.
    package static func start(
        _ count: Int, program: EnsembleSupervisor.Program
    ) async throws -> UndisturbedServers {
        let path = FileManager.default.temporaryDirectory.path + "/zoolab-bench-\(UUID().uuidString)"
        // The usual times of ZooKeeper, and clients without limit.
        let plan = try EnsemblePlan.new(
            participants: count, observers: 0, firstPort: nil, tick: 2_000, isTraced: false,
            settings: ["maxClientCnxns=0"])
        let servers = UndisturbedServers(EnsembleFolder(path), plan)
        do {
            try await servers.run(program)
        } catch {
            servers.removeFolder()
            throw error
        }
        return servers
    }

    private init(_ folder: EnsembleFolder, _ plan: EnsemblePlan) {
        (self.folder, self.plan, isOver) = (folder, plan, Ending())
    }

    private func run(_ program: EnsembleSupervisor.Program) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            // Its loop runs until the end, which no thread of the runtime may wait for.
            Thread.detachNewThread { [folder, plan, isOver] in
                var isReady = false
                do {
                    try EnsembleSupervisor.run(plan, in: folder, program: program, hasNetwork: false) {
                        isReady = true
                        continuation.resume()
                    }
                } catch {
                    if !isReady { continuation.resume(throwing: error) }
                }
                isOver.come()
            }
        }
    }

    /// One for each server: "127.0.0.1:2181".
    package var addresses: [String] { plan.members.map { "127.0.0.1:\($0.clientPort)" } }

    /// Whether they have been ended, by `stop` or by a signal to this process.
    package var haveEnded: Bool { isOver.hasCome }

    /// The resident memory of each server, in bytes; nil where the system does not tell.
    package func residentByteCounts() throws -> [Int?] {
        let servers = try folder.ask(ControlRequest(.status)).status?.servers ?? []
        return servers.map { $0.process.flatMap(Self.residentByteCount) }
    }

    /// As Linux tells it.
    private static func residentByteCount(_ process: Int32) -> Int? {
        guard let file = FileHandle(forReadingAtPath: "/proc/\(process)/status"), let data = try? file.readToEnd()
        else { return nil }
        let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split { !$0.isNumber }.first.flatMap { Int($0) }.map { $0 * 1_024 }
    }

    /// Ends all servers and removes what they have written. Further calls do nothing.
    package func stop() async {
        if !haveEnded { _ = try? folder.ask(ControlRequest(.stop)) }
        for _ in 0..<500 where !haveEnded { try? await Task.sleep(for: .milliseconds(20)) }
        removeFolder()
    }

    private func removeFolder() { try? FileManager.default.removeItem(atPath: folder.path) }
}
