import CoordinationCore
import CoordinationServer
import StateMachines
import Testing

/// Metrics as `mntr` and Prometheus have them.
struct MetricTextTests {
    private let metrics: [Metric] = {
        var (numbers, times) = (NumberSummary(), LatencyHistogram())
        for number: UInt64 in [2, 5] { numbers.add(number) }
        times.add(.zero)
        return [
            Metric("looking_count", .counter(3)), Metric("learner_handler_qp_size", of: "1", .numbers(numbers)),
            Metric("learner_handler_qp_size", of: "3", .numbers(NumberSummary())),
            Metric("ack_latency", of: "2", .distribution(times)),
        ]
    }()

    /// Apache's `AvgMinMaxCounterSet` puts the key before the name.
    @Test func `mntr names the server before the metric`() {
        let rows = metrics.flatMap(\.monitorRows).map { "\($0.name) \($0.text)" }
        #expect(
            rows == [
                "looking_count 3", "avg_1_learner_handler_qp_size 3.5", "min_1_learner_handler_qp_size 2",
                "max_1_learner_handler_qp_size 5", "cnt_1_learner_handler_qp_size 2",
                "sum_1_learner_handler_qp_size 7", "avg_3_learner_handler_qp_size 0.0",
                "min_3_learner_handler_qp_size 0", "max_3_learner_handler_qp_size 0",
                "cnt_3_learner_handler_qp_size 0", "sum_3_learner_handler_qp_size 0", "avg_2_ack_latency 0.0",
                "min_2_ack_latency 0", "max_2_ack_latency 0", "cnt_2_ack_latency 1", "sum_2_ack_latency 0",
                "p50_2_ack_latency 0", "p95_2_ack_latency 0", "p99_2_ack_latency 0", "p999_2_ack_latency 0",
            ])
    }

    @Test func `Prometheus has one metric with a label for each server`() {
        #expect(
            PrometheusText.render(metrics) == """
                # HELP looking_count looking_count
                # TYPE looking_count counter
                looking_count 3
                # HELP learner_handler_qp_size learner_handler_qp_size
                # TYPE learner_handler_qp_size summary
                learner_handler_qp_size_count{key="1"} 2
                learner_handler_qp_size_sum{key="1"} 7
                learner_handler_qp_size_count{key="3"} 0
                learner_handler_qp_size_sum{key="3"} 0
                # HELP ack_latency ack_latency
                # TYPE ack_latency summary
                ack_latency{key="2",quantile="0.5"} 0.0
                ack_latency{key="2",quantile="0.9"} 0.0
                ack_latency{key="2",quantile="0.99"} 0.0
                ack_latency_count{key="2"} 1
                ack_latency_sum{key="2"} 0

                """)
    }
}
