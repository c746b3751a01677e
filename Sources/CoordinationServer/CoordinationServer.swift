import Bytes
package import CoordinationCore
package import EventLoop
import Foundation
package import Messages
package import StateMachines
import TransactionLog
import ZNodes

/// A coordination server on an event loop: sockets, a log file, a timer, around a `CoordinationCore`.
///
/// Confined to its loop, and deliberately not Sendable. It may share the loop with anything else. Writes of one turn and of
/// all turns during a disk's work go to disk together, with one sync; only then are they committed and answered.
package final class CoordinationServer {
    /// Output that a slow client may leave unread before the server stops reading from it, and before it gives up.
    static let outputPauseLimit = 4 << 20
    static let outputCloseLimit = 64 << 20

    /// What a person should know of the recovery.
    package let notices: [LocalizedText]
    package let recoveredTransactionCount: Int
    /// Called once, if the server had to stop by itself; everything is closed then.
    package var onFailure: ((ServerFailure) -> Void)?

    private let loop: EventLoop
    private let folder: LogFolder
    private let observer: ((Observation, Tick) -> Void)?
    private var core: CoordinationCore
    private var effects = EffectBuffer<CoordinationCore.Effect>()
    private var listener: TCPListener?
    private var connections: [ConnectionID: ServerConnection] = [:]
    private var nextConnection: UInt64 = 1
    private var timer: LoopTimer?
    private var isPerforming = false

    private var logFile: LogFile?
    /// Entries that wait for the write under way.
    private var unwritten: [UInt8] = []
    private var unwrittenThrough: Zxid?
    private var isWriting = false
    private var whenWritten: (() -> Void)?
    private var isStopped = false

    /// Recovers the data and listens.
    ///
    /// - Parameter observer: gets everything the core observes, in its true order, with the loop's time, on the loop.
    /// - Throws: a `LocalizedFailure`: the folder, the logs, or the port cannot be used.
    package init(
        _ options: ServerOptions, on loop: EventLoop, observer: ((Observation, Tick) -> Void)? = nil
    ) throws {
        self.loop = loop
        self.observer = observer
        folder = try LogFolder(dataFolder: options.dataFolder)
        do {
            var notices: [LocalizedText] = []
            let recovered = try folder.recover(notices: &notices)
            self.notices = notices
            recoveredTransactionCount = recovered.transactionCount
            var configuration = options.core
            configuration.isObserving = observer != nil
            core = CoordinationCore(configuration, recovered: recovered, at: loop.now)
            listener = try TCPListener(host: options.host, port: options.port, on: loop) { [unowned self] in
                accept($0)
            }
        } catch {
            folder.unlock()
            throw error
        }
        step(.clockRead(Self.wallClock()))
        step(.started)
    }

    package var address: SocketAddress { listener!.address }
    package var port: UInt16 { listener?.port ?? 0 }

    /// Finishes the write under way, answers what it commits, closes everything, then calls `done`.
    package func stop(then done: @escaping () -> Void) {
        guard !isStopped else { return done() }
        listener?.close()
        for connection in connections.values { connection.stream.pauseReading() }
        let finish = { [self] in
            close()
            done()
        }
        if isWriting { whenWritten = finish } else { finish() }
    }

    private func close() {
        guard !isStopped else { return }
        isStopped = true
        listener?.close()
        timer?.cancel()
        for connection in connections.values { connection.stream.close() }
        connections = [:]
        logFile?.close()
        folder.unlock()
    }

    private func fail(_ failure: ServerFailure) {
        close()
        onFailure?(failure)
    }

    // MARK: Inputs

    private func accept(_ stream: TCPConnection) {
        guard !isStopped else { return stream.close() }
        let id = ConnectionID(rawValue: nextConnection)
        nextConnection += 1
        connections[id] = ServerConnection(stream: stream)
        stream.onBytes = { [unowned self] bytes in
            core.receive(bytes.bytes, from: id, at: loop.now, into: &effects)
            performEffects()
        }
        stream.onEnd = { [unowned self] _ in
            connections.removeValue(forKey: id)?.stream.close()
            step(.disconnected(id))
        }
        stream.onDrain = { [unowned self] in
            connections[id]?.isPausedForOutput = false
            updateReading(id)
        }
        step(.connected(id, address: stream.remoteAddress))
        updateReading(id)
    }

    private func step(_ input: CoordinationCore.Input) {
        guard !isStopped else { return }
        core.step(input, at: loop.now, into: &effects)
        performEffects()
    }

    // MARK: Effects

    private func performEffects() {
        guard !isPerforming else { return }
        isPerforming = true
        defer { isPerforming = false }
        while let effect = effects.popFirst() {
            switch effect {
            case .send(let id): send(id)
            case .close(let id, let last):
                guard let connection = connections.removeValue(forKey: id) else { continue }
                connection.stream.write(last)
                connection.stream.close()
            case .pauseReading(let id):
                connections[id]?.isPausedByCore = true
                updateReading(id)
            case .resumeReading(let id):
                connections[id]?.isPausedByCore = false
                updateReading(id)
            case .persist(let entries, let first, let through): persist(entries, first, through)
            case .setTimer(let delay): setTimer(delay)
            case .observe(let observation): observer?(observation, loop.now)
            }
        }
    }

    private func send(_ id: ConnectionID) {
        guard let stream = connections[id]?.stream else { return }
        core.takeOutput(of: id) { output in
            output.withUnsafeBytes { stream.write($0) }
        }
        let waiting = stream.unwrittenByteCount
        if waiting > Self.outputCloseLimit {
            connections.removeValue(forKey: id)?.stream.close()
            core.step(.disconnected(id), at: loop.now, into: &effects)
        } else if waiting > Self.outputPauseLimit {
            connections[id]?.isPausedForOutput = true
            updateReading(id)
        }
    }

    private func updateReading(_ id: ConnectionID) {
        guard let connection = connections[id], connection.isReading == connection.mustPause else { return }
        connections[id]!.isReading = !connection.mustPause
        if connection.mustPause { connection.stream.pauseReading() } else { connection.stream.startReading() }
    }

    private func setTimer(_ delay: Tick) {
        timer?.cancel()
        timer = loop.schedule(after: delay) { [unowned self] in
            step(.clockRead(Self.wallClock()))
            step(.timerFired)
        }
    }

    private static func wallClock() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    // MARK: The disk

    private func persist(_ entries: [UInt8], _ first: Zxid, _ through: Zxid) {
        guard !isStopped else { return }
        do throws(ServerFailure) {
            if logFile == nil {
                logFile = try LogFile(in: folder, first: first)
                var header = ByteWriter()
                LogFormat.writeHeader(into: &header)
                unwritten = header.bytes
            }
        } catch {
            return fail(error)
        }
        unwritten.append(contentsOf: entries)
        unwrittenThrough = through
        if !isWriting { writeBatch() }
    }

    private func writeBatch() {
        guard let through = unwrittenThrough, let file = logFile else { return }
        let batch = unwritten
        unwritten = []
        unwrittenThrough = nil
        isWriting = true
        loop.perform {
            Result { () throws(ServerFailure) in
                var file = file
                try file.append(batch)
                return file
            }
        } then: { [self] result in
            isWriting = false
            switch result {
            case .failure(let failure): fail(failure)
            case .success(let file):
                logFile = file
                step(.persisted(through: through))
                // The commits may have let more requests in.
                if !isWriting { writeBatch() }
                if let whenWritten, !isWriting { whenWritten() }
            }
        }
    }
}

/// One accepted connection, as the driver sees it.
private struct ServerConnection {
    let stream: TCPConnection
    var isPausedByCore = false
    var isPausedForOutput = false
    var isReading = false

    var mustPause: Bool { isPausedByCore || isPausedForOutput }
}
