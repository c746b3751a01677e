import CMicroHTTPD
package import Messages
import Synchronization

/// An HTTP server with one thread of its own, for administrators and metrics.
///
/// Every request goes to one handler on that thread, with a responder that may answer later and from any thread; until then
/// the connection is suspended, and others are served. A POST goes to the handler before the first byte of its body: it is
/// answered, or `receiveBody` brings it once more when the body is there. At most 64 connections; one that is idle for too long is closed.
package final class HTTPServer: Sendable {
    package typealias Handler = @Sendable (HTTPRequest, HTTPResponder) -> Void

    package let port: UInt16
    private let state: HTTPServerState
    private let daemon: Mutex<DaemonBox>

    /// SAFETY: the daemon is the library's own and may be stopped from any thread; it is reached only under the lock.
    private struct DaemonBox: @unchecked Sendable {
        var pointer: OpaquePointer?
    }

    /// - Parameters:
    ///   - port: 0 takes a free one; see `port`.
    ///   - idleSeconds: how long a connection may be silent.
    /// - Throws: `HTTPFailure` when the port cannot be had.
    package init(
        host: String, port: UInt16, idleSeconds: UInt32 = 30, _ handler: @escaping Handler
    ) throws(HTTPFailure) {
        var bound: UInt16 = 0
        let socket = zoolab_http_listen(host, String(port), &bound)
        guard socket >= 0 else {
            throw HTTPFailure(
                message: HTTPMessages.cannotListen("\(host):\(port)", String(cString: strerror(-socket))))
        }
        self.port = bound
        state = HTTPServerState(handler)
        // The server outlives the daemon, which `stop` and `deinit` end; so the state need not be retained for it.
        let context = Unmanaged.passUnretained(state).toOpaque()
        guard let started = zoolab_http_start(socket, 64, idleSeconds, handleHTTP, completeHTTP, context) else {
            close(socket)
            throw HTTPFailure(message: HTTPMessages.cannotStart)
        }
        daemon = Mutex(DaemonBox(pointer: started))
    }

    /// A server that does not listen: others accept connections, and may put TLS before them.
    package init(idleSeconds: UInt32 = 30, _ handler: @escaping Handler) throws(HTTPFailure) {
        port = 0
        state = HTTPServerState(handler)
        let context = Unmanaged.passUnretained(state).toOpaque()
        guard let started = zoolab_http_start(-1, 64, idleSeconds, handleHTTP, completeHTTP, context) else {
            throw HTTPFailure(message: HTTPMessages.cannotStart)
        }
        daemon = Mutex(DaemonBox(pointer: started))
    }

    /// Serves a connected socket as if it came from `host`, a numeric address, and closes it in the end. From any thread.
    ///
    /// - Parameter subject: of the certificate that its client has proved to own.
    package func adopt(_ socket: Int32, from host: String, subject: String? = nil) {
        state.subjects.withLock { $0[socket] = subject }
        daemon.withLock { box in
            guard let pointer = box.pointer else {
                close(socket)
                return
            }
            zoolab_http_adopt(pointer, socket, host)
        }
    }

    /// Closes everything, also what still waits for its answer, and returns when the thread has ended. Not from a handler.
    package func stop() {
        let pointer = daemon.withLock { box in
            defer { box.pointer = nil }
            return box.pointer
        }
        guard let pointer else { return }
        state.refuseEverything()
        MHD_stop_daemon(pointer)
    }

    deinit { stop() }
}

/// The port of an HTTP server cannot be used.
package struct HTTPFailure: LocalizedFailure {
    package let message: LocalizedText
}

