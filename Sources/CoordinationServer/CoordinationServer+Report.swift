package import CoordinationCore
import EventLoop
import Foundation
import StateMachines

/// What the driver knows of the machine around its core.
extension CoordinationServer {
    package var hostFacts: HostFacts {
        var facts = HostFacts()
        facts.clientPort = options.hasPlainPort ? Int(port) : -1
        facts.secureClientPort = secureAddress.map { Int($0.port) } ?? -1
        facts.listenBacklog = options.listenBacklog.map(Int.init) ?? -1
        facts.snapshotFolder = Self.absolute(options.storage.snapshotFolder)
        facts.logFolder = Self.absolute(options.storage.transactionFolder)
        facts.snapshotByteCount = snapshotByteCount
        facts.logByteCount = logByteCount
        facts.openFileDescriptors = HostSurvey.openFileDescriptors
        facts.maxFileDescriptors = HostSurvey.maxFileDescriptors
        facts.environment = HostSurvey.environment
        facts.metrics = storageMetrics
        return facts
    }

    /// Everything that is measured.
    package var metrics: [Metric] { core.metrics(hostFacts, at: now) }

    private static func absolute(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path }

    private var storageMetrics: [Metric] {
        let statistics = storageStatistics
        let syncs = LatencySummary(
            count: statistics.syncs.count, total: statistics.syncs.total, shortest: statistics.syncs.shortest,
            longest: statistics.syncs.longest)
        var loaded = NumberSummary()
        loaded.add(UInt64(statistics.replayedTransactionCount))
        var (snapshotLoad, replay) = (LatencySummary(), LatencySummary())
        snapshotLoad.add(statistics.snapshotLoadTime)
        replay.add(statistics.logReplayTime)
        return [
            Metric("fsynctime", .durations(syncs)),
            Metric("snapshot_error_count", .counter(statistics.failedSnapshotCount)),
            Metric("startup_txns_loaded", .numbers(loaded)), Metric("startup_txns_load_time", .durations(replay)),
            Metric("startup_snap_load_time", .durations(snapshotLoad)),
        ]
    }
}
