import JavaFormats
import Messages

/// What `java.security.auth.login.config` names.
struct LoginFile: Sendable {
    var path: String
    var text: String
}

/// What a configuration has said of logins between servers so far.
struct QuorumLoginDraft: Sendable {
    var isEnabled = false
    var dialsWithLogin = false
    var isRequired = false
    /// The sections of the file of logins.
    var ownSection = "QuorumLearner"
    var userSection = "QuorumServer"

    static let enabledKey = "quorum.auth.enableSasl"
    static let diallingKey = "quorum.auth.learnerRequireSasl"
    static let requiredKey = "quorum.auth.serverRequireSasl"

    /// - Throws: where a key wants another one, or the file of logins does not say what is needed.
    func options(_ file: String, _ loginFile: LoginFile?) throws(ConfigurationFailure) -> QuorumLoginOptions {
        try check(file, dialsWithLogin, Self.diallingKey, wants: isEnabled, Self.enabledKey)
        try check(file, isRequired, Self.requiredKey, wants: dialsWithLogin, Self.diallingKey)
        var options = QuorumLoginOptions()
        guard isEnabled else { return options }
        options.isRequired = isRequired
        let text = loginFile?.text ?? ""
        options.users = JAASFile.users(in: text, section: userSection)
        guard !options.users.isEmpty else {
            throw ConfigurationFailure(message: ConfigurationMessages.noQuorumUsers(file, loginFile?.path, userSection))
        }
        guard dialsWithLogin else { return options }
        guard let (user, password) = JAASFile.login(in: text, section: ownSection) else {
            throw ConfigurationFailure(message: ConfigurationMessages.noQuorumLogin(file, loginFile?.path, ownSection))
        }
        options.credentials = QuorumLoginOptions.Credentials(user: user, password: password)
        return options
    }

    private func check(
        _ file: String, _ isOn: Bool, _ key: String, wants isMet: Bool, _ other: String
    ) throws(ConfigurationFailure) {
        guard isOn, !isMet else { return }
        throw ConfigurationFailure(message: ConfigurationMessages.wantsOtherKey(file, key, other))
    }
}
