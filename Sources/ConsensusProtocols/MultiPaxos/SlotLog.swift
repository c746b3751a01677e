package import StateMachines

/// What a server knows to be chosen, and the account that comes of applying it in order.
package struct SlotLog: Hashable, Sendable, CanonicalEncodable {
    package struct Chosen: Hashable, Sendable, CanonicalEncodable {
        package var slot: Slot
        package var entry: SlotEntry

        package func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(slot)
            encoder.encode(entry)
        }
    }

    /// The highest number of one client's commands that has been applied.
    private struct Client: Hashable, Sendable {
        var client: UInt8
        var number: UInt8
    }

    /// By slot.
    package private(set) var chosen: [Chosen] = []
    /// The slots in the order in which they were applied.
    package private(set) var applied: [Slot] = []
    /// The deposits that changed the balance, in their order.
    package private(set) var ledger: [Deposit] = []
    private var clients: [Client] = []
    private let mutation: MultiPaxosMutation?

    init(_ configuration: MultiPaxosConfiguration) { mutation = configuration.mutation }

    package var balance: Int32 { ledger.reduce(0) { $0 + $1.amount } }

    /// The first slot of which it does not know, or before which something is missing.
    package var firstOpen: Slot {
        var slot: Slot = 1
        for known in chosen where known.slot == slot { slot += 1 }
        return slot
    }

    func entry(of slot: Slot) -> SlotEntry? { chosen.first { $0.slot == slot }?.entry }

    func hasApplied(_ deposit: Deposit) -> Bool {
        mutation != .appliesTwice
            && clients.contains { $0.client == deposit.client && $0.number >= deposit.number }
    }

    /// - Returns: whether that was news.
    mutating func learn(_ slot: Slot, _ entry: SlotEntry) -> Bool {
        guard self.entry(of: slot) == nil else { return false }
        let index = chosen.firstIndex { $0.slot > slot } ?? chosen.count
        chosen.insert(Chosen(slot: slot, entry: entry), at: index)
        return true
    }

    /// Applies whatever has its turn.
    ///
    /// - Returns: what has been applied, in order.
    mutating func advance() -> [Chosen] {
        let ready = chosen.filter { known in
            !applied.contains(known.slot) && (known.slot < firstOpen || mutation == .appliesOutOfOrder)
        }
        for known in ready {
            applied.append(known.slot)
            guard case .deposit(let deposit) = known.entry, !hasApplied(deposit) else { continue }
            ledger.append(deposit)
            clients.removeAll { $0.client == deposit.client }
            let index = clients.firstIndex { $0.client > deposit.client } ?? clients.count
            clients.insert(Client(client: deposit.client, number: deposit.number), at: index)
        }
        return ready
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(chosen)
        encoder.encode(UInt32(applied.count))
        for slot in applied { encoder.encode(slot) }
        encoder.encode(ledger)
        for client in clients {
            encoder.encode(tag: client.client)
            encoder.encode(tag: client.number)
        }
    }
}
