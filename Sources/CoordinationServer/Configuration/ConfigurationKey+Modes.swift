import CoordinationCore
import Messages

extension ConfigurationKey {
    private typealias Text = ConfigurationMessages

    /// As what a member of an ensemble serves its clients.
    static let modeKeys: [ConfigurationKey] = [
        flag("localSessionsEnabled", default: false, Text.localSessions) { $0.core.localSessionsEnabled = $1 },
        flag("localSessionsUpgradingEnabled", default: false, Text.localSessionUpgrades) {
            $0.core.localSessionsUpgradingEnabled = $1
        },
        yesOrNo("leaderServes", default: true, Text.leaderServes) { $0.core.leaderServes = $1 },
    ]
}
