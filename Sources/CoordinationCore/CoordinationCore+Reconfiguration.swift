import Bytes
import StateMachines
import WireProtocol
import ZNodes
import Zab

/// Changing the ensemble by a request, and showing it to clients.
extension CoordinationCore {
    /// The checks of ZooKeeper's leaders, in their order. A server that stands alone has no ensemble to change.
    mutating func prepareReconfiguration(
        _ request: ReconfigRequest, _ context: WriteContext
    ) throws(ErrorCode) -> TransactionBody {
        guard configuration.reconfigEnabled else { throw .reconfigDisabled }
        try checkSession(context)
        guard let peer = member?.peer else { throw .unimplemented }
        guard !peer.isReconfiguring else { throw .reconfigInProgress }
        let current = peer.ensemble
        let wanted = request.currentConfigurationID
        guard wanted == -1 || wanted == current.version.wireValue else { throw .badVersion }
        guard let text = try? QuorumConfigurationText(parsing: current.configuration),
            let changed = request.newMembers.map(QuorumConfigurationText.replacement)
                ?? text.changed(joining: request.joiningServers, leaving: request.leavingServers)
        else { throw .badArguments }
        let next = Ensemble(changed).versioned(context.zxid)
        guard next.voters.count >= (configuration.standaloneEnabled ? 2 : 1) else { throw .badArguments }
        guard peer.canReconfigure(to: next) else { throw .newConfigNoQuorum }
        let node = try findForChange(Self.configurationPath, needing: .write, context)
        return recordReconfiguration(next, node, context)
    }

    private static var configurationPath: ByteString { "/zookeeper/config" }
    /// The node's, ever since ZooKeeper's first.
    private static var configurationNodeVersion: Int32 { -1 }

    private mutating func recordReconfiguration(
        _ next: Ensemble, _ node: ProposedNode, _ context: WriteContext
    ) -> TransactionBody {
        let data = next.configuration
        var changed = node
        changed.stat.version = Self.configurationNodeVersion
        changed.stat.mzxid = context.zxid
        changed.stat.mtime = context.time
        changed.dataLength = data.count
        changed.contentChecksum = NodeDigest.contentChecksum(Self.configurationPath.bytes, data)
        outstanding.set(Self.configurationPath, from: node, to: changed)
        return .reconfigure(path: Self.configurationPath, data: data, version: Self.configurationNodeVersion)
    }

    /// Lets the node show what is in force. That is not always what the last transaction made of it: nobody proposed the ensemble of the
    /// configuration files, nor its first version, and what a log tells of last may never be committed.
    mutating func showEnsemble() {
        guard let ensemble = member?.peer.ensemble else { return }
        let data = ensemble.configuration
        guard !data.isEmpty else { return }
        tree.setSystemData(Self.configurationPath, data, version: Self.configurationNodeVersion, ensemble.version)
    }

    /// The ensemble that the tree tells of.
    var recordedEnsemble: Ensemble? { Ensemble(recordedIn: tree) }
}

extension Ensemble {
    init?(recordedIn tree: DataTree) {
        guard let number = tree.find("/zookeeper/config"), let data = tree.data(number) else { return nil }
        self.init(configuration: data)
    }
}

extension TransactionBody {
    /// What a reconfiguration leads to; `nil` for every other transaction, and for one that cannot be read.
    var nextEnsemble: Ensemble? {
        guard case .reconfigure(_, let data, _) = self else { return nil }
        return data.flatMap { Ensemble(configuration: $0) }
    }
}
