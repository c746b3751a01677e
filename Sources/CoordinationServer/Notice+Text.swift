import Bytes
import CoordinationCore
package import Messages
import StateMachines
import WireProtocol
package import Zab
import ZNodes

extension Notice {
    /// The notice in words.
    var text: LocalizedText {
        switch self {
        case .quotaExceeded(let excess, let path):
            ServerMessages.quotaExceeded(
                excess.root.description, path: path.description, isCount: excess.measure == .count, used: excess.used,
                limit: excess.limit, isHard: excess.isHard)
        case .largeRequestRefused(let client, let session, let byteCount, let total):
            ServerMessages.largeRequestRefused(
                client, session: session.description, bytes: byteCount, waiting: total)
        case .treeDiffers(let zxid): ServerMessages.treeDiffers(zxid.description)
        case .frameRefused(let frame, let client, let session):
            switch frame.content {
            case .http: ServerMessages.httpRefused(client)
            case .tls: ServerMessages.tlsRefused(client)
            case .request(let operation, let path):
                ServerMessages.requestTooLong(
                    client, session: session.description, operation: operation.name, path: path?.description,
                    bytes: frame.byteCount, limit: frame.limit)
            case .unknown: ServerMessages.frameRefused(client, bytes: frame.byteCount, limit: frame.limit)
            }
        }
    }
}

extension PeerRole {
    /// What a server says when it has come to this.
    package var text: LocalizedText {
        switch self {
        case .looking: EnsembleMessages.looking
        case .leading(let epoch): EnsembleMessages.leading(epoch)
        case .following(let leader, let epoch): EnsembleMessages.following(leader.rawValue, epoch)
        case .observing(let leader, let epoch): EnsembleMessages.observing(leader.rawValue, epoch)
        }
    }
}
