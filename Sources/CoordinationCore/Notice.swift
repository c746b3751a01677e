package import StateMachines
package import Bytes
package import WireProtocol
package import ZNodes

/// Something that an operator should read in the log.
package enum Notice: Hashable, Sendable {
    /// A change went, or would have gone, beyond a quota.
    case quotaExceeded(QuotaExcess, path: ByteString)
    /// A frame was longer than `jute.maxbuffer` allows, or none at all; its connection is closed.
    case frameRefused(RefusedFrame, client: String, SessionID)
    /// Large requests under way leave no room for another one; its connection is closed.
    case largeRequestRefused(client: String, SessionID, byteCount: Int, total: Int)
    /// From this transaction on the tree is not what whoever proposed it had foreseen.
    case treeDiffers(after: Zxid)
}

/// What the first bytes of a frame that cannot be tell of it.
package struct RefusedFrame: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// A request, and its path where one comes first.
        case request(OperationCode, path: ByteString?)
        /// Somebody's browser, or a probe.
        case http
        /// A client that wants to encrypt, on a port that does not.
        case tls
        case unknown
    }

    package var content: Content
    package var byteCount: Int
    package var limit: Int

    init(_ bytes: ArraySlice<UInt8>, limit: Int) {
        self.limit = limit
        let copy = Array(bytes)
        var reader = ByteReader(copy.span.bytes)
        byteCount = Int((try? reader.readInt32()) ?? 0)
        let words = ["GET ", "HEAD", "POST", "PUT ", "DELE", "OPTI", "PATC", "CONN", "TRAC"]
        if words.contains(where: { bytes.starts(with: $0.utf8) }) {
            content = .http
        } else if bytes.starts(with: [0x16, 0x03]) {
            content = .tls
        } else if let header = try? RequestHeader(from: &reader), let operation = header.operation {
            content = .request(operation, path: operation.beginsWithPath ? try? reader.readString() : nil)
        } else {
            content = .unknown
        }
    }
}

extension OperationCode {
    fileprivate var beginsWithPath: Bool {
        switch self {
        case .create, .createWithStat, .createContainer, .createTTL, .delete, .deleteContainer, .exists, .getData,
            .setData,
            .getACL, .setACL, .getChildren, .getChildrenWithStat, .sync, .check, .addWatch, .checkWatches,
            .removeWatches,
            .getEphemerals, .getAllChildrenNumber:
            true
        case .multi, .multiRead, .ping, .reconfig, .auth, .sasl, .setWatches, .setAllWatches, .whoAmI, .closeSession:
            false
        }
    }
}
