package import StateMachines

/// Where a client goes when the list of its servers is replaced.
///
/// Every client decides by itself and by chance, with chances such that all clients together end up evenly spread over the
/// new list, if they were over the old one, and no more of them move than have to:
///
/// - More servers than before: a client whose server stays moves to one of those that came with the chance 1 − old ÷ new, one
///   whose server leaves moves to them for certain.
/// - As many or fewer: a client whose server stays, stays. One whose server leaves moves to one that stayed with the chance
///   stayed × (old − new) ÷ (new × (old − stayed)), else to one that came.
///
/// - Source: Shraer, Reed, Malkhi, Junqueira, "Dynamic Reconfiguration of Primary/Backup Clusters", USENIX ATC 2012, on
///   rebalancing clients; ZooKeeper's clients do the same.
package struct Rebalancing: Hashable, Sendable {
    /// The new servers, in an order of this client's own.
    package let servers: [ServerAddress]
    /// Whom to try, as positions in `servers`, before anybody else: empty where the client stays where it is.
    package let order: [Int]

    /// - Parameters:
    ///   - new: not empty.
    ///   - current: where the client is connected, or was last, or will be first.
    package init(
        from old: [ServerAddress], to new: [ServerAddress], current: ServerAddress, random: inout SplitMix64
    ) {
        let servers = Self.shuffled(new.indices.filter { new.firstIndex(of: new[$0]) == $0 }.map { new[$0] }, &random)
        self.servers = servers
        let stayed = servers.indices.filter { old.contains(servers[$0]) }
        let came = servers.indices.filter { !old.contains(servers[$0]) }
        let (before, after) = (Double(Set(old).count), Double(servers.count))
        let chanceOfNew: Double
        switch (after > before, servers.contains(current)) {
        case (true, true):
            guard Self.chance(1 - before / after, &random) else {
                order = []
                return
            }
            chanceOfNew = 1
        case (true, false): chanceOfNew = 1
        case (false, true):
            order = []
            return
        case (false, false):
            let kept = Double(stayed.count)
            chanceOfNew = 1 - kept * (before - after) / (after * (before - kept))
        }
        order = Self.order(came, stayed, chanceOfNew, &random)
    }

    /// All of both, one after the other; of which one next, chance says, until one of them is used up.
    private static func order(
        _ came: [Int], _ stayed: [Int], _ chanceOfNew: Double, _ random: inout SplitMix64
    ) -> [Int] {
        var (came, stayed, order) = (came[...], stayed[...], [Int]())
        while !came.isEmpty, !stayed.isEmpty {
            order.append(chance(chanceOfNew, &random) ? came.removeFirst() : stayed.removeFirst())
        }
        return order + came + stayed
    }

    private static func chance(_ probability: Double, _ random: inout SplitMix64) -> Bool {
        random.chance(partsPerMillion: UInt64((max(0, min(1, probability)) * 1_000_000).rounded()))
    }

    private static func shuffled(_ servers: [ServerAddress], _ random: inout SplitMix64) -> [ServerAddress] {
        var servers = servers
        for index in servers.indices.dropLast() {
            servers.swapAt(index, Int(random.uniform(in: UInt64(index)...UInt64(servers.count - 1))))
        }
        return servers
    }
}
