package import StateMachines

/// The servers that replicate together, and which sets of them may decide.
///
/// - Source: Flavio Junqueira and Benjamin Reed, "ZooKeeper", chapter 9; hierarchical quorums after Kumar,
///   "Hierarchical Quorum Consensus", IEEE Transactions on Computers 40(9), 1991.
package struct Ensemble: Hashable, Sendable, CanonicalEncodable {
    package enum Role: UInt8, Hashable, Sendable, CanonicalEncodable {
        /// Votes and acknowledges.
        case participant = 0
        /// Only learns what was decided.
        case observer = 1

        package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
    }

    package struct Member: Hashable, Sendable, CanonicalEncodable {
        package var id: ServerID
        package var role: Role
        /// What its vote counts; with 0 it votes, and never leads.
        package var weight: UInt32
        /// Of hierarchical quorums; `nil` where the ensemble has no groups.
        package var group: Int64?
        /// Where the others find it. Only compared: a leader whose own address changes cannot go on.
        package var address: [UInt8]

        package init(
            _ id: ServerID, role: Role = .participant, weight: UInt32 = 1, group: Int64? = nil, address: [UInt8] = []
        ) {
            self.id = id
            self.role = role
            self.weight = weight
            self.group = group
            self.address = address
        }

        package func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(id)
            encoder.encode(role)
            encoder.encode(weight)
            encoder.encode(group != nil)
            encoder.encode(group ?? 0)
            encoder.encode(bytes: address[...])
        }
    }

    /// By identifier.
    package let members: [Member]
    /// The zxid of the reconfiguration that made it; 0 for the one of the configuration file. The first leader of an ensemble that
    /// can be reconfigured gives the one of the file the zxid that its epoch begins with.
    package private(set) var version: Zxid
    /// All that a driver knows of the members besides, and that travels with them. Nothing here looks into it.
    package let text: [UInt8]
    /// Whether groups decide, and not more than half of all voters.
    package let isHierarchical: Bool

    /// - Precondition: no two members share an identifier.
    package init(_ members: [Member], version: Zxid = .zero, text: [UInt8] = []) {
        self.members = members.sorted { $0.id < $1.id }
        self.version = version
        self.text = text
        isHierarchical = members.contains { $0.group != nil }
        precondition(
            zip(self.members, self.members.dropFirst()).allSatisfy { $0.id < $1.id }, "two servers with one identifier")
    }

    package subscript(id: ServerID) -> Member? { members.first { $0.id == id } }
    package var voters: [Member] { members.filter { $0.role == .participant } }
    package func isVoter(_ id: ServerID) -> Bool {
        members.indices.contains { members[$0].id == id && members[$0].role == .participant }
    }

    /// Whether two servers vote, without groups: neither of them may decide without the other, unless an oracle says so.
    package var isPair: Bool { !isHierarchical && voters.count == 2 }

    /// The same servers under another version.
    package func versioned(_ version: Zxid) -> Ensemble {
        var copy = self
        copy.version = version
        return copy
    }

    package func hasSameMembers(as other: Ensemble) -> Bool { members == other.members && text == other.text }

    /// Whether those voters for which `agrees` holds may decide.
    ///
    /// Any two such sets share a voter: without groups more than half of all voters; with groups more than half of
    /// the weight in each of more than half of the groups. Groups whose weight is 0 do not count.
    /// - Parameter isAlone: the oracle lets one voter of a pair decide without the other.
    package func isQuorum(alone isAlone: Bool = false, _ agrees: (ServerID) -> Bool) -> Bool {
        guard isHierarchical else {
            var (all, agreeing) = (0, 0)
            // By index, which copies no member.
            for index in members.indices where members[index].role == .participant {
                all += 1
                if agrees(members[index].id) { agreeing += 1 }
            }
            return agreeing >= Quorum.majority(of: all) || isAlone && all == 2 && agreeing == 1
        }
        return isHierarchicalQuorum(agrees)
    }

    private func isHierarchicalQuorum(_ agrees: (ServerID) -> Bool) -> Bool {
        var (groups, agreeingGroups) = (0, 0)
        for group in Set(members.compactMap(\.group)).sorted() {
            let voters = members.filter { $0.group == group && $0.role == .participant }
            let weight = voters.reduce(0) { $0 + UInt64($1.weight) }
            guard weight > 0 else { continue }
            groups += 1
            let agreeing = voters.reduce(0) { $0 + (agrees($1.id) ? UInt64($1.weight) : 0) }
            if agreeing > weight / 2 { agreeingGroups += 1 }
        }
        return agreeingGroups >= Quorum.majority(of: groups)
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(members)
        encoder.encode(version)
        encoder.encode(bytes: text[...])
    }
}
