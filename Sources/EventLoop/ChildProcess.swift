import CLibuv

/// What to start, and how.
package struct ProcessLaunch: Sendable {
    package enum Stream: Hashable, Sendable {
        /// A pipe of ours; see `ChildProcess.standardInput` and its siblings.
        case pipe
        /// The same descriptor as ours.
        case inherited
        /// `/dev/null`.
        case null
    }

    /// A path, or a name looked up in the `PATH` of `environment`, or else of this process.
    package var program: String
    /// Without the program's own name.
    package var arguments: [String]
    /// The whole environment as (name, value); nil: that of this process.
    package var environment: [(String, String)]?
    /// nil: that of this process.
    package var workingDirectory: String?
    package var standardInput = Stream.null
    package var standardOutput = Stream.inherited
    package var standardError = Stream.inherited
    /// Makes the child the leader of a session and process group of its own, so that `killGroup` reaches all it starts.
    package var startsGroup = true
    /// Gives the child descriptor `socketChannelDescriptor`, through which it may hand over listening sockets.
    package var handsOverSockets = false
    package static let socketChannelDescriptor = 3
    /// Unprivileged user and group to become; needs root.
    package var user: (user: UInt32, group: UInt32)?

    package init(_ program: String, _ arguments: [String] = []) {
        self.program = program
        self.arguments = arguments
    }
}

/// How a process ended: its exit code, or the signal that killed it.
package enum ProcessExit: Hashable, Sendable {
    case code(Int)
    case signal(Int32)
}

/// A running child. It keeps the loop running until it has ended.
package final class ChildProcess: LoopHandle {
    package private(set) var processIdentifier: Int32 = 0
    package let standardInput: ByteStream?
    package let standardOutput: ByteStream?
    package let standardError: ByteStream?
    /// Where the child's listening sockets arrive, if it was launched to hand some over.
    package let sockets: SocketChannel?
    /// nil while it runs.
    package private(set) var exit: ProcessExit?

    private var onExit: ((ProcessExit) -> Void)?
    private let leadsGroup: Bool

    /// Starts a process. Its pipes deliver nothing until `startReading`, and may end after `onExit`.
    ///
    /// - Throws: `SystemFailure` of `.launch`, for a program that is missing or may not be run.
    package init(
        _ launch: ProcessLaunch, on loop: EventLoop, onExit: @escaping (ProcessExit) -> Void
    ) throws(SystemFailure) {
        let pipes = try launch.streams.map { stream throws(SystemFailure) in
            stream == .pipe ? try Pipe(on: loop) : nil
        }
        let sockets = launch.handsOverSockets ? try SocketChannel(on: loop) : nil
        (standardInput, standardOutput, standardError) = (pipes[0], pipes[1], pipes[2])
        self.sockets = sockets
        leadsGroup = launch.startsGroup
        do throws(SystemFailure) {
            try super.init(UV_PROCESS, on: loop, operation: .launch, subject: launch.program) { memory in
                launch.spawn(memory.assumingMemoryBound(to: uv_process_t.self), pipes, sockets, on: loop)
            }
        } catch {
            for pipe in pipes + [sockets] { pipe?.close() }
            throw error
        }
        processIdentifier = pointer(to: uv_process_t.self).pointee.pid
        self.onExit = onExit
    }

    func didExit(_ status: Int64, _ signal: Int32) {
        let result: ProcessExit = signal == 0 ? .code(Int(status)) : .signal(signal)
        exit = result
        let report = onExit
        closeHandle()
        report?(result)
    }

    /// Sends a signal to the child alone; to one that has ended, nothing.
    package func kill(_ signal: Int32) {
        if exit == nil, isOpen { uv_process_kill(pointer(to: uv_process_t.self), signal) }
    }

    /// Sends a signal to the child and all that it started and that stayed in its group, even after the child ended.
    package func killGroup(_ signal: Int32) {
        if leadsGroup { uv_kill(-processIdentifier, signal) } else { kill(signal) }
    }

    /// Lets the child live on, whatever becomes of this process; nobody here hears of it again.
    package func release() {
        for pipe in [standardInput, standardOutput, standardError] { pipe?.close() }
        closeHandle()
    }

    override func willClose() { onExit = nil }

    /// A child that its loop will not hear of again must not live on unseen, nor stay a zombie.
    override func abandon() {
        if isOpen, exit == nil {
            killGroup(SIGKILL)
            zoolab_reap(processIdentifier)
        }
        closeHandle()
    }
}