/// Answers one request, once, from any thread. Further answers are ignored.
package final class HTTPResponder: Sendable {
    fileprivate enum Outcome {
        case answer(HTTPAnswer)
        case body(path: String)
    }

    private struct State {
        var outcome: Outcome?
        /// Suspended, and to be woken by the answer.
        var connection: SuspendedConnection?
    }

    /// SAFETY: libmicrohttpd lets any thread resume a suspended connection; the pointer is used once, under the lock.
    fileprivate struct SuspendedConnection: @unchecked Sendable {
        var pointer: OpaquePointer
    }

    private let state = Mutex(State())

    package func answer(_ answer: HTTPAnswer) { finish(.answer(answer)) }

    /// Writes the body of a POST to a file, which is replaced and later deleted; the handler then gets the request again.
    package func receiveBody(into path: String) { finish(.body(path: path)) }

    private func finish(_ outcome: Outcome) {
        state.withLock { state in
            guard state.outcome == nil else { return }
            state.outcome = outcome
            if let connection = state.connection { MHD_resume_connection(connection.pointer) }
            state.connection = nil
        }
    }

    fileprivate func suspend(_ connection: OpaquePointer) {
        state.withLock { state in
            guard state.outcome == nil else { return }
            MHD_suspend_connection(connection)
            state.connection = SuspendedConnection(pointer: connection)
        }
    }

    fileprivate var finished: Outcome? { state.withLock { $0.outcome } }
}

/// What the library's thread works with.
private final class HTTPServerState: Sendable {
    let handler: HTTPServer.Handler
    private struct Waiting {
        var responders: [ObjectIdentifier: HTTPResponder] = [:]
        var isRefusing = false
    }

    private let waiting = Mutex(Waiting())
    /// Of adopted connections, by their sockets; whoever gets a socket's number next replaces what is told of it.
    let subjects = Mutex<[Int32: String]>([:])

    init(_ handler: @escaping HTTPServer.Handler) { self.handler = handler }

    static let refusal = HTTPAnswer(status: 503, contentType: "text/plain", text: "The server is stopping.\n")

    static let diskFull = HTTPAnswer(status: 507, contentType: "text/plain", text: "The body cannot be stored.\n")

    func begin(_ request: HTTPRequest, _ responder: HTTPResponder, on connection: OpaquePointer) {
        let isRefused = waiting.withLock { waiting in
            if !waiting.isRefusing { waiting.responders[ObjectIdentifier(responder)] = responder }
            return waiting.isRefusing
        }
        // Before the handler: its answer may come from another thread before this one gets any further.
        responder.suspend(connection)
        if isRefused { responder.answer(Self.refusal) } else { handler(request, responder) }
    }

    func end(_ responder: HTTPResponder) {
        waiting.withLock { waiting in _ = waiting.responders.removeValue(forKey: ObjectIdentifier(responder)) }
    }

    /// Wakes whatever waits: the library cannot be stopped while a connection is suspended.
    func refuseEverything() {
        let responders = waiting.withLock { waiting in
            waiting.isRefusing = true
            return Array(waiting.responders.values)
        }
        for responder in responders { responder.answer(Self.refusal) }
    }
}

// MARK: Callbacks of the library, on its thread

/// Called once when a request's head has come, then for its body, and again after each resumption.
private func handleHTTP(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, upload: UnsafePointer<CChar>?,
    uploadSize: UnsafeMutablePointer<Int>?, slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> zoolab_http_result {
    guard let context, let connection, let url, let method, let slot, let uploadSize else { return zoolab_http_no }
    let state = Unmanaged<HTTPServerState>.fromOpaque(context).takeUnretainedValue()
    guard let known = slot.pointee else {
        let request = HTTPRequestState(line(of: connection, method: method, url: url))
        request.line.certificateSubject = state.subjects.withLock { $0[zoolab_http_socket(connection)] }
        // Given back in `completeHTTP`.
        slot.pointee = Unmanaged.passRetained(request).toOpaque()
        if request.line.method == "POST" { request.begin(state, on: connection) }
        return zoolab_http_yes
    }
    let request = Unmanaged<HTTPRequestState>.fromOpaque(known).takeUnretainedValue()
    let isEnd = uploadSize.pointee == 0
    // Bytes that nobody asked for are let pass.
    defer { uploadSize.pointee = 0 }
    switch request.responder.finished {
    case nil where isEnd && !request.hasBegun:
        request.begin(state, on: connection)
        // An answer that is there already is sent when the connection has been resumed.
        return zoolab_http_yes
    case nil: return zoolab_http_yes
    case .answer(let answer)?: return isEnd ? send(answer, on: connection) : zoolab_http_yes
    case .body(let path)?:
        guard let sink = request.sink else {
            request.sink = UploadFile(path)
            if !isEnd { request.sink?.write(UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee)) }
            return zoolab_http_yes
        }
        guard isEnd else {
            sink.write(UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee))
            return zoolab_http_yes
        }
        guard !sink.hasFailed else { return send(HTTPServerState.diskFull, on: connection) }
        request.line.bodyFile = path
        request.beginAgain(state, on: connection)
        return zoolab_http_yes
    }
}

