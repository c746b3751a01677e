import CLibuv
package import Messages

/// An error number of the operating system, as libuv passes it on (negative).
package struct SystemErrorCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }
    init(_ code: uv_errno_t) { rawValue = code.rawValue }

    package static let addressInUse = SystemErrorCode(UV_EADDRINUSE)
    package static let addressNotAvailable = SystemErrorCode(UV_EADDRNOTAVAIL)
    package static let permissionDenied = SystemErrorCode(UV_EACCES)
    package static let notPermitted = SystemErrorCode(UV_EPERM)
    package static let connectionRefused = SystemErrorCode(UV_ECONNREFUSED)
    package static let connectionReset = SystemErrorCode(UV_ECONNRESET)
    package static let brokenPipe = SystemErrorCode(UV_EPIPE)
    package static let timedOut = SystemErrorCode(UV_ETIMEDOUT)
    package static let cancelled = SystemErrorCode(UV_ECANCELED)
    package static let noSuchFile = SystemErrorCode(UV_ENOENT)
    package static let noSuchProcess = SystemErrorCode(UV_ESRCH)
    package static let tooManyOpenFiles = SystemErrorCode(UV_EMFILE)

    /// The symbol of the C header: "EADDRINUSE".
    package var description: String { String(cString: uv_err_name(rawValue)) }
}

/// A call to the operating system that failed.
package struct SystemFailure: LocalizedFailure, Hashable {
    package enum Operation: Hashable, Sendable {
        case listen, connect, resolve, read, write, launch, signal, create
    }

    package let operation: Operation
    /// The address, program or thing it was about.
    package let subject: String
    package let code: SystemErrorCode

    package init(_ operation: Operation, _ subject: String, _ code: SystemErrorCode) {
        self.operation = operation
        self.subject = subject
        self.code = code
    }

    package var message: LocalizedText {
        switch (operation, code) {
        case (.resolve, _): EventLoopMessages.unknownHost(subject)
        case (_, .addressInUse): EventLoopMessages.addressInUse(subject)
        case (_, .addressNotAvailable): EventLoopMessages.addressNotAvailable(subject)
        case (.listen, .permissionDenied): EventLoopMessages.addressNotPermitted(subject)
        case (.connect, .connectionRefused): EventLoopMessages.connectionRefused(subject)
        case (.launch, .noSuchFile): EventLoopMessages.programNotFound(subject)
        case (.launch, .permissionDenied), (.launch, .notPermitted): EventLoopMessages.programNotPermitted(subject)
        case (_, .tooManyOpenFiles): EventLoopMessages.tooManyOpenFiles(subject)
        default:
            EventLoopMessages.systemFailure(operation: operation.name, subject: subject, code: code.description)
        }
    }

    /// Throws where a libuv call returned an error number.
    static func check(_ status: Int32, _ operation: Operation, _ subject: String) throws(SystemFailure) {
        if status < 0 { throw SystemFailure(operation, subject, SystemErrorCode(rawValue: status)) }
    }
}

extension SystemFailure.Operation {
    fileprivate var name: LocalizedText {
        switch self {
        case .listen: EventLoopMessages.listening
        case .connect, .resolve: EventLoopMessages.connecting
        case .read: EventLoopMessages.reading
        case .write: EventLoopMessages.writing
        case .launch: EventLoopMessages.launching
        case .signal: EventLoopMessages.signalling
        case .create: EventLoopMessages.creating
        }
    }
}

/// The loop that should have done something has stopped.
package struct LoopStopped: LocalizedFailure, Hashable {
    package init() {}
    package var message: LocalizedText { EventLoopMessages.loopStopped }
}
