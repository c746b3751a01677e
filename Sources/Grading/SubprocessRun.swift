import EventLoop
import Foundation
import StateMachines

/// What a program that was run to its end left.
struct SubprocessResult: Sendable {
    var exit: ProcessExit
    /// Both streams together, at most `SubprocessRun.outputLimit` bytes.
    var output: String
    var ranOutOfTime: Bool
}

/// Runs a compiler or a checker to its end, with a time limit.
enum SubprocessRun {
    static let outputLimit = 64 << 10

    static func run(_ launch: ProcessLaunch, limit: Tick) async throws -> SubprocessResult {
        let thread = try LoopThread()
        let result: SubprocessResult = try await withCheckedThrowingContinuation { continuation in
            thread.post { loop in
                do {
                    try Running(launch, limit: limit, on: loop) { continuation.resume(returning: $0) }.start()
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
        await thread.stop()
        return result
    }

    /// Confined to its loop; kept alive by the process's callback.
    private final class Running {
        private let process: ChildProcess
        private let report: (SubprocessResult) -> Void
        private var output: [UInt8] = []
        private var exit: ProcessExit?
        private var openStreams = 2
        private var timer: LoopTimer?
        private var ranOutOfTime = false
        private let limit: Tick

        init(
            _ launch: ProcessLaunch, limit: Tick, on loop: EventLoop, report: @escaping (SubprocessResult) -> Void
        ) throws {
            self.limit = limit
            self.report = report
            let box = Box()
            process = try ChildProcess(launch, on: loop) { status in box.running?.ended(status) }
            box.running = self
        }

        private final class Box { var running: Running? }

        func start() {
            process.standardInput?.close()
            for stream in [process.standardOutput, process.standardError] {
                stream?.onBytes = { [self] bytes in keep(bytes) }
                stream?.onEnd = { [self] _ in
                    stream?.close()
                    openStreams -= 1
                    finishIfDone()
                }
                stream?.startReading()
            }
            timer = process.loop.schedule(after: limit) { [self] in
                ranOutOfTime = true
                process.killGroup(SIGKILL)
            }
        }

        private func keep(_ bytes: UnsafeRawBufferPointer) {
            output.append(contentsOf: bytes.prefix(max(0, SubprocessRun.outputLimit - output.count)))
        }

        private func ended(_ status: ProcessExit) {
            exit = status
            process.killGroup(SIGKILL)
            finishIfDone()
        }

        private func finishIfDone() {
            guard let exit, openStreams == 0 else { return }
            timer?.cancel()
            report(
                SubprocessResult(
                    exit: exit, output: String(decoding: output, as: UTF8.self), ranOutOfTime: ranOutOfTime))
        }
    }
}
