/// "host:port,host:port/path": the servers, and the node that a client takes for the root of its world.
package struct ConnectString: Hashable, Sendable {
    package var servers: [ServerAddress]
    /// "" without one, else a path: "/app".
    package var root: String

    package init(servers: [ServerAddress], root: String = "") {
        self.servers = servers
        self.root = root
    }

    /// - Returns: nil where the text names no servers, or its path is none.
    package init?(_ text: String) {
        let slash = text.firstIndex(of: "/") ?? text.endIndex
        guard let servers = ServerAddress.list(String(text[..<slash])) else { return nil }
        let path = String(text[slash...])
        guard path.count < 2 || Self.isPath(path) else { return nil }
        self.servers = servers
        root = path == "/" ? "" : path
    }

    private static func isPath(_ path: String) -> Bool {
        path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }

    /// The server's name of a path of this client.
    package func absolute(_ path: String) -> String {
        if root.isEmpty { return path }
        return path == "/" ? root : root + path
    }

    /// This client's name of a path of the server. What lies outside of the client's world keeps its name.
    package func relative(_ path: String) -> String {
        guard !root.isEmpty, path.hasPrefix(root) else { return path }
        let rest = path.dropFirst(root.count)
        return rest.isEmpty ? "/" : rest.hasPrefix("/") ? String(rest) : path
    }
}
