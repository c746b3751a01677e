package import CoordinationCore

/// Metrics in the text format of Prometheus, version 0.0.4, with the names and units of ZooKeeper's own provider.
package enum PrometheusText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// - Parameter metrics: those of one name, if it has several, one behind the other.
    package static func render(_ metrics: [Metric]) -> String {
        var (text, last) = ("", "")
        for metric in metrics {
            if metric.name != last {
                text += "# HELP \(metric.name) \(metric.name)\n# TYPE \(metric.name) \(kind(of: metric.value))\n"
            }
            text += lines(metric)
            last = metric.name
        }
        return text
    }

    private static func kind(of value: Metric.Value) -> String {
        switch value {
        case .gauge, .ratio: "gauge"
        case .counter: "counter"
        case .durations, .numbers, .distribution: "summary"
        }
    }

    private static func lines(_ metric: Metric) -> String {
        let name = metric.name
        let label = metric.key.map { "key=\"\($0)\"" } ?? ""
        let braced = label.isEmpty ? "" : "{\(label)}"
        func summary(_ count: UInt64, _ sum: UInt64) -> String {
            "\(name)_count\(braced) \(count)\n\(name)_sum\(braced) \(sum)\n"
        }
        switch metric.value {
        case .gauge(let number), .counter(let number): return "\(name)\(braced) \(number)\n"
        case .ratio(let number): return "\(name)\(braced) \(number)\n"
        case .durations(let durations): return summary(durations.count, durations.sum)
        case .numbers(let numbers): return summary(numbers.count, numbers.sum)
        case .distribution(let histogram):
            let quantiles = [0.5, 0.9, 0.99].map { quantile in
                let labels = label.isEmpty ? "" : label + ","
                return "\(name){\(labels)quantile=\"\(quantile)\"} \(histogram.quantile(quantile))\n"
            }
            return quantiles.joined() + summary(histogram.summary.count, histogram.summary.sum)
        }
    }
}
