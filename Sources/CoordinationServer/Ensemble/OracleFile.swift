import EventLoop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `oraclePath`: the file in which something outside of the ensemble says whether this server may go on without the other voter.
///
/// It may where the file begins with a 1; not where it says anything else, or cannot be read.
final class OracleFile {
    /// What it says now.
    var onAnswer: ((Bool) -> Void)?
    /// It says something else than the last time, or has been asked for the first time.
    var onChange: ((Bool) -> Void)?

    let path: String
    private let loop: EventLoop
    private var isReading = false
    private var isAskedAgain = false
    private var isClosed = false
    private var last: Bool?

    init(path: String, on loop: EventLoop) {
        self.path = path
        self.loop = loop
    }

    /// Reads the file off the loop, since it may be on a disk that is slow or gone. Every answer was read after it was asked for.
    func ask() {
        guard !isReading else { return isAskedAgain = true }
        isReading = true
        loop.perform { [path] in
            Self.lets(path)
        } then: { [self] mayGoOn in
            isReading = false
            guard !isClosed else { return }
            if last != mayGoOn {
                last = mayGoOn
                onChange?(mayGoOn)
            }
            if isAskedAgain {
                isAskedAgain = false
                ask()
            }
            onAnswer?(mayGoOn)
        }
    }

    func close() { isClosed = true }

    private static func lets(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { systemClose(descriptor) }
        var first: UInt8 = 0
        return read(descriptor, &first, 1) == 1 && first == UInt8(ascii: "1")
    }
}
