package import StateMachines
import WireProtocol
import ZNodes

/// One thing that is measured, under ZooKeeper's name for it; for `mntr`, the admin server and Prometheus.
package struct Metric: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        /// May go up and down.
        case gauge(Int)
        case ratio(Double)
        /// Only goes up, until `srst`.
        case counter(Int)
        /// Durations in milliseconds.
        case durations(LatencySummary)
        /// Durations with their distribution.
        case distribution(LatencyHistogram)
        case numbers(NumberSummary)
    }

    package var name: String
    /// Of which of several it is measured: another server's number. `mntr` puts it before the name, Prometheus into a label.
    package var key: String?
    package var value: Value

    package init(_ name: String, of key: String? = nil, _ value: Value) {
        self.name = name
        self.key = key
        self.value = value
    }

    /// One line of `mntr`.
    package struct Row: Hashable, Sendable {
        package var name: String
        package var value: Number

        package enum Number: Hashable, Sendable {
            case whole(Int)
            case decimal(Double)
        }

        init(_ name: String, _ value: Number) {
            self.name = name
            self.value = value
        }

        package var text: String {
            switch value {
            case .whole(let number): "\(number)"
            case .decimal(let number): "\(number)"
            }
        }
    }

    /// What `mntr` makes of it: a summary becomes five rows, a distribution nine.
    package var monitorRows: [Row] {
        let name = key.map { "\($0)_\(self.name)" } ?? self.name
        switch value {
        case .gauge(let number), .counter(let number): return [Row(name, .whole(number))]
        case .ratio(let number): return [Row(name, .decimal(number))]
        case .durations(let summary):
            return Self.rows(name, summary.average, summary.minimum, summary.maximum, summary.count, summary.sum)
        case .numbers(let summary):
            return Self.rows(name, summary.average, summary.minimum, summary.maximum, summary.count, summary.sum)
        case .distribution(let histogram):
            return Self.rows(
                name, histogram.summary.average, histogram.summary.minimum, histogram.summary.maximum,
                histogram.summary.count, histogram.summary.sum)
                + [("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999)].map { label, quantile in
                    Row("\(label)_\(name)", .whole(Int(histogram.quantile(quantile).rounded())))
                }
        }
    }

    private static func rows(
        _ name: String, _ average: Double, _ minimum: UInt64, _ maximum: UInt64, _ count: UInt64, _ sum: UInt64
    ) -> [Row] {
        [
            Row("avg_\(name)", .decimal(average)), Row("min_\(name)", .whole(Int(minimum))),
            Row("max_\(name)", .whole(Int(maximum))), Row("cnt_\(name)", .whole(Int(count))),
            Row("sum_\(name)", .whole(Int(sum))),
        ]
    }
}

extension CoordinationCore {
    /// Everything that is measured here and that ZooKeeper has a name for; what is not measured is absent.
    package func metrics(_ facts: HostFacts, at now: Tick) -> [Metric] {
        gauges(facts, now) + counters + summaries + operationCounts + ensembleMetrics(now) + waitingMetrics
            + facts.metrics
    }

    private func gauges(_ facts: HostFacts, _ now: Tick) -> [Metric] {
        [
            Metric("avg_latency", .ratio(statistics.latency.average)),
            Metric("max_latency", .gauge(Int(statistics.latency.maximum))),
            Metric("min_latency", .gauge(Int(statistics.latency.minimum))),
            Metric("packets_received", .gauge(statistics.packetsReceived)),
            Metric("packets_sent", .gauge(statistics.packetsSent)),
            Metric("num_alive_connections", .gauge(slots.count)),
            Metric("outstanding_requests", .gauge(waitingCount)),
            Metric("uptime", .gauge(uptimeMilliseconds(now))),
            Metric("znode_count", .gauge(nodeCount)), Metric("watch_count", .gauge(watches.count)),
            Metric("ephemerals_count", .gauge(tree.ephemeralCount)),
            Metric("approximate_data_size", .gauge(tree.contentByteCount)),
            Metric("global_sessions", .gauge(sessions.count - localSessionCount)),
            Metric("local_sessions", .gauge(localSessionCount)),
            Metric("open_file_descriptor_count", .gauge(facts.openFileDescriptors)),
            Metric("max_file_descriptor_count", .gauge(facts.maxFileDescriptors)),
            Metric("last_client_response_size", .gauge(statistics.responseSizes.last)),
            Metric("max_client_response_size", .gauge(statistics.responseSizes.maximum)),
            Metric("min_client_response_size", .gauge(statistics.responseSizes.minimum)),
            Metric("auth_failed_count", .gauge(statistics.failedAuthentications)),
            Metric("connection_drop_probability", .ratio(Double(connectionThrottle.dropChance) / 1_000_000)),
        ]
    }

