import EventLoop
import Foundation
import Messages

/// One running copy of a submission: its process, its control channel and what it printed. Confined to its loop.
final class ProgramProcess {
    /// Most bytes a program may print in one scenario before it is stopped.
    static let maximumOutput = 8 << 20
    /// Bytes of output that are kept to be shown.
    static let keptOutput = 4_096

    let name: String
    private let core: StageCore
    private var process: ChildProcess?
    private var channel = LineSplitter(limit: 1 << 20)
    private var nextCommand = 1
    private var outputBytes = 0
    /// The last part of what it printed, both streams.
    private(set) var output: [UInt8] = []
    private(set) var isReady = false
    private(set) var status: ProcessExit?
    /// Called when its sandbox has handed over its ports; what it throws is the judge's trouble, not the program's.
    var onSockets: ((SocketChannel) throws -> Void)?
    /// Why the judge stopped it.
    private(set) var trouble: LocalizedText?

    init(name: String, launch: ProcessLaunch, of core: StageCore) throws {
        self.name = name
        self.core = core
        let process = try ChildProcess(launch, on: core.loop) { [weak self] status in self?.ended(status) }
        self.process = process
        process.standardOutput?.onBytes = { [weak self] bytes in self?.read(bytes) }
        process.standardError?.onBytes = { [weak self] bytes in self?.keep(bytes) }
        process.sockets?.onBytes = { [weak self] _ in self?.takeSockets() }
        process.sockets?.onEnd = { [weak self] _ in self?.missSockets() }
        process.sockets?.startReading()
        process.standardOutput?.startReading()
        process.standardError?.startReading()
    }

    var processIdentifier: Int32? { status == nil ? process?.processIdentifier : nil }

    private func takeSockets() {
        guard let channel = process?.sockets else { return }
        do {
            try onSockets?(channel)
        } catch {
            core.fail(error)
        }
        closeSockets()
    }

    /// Nothing of the program has run: whoever is to blame, the student is not.
    private func missSockets() {
        core.fail(GradingFailure(GradingMessages.sandboxFailed(name, String(decoding: output, as: UTF8.self))))
        closeSockets()
    }

    private func closeSockets() {
        process?.sockets?.close()
        noteEnd()
    }

    private func ended(_ status: ProcessExit) {
        self.status = status
        // Whatever it started and left behind goes with it.
        process?.killGroup(SIGKILL)
        noteEnd()
    }

    /// Its end may be heard of before its sockets, which came first.
    private func noteEnd() {
        guard let status, process?.sockets?.isOpen != true else { return }
        core.note(.ended(status: status), of: name)
    }

    private func read(_ bytes: UnsafeRawBufferPointer) {
        guard let lines = channel.append(bytes) else { return stop(GradingMessages.floods(name, 1)) }
        for line in lines { take(ControlLine(line)) }
    }

    private func take(_ line: ControlLine) {
        switch line {
        case .ready(let version):
            guard version == 1 else { return stop(GradingMessages.wrongVersion(name, version)) }
            isReady = true
            core.note(.ready, of: name)
        case .reply(let reply): core.note(.replied(reply), of: name)
        case .output(let text): Array((text + "\n").utf8).withUnsafeBytes { keep($0) }
        }
    }

    private func keep(_ bytes: UnsafeRawBufferPointer) {
        outputBytes += bytes.count
        guard outputBytes <= Self.maximumOutput else {
            return stop(GradingMessages.floods(name, Self.maximumOutput >> 20))
        }
        output.append(contentsOf: bytes)
        if output.count > 2 * Self.keptOutput { output.removeFirst(output.count - Self.keptOutput) }
    }

    /// Stops a program that went beyond what it may do.
    func stop(_ reason: LocalizedText) {
        guard trouble == nil else { return }
        trouble = reason
        kill()
    }

    func command(_ action: ControlCommand.Action, milliseconds: Int? = nil) {
        let command = ControlCommand(id: nextCommand, action: action, milliseconds: milliseconds)
        nextCommand += 1
        core.note(.commanded(command), of: name)
        process?.standardInput?.write(Array((command.line + "\n").utf8))
    }

    func kill() { process?.killGroup(SIGKILL) }
    func pause() { process?.killGroup(SIGSTOP) }
    func resume() { process?.killGroup(SIGCONT) }

    /// Kills all of it and lets go of its pipes.
    func close() {
        process?.killGroup(SIGKILL)
        process?.sockets?.close()
        process?.standardInput?.close()
        process?.standardOutput?.close()
        process?.standardError?.close()
    }
}
