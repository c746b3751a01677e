import EventLoop
import Messages
import StateMachines
import Zab

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files `acceptedEpoch` and `currentEpoch`: two numbers that a server must never forget, or take back.
///
/// Each holds decimal digits, as in ZooKeeper, and is replaced as a whole.
struct EpochFiles: Sendable {
    let folder: String
    let calls: DiskCalls

    /// A file that is not there says 0.
    func read() throws(ServerFailure) -> Epochs {
        Epochs(accepted: try read("acceptedEpoch"), current: try read("currentEpoch"))
    }

    private func read(_ name: String) throws(ServerFailure) -> Epoch {
        let path = folder + "/" + name
        guard access(path, F_OK) == 0 else { return 0 }
        let text = String(decoding: (try? InputFile(path).bytes()) ?? [], as: UTF8.self)
        guard let epoch = Epoch(text.split(whereSeparator: \.isWhitespace).first ?? "") else {
            throw ServerFailure(message: EnsembleMessages.badEpochFile(path))
        }
        return epoch
    }

    /// On disk when this returns.
    func store(_ stored: StoredEpoch) throws(ServerFailure) {
        switch stored {
        case .accepted(let epoch): try store(epoch, "acceptedEpoch")
        case .current(let epoch): try store(epoch, "currentEpoch")
        }
    }

    private func store(_ epoch: Epoch, _ name: String) throws(ServerFailure) {
        let path = folder + "/" + name
        guard calls.replaceFile(path, with: Array("\(epoch)".utf8)) else {
            throw ServerFailure(message: ServerMessages.writeFailed(path, SystemError.last))
        }
    }
}

/// Writes epochs one after the other, off the loop.
final class EpochWriter {
    var onStored: ((StoredEpoch) -> Void)?
    var onFailure: ((ServerFailure) -> Void)?

    private let files: EpochFiles
    private let loop: EventLoop
    private var waiting = Queue<StoredEpoch>()
    private var isWriting = false
    private var isClosed = false

    init(_ files: EpochFiles, on loop: EventLoop) {
        self.files = files
        self.loop = loop
    }

    func store(_ epoch: StoredEpoch) {
        waiting.append(epoch)
        writeNext()
    }

    func close() { isClosed = true }

    private func writeNext() {
        guard !isWriting, !isClosed, let epoch = waiting.popFirst() else { return }
        isWriting = true
        loop.perform { [files] in
            Result { () throws(ServerFailure) in try files.store(epoch) }
        } then: { [self] result in
            isWriting = false
            guard !isClosed else { return }
            switch result {
            case .success: onStored?(epoch)
            case .failure(let failure):
                isClosed = true
                return onFailure?(failure) ?? ()
            }
            writeNext()
        }
    }
}