    private var counters: [Metric] {
        [
            Metric("bytes_received_count", .counter(statistics.bytesReceived)),
            Metric("response_bytes", .counter(statistics.responseBytes)),
            Metric("watch_bytes", .counter(statistics.watchBytes)),
            Metric("commit_count", .counter(statistics.commits)),
            Metric("connection_request_count", .counter(statistics.connectionRequests)),
            Metric("connection_drop_count", .counter(statistics.droppedConnections)),
            Metric("connection_rejected", .counter(statistics.rejectedConnections)),
            Metric("cnxn_closed_without_zk_server_running", .counter(statistics.unservedConnections)),
            Metric("connection_revalidate_count", .counter(statistics.revalidations)),
            Metric("sessionless_connections_expired", .counter(statistics.sessionlessExpired)),
            Metric("stale_sessions_expired", .counter(statistics.staleSessionsExpired)),
            Metric("large_requests_rejected", .counter(statistics.largeRequestsRejected)),
            Metric("throttled_ops", .counter(statistics.throttledOperations)),
            Metric("request_throttle_wait_count", .counter(statistics.throttleWaits)),
            Metric("stale_requests_dropped", .counter(statistics.staleRequestsDropped)),
            Metric("stale_replies", .counter(statistics.staleReplies)),
            Metric("ensemble_auth_success", .counter(statistics.ensembleSuccesses)),
            Metric("ensemble_auth_fail", .counter(statistics.ensembleFailures)),
            Metric("ensemble_auth_skip", .counter(statistics.ensembleSkips)),
            Metric("outstanding_changes_queued", .counter(outstanding.keptCount)),
            Metric("outstanding_changes_removed", .counter(outstanding.removedCount)),
        ]
    }

    private var summaries: [Metric] {
        [
            Metric("readlatency", .distribution(statistics.reads)),
            Metric("updatelatency", .distribution(statistics.updates)),
            Metric("propagation_latency", .distribution(statistics.propagation)),
            Metric("request_throttle_queue_time_ms", .distribution(statistics.throttleTimes)),
            Metric("connection_token_deficit", .numbers(statistics.tokenDeficits)),
            Metric("node_created_watch_count", .numbers(statistics.created)),
            Metric("node_deleted_watch_count", .numbers(statistics.deleted)),
            Metric("node_changed_watch_count", .numbers(statistics.changed)),
            Metric("node_children_watch_count", .numbers(statistics.children)),
        ]
    }

    private var operationCounts: [Metric] {
        let groups: [(String, [OperationCode])] = [
            ("add_watch", [.addWatch]), ("check", [.check]), ("check_watches", [.checkWatches]),
            ("close_session", [.closeSession]),
            ("create", [.create, .createWithStat, .createContainer, .createTTL]),
            ("delete", [.delete, .deleteContainer]), ("exists", [.exists]), ("get_acl", [.getACL]),
            ("get_all_children_number", [.getAllChildrenNumber]),
            ("get_children", [.getChildren, .getChildrenWithStat]), ("get_data", [.getData]),
            ("get_ephemerals", [.getEphemerals]), ("multi", [.multi]), ("multi_read", [.multiRead]),
            ("ping", [.ping]), ("reconfig", [.reconfig]), ("remove_watches", [.removeWatches]),
            ("set_acl", [.setACL]), ("set_data", [.setData]), ("set_watches", [.setWatches, .setAllWatches]),
            ("sync", [.sync]), ("who_am_i", [.whoAmI]),
        ]
        let counts = groups.map { name, codes in
            (name, codes.reduce(0) { $0 + Int(statistics.count(of: $1)) })
        }
        return [Metric("op_count_total", .counter(counts.reduce(0) { $0 + $1.1 }))]
            + counts.map { Metric("op_count_\($0.0)", .counter($0.1)) }
    }
}
