import CoordinationCore
import Messages
import StateMachines
import TransactionLog

extension ConfigurationKey {
    private typealias Text = ConfigurationMessages

    static let storageKeys: [ConfigurationKey] =
        [
            whole("snapCount", 2...Int(Int32.max), default: 100_000, Text.snapCount) { $0.storage.snapCount = $1 },
            whole("snapSizeLimitInKb", -1...(1 << 40), default: 4_194_304, Text.snapSizeLimitInKb) {
                $0.storage.snapSizeLimitInKb = max(0, $1)
            },
            whole("txnLogSizeLimitInKb", -1...(1 << 40), default: -1, Text.txnLogSizeLimitInKb) {
                $0.storage.txnLogSizeLimitInKb = $1 > 0 ? $1 : nil
            },
            whole("preAllocSize", 0...(1 << 30), default: 65_536, Text.preAllocSize) { $0.storage.preAllocSize = $1 },
            yesOrNo("forceSync", default: true, Text.forceSync) { $0.storage.forceSync = $1 },
            whole("fsync.warningthresholdms", 0...Int(Int32.max), default: 1_000, Text.fsyncWarning) {
                $0.storage.fsyncWarningThreshold = .milliseconds(UInt64($1))
            },
            special("snapshot.compression.method", Text.snapshotCompression) {
                (entry, configuration) throws(ConfigurationFailure) in
                guard let method = SnapshotFormat.Compression(rawValue: entry.value.lowercased()) else {
                    throw entry.failure(StorageMessages.compressionMethods)
                }
                configuration.options.storage.snapshotCompression = method
            },
            flag("snapshot.trust.empty", default: false, Text.trustEmpty) { $0.storage.trustEmptySnapshot = $1 },
            flag("serializeLastProcessedZxid.enabled", default: true, Text.serializeLastProcessedZxid) {
                $0.storage.serializeLastProcessedZxid = $1
            },
            flag("db.autocreate", default: true, Text.databaseAutocreate) { $0.storage.databaseAutocreate = $1 },
            flag("datadir.autocreate", default: true, Text.folderAutocreate) { $0.storage.folderAutocreate = $1 },
            whole("autopurge.snapRetainCount", 0...Int(Int32.max), default: 3, Text.snapRetainCount) {
                $0.storage.snapshotRetainCount = max(3, $1)
            },
            whole("autopurge.purgeInterval", 0...1_000_000, default: nil, Text.purgeInterval) {
                $0.storage.purge = $1 == 0 ? .never : .every(hours: $1)
            },
            flag("digest.enabled", default: true, Text.digestsWritten) {
                $0.core.writesDigests = $1
                $0.storage.comparesDigests = $1
            },
            flag("closeSessionTxn.enabled", default: true, Text.closeSessionList) { $0.core.listsClosedNodes = $1 },
        ]
}
