/// A host and a port, as configurations and election hellos write them: "host:port", "[::1]:port".
package struct QuorumEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address; IPv6 without brackets.
    package var host: String
    package var port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// `nil` for anything but a host and a port.
    package init?(_ text: String) {
        guard let parts = Self.parts(of: text), parts.count == 2, let port = UInt16(parts[1]) else { return nil }
        self.init(host: parts[0], port: port)
    }

    package var description: String { "\(Self.delimited(host)):\(port)" }

    /// IPv6 addresses in brackets, everything else as it is.
    static func delimited(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

    /// The host, without brackets, and what follows it, cut at colons. `nil` where the host is empty or a bracket stays open.
    static func parts(of text: String) -> [String]? {
        guard text.hasPrefix("[") else {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            return parts[0].isEmpty ? nil : parts
        }
        guard let end = text.firstIndex(of: "]") else { return nil }
        let host = String(text[text.index(after: text.startIndex)..<end])
        let rest = text[text.index(after: end)...]
        guard !host.isEmpty else { return nil }
        if rest.isEmpty { return [host] }
        guard rest.hasPrefix(":") else { return nil }
        return [host] + rest.dropFirst().split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    }
}
