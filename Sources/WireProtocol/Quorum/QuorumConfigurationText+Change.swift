package import Bytes

/// What a `reconfig` request asks for, as a new configuration.
extension QuorumConfigurationText {
    /// This configuration with other servers, or others for those that are there; groups cannot be changed like this.
    ///
    /// - Parameters:
    ///   - joining: "server.4=host:2888:3888;2181", with commas between; each with a place where it serves clients.
    ///   - leaving: numbers, with commas between; who is not there leaves without a word.
    /// - Returns: `nil` where something is malformed, or an address belongs to another server; without a version.
    /// - Source: ZooKeeper's `PrepRequestProcessor` and `QuorumServer.checkAddressDuplicate`.
    package func changed(joining: ByteString?, leaving: ByteString?) -> QuorumConfigurationText? {
        guard groups.isEmpty, weights.isEmpty else { return nil }
        var next = QuorumConfigurationText(servers: servers, version: nil)
        for text in Self.entries(leaving) {
            guard let id = Int64(text) else { return nil }
            next.servers.removeAll { $0.id == id }
        }
        for text in Self.entries(joining) {
            guard let server = Self.joiner(text) else { return nil }
            next.servers.removeAll { $0.id == server.id }
            guard next.servers.allSatisfy({ !$0.sharesAddress(with: server) }) else { return nil }
            next.servers.append(server)
        }
        next.servers.sort { $0.id < $1.id }
        return next
    }

    /// A whole new configuration, with commas or ends of lines between its lines; without a version, whatever it says.
    ///
    /// - Returns: `nil` where something is malformed.
    package static func replacement(_ members: ByteString) -> QuorumConfigurationText? {
        let comma = UInt8(ascii: ",")
        let lines = members.bytes.map { $0 == comma ? UInt8(ascii: "\n") : $0 }
        guard var next = try? QuorumConfigurationText(parsing: lines) else { return nil }
        next.version = nil
        return next
    }

    private static func entries(_ list: ByteString?) -> [Substring] {
        guard let list else { return [] }
        return list.description.split(separator: ",").map(trimmed).filter { !$0.isEmpty }
    }

    private static func joiner(_ text: Substring) -> QuorumServer? {
        let parts = text.split(separator: "=").map(trimmed)
        guard parts.count == 2, let number = parts[0].split(separator: ".").last, let id = Int64(number),
            let server = QuorumServer(id: id, String(parts[1])), server.clientAddress != nil
        else { return nil }
        return server
    }
}

extension QuorumServer {
    /// Whether both would listen at one place. Every machine has its own loopback, and its own “everywhere”.
    package func sharesAddress(with other: QuorumServer) -> Bool {
        let theirs = other.endpoints
        return endpoints.contains { theirs.contains($0) }
    }

    private var endpoints: [QuorumEndpoint] {
        let all = addresses.flatMap { [$0.quorum, $0.election] } + [clientAddress].compactMap(\.self)
        return all.filter { !$0.isOfOneMachine }
    }
}

extension QuorumEndpoint {
    fileprivate var isOfOneMachine: Bool {
        host.hasPrefix("127.") || ["localhost", "::1", "0.0.0.0", "::"].contains(host)
    }
}
