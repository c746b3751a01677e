import CMicroHTTPD
package import Messages
import Synchronization

/// An HTTP server with one thread of its own, for administrators and metrics.
///
/// Every request goes to one handler on that thread, with a responder that may answer later and from any thread; until then
/// the connection is suspended, and others are served. At most 64 connections; one that is idle for 30 s is closed.
package final class HTTPServer: Sendable {
    package typealias Handler = @Sendable (HTTPRequest, HTTPResponder) -> Void

    package let port: UInt16
    private let state: HTTPServerState
    private let daemon: Mutex<DaemonBox>

    /// SAFETY: the daemon is the library's own and may be stopped from any thread; it is reached only under the lock.
    private struct DaemonBox: @unchecked Sendable {
        var pointer: OpaquePointer?
    }

    /// - Parameter port: 0 takes a free one; see `port`.
    /// - Throws: `HTTPFailure` when the port cannot be had.
    package init(host: String, port: UInt16, _ handler: @escaping Handler) throws(HTTPFailure) {
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
        guard let started = zoolab_http_start(socket, 64, 30, handleHTTP, completeHTTP, context) else {
            close(socket)
            throw HTTPFailure(message: HTTPMessages.cannotStart)
        }
        daemon = Mutex(DaemonBox(pointer: started))
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
    private struct State {
        var answer: HTTPAnswer?
        /// Suspended, and to be woken by the answer.
        var connection: SuspendedConnection?
    }

    /// SAFETY: libmicrohttpd lets any thread resume a suspended connection; the pointer is used once, under the lock.
    fileprivate struct SuspendedConnection: @unchecked Sendable {
        var pointer: OpaquePointer
    }

    private let state = Mutex(State())

    package func answer(_ answer: HTTPAnswer) {
        state.withLock { state in
            guard state.answer == nil else { return }
            state.answer = answer
            if let connection = state.connection { MHD_resume_connection(connection.pointer) }
            state.connection = nil
        }
    }

    fileprivate func suspend(_ connection: OpaquePointer) {
        state.withLock { state in
            guard state.answer == nil else { return }
            MHD_suspend_connection(connection)
            state.connection = SuspendedConnection(pointer: connection)
        }
    }

    fileprivate var finished: HTTPAnswer? { state.withLock { $0.answer } }
}

/// What the library's thread works with.
private final class HTTPServerState: Sendable {
    let handler: HTTPServer.Handler
    private struct Waiting {
        var responders: [ObjectIdentifier: HTTPResponder] = [:]
        var isRefusing = false
    }

    private let waiting = Mutex(Waiting())

    init(_ handler: @escaping HTTPServer.Handler) { self.handler = handler }

    static let refusal = HTTPAnswer(status: 503, contentType: "text/plain", text: "The server is stopping.\n")

    /// False where the answer is there at once.
    func begin(_ request: HTTPRequest, _ responder: HTTPResponder, on connection: OpaquePointer) -> Bool {
        let isRefused = waiting.withLock { waiting in
            if !waiting.isRefusing { waiting.responders[ObjectIdentifier(responder)] = responder }
            return waiting.isRefusing
        }
        if isRefused {
            responder.answer(Self.refusal)
            return false
        }
        // Before the handler: its answer may come from another thread before this one gets any further.
        responder.suspend(connection)
        handler(request, responder)
        return true
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
        // Given back in `completeHTTP`.
        slot.pointee = Unmanaged.passRetained(HTTPRequestState()).toOpaque()
        return zoolab_http_yes
    }
    let request = Unmanaged<HTTPRequestState>.fromOpaque(known).takeUnretainedValue()
    if uploadSize.pointee > 0 {  // Nobody reads bodies; they are let pass.
        uploadSize.pointee = 0
        return zoolab_http_yes
    }
    if !request.hasBegun {
        request.hasBegun = true
        var line = HTTPRequest(
            method: String(cString: method), path: String(cString: url), query: query(of: connection))
        line.authorization = zoolab_http_header(connection, "Authorization")
            .map { String(cString: $0) }
        line.clientAddress = clientAddress(of: connection)
        // An answer that is there already is sent when the connection has been resumed.
        if state.begin(line, request.responder, on: connection) { return zoolab_http_yes }
    }
    guard let answer = request.responder.finished else { return zoolab_http_yes }
    return send(answer, on: connection)
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
    let responder = HTTPResponder()
    var hasBegun = false
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
