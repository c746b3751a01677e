import EventLoop
import Messages
import StateMachines

/// Keys and certificates: read at the start, and again when somebody says so or their files change.
///
/// Connections keep what they were made with; new ones get the new. Files that cannot be used change nothing.
final class ReloadedCertificates<Value: Sendable> {
    typealias Read = @Sendable () throws(TLSSetupFailure) -> Value

    private(set) var value: Value
    var onNotice: ((LocalizedText) -> Void)?

    private let read: Read
    private let loop: EventLoop
    private var watches: [FileWatch] = []
    private var isReading = false
    private var isAskedAgain = false

    /// Reads the files, blocking, as everything else at the start.
    ///
    /// - Parameters:
    ///   - paths: the files.
    ///   - period: how often they are looked at; `nil` where only `reload` reads them again.
    /// - Throws: a `LocalizedFailure`.
    init(_ paths: [String], watchedEvery period: Tick?, on loop: EventLoop, _ read: @escaping Read) throws {
        self.read = read
        self.loop = loop
        value = try read()
        guard let period else { return }
        for path in paths {
            watches.append(try FileWatch(path, every: period, on: loop) { [weak self] in self?.reload() })
        }
    }

    /// Reads the files again, on a worker thread.
    func reload() {
        guard !isReading else {
            isAskedAgain = true
            return
        }
        isReading = true
        loop.perform { [read] in
            Result { () throws(TLSSetupFailure) in try read() }
        } then: { [weak self] result in
            self?.finish(result)
        }
    }

    private func finish(_ result: Result<Value, TLSSetupFailure>) {
        isReading = false
        switch result {
        case .success(let value):
            self.value = value
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

/// The server's own, for its clients.
typealias ServerCertificates = ReloadedCertificates<TLSContext>

extension ReloadedCertificates<TLSContext> {
    convenience init(_ options: ServerTLSOptions, on loop: EventLoop) throws {
        let rules = options.rules
        try self.init(rules.paths, watchedEvery: options.reloadsCertificates ? options.reloadPeriod : nil, on: loop) {
            () throws(TLSSetupFailure) in try TLSContext(rules, for: .server)
        }
    }

    var context: TLSContext { value }
}
