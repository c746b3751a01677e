import StateMachines

/// Where the roles of a node put what they want to be done; what they say to each other stays inside.
struct RoleOutbox<Node: ProtocolNode> {
    let me: NodeID
    var effects = EffectBuffer<Node.Effect>()
    /// From this node to itself, oldest first.
    var own: [Node.Message] = []

    init(me: NodeID) { self.me = me }

    mutating func send(_ message: Node.Message, to receiver: NodeID) {
        if receiver == me { own.append(message) } else { effects.append(.send(message, to: receiver)) }
    }

    mutating func send(_ message: Node.Message, to receivers: NodeSet) {
        for receiver in receivers { send(message, to: receiver) }
    }
}
