/// One server of a configuration: what stands behind `server.N=`.
///
/// `host:quorumPort:electionPort[:role]`, several of them with “|” between, then `[;[clientHost:]clientPort]`.
/// - Source: ZooKeeper's `QuorumPeer.QuorumServer`.
package struct QuorumServer: Hashable, Sendable, CustomStringConvertible {
    package enum Role: String, CaseIterable, Hashable, Sendable {
        /// Votes and acknowledges.
        case participant
        /// Only learns what was decided.
        case observer
    }

    /// One address with the two ports that servers use among themselves.
    package struct Address: Hashable, Sendable, CustomStringConvertible {
        /// A name or an address; IPv6 without brackets.
        package var host: String
        package var quorumPort: UInt16
        package var electionPort: UInt16

        package init(host: String, quorumPort: UInt16, electionPort: UInt16) {
            self.host = host
            self.quorumPort = quorumPort
            self.electionPort = electionPort
        }

        package var quorum: QuorumEndpoint { QuorumEndpoint(host: host, port: quorumPort) }
        package var election: QuorumEndpoint { QuorumEndpoint(host: host, port: electionPort) }
        package var description: String { "\(QuorumEndpoint.delimited(host)):\(quorumPort):\(electionPort)" }
    }

    /// The most addresses one server has.
    package static let addressLimit = 64
    /// Where clients are served whose address is not given: everywhere.
    package static let anyHost = "0.0.0.0"

    /// The number in its `myid` file.
    package var id: Int64
    /// At least one, in the order they were written.
    package var addresses: [Address]
    package var role: Role
    /// Where it serves clients; `nil` where its own file says so (`clientPort`).
    package var clientAddress: QuorumEndpoint?

    /// - Precondition: there is an address.
    package init(id: Int64, addresses: [Address], role: Role = .participant, clientAddress: QuorumEndpoint? = nil) {
        precondition(!addresses.isEmpty, "a server without an address")
        self.id = id
        self.addresses = addresses
        self.role = role
        self.clientAddress = clientAddress
    }

    /// Reads what stands behind `server.N=`; `nil` where it is not of that form.
    ///
    /// Roles are read in any case. All addresses have one role, and different ports for quorum and election.
    package init?(id: Int64, _ text: String) {
        let halves = text.split(separator: ";", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return nil }
        let places = halves[0].split(separator: "|", omittingEmptySubsequences: false)
        guard places.count <= Self.addressLimit else { return nil }
        var addresses: [Address] = []
        var role: Role?
        for place in places {
            guard let (address, itsRole) = Self.address(String(place)) else { return nil }
            addresses.append(address)
            guard let itsRole else { continue }
            guard role == nil || role == itsRole else { return nil }
            role = itsRole
        }
        var client: QuorumEndpoint?
        if halves.count == 2 {
            guard let endpoint = Self.clientEndpoint(String(halves[1])) else { return nil }
            client = endpoint
        }
        self.init(id: id, addresses: addresses, role: role ?? .participant, clientAddress: client)
    }

    /// As ZooKeeper writes it behind `server.N=`: the role once, after all addresses.
    package var description: String {
        let places = addresses.map(\.description).joined(separator: "|")
        return "\(places):\(role.rawValue)" + (clientAddress.map { ";\($0)" } ?? "")
    }

    private static func address(_ text: String) -> (Address, Role?)? {
        guard let parts = QuorumEndpoint.parts(of: text), parts.count == 3 || parts.count == 4,
            let quorumPort = UInt16(parts[1]), let electionPort = UInt16(parts[2]), quorumPort != electionPort
        else { return nil }
        let address = Address(host: parts[0], quorumPort: quorumPort, electionPort: electionPort)
        guard parts.count == 4 else { return (address, nil) }
        guard let role = Role(rawValue: parts[3].lowercased()) else { return nil }
        return (address, role)
    }

    private static func clientEndpoint(_ text: String) -> QuorumEndpoint? {
        UInt16(text).map { QuorumEndpoint(host: anyHost, port: $0) } ?? QuorumEndpoint(text)
    }
}
