import Messages

/// Every protocol that can be run; one line each, in the order of the course.
package enum ProtocolRegistry {
    package static let protocols: [any PlayableProtocol] = [
        TwoPhaseCommitScenes.protocolScenes,
        ThreePhaseCommitScenes.protocolScenes,
        TCCScenes.protocolScenes,
        PaxosCommitScenes.protocolScenes,
        PaxosScenes.protocolScenes,
        MultiPaxosScenes.protocolScenes,
        RaftScenes.protocolScenes,
        ZabScenes.protocolScenes,
        QuorumScenes.protocolScenes,
        CAPScenes.protocolScenes,
        StoreScenes.protocolScenes,
        TwoGeneralsScenes.protocolScenes,
        ByzantineGeneralsScenes.protocolScenes,
    ]

    /// The protocol of this name.
    package static func named(_ name: String) throws(ScenarioError) -> any PlayableProtocol {
        guard let found = protocols.first(where: { $0.name == name }) else {
            let known = protocols.map { $0.name } + DemonstrationRegistry.demonstrations.map(\.name)
            throw .unknownProtocol(name, nearest: nearestWord(to: name, among: known))
        }
        return found
    }
}
