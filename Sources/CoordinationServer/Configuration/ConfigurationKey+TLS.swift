import EventLoop
import Messages

extension ConfigurationKey {
    static let tlsKeys: [ConfigurationKey] =
        TLSKey.all.map { key in
            special(key.name, default: key.defaultText, key.explanation) {
                (entry, configuration) throws(ConfigurationFailure) in
                guard key.set(&configuration.options.tls, entry.value) else { throw entry.failure(key.wanted) }
            }
        }
        + ignored(
            ConfigurationMessages.openSSLDecides,
            """
            ssl.context.supplier.class ssl.allowReverseDnsLookup ssl.authProvider ssl.sslProvider fips-mode
            """)
        + ignored(ConfigurationMessages.noOCSP, "ssl.ocsp")
}
