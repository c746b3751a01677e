import EventLoop
import Messages
import StateMachines

/// One server of an ensemble, as a process.
final class ServerChild {
    enum Condition: String, Codable {
        case running, paused
        /// Killed by a fault, or by its own failure.
        case crashed
        /// Ended as it was asked to.
        case stopped
    }

    let member: EnsemblePlan.Member
    private(set) var condition = Condition.stopped
    /// How it ended, and what it said last, where nobody had asked it to end.
    private(set) var complaint: String?
    /// Called when it has ended, whyever.
    var onEnd: (() -> Void)?

    /// How it is started for the *n*th time.
    private let launch: (Int) -> ProcessLaunch
    private var startCount = 0
    private let loop: EventLoop
    private var process: ChildProcess?
    private var errors = ""
    private var isWanted = false

    init(_ member: EnsemblePlan.Member, on loop: EventLoop, launch: @escaping (Int) -> ProcessLaunch) {
        (self.member, self.launch, self.loop) = (member, launch, loop)
    }

    var hasProcess: Bool { process != nil }
    var processIdentifier: Int32? { process?.processIdentifier }

    func start() throws(SystemFailure) {
        guard process == nil else { return }
        errors = ""
        complaint = nil
        let child = try ChildProcess(launch(startCount + 1), on: loop) { [unowned self] in didExit($0) }
        child.standardError?.onBytes = { [unowned self] bytes in
            errors = String((errors + String(decoding: bytes, as: UTF8.self)).suffix(2_000))
        }
        child.standardError?.startReading()
        process = child
        startCount += 1
        condition = .running
        isWanted = true
    }

    /// kill -9.
    func crash() {
        isWanted = false
        condition = .crashed
        process?.kill(Self.kill)
    }

    /// Asks it to end; one that stands still cannot hear.
    func stop() {
        isWanted = false
        let wasPaused = condition == .paused
        condition = .stopped
        process?.kill(wasPaused ? Self.kill : Self.terminate)
    }

    func pause() {
        condition = .paused
        process?.kill(Self.halt)
    }

    func resume() {
        condition = .running
        process?.kill(Self.proceed)
    }

    private func didExit(_ exit: ProcessExit) {
        process = nil
        if isWanted {
            condition = .crashed
            let lines = errors.split(separator: "\n")
            complaint = (["\(exit)"] + lines.suffix(1).map(String.init)).joined(separator: ": ")
        }
        onEnd?()
    }
}
