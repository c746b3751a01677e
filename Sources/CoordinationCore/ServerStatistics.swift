package import StateMachines
import WireProtocol

/// Count, sum, least and greatest of durations, in microseconds; told in milliseconds, as ZooKeeper does. The least is rounded down and the
/// greatest up, so that the average, which is told more exactly, lies between them.
package struct LatencySummary: Hashable, Sendable {
    package private(set) var count: UInt64 = 0
    private var total: UInt64 = 0
    private var lowest = UInt64.max
    private var highest: UInt64 = 0

    package init() {}

    /// What somebody else has counted.
    package init(count: UInt64, total: Tick, shortest: Tick, longest: Tick) {
        self.count = count
        self.total = total.microseconds
        lowest = count == 0 ? .max : shortest.microseconds
        highest = longest.microseconds
    }

    package mutating func add(_ latency: Tick) {
        let microseconds = latency.microseconds
        count += 1
        total += microseconds
        lowest = min(lowest, microseconds)
        highest = max(highest, microseconds)
    }

    package var minimum: UInt64 { count == 0 ? 0 : lowest / 1_000 }
    package var maximum: UInt64 { (highest + 999) / 1_000 }
    package var sum: UInt64 { total / 1_000 }
    /// Milliseconds, with four digits behind the point.
    package var average: Double { count == 0 ? 0 : Double(total * 10 / count) / 10_000 }

    var minimumText: String { "\(minimum)" }
    var maximumText: String { "\(maximum)" }
    fileprivate var exactMaximum: UInt64 { highest }
    var averageText: String { "\(average)" }
    var wholeAverage: UInt64 { count == 0 ? 0 : total / count / 1_000 }
}

/// How durations are distributed: eight steps for each doubling, so that a quantile is at most an eighth too high, and never above the
/// greatest duration.
package struct LatencyHistogram: Hashable, Sendable {
    package private(set) var summary = LatencySummary()
    private var buckets = [UInt32](repeating: 0, count: 264)

    package init() {}

    package mutating func add(_ latency: Tick) {
        summary.add(latency)
        buckets[Self.bucket(of: latency.microseconds)] &+= 1
    }

    private static func bucket(of microseconds: UInt64) -> Int {
        guard microseconds >= 8 else { return Int(microseconds) }
        let doubling = min(63 - microseconds.leadingZeroBitCount, 34)
        return 8 + (doubling - 3) * 8 + Int(min(microseconds >> UInt64(doubling - 3), 15) & 7)
    }

    /// The greatest microsecond count that falls into a bucket.
    private static func upperBound(_ bucket: Int) -> UInt64 {
        guard bucket >= 8 else { return UInt64(bucket) }
        let doubling = UInt64((bucket - 8) / 8)
        return (UInt64((bucket - 8) % 8 + 8) + 1) << doubling - 1
    }

    /// The duration that `quantile` of all do not exceed, in milliseconds; 0 where there are none.
    package func quantile(_ quantile: Double) -> Double {
        let wanted = UInt64((Double(summary.count) * quantile).rounded(.up))
        var seen: UInt64 = 0
        for (bucket, count) in buckets.enumerated() where count > 0 {
            seen += UInt64(count)
            if seen >= wanted { return Double(min(Self.upperBound(bucket), summary.exactMaximum)) / 1_000 }
        }
        return 0
    }
}

/// Count, sum, least and greatest of plain numbers.
package struct NumberSummary: Hashable, Sendable {
    package private(set) var count: UInt64 = 0
    package private(set) var sum: UInt64 = 0
    private var lowest = UInt64.max
    package private(set) var maximum: UInt64 = 0

    package init() {}

    package mutating func add(_ number: UInt64) {
        count += 1
        sum += number
        lowest = min(lowest, number)
        maximum = max(maximum, number)
    }

    package var minimum: UInt64 { count == 0 ? 0 : lowest }
    package var average: Double { count == 0 ? 0 : Double(sum * 10_000 / count) / 10_000 }
}

/// The sizes of the last, the smallest and the largest answer; -1 before the first, as on ZooKeeper.
struct SizeRecord: Hashable, Sendable {
    private(set) var last = -1
    private(set) var minimum = -1
    private(set) var maximum = -1

    mutating func add(_ size: Int) {
        last = size
        minimum = minimum < 0 ? size : min(minimum, size)
        maximum = max(maximum, size)
    }
}

/// What a server counts of itself. Nothing that it does depends on this.
struct ServerStatistics: Hashable, Sendable {
    var startedAt = Tick.zero
    var packetsReceived = 0
    var packetsSent = 0
    var bytesReceived = 0
    var responseBytes = 0
    var watchBytes = 0
    var rejectedConnections = 0
    var connectionRequests = 0
    var droppedConnections = 0
    /// Handshakes while nobody was served.
    var unservedConnections = 0
    var sessionlessExpired = 0
    var staleSessionsExpired = 0
    var failedAuthentications = 0
    var revalidations = 0
    var commits = 0
    /// Transactions after which the tree was not what its proposer had noted.
    var digestMismatches = 0
    /// Whether it was so after the latest.
    var isTreeOther = false
    /// From a transaction's being proposed to its taking effect.
    var propagation = LatencyHistogram()
    /// Tokens that the connection throttle lacked after each handshake.
    var tokenDeficits = NumberSummary()
    var largeRequestsRejected = 0
    /// Answered with -127.
    var throttledOperations = 0
    /// How often, and how long, a connection with too many requests under way was not read from.
    var throttleWaits = 0
    var throttleTimes = LatencyHistogram()
    /// Reads that waited when their connection ended, and writes whose connection had ended before their answer.
    var staleRequestsDropped = 0
    var staleReplies = 0
    /// Names of ensembles in the scheme of that name.
    var ensembleSuccesses = 0
    var ensembleFailures = 0
    var ensembleSkips = 0
    /// All requests; then those answered from the tree, and those answered by a transaction.
    var latency = LatencySummary()
    var reads = LatencyHistogram()
    var updates = LatencyHistogram()
    var responseSizes = SizeRecord()
    /// How many watchers each event told, by kind of event.
    var created = NumberSummary()
    var deleted = NumberSummary()
    var changed = NumberSummary()
    var children = NumberSummary()
    var ensemble = EnsembleStatistics()
    var waiting = WaitingStatistics()
    private var operations = [UInt64](repeating: 0, count: 160)

    /// Codes lie between -11 and 107.
    private static func index(_ operation: OperationCode) -> Int { Int(operation.rawValue) + 16 }

    mutating func count(_ operation: OperationCode) { operations[Self.index(operation)] += 1 }

    func count(of operation: OperationCode) -> UInt64 { operations[Self.index(operation)] }

    mutating func recordRead(_ latency: Tick) {
        self.latency.add(latency)
        reads.add(latency)
    }

    mutating func recordUpdate(_ latency: Tick) {
        self.latency.add(latency)
        updates.add(latency)
    }

    mutating func recordResponse(byteCount: Int) {
        responseBytes += byteCount
        responseSizes.add(byteCount)
    }
}

/// What is counted of one connection.
struct ConnectionStatistics: Hashable, Sendable {
    var receivedCount = 0
    var sentCount = 0
    var lastOperation: OperationCode?
    var lastXid: Int32 = -1
    var lastZxid = Zxid.zero
    var lastAnswerAt = Tick.zero
    var lastLatency = Tick.zero
    var latency = LatencySummary()
}
