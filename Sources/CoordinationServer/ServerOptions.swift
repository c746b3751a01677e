package import CoordinationCore

/// Everything a server is told before it starts.
package struct ServerOptions: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes a free one.
    package var port: UInt16 = 2181
    /// Connections that may wait to be accepted; `nil` for the listener's own limit.
    package var listenBacklog: Int32?
    /// `clientTcpKeepAlive`.
    package var keepsAlive = false
    /// False for a server that has a secure port only.
    package var hasPlainPort = true
    package var tls = ServerTLSOptions()
    package var storage = StorageOptions()
    package var core = CoreConfiguration()
    /// What it has to do with other servers; `nil` for one that stands alone.
    package var ensemble: EnsembleOptions?
    package var administration = AdminOptions()
    package var logging = LogOptions()
    /// `audit.enable`.
    package var isAudited = false
    /// Where audit lines go; `nil` for standard error.
    package var auditFile: String?
    /// The configuration file as it was read, for administrators.
    package var configurationText = ""
    /// What the command line gave as `-Dkey=value`, for administrators.
    package var properties: [ZooConfiguration.Property] = []

    /// What ZooKeeper makes Java properties of in the file, for administrators.
    package var fileProperties: [ZooConfiguration.Property] = []

    package init() {}

    /// The folder that holds `version-2`.
    package var dataFolder: String {
        get { storage.dataFolder }
        set { storage.dataFolder = newValue }
    }

    /// Allows these four-letter words; `*` means all. `srvr` always is, as on ZooKeeper.
    mutating func allow(_ words: [String]) {
        var allowed = words.contains("*") ? FourLetterWord.allCases : words.compactMap(FourLetterWord.init(rawValue:))
        for word in core.commandWhitelist where !allowed.contains(word) { allowed.append(word) }
        core.commandWhitelist = allowed
    }
}
