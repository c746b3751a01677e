import CoordinationCore
import StateMachines
import Zab

/// What is measured on the streams between the servers of an ensemble. Nothing that they do depends on this.
struct QuorumStatistics {
    /// What has been sent to one learner.
    struct LearnerQueue: Hashable, Sendable {
        /// How many packets went to the socket together.
        var sizes = NumberSummary()
        /// How long the first of them had waited for that.
        var times = LatencyHistogram()
    }

    private(set) var queues = MeasuredServers<LearnerQueue>()
    /// How many learners were being brought up to date, in either way, each time that it began with one.
    private(set) var differencesUnderWay = NumberSummary()
    private(set) var snapshotsUnderWay = NumberSummary()
    /// How long the loop was held by closing a stream.
    private(set) var closingTimes = LatencySummary()
    /// How long the loop was held by packets that had come together, with everything that they led to.
    private(set) var turnTimes = LatencySummary()

    /// - Parameter count: this one included.
    mutating func began(_ kind: QuorumLink.Synchronization, underWay count: Int) {
        switch kind {
        case .difference: differencesUnderWay.add(UInt64(count))
        case .snapshot: snapshotsUnderWay.add(UInt64(count))
        }
    }

    mutating func sent(_ count: Int, after delay: Tick, to server: ServerID) {
        queues.update(server, from: LearnerQueue()) { queue in
            queue.sizes.add(UInt64(count))
            queue.times.add(delay)
        }
    }

    mutating func closed(in time: Tick) { closingTimes.add(time) }

    mutating func endedTurn(in time: Tick) { turnTimes.add(time) }

    var metrics: [Metric] {
        [
            Metric("inflight_diff_count", .numbers(differencesUnderWay)),
            Metric("inflight_snap_count", .numbers(snapshotsUnderWay)),
            Metric("socket_closing_time", .durations(closingTimes)),
            Metric("commit_process_time", .durations(turnTimes)),
        ]
            + queues.rows.map { Metric("learner_handler_qp_size", of: "\($0.server)", .numbers($0.value.sizes)) }
            + queues.rows.map {
                Metric("learner_handler_qp_time_ms", of: "\($0.server)", .distribution($0.value.times))
            }
    }
}
