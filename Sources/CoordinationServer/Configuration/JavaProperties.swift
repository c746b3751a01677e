import JavaFormats

/// What ZooKeeper would make Java properties of.
extension ZooConfiguration {
    /// Keys, and beginnings of keys, that ZooKeeper reads by name; every other one becomes the property `zookeeper.KEY`.
    private static let namedKeys: Set<String> = [
        "dataDir", "dataLogDir", "clientPort", "localSessionsEnabled", "localSessionsUpgradingEnabled",
        "clientPortAddress", "secureClientPort", "secureClientPortAddress", "observerMasterPort",
        "clientPortListenBacklog", "tickTime", "maxClientCnxns", "minSessionTimeout", "maxSessionTimeout", "initLimit",
        "syncLimit", "connectToLearnerMasterLimit", "electionAlg", "quorumListenOnAllIPs", "peerType", "syncEnabled",
        "dynamicConfigFile", "autopurge.snapRetainCount", "autopurge.purgeInterval", "standaloneEnabled",
        "reconfigEnabled", "sslQuorum", "portUnification", "sslQuorumReloadCertFiles", "oraclePath",
    ]
    private static let namedFamilies = [
        "server.", "group", "weight", "quorum.auth.", "quorum.cnxn.", "jvm.pause.", "metricsProvider.", "multiAddress.",
    ]

    /// The properties of a file, in the order of its lines; passwords are not told.
    static func javaProperties(of text: String) -> [Property] {
        PropertyLines(text).compactMap { line -> Property? in
            let name = ConfigurationKey.plainName(line.key)
            guard line.hasSeparator, !namedKeys.contains(name), !namedFamilies.contains(where: name.hasPrefix) else {
                return nil
            }
            let isSecret = name.lowercased().hasSuffix("password")
            return Property(key: "zookeeper." + name, value: isSecret ? "***" : line.value)
        }
    }
}