/// Our end of a pipe to a child process.
private final class Pipe: ByteStream {
    init(on loop: EventLoop) throws(SystemFailure) {
        try super.init(UV_NAMED_PIPE, on: loop, operation: .create, subject: "uv_pipe") { memory in
            uv_pipe_init(loop.pointer, memory.assumingMemoryBound(to: uv_pipe_t.self), 0)
        }
    }
}

extension ProcessLaunch {
    fileprivate var streams: [Stream] { [standardInput, standardOutput, standardError] }

    private var flags: UInt32 {
        var flags: UInt32 = 0
        if startsGroup { flags |= UV_PROCESS_DETACHED.rawValue }
        if user != nil { flags |= UV_PROCESS_SETUID.rawValue | UV_PROCESS_SETGID.rawValue }
        return flags
    }

    /// Calls `uv_spawn`, which copies all that it is given.
    fileprivate func spawn(
        _ process: UnsafeMutablePointer<uv_process_t>, _ pipes: [ByteStream?], _ sockets: SocketChannel?,
        on loop: EventLoop
    ) -> Int32 {
        var options = uv_process_options_t()
        options.exit_cb = { process, status, signal in ChildProcess.owner(of: process).didExit(status, signal) }
        options.flags = flags
        if let user { (options.uid, options.gid) = (user.user, user.group) }
        var containers = zip(streams, pipes).enumerated().map { descriptor, stream in
            Self.container(stream.0, stream.1, descriptor: Int32(descriptor))
        }
        if let sockets { containers.append(Self.container(.pipe, sockets, descriptor: Int32(containers.count))) }
        let variables = environment?.map { "\($0)=\($1)" }
        return containers.withUnsafeMutableBufferPointer { containers in
            options.stdio = containers.baseAddress
            options.stdio_count = Int32(containers.count)
            return withCStrings([program] + arguments) { arguments in
                options.args = arguments
                options.file = UnsafePointer(arguments[0])
                return withOptionalCString(workingDirectory) { folder in
                    options.cwd = folder
                    guard let variables else { return uv_spawn(loop.pointer, process, &options) }
                    return withCStrings(variables) { variables in
                        options.env = variables
                        return uv_spawn(loop.pointer, process, &options)
                    }
                }
            }
        }
    }

    private static func container(_ stream: Stream, _ pipe: ByteStream?, descriptor: Int32) -> uv_stdio_container_t {
        var container = uv_stdio_container_t()
        switch stream {
        case .pipe:
            let flags = UV_CREATE_PIPE.rawValue | (descriptor == 0 ? UV_READABLE_PIPE : UV_WRITABLE_PIPE).rawValue
            container.flags = uv_stdio_flags(rawValue: flags)
            container.data.stream = pipe?.stream
        case .inherited:
            container.flags = UV_INHERIT_FD
            container.data.fd = descriptor
        case .null:
            container.flags = UV_IGNORE
        }
        return container
    }
}

private func withOptionalCString<Value>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Value) -> Value {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
}

/// Calls `body` with a null-terminated vector of C strings, valid during the call.
private func withCStrings<Value>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Value
) -> Value {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for string in strings {
        starts.append(bytes.count)
        bytes.append(contentsOf: string.utf8CString)
    }
    return bytes.withUnsafeMutableBufferPointer { bytes in
        var vector = starts.map { start in bytes.baseAddress.map { $0 + start } } + [nil]
        return vector.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
    }
}
