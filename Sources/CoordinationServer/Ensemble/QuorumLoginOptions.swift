/// How servers log in to each other, by SASL's DIGEST-MD5. Names are those of `zoo.cfg`.
package struct QuorumLoginOptions: Hashable, Sendable {
    package struct Credentials: Hashable, Sendable {
        package var user: String
        package var password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// `quorum.auth.learnerRequireSasl`, with the user of the section `quorum.auth.learner.saslLoginContext`: whom this server
    /// logs in as wherever it dials; `nil`: it does not.
    package var credentials: Credentials?
    /// `quorum.auth.enableSasl`, with the users of the section `quorum.auth.server.saslLoginContext`: names and passwords that are
    /// let in here, in any order; empty: nobody who dials is asked.
    package var users: [String: String] = [:]
    /// `quorum.auth.serverRequireSasl`: whoever dials and does not log in is turned away.
    package var isRequired = false

    package init() {}
}
