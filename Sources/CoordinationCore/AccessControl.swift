package import Bytes
import WireProtocol

/// Who may do what: the schemes of identities, and the rules that name them.
struct AccessControl: Hashable, Sendable {
    private let configuration: AccessConfiguration

    init(_ configuration: AccessConfiguration) { self.configuration = configuration }

    /// Whether a list lets any of these identities do any of what is asked.
    func allows(_ wanted: Permissions, by acl: [ACL], to identities: [Identity]) -> Bool {
        if configuration.skipACL || acl.isEmpty { return true }
        if identities.contains(where: { $0.scheme == Scheme.superuser }) { return true }
        return acl.contains { rule in
            guard !rule.permissions.isDisjoint(with: wanted) else { return false }
            if rule.isForEverybody { return true }
            guard configuration.knows(rule.scheme) else { return false }
            return identities.contains { $0.scheme == rule.scheme && matches($0, rule) }
        }
    }

    private func matches(_ identity: Identity, _ rule: ACL) -> Bool {
        switch rule.scheme {
        case Scheme.address: AddressRange(rule.id)?.contains(identity.id) ?? false
        case Scheme.sasl:
            identity.id == rule.id || identity.id == Scheme.superuser
                || configuration.letAnySaslUserDoX.map { ByteString($0) == rule.id } ?? false
        case Scheme.certificate:
            identity.id == rule.id || configuration.x509SuperUser.map { ByteString($0) == identity.id } ?? false
        case Scheme.digest: identity.id == rule.id
        default: false
        }
    }

    /// The list as it will be kept: without repetitions, `auth` replaced by whoever asks.
    /// - Throws: `.invalidACL` for an empty list, an unknown scheme, or an id that its scheme cannot have.
    func settled(_ acl: [ACL]?, by identities: [Identity]) throws(ErrorCode) -> [ACL] {
        guard let acl, let first = acl.first else { throw .invalidACL }
        if acl.count == 1, first.isForEverybody { return acl }  // Nearly always.
        var settled: [ACL] = []
        for (index, rule) in acl.enumerated() where !acl[..<index].contains(rule) {
            if rule.scheme == Scheme.auth {
                let proved = identities.filter { proves($0.scheme) }
                guard !proved.isEmpty else { throw .invalidACL }
                settled += proved.map { ACL(permissions: rule.permissions, scheme: $0.scheme, id: $0.id) }
            } else {
                guard isValid(rule) else { throw .invalidACL }
                settled.append(rule)
            }
        }
        return settled
    }

    /// An address proves nothing about a person.
    private func proves(_ scheme: ByteString) -> Bool {
        configuration.knows(scheme) && [Scheme.digest, Scheme.sasl, Scheme.certificate].contains(scheme)
    }

    private func isValid(_ rule: ACL) -> Bool {
        if rule.scheme == Scheme.world { return rule.id == "anyone" }
        guard configuration.knows(rule.scheme) else { return false }
        switch rule.scheme {
        case Scheme.address: return AddressRange(rule.id) != nil
        case Scheme.digest: return Self.isDigestID(rule.id)
        case Scheme.sasl: return Self.isPrincipal(rule.id)
        case Scheme.certificate: return rule.id.bytes.contains(UInt8(ascii: "="))
        default: return false
        }
    }

    /// “user:hash”: two parts. As Java splits, colons at the end do not count.
    private static func isDigestID(_ id: ByteString) -> Bool {
        var parts = id.bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        while parts.last?.isEmpty == true { parts.removeLast() }
        return parts.count == 2
    }

    /// “service”, “service@REALM” or “service/host@REALM”.
    private static func isPrincipal(_ id: ByteString) -> Bool {
        let parts = id.bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        let slash = UInt8(ascii: "/")
        return parts.count == 1
            || parts.count == 2 && parts[0].filter { $0 == slash }.count <= 1 && !parts[1].contains(slash)
    }

    // MARK: The auth packet

    enum Answer: Hashable, Sendable {
        /// These are proved from now on.
        case identities([Identity])
        case refused
        /// No answer but the end of the connection: the client should try another server.
        case hangUp
    }

