import Messages
import StateMachines
import TransactionLog

extension ZooConfiguration {
    /// Understands the keys of logs and snapshots, in `zoo.cfg`'s notation or that of Java properties; false for others.
    mutating func applyStorage(_ name: String, _ value: String, line: Int) throws(ConfigurationFailure) -> Bool {
        let key = name.hasPrefix("zookeeper.") ? String(name.dropFirst("zookeeper.".count)) : name
        func number(_ range: ClosedRange<Int>) throws(ConfigurationFailure) -> Int {
            try self.number(key, value, line: line, in: range)
        }
        func flag(_ yes: String = "true") -> Bool { value.lowercased() == yes }
        switch key {
        case "snapCount": options.storage.snapCount = try number(2...Int(Int32.max))
        case "snapSizeLimitInKb": options.storage.snapSizeLimitInKb = max(0, try number(-1...(1 << 40)))
        case "txnLogSizeLimitInKb":
            let limit = try number(-1...(1 << 40))
            options.storage.txnLogSizeLimitInKb = limit > 0 ? limit : nil
        case "preAllocSize": options.storage.preAllocSize = try number(0...(1 << 30))
        case "forceSync": options.storage.forceSync = value != "no"
        case "fsync.warningthresholdms":
            options.storage.fsyncWarningThreshold = .milliseconds(UInt64(try number(0...Int(Int32.max))))
        case "snapshot.compression.method": try chooseCompression(key, value, line: line)
        case "snapshot.trust.empty": options.storage.trustEmptySnapshot = flag()
        case "serializeLastProcessedZxid.enabled": options.storage.serializeLastProcessedZxid = flag()
        case "db.autocreate": options.storage.databaseAutocreate = flag()
        case "datadir.autocreate": options.storage.folderAutocreate = flag()
        case "autopurge.snapRetainCount": options.storage.snapshotRetainCount = max(3, try number(0...Int(Int32.max)))
        case "autopurge.purgeInterval":
            let hours = try number(0...1_000_000)
            options.storage.purge = hours == 0 ? .never : .every(hours: hours)
        default: return false
        }
        return true
    }

    private mutating func chooseCompression(_ key: String, _ value: String, line: Int) throws(ConfigurationFailure) {
        switch SnapshotFormat.Compression(rawValue: value.lowercased()) {
        case .gzip?: options.storage.snapshotCompression = .gzip
        case SnapshotFormat.Compression.none?: options.storage.snapshotCompression = .none
        case .snappy?, nil:
            throw ConfigurationFailure(
                message: ServerMessages.badValue(
                    file, line: line, key: key, value: value, wanted: StorageMessages.compressionMethods))
        }
    }
}
