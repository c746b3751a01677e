import EventLoop
import Foundation
package import Messages
package import StateMachines

/// What the one who runs an ensemble is asked: one line of JSON over a connection to a port on 127.0.0.1.
package struct ControlRequest: Codable, Sendable {
    package enum Action: String, Codable, Sendable {
        case status, fault, stop, halt, add, remove, note
        /// Everything that was seen until now is in the record's file with the answer.
        case record
    }

    package var action: Action
    /// The words of a fault or note, or a server's number.
    package var words: String

    package init(_ action: Action, _ words: String = "") {
        self.action = action
        self.words = words
    }
}

/// The answer, on one line as well.
package struct ControlReply: Codable, Sendable {
    package struct Sentence: Codable, Sendable {
        var english: String
        var chinese: String

        init(_ text: LocalizedText) { (english, chinese) = (text.english, text.chinese) }
        package var text: LocalizedText { LocalizedText(english, zh: chinese) }
    }

    /// Why it was not done.
    package var failure: Sentence?
    /// What was done.
    package var done: [Sentence] = []
    package var status: EnsembleStatus?
}

/// Where the one who runs an ensemble listens. Only who can read its file may ask.
struct ControlAddress: Codable {
    var port: UInt16
    var secret: String
}

/// What goes over the wire: the secret, and what is asked.
private struct ControlEnvelope: Codable {
    var secret: String
    var request: ControlRequest
}

/// The side that answers.
final class ControlPort {
    private static let lengthLimit = 1 << 16

    private let listener: TCPListener
    private let secret: String

    /// - Parameter answer: gets each request and, once, the way to reply to it.
    init(
        _ folder: EnsembleFolder, on loop: EventLoop,
        answer: @escaping (ControlRequest, @escaping (ControlReply) -> Void) -> Void
    ) throws {
        let secret = (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
        self.secret = secret
        listener = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { stream in
            var line: [UInt8] = []
            stream.onEnd = { [unowned stream] _ in stream.close() }
            stream.onBytes = { [unowned stream] bytes in
                line.append(contentsOf: bytes)
                guard line.last == UInt8(ascii: "\n"), line.count <= Self.lengthLimit else {
                    if line.count > Self.lengthLimit { stream.close() }
                    return
                }
                guard let envelope = try? JSONDecoder().decode(ControlEnvelope.self, from: Data(line)),
                    envelope.secret == secret
                else { return stream.close() }
                stream.pauseReading()
                answer(envelope.request) { reply in
                    stream.write(Array(((try? JSONEncoder().encode(reply)) ?? Data()) + Data("\n".utf8)))
                    stream.close()
                }
            }
            stream.startReading()
        }
        let file = folder.controlFile
        let data = try JSONEncoder().encode(ControlAddress(port: listener.port, secret: secret))
        try? FileManager.default.removeItem(atPath: file)
        guard FileManager.default.createFile(atPath: file, contents: data, attributes: [.posixPermissions: 0o600])
        else {
            throw EnsembleFailure.cannotWrite(file, "")
        }
    }

    func close() { listener.close() }
}

extension EnsembleFolder {
    /// Whether somebody runs an ensemble here.
    package func isRunning() throws(EnsembleFailure) -> Bool {
        guard FileManager.default.fileExists(atPath: lockFile) else { return false }
        return try FolderLock(lockFile) == nil
    }

    /// Asks the one who runs the ensemble of this folder, and waits for the answer.
    ///
    /// - Throws: `EnsembleFailure`: nobody runs it, nobody answers, or the answer is no.
    package func ask(_ request: ControlRequest, patience: Tick = .seconds(30)) throws -> ControlReply {
        guard try isRunning(), let data = FileManager.default.contents(atPath: controlFile),
            let address = try? JSONDecoder().decode(ControlAddress.self, from: data)
        else { throw EnsembleFailure.notRunning(path) }
        let line = try JSONEncoder().encode(ControlEnvelope(secret: address.secret, request: request))
        let loop = try EventLoop()
        defer { loop.close() }
        var answer: [UInt8] = []
        loop.connect(to: "127.0.0.1", port: address.port) { result in
            guard case .success(let stream) = result else { return loop.stop() }
            stream.onBytes = { answer.append(contentsOf: $0) }
            stream.onEnd = { _ in loop.stop() }
            stream.startReading()
            stream.write(Array(line) + [UInt8(ascii: "\n")])
        }
        loop.schedule(after: patience) { loop.stop() }
        loop.run()
        guard let reply = try? JSONDecoder().decode(ControlReply.self, from: Data(answer)) else {
            throw EnsembleFailure.noAnswer(path)
        }
        if let failure = reply.failure { throw EnsembleFailure.refused(failure.text) }
        return reply
    }
}
