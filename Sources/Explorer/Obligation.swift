public import Simulator
public import StateMachines

/// Something that waits in a state and cannot be kept waiting for ever: a message in flight arrives, a timer of a node
/// that is up comes due, a disk finishes what it was given.
public struct Obligation: Hashable, Sendable {
    /// What it is: the same in all states with the same future.
    public var kind: Fingerprint
    /// Which one of its kind: a timer that is set anew waits anew.
    public var instance: CausalName

    @inlinable public init(_ kind: Fingerprint, _ instance: CausalName) {
        (self.kind, self.instance) = (kind, instance)
    }
}

extension WorldModel {
    /// Messages that could be delivered, armed timers, and forced writes.
    ///
    /// Over ordered links it is the link that must move, else the message. A timer counts even while the model lets it
    /// wait for deliveries or for another timer of its node: time goes on. What clients ask, repairs, and messages on a cut link are
    /// nothing that anybody may count on.
    @inlinable public func obligations(of state: State) -> [Obligation] {
        let world = state.world
        let expansion = Expansion(model: self, state: state, sleeping: 0, successors: [])
        var found: [Obligation] = []
        for (index, message) in world.messages.enumerated()
        where !world.links.isCut(from: message.from, to: message.to) && expansion.isDeliverable(at: index)
            && world[message.to].status != .paused
        {
            let content = rules.isOrdered ? Fingerprint(high: 0, low: 0) : Self.content(of: message.message)
            let link = UInt64(message.from.index) << 8 | UInt64(message.to.index)
            found.append(Obligation(Fingerprint(content.high ^ 1, content.low ^ link), message.name))
        }
        for node in world.identifiers where world[node].isUp {
            for armed in world[node].timers {
                let content = Self.content(of: armed.timer)
                found.append(
                    Obligation(Fingerprint(content.high ^ 2, content.low ^ UInt64(node.index)), armed.name))
            }
            if let forced = world[node].unsynced.first(where: \.isForced) {
                found.append(Obligation(Fingerprint(3, UInt64(node.index)), forced.name))
            }
        }
        return found
    }

    /// The same however far the numbers in it have grown.
    @inlinable static func content(of value: some CanonicalEncodable) -> Fingerprint {
        var encoder = CanonicalEncoder()
        encoder.disregardingGrowth { value.encode(into: &$0) }
        return Fingerprint(of: encoder.bytes)
    }
}
