package import CoordinationCore

/// Metrics in the text format of Prometheus, version 0.0.4, with the names and units of ZooKeeper's own provider.
package enum PrometheusText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package static func render(_ metrics: [Metric]) -> String { metrics.map(render).joined() }

    private static func render(_ metric: Metric) -> String {
        let name = metric.name
        func head(_ kind: String) -> String { "# HELP \(name) \(name)\n# TYPE \(name) \(kind)\n" }
        switch metric.value {
        case .gauge(let number): return head("gauge") + "\(name) \(number)\n"
        case .ratio(let number): return head("gauge") + "\(name) \(number)\n"
        case .counter(let number): return head("counter") + "\(name) \(number)\n"
        case .durations(let summary):
            return head("summary") + "\(name)_count \(summary.count)\n\(name)_sum \(summary.sum)\n"
        case .numbers(let summary):
            return head("summary") + "\(name)_count \(summary.count)\n\(name)_sum \(summary.sum)\n"
        case .distribution(let histogram):
            let quantiles = [0.5, 0.9, 0.99].map { quantile in
                "\(name){quantile=\"\(quantile)\"} \(histogram.quantile(quantile))\n"
            }
            return head("summary") + quantiles.joined()
                + "\(name)_count \(histogram.summary.count)\n\(name)_sum \(histogram.summary.sum)\n"
        }
    }
}
