import Bytes
import WireProtocol

/// An identity that a connection has proved.
public struct ProvedIdentity: Hashable, Sendable {
    /// "ip", "digest", "super"…
    public let scheme: String
    /// Without any secret; of "digest" the name.
    public let user: String

    package init(scheme: String, user: String) {
        self.scheme = scheme
        self.user = user
    }
}

/// A change of the ensemble's members. Entries are written as in a configuration file: "server.4=host:2888:3888;2181".
public enum Reconfiguration: Hashable, Sendable {
    case change(joining: [String], leaving: [String])
    /// All members of the new ensemble.
    case replace([String])
}

/// Less common requests.
extension CoordinationClient {
    /// Where servers keep their configuration, outside of any client's own root.
    private static let configurationPath = "/zookeeper/config"

    /// The identities of this connection.
    public func identities() async throws -> [ProvedIdentity] {
        guard case .identities(let identities) = try await perform(.whoAmI, path: nil) else {
            throw malformed("whoAmI", nil)
        }
        return identities.map { ProvedIdentity(scheme: $0.scheme.description, user: $0.user.description) }
    }

    /// The ephemeral nodes of this session whose paths begin with `prefix`, in alphabetical order.
    public func ephemerals(prefix: String = "/") async throws -> [String] {
        let request = PathRequest(path: try absolute(prefix, "getEphemerals"))
        guard case .children(let paths) = try await perform(.getEphemerals(request), path: prefix) else {
            throw malformed("getEphemerals", prefix)
        }
        return paths.map { names.relative($0.description) }.sorted()
    }

    /// How many nodes there are below a node, at any depth.
    public func descendantCount(_ path: String) async throws -> Int {
        let request = PathRequest(path: try absolute(path, "getAllChildrenNumber"))
        guard case .number(let count) = try await perform(.getAllChildrenNumber(request), path: path) else {
            throw malformed("getAllChildrenNumber", path)
        }
        return Int(count)
    }

    /// The configuration of the ensemble, as text.
    public func configuration() async throws -> (data: [UInt8], stat: NodeStat) {
        let (data, stat) = try await configuration(watch: nil)
        return (data, stat)
    }

    /// As `configuration`, with a watch that fires when it changes.
    public func configurationAndWatch() async throws -> (data: [UInt8], stat: NodeStat, watch: Watch) {
        let (number, watch) = makeWatch()
        do {
            let (data, stat) = try await configuration(watch: number)
            return (data, stat, watch)
        } catch {
            forgetWatch(number)
            throw error
        }
    }

    private func configuration(watch: WatchNumber?) async throws -> (data: [UInt8], stat: NodeStat) {
        let path = Self.configurationPath
        let request = PathWatchRequest(path: ByteString(path), watch: watch != nil)
        let response = try await perform(.getData(request), path: path, watch: watch)
        guard case .dataAndStat(let data, let stat) = response else { throw malformed("getData", path) }
        return (data ?? [], NodeStat(stat))
    }

    /// Changes the ensemble's members.
    ///
    /// - Parameter version: the version that the configuration must have; nil for any.
    /// - Returns: the new configuration.
    public func reconfigure(
        _ change: Reconfiguration, version: Int64? = nil
    ) async throws -> (data: [UInt8], stat: NodeStat) {
        func list(_ entries: [String]) -> ByteString? {
            entries.isEmpty ? nil : ByteString(entries.joined(separator: ","))
        }
        let request =
            switch change {
            case .change(let joining, let leaving):
                ReconfigRequest(
                    joiningServers: list(joining), leavingServers: list(leaving),
                    currentConfigurationID: version ?? -1)
            case .replace(let members):
                ReconfigRequest(newMembers: list(members), currentConfigurationID: version ?? -1)
            }
        guard case .dataAndStat(let data, let stat) = try await perform(.reconfig(request), path: nil) else {
            throw malformed("reconfig", nil)
        }
        return (data ?? [], NodeStat(stat))
    }
}
