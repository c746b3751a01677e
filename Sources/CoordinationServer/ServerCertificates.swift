import EventLoop
import Messages

/// The server's keys and certificates: read when it starts, and again when it is told to or their files change.
///
/// Connections keep what they were made with; new ones get the new. Files that cannot be used change nothing.
final class ServerCertificates {
    private(set) var context: TLSContext
    var onNotice: ((LocalizedText) -> Void)?

    private let options: TLSOptions
    private let loop: EventLoop
    private var watches: [FileWatch] = []
    private var isReading = false
    private var isAskedAgain = false

    /// Reads the files, blocking, as everything else at the start.
    /// - Throws: a `LocalizedFailure`.
    init(_ options: ServerTLSOptions, on loop: EventLoop) throws {
        self.options = options.rules
        self.loop = loop
        context = try TLSContext(options.rules, for: .server)
        guard options.reloadsCertificates else { return }
        for path in options.rules.paths {
            watches.append(
                try FileWatch(path, every: options.reloadPeriod, on: loop) { [weak self] in
                    self?.reload()
                })
        }
    }

    /// Reads the files again, on a worker thread.
    func reload() {
        guard !isReading else {
            isAskedAgain = true
            return
        }
        isReading = true
        loop.perform { [options] in
            Result { () throws(TLSSetupFailure) in try TLSContext(options, for: .server) }
        } then: { [weak self] result in
            self?.finish(result)
        }
    }

    private func finish(_ result: Result<TLSContext, TLSSetupFailure>) {
        isReading = false
        switch result {
        case .success(let context):
            self.context = context
            onNotice?(TLSMessages.certificatesReloaded)
        case .failure(let problem): onNotice?(TLSMessages.certificatesKept(problem.message))
        }
        guard isAskedAgain else { return }
        isAskedAgain = false
        reload()
    }

    func close() {
        for watch in watches { watch.cancel() }
        watches = []
        onNotice = nil
    }
}
