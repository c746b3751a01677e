import Bytes
import WireProtocol
import ZNodes

/// Whether somebody may do what only an administrator may.
package enum AdminAccess: Hashable, Sendable {
    case allowed
    /// What was said proves nothing.
    case notAuthenticated
    /// The access rules of the root do not allow everything.
    case notAuthorized
}

extension CoordinationCore {
    /// Judges an `Authorization` header by the access rules of the root, all of which must be allowed, as on ZooKeeper.
    ///
    /// - Parameters:
    ///   - authorization: a scheme and what proves it: “digest user:password”, “ip”, “x509”.
    ///   - address: whence it came.
    ///   - certificate: the subject of the client's certificate, which the driver has verified.
    package func adminAccess(
        _ authorization: String, from address: String, certificate: String? = nil
    ) -> AdminAccess {
        let parts = authorization.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let scheme = parts.first else { return .notAuthenticated }
        let request = AuthRequest(
            scheme: ByteString(scheme), credentials: parts.dropFirst().first.map { Array($0.utf8) })
        let known = certificate.map { access.verified(Identity(scheme: Scheme.certificate, id: ByteString($0))) } ?? []
        guard
            case .identities(var identities) = access.authenticate(request, address: ByteString(address), known: known)
        else { return .notAuthenticated }
        if request.scheme == Scheme.certificate { identities = known }
        guard !identities.isEmpty else { return .notAuthenticated }
        guard let root = tree.find("/") else { return .notAuthorized }
        let rules = tree.acl(root)
        let mayDoAll = [Permissions.read, .write, .create, .delete, .admin].allSatisfy {
            access.allows($0, by: rules, to: identities)
        }
        return mayDoAll ? .allowed : .notAuthorized
    }
}
