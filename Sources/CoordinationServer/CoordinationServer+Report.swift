package import CoordinationCore
import EventLoop
import StateMachines

/// What the driver knows of the machine around its core.
extension CoordinationServer {
    package var hostFacts: HostFacts {
        var facts = HostFacts()
        facts.clientPort = options.hasPlainPort ? Int(port) : -1
        facts.secureClientPort = secureAddress.map { Int($0.port) } ?? -1
        facts.listenBacklog = options.listenBacklog.map(Int.init) ?? -1
        facts.snapshotFolder = PathText.absolute(options.storage.snapshotFolder)
        facts.logFolder = PathText.absolute(options.storage.transactionFolder)
        facts.snapshotByteCount = snapshotByteCount
        facts.logByteCount = logByteCount
        facts.openFileDescriptors = HostSurvey.openFileDescriptors
        facts.maxFileDescriptors = HostSurvey.maxFileDescriptors
        facts.environment = HostSurvey.environment
        facts.metrics = storageMetrics + doorMetrics + (ensemble?.statistics.metrics ?? [])
        return facts
    }

    /// Everything that is measured.
    package var metrics: [Metric] { core.metrics(hostFacts, at: now) }

    private var storageMetrics: [Metric] {
        let statistics = storageStatistics
        let syncs = LatencySummary(
            count: statistics.syncs.count, total: statistics.syncs.total, shortest: statistics.syncs.shortest,
            longest: statistics.syncs.longest)
        var loaded = NumberSummary()
        loaded.add(UInt64(statistics.replayedTransactionCount))
        var (snapshotLoad, replay, start) = (LatencySummary(), LatencySummary(), LatencySummary())
        snapshotLoad.add(statistics.snapshotLoadTime)
        replay.add(statistics.logReplayTime)
        start.add(statistics.snapshotLoadTime + statistics.logReplayTime)
        return [
            Metric("fsynctime", .durations(syncs)), Metric("dbinittime", .durations(start)),
            Metric("snapshottime", .durations(statistics.snapshotTimes)),
            Metric("snapshot_error_count", .counter(statistics.failedSnapshotCount)),
            Metric("snapshot_rate_limited_count", .counter(statistics.limitedSnapshotCount)),
            Metric("restore_time", .durations(statistics.restoreTimes)),
            Metric("restore_error_count", .counter(statistics.failedRestoreCount)),
            Metric("restore_rate_limited_count", .counter(statistics.limitedRestoreCount)),
            Metric("startup_txns_loaded", .numbers(loaded)), Metric("startup_txns_load_time", .durations(replay)),
            Metric("startup_snap_load_time", .durations(snapshotLoad)),
            Metric("digest_mismatches_count", .counter(statistics.digestMismatchCount + core.digestMismatchCount)),
            Metric("sync_processor_request_queued", .counter(statistics.loggedTransactionCount)),
            Metric("sync_processor_queue_size", .numbers(statistics.queueSizes)),
            Metric("sync_processor_batch_size", .numbers(statistics.batchSizes)),
            Metric("sync_process_time", .durations(statistics.batchTimes)),
            Metric("sync_processor_queue_time_ms", .distribution(statistics.queueTimes)),
            Metric("sync_processor_queue_flush_time_ms", .distribution(statistics.flushTimes)),
            Metric("sync_processor_queue_and_flush_time_ms", .distribution(statistics.queueAndFlushTimes)),
        ]
    }

    private var doorMetrics: [Metric] {
        [
            Metric("outstanding_tls_handshake", .gauge(doorStatistics.outstandingHandshakes)),
            Metric("tls_handshake_exceeded", .counter(doorStatistics.refusedHandshakes)),
            Metric("unsuccessful_handshake", .counter(doorStatistics.failedHandshakes)),
            Metric("insecure_admin_count", .counter(doorStatistics.plainAdministrators)),
            Metric("non_mtls_local_conn_count", .gauge(doorStatistics.plainLocal)),
            Metric("non_mtls_remote_conn_count", .gauge(doorStatistics.plainRemote)),
        ]
    }
}
