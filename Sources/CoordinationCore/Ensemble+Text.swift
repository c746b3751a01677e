import StateMachines
package import WireProtocol
package import Zab

/// An ensemble as configuration files, packets and the node /zookeeper/config write it.
extension Ensemble {
    /// - Returns: `nil` for bytes that are no configuration, an empty one included.
    package init?(configuration bytes: [UInt8]) {
        guard let text = try? QuorumConfigurationText(parsing: bytes) else { return nil }
        self.init(text)
    }

    /// Keeps the text, except for its version, which changes by itself.
    package init(_ configuration: QuorumConfigurationText) {
        let members = configuration.servers.map { server in
            let id = server.id
            let weight = configuration.weights.first { $0.server == id }?.weight ?? 1
            let address = server.addresses.map(\.quorum.description).joined(separator: "|")
            return Member(
                ServerID(id), role: server.role == .participant ? .participant : .observer,
                weight: UInt32(clamping: weight), group: configuration.groups.first { $0.members.contains(id) }?.id,
                address: Array(address.utf8))
        }
        var text = configuration
        text.version = nil
        self.init(members, version: Zxid(wireValue: configuration.version ?? 0), text: text.bytes)
    }

    /// With its version, byte for byte as ZooKeeper has it; empty where the members have no addresses.
    package var configuration: [UInt8] {
        text.isEmpty ? [] : text + Array("\nversion=\(String(version.rawValue, radix: 16))".utf8)
    }
}
