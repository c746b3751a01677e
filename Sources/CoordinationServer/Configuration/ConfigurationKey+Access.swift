import Bytes
import CoordinationCore
import Messages

extension ConfigurationKey {
    private typealias Text = ConfigurationMessages

    static let accessKeys: [ConfigurationKey] =
        [
            yesOrNo("skipACL", default: false, Text.skipACL) { $0.core.access.skipACL = $1 },
            flag("DigestAuthenticationProvider.enabled", default: true, Text.digestEnabled) {
                $0.core.access.isDigestEnabled = $1
            },
            special("DigestAuthenticationProvider.digestAlg", default: "SHA1", Text.digestAlgorithm) {
                (entry, configuration) throws(ConfigurationFailure) in
                guard let algorithm = Digest.Algorithm(named: entry.value) else {
                    throw entry.failure(Text.oneOf(Digest.Algorithm.allCases.map(\.rawValue).joined(separator: ", ")))
                }
                configuration.options.core.access.digestAlg = algorithm
            },
            text("DigestAuthenticationProvider.superDigest", Text.superDigest, wanted: Text.digestID) {
                $0.core.access.superDigest = $1
            },
            text("X509AuthenticationProvider.superUser", Text.certificateSuperUser, wanted: Text.distinguishedName) {
                $0.core.access.x509SuperUser = $1
            },
            text("superUser", Text.superUser, wanted: Text.userName) { $0.core.access.superUsers.append($1) },
            text("superUser.N", Text.superUser, wanted: Text.userName) { $0.core.access.superUsers.append($1) },
            special("authProvider.N", Text.authProvider) { (entry, configuration) throws(ConfigurationFailure) in
                let providers = [
                    "SASLAuthenticationProvider": "sasl", "X509AuthenticationProvider": "x509",
                    "EnsembleAuthenticationProvider": "ensemble", "DigestAuthenticationProvider": "digest",
                    "IPAuthenticationProvider": "ip",
                ]
                let name = entry.value.split(separator: ".").last.map(String.init) ?? ""
                guard let scheme = providers[name] else {
                    throw entry.failure(Text.oneOf(providers.keys.sorted().joined(separator: ", ")))
                }
                configuration.options.core.access.authProviders.append(scheme)
            },
            special("java.security.auth.login.config", Text.jaasFile) {
                (entry, configuration) throws(ConfigurationFailure) in
                guard let text = try? ZooConfiguration.contents(of: entry.value) else {
                    throw entry.failure(ServerMessages.readableFile)
                }
                configuration.loginFile = LoginFile(path: entry.value, text: text)
            },
            special("sasl.serverconfig", default: "Server", Text.clientLoginSection) {
                (entry, configuration) throws(ConfigurationFailure) in
                configuration.clientLoginSection = try entry.text(Text.someText)
            },
            text("letAnySaslUserDoX", Text.letAnySaslUserDoX, wanted: Text.userName) {
                $0.core.access.letAnySaslUserDoX = $1
            },
            text("ensembleAuthName", Text.ensembleAuthName) { $0.core.access.ensembleAuthName = $1 },
            flag("enforce.auth.enabled", default: false, Text.enforceAuth) { $0.core.access.enforceAuthEnabled = $1 },
            text("enforce.auth.schemes", Text.enforceAuthSchemes) { $0.core.access.enforceAuthSchemes = list($1) },
            flag("sessionRequireClientSASLAuth", default: false, Text.requireSASL) {
                guard $1 else { return }
                $0.core.access.enforceAuthEnabled = true
                $0.core.access.enforceAuthSchemes = ["sasl"]
            },
            flag("allowSaslFailedClients", default: false, Text.allowSaslFailedClients) {
                $0.core.access.allowSaslFailedClients = $1
            },
        ]
        + ignored(Text.checkedOnce, "enableEagerACLCheck")
        + ignored(Text.realAddress, "IPAuthenticationProvider.usexforwardedfor")
        + ignored(
            Text.noKerberos,
            """
            kerberos.removeHostFromPrincipal kerberos.removeRealmFromPrincipal kerberos.canonicalizeHostNames
            """)

    /// The parts of a list with commas.
    static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) }.filter { !$0.isEmpty }
    }
}
