package import Messages

/// One server of a connect string.
package struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    package var host: String
    package var port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// ZooKeeper's port.
    package static let defaultPort: UInt16 = 2181

    /// Reads "host:port,host:port"; the port may be missing, an IPv6 host stands in brackets.
    ///
    /// - Returns: nil where the text is none, or ends in a path; see `ConnectString`.
    package static func list(_ text: String) -> [ServerAddress]? {
        var servers: [ServerAddress] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let server = one(part) else { return nil }
            servers.append(server)
        }
        return servers
    }

    private static func one(_ text: Substring) -> ServerAddress? {
        guard !text.isEmpty, !text.contains("/") else { return nil }
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]"), end > text.index(after: text.startIndex) else { return nil }
            let host = String(text[text.index(after: text.startIndex)..<end])
            return port(text[text.index(after: end)...]).map { ServerAddress(host: host, port: $0) }
        }
        let end = text.firstIndex(of: ":") ?? text.endIndex
        guard end > text.startIndex else { return nil }
        return port(text[end...]).map { ServerAddress(host: String(text[..<end]), port: $0) }
    }

    private static func port(_ text: Substring) -> UInt16? {
        if text.isEmpty { return defaultPort }
        guard text.first == ":", let port = UInt16(text.dropFirst()), port > 0 else { return nil }
        return port
    }
}

/// How a client reaches its servers: TCP, or a virtual network.
package protocol Transport: Sendable {
    /// Opens a connection. Cancelling the task gives up the attempt.
    func connect(to address: ServerAddress) async throws -> any TransportConnection
}

/// An open connection.
package protocol TransportConnection: Sendable {
    /// What arrives, in order; ends when the connection has ended, however it did. To be iterated once.
    var incoming: AsyncStream<[UInt8]> { get }
    /// Why it ended, once it has, as far as that is known.
    var problem: (any LocalizedFailure)? { get }
    /// Sends bytes after those of earlier calls; on an ended connection it does nothing.
    func send(_ bytes: [UInt8])
    /// Sends what is still unsent and closes; further calls do nothing.
    func close()
}

extension TransportConnection {
    package var problem: (any LocalizedFailure)? { nil }
}
