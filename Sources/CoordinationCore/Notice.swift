package import Bytes
package import ZNodes

/// Something that an operator should read in the log.
package enum Notice: Hashable, Sendable {
    /// A change went, or would have gone, beyond a quota.
    case quotaExceeded(QuotaExcess, path: ByteString)
}
