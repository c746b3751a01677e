public import Simulator
public import StateMachines

// MARK: - One thing at a time

extension Expansion {
    /// The next write or message in a fixed order, as the only way on. When none is left the world is at rest, and
    /// timers, commands and faults come.
    @inlinable mutating func proceedCalmly() {
        settle()
        guard !canProceed else { return }
        fireTimers()
        giveCommands()
        injectFaults()
    }

    /// Writes first, since disks are nearer than other nodes; then messages by name. What was sent over a cut link gets
    /// lost there.
    @inlinable mutating func settle() {
        for index in world.nodes.indices where world.nodes[index].isUp {
            guard let forced = world.nodes[index].unsynced.first(where: { $0.isForced }) else { continue }
            canProceed = true
            return add(.completeWrite(forced.name), stepping: NodeID(index))
        }
        for message in world.messages {
            let isCut = world.links.isCut(from: message.from, to: message.to)
            guard isCut || world[message.to].status != .paused else { continue }
            canProceed = true
            return add(isCut ? .drop(message.name) : .deliver(message.name), stepping: isCut ? nil : message.to)
        }
    }
}