private func line(
    of connection: OpaquePointer, method: UnsafePointer<CChar>, url: UnsafePointer<CChar>
) -> HTTPRequest {
    var line = HTTPRequest(
        method: String(cString: method), path: String(cString: url), query: query(of: connection))
    line.authorization = zoolab_http_header(connection, "Authorization").map { String(cString: $0) }
    line.clientAddress = clientAddress(of: connection)
    return line
}

private func send(_ answer: HTTPAnswer, on connection: OpaquePointer) -> zoolab_http_result {
    guard let response = response(for: answer) else { return zoolab_http_no }
    defer { MHD_destroy_response(response) }
    if let type = answer.contentType { MHD_add_response_header(response, "Content-Type", type) }
    MHD_add_response_header(response, "Cache-Control", "no-store")
    for header in answer.headers { MHD_add_response_header(response, header.name, header.value) }
    return MHD_queue_response(connection, UInt32(answer.status), response)
}

/// - Returns: `nil` without memory, or where the file is gone; the connection is cut then.
private func response(for answer: HTTPAnswer) -> OpaquePointer? {
    if let file = answer.file { return zoolab_http_file(file) }
    return answer.body.withUnsafeBytes { zoolab_http_bytes($0.baseAddress, $0.count) }
}

private func completeHTTP(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, code: MHD_RequestTerminationCode
) {
    guard let context, let known = slot?.pointee else { return }
    slot?.pointee = nil
    let request = Unmanaged<HTTPRequestState>.fromOpaque(known).takeRetainedValue()
    Unmanaged<HTTPServerState>.fromOpaque(context).takeUnretainedValue().end(request.responder)
}

/// One request, from its head to its end; used by the library's thread only.
private final class HTTPRequestState {
    var line: HTTPRequest
    private(set) var responder = HTTPResponder()
    private(set) var hasBegun = false
    var sink: UploadFile?

    init(_ line: HTTPRequest) { self.line = line }

    func begin(_ state: HTTPServerState, on connection: OpaquePointer) {
        hasBegun = true
        state.begin(line, responder, on: connection)
    }

    /// The body is there.
    func beginAgain(_ state: HTTPServerState, on connection: OpaquePointer) {
        state.end(responder)
        responder = HTTPResponder()
        begin(state, on: connection)
    }
}

/// A body on its way into a file, which lives as long as the request.
private final class UploadFile {
    private let path: String
    private let descriptor: Int32
    private(set) var hasFailed = false

    init(_ path: String) {
        self.path = path
        descriptor = zoolab_http_create(path)
        hasFailed = descriptor < 0
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(path)
    }

    func write(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !hasFailed, !rest.isEmpty {
            let count = zoolab_http_write(descriptor, rest.baseAddress, rest.count)
            if count < 0 { hasFailed = true } else { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
        }
    }
}

private func query(of connection: OpaquePointer) -> [HTTPRequest.Pair] {
    var pairs: [HTTPRequest.Pair] = []
    withUnsafeMutablePointer(to: &pairs) { target in
        zoolab_http_query(
            connection,
            { target, _, name, value in
                guard let target, let name else { return zoolab_http_yes }
                target.assumingMemoryBound(to: [HTTPRequest.Pair].self).pointee.append(
                    HTTPRequest.Pair(name: String(cString: name), value: value.map { String(cString: $0) } ?? ""))
                return zoolab_http_yes
            }, target)
    }
    return pairs
}

private func clientAddress(of connection: OpaquePointer) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
        zoolab_http_client(connection, text.baseAddress, text.count)
        return String(cString: text.baseAddress!)
    }
}