    /// - Parameter known: what the connection has proved so far.
    func authenticate(_ request: AuthRequest, address: ByteString, known: [Identity]) -> Answer {
        guard configuration.knows(request.scheme) else { return .refused }
        switch request.scheme {
        case Scheme.address: return .identities([Identity(scheme: Scheme.address, id: address)])
        case Scheme.digest: return .identities(digestIdentities(request.credentials ?? []))
        case Scheme.certificate:
            return known.contains { $0.scheme == Scheme.certificate } ? .identities([]) : .refused
        case Scheme.ensemble:
            guard let names = configuration.ensembleAuthName, let name = request.credentials, !name.isEmpty else {
                return .identities([])
            }
            let isOurs = names.split(separator: ",").contains { Array($0.utf8) == name }
            return isOurs ? .identities([]) : .hangUp
        default: return .refused
        }
    }

    /// What “user:password” proves.
    func digestIdentities(_ credentials: [UInt8]) -> [Identity] {
        let id = ACL.digestID(of: credentials, configuration.digestAlg)
        let identity = Identity(scheme: Scheme.digest, id: id)
        let isSuper = configuration.superDigest.map { ByteString($0) == id } ?? false
        return isSuper ? [.superuser, identity] : [identity]
    }

    /// What a connection is that its driver, or SASL, has verified.
    func verified(_ identity: Identity) -> [Identity] {
        let isSuper =
            switch identity.scheme {
            case Scheme.certificate: configuration.x509SuperUser.map { ByteString($0) == identity.id } ?? false
            case Scheme.sasl: configuration.superUsers.contains { ByteString($0) == identity.id }
            default: false
            }
        return isSuper ? [identity, .superuser] : [identity]
    }

    /// `getACL` shows the hashes of passwords to administrators only.
    static func masked(_ acl: [ACL]) -> [ACL] {
        acl.map { rule in
            guard rule.scheme == Scheme.digest,
                let colon = rule.id.bytes.firstIndex(of: UInt8(ascii: ":"))
            else { return rule }
            var masked = rule
            masked.id = ByteString(bytes: Array(rule.id.bytes[...colon]) + [UInt8(ascii: "x")])
            return masked
        }
    }
}

/// The part of a server's configuration that is about access; each field is named after ZooKeeper's key.
package struct AccessConfiguration: Hashable, Sendable {
    /// `skipACL`: nothing is checked.
    package var skipACL = false
    /// `DigestAuthenticationProvider.enabled`.
    package var isDigestEnabled = true
    /// `DigestAuthenticationProvider.digestAlg`.
    package var digestAlg = Digest.Algorithm.sha1
    /// `DigestAuthenticationProvider.superDigest`: “super:hash”, the hash as in access rules.
    package var superDigest: String?
    /// `X509AuthenticationProvider.superUser`.
    package var x509SuperUser: String?
    /// `superUser` and all `superUser.N`: names that SASL proves.
    package var superUsers: [String] = []
    /// `authProvider.N`: the schemes beyond `ip` and `digest`: “sasl”, “x509”, “ensemble”. A server with a secure port
    /// has “x509”.
    package var authProviders: [String] = []
    /// `letAnySaslUserDoX`.
    package var letAnySaslUserDoX: String?
    /// `ensembleAuthName`: names, separated by commas.
    package var ensembleAuthName: String?
    /// `enforce.auth.enabled`: who has proved to be nobody in `enforceAuthSchemes` may ask for nothing.
    package var enforceAuthEnabled = false
    /// `enforce.auth.schemes`; “sasl” alone, enabled, is what `sessionRequireClientSASLAuth` means.
    package var enforceAuthSchemes: [String] = []
    /// `allowSaslFailedClients`.
    package var allowSaslFailedClients = false
    /// Names and passwords of SASL's DIGEST-MD5, in any order; empty where it is off. ZooKeeper takes them from JAAS.
    package var saslUsers: [String: String] = [:]

    package init() {}

    /// Empty where nothing is enforced.
    var demandedSchemes: [String] { enforceAuthEnabled ? enforceAuthSchemes : [] }

    func knows(_ scheme: ByteString) -> Bool {
        switch scheme {
        case Scheme.address: true
        case Scheme.digest: isDigestEnabled
        default: authProviders.contains { ByteString($0) == scheme }
        }
    }
}
