/// How many requests wait, of all connections together.
struct WaitingRequests: Hashable, Sendable {
    private(set) var count = 0
    /// Those of them that wait for their own transaction.
    private(set) var writeCount = 0
    /// How many connections they belong to.
    private(set) var connectionCount = 0

    /// - Parameter isFirst: nothing else of its connection waited.
    mutating func add(_ request: WaitingRequest, isFirst: Bool) {
        count += 1
        if request.isWrite { writeCount += 1 }
        if isFirst { connectionCount += 1 }
    }

    /// - Parameter isLast: nothing else of its connection waits.
    mutating func remove(_ request: WaitingRequest, isLast: Bool) {
        count -= 1
        if request.isWrite { writeCount -= 1 }
        if isLast { connectionCount -= 1 }
    }

    /// A connection has gone, and with it all of its requests.
    mutating func remove(count removed: Int, ofWhichWrites writes: Int) {
        guard removed > 0 else { return }
        count -= removed
        writeCount -= writes
        connectionCount -= 1
    }
}

/// What a member of an ensemble counts of requests that wait, and of the transactions that they wait for. Nothing that it does depends
/// on this.
///
/// The names that it is told under are those of ZooKeeper's `CommitProcessor`: a thread that takes up to all the requests that have come,
/// holds back those behind a write of their session, and applies what is committed. What is one round of that thread is here a turn: a
/// piece of a client's stream, the packets of another server that came together, a completion of the disk.
struct WaitingStatistics: Hashable, Sendable {
    /// Committed transactions that have come while this server serves.
    var commits = 0
    /// How long the queue of a connection was, each time that a request joined it, or a write in it was committed.
    var queueLengths = NumberSummary()
    /// How many connections had a queue, each time that a write in one was committed.
    var queueCounts = NumberSummary()
    /// How many reads a write had held back, each time that one was committed.
    var readsBehindWrites = NumberSummary()
    /// Of each turn that had anything to do: the requests that wait after it, and the reads that it answered without any wait.
    private(set) var waitingReads = NumberSummary()
    private(set) var waitingWrites = NumberSummary()
    private(set) var promptReads = NumberSummary()
    /// Of each turn with a committed transaction: how many, how many of them a connection here had waited for, and how many reads.
    private(set) var commitsTogether = NumberSummary()
    private(set) var queuesServed = NumberSummary()
    private(set) var readsReleased = NumberSummary()
    var turn = Turn()

    /// What has happened since the last turn ended.
    struct Turn: Hashable, Sendable {
        /// How many reads had been answered when it began.
        fileprivate var earlierReads: UInt64 = 0
        var commits: UInt64 = 0
        var newWaiting: UInt64 = 0
        var queuesServed: UInt64 = 0
        /// Reads answered that had waited.
        var releasedReads: UInt64 = 0
    }

    /// - Parameters:
    ///   - reads: how many have been answered, since the statistics began.
    ///   - waiting: what waits now.
    mutating func endTurn(reads: UInt64, _ waiting: WaitingRequests) {
        let prompt = reads - turn.earlierReads - turn.releasedReads
        guard prompt > 0 || turn.newWaiting > 0 || turn.commits > 0 else {
            if turn.releasedReads > 0 { turn = Turn(earlierReads: reads) }
            return
        }
        waitingReads.add(UInt64(waiting.count - waiting.writeCount))
        waitingWrites.add(UInt64(waiting.writeCount))
        promptReads.add(prompt)
        if turn.commits > 0 {
            commitsTogether.add(turn.commits)
            queuesServed.add(turn.queuesServed)
            readsReleased.add(turn.releasedReads)
        }
        turn = Turn(earlierReads: reads)
    }
}

extension CoordinationCore {
    var waitingCount: Int { waitingRequests.count }

    /// What `mntr` and the others tell of requests that wait; empty where there is no ensemble.
    var waitingMetrics: [Metric] {
        guard isMember else { return [] }
        let waiting = statistics.waiting
        return [
            Metric("request_commit_queued", .counter(waiting.commits)),
            Metric("requests_in_session_queue", .numbers(waiting.queueLengths)),
            Metric("pending_session_queue_size", .numbers(waiting.queueCounts)),
            Metric("reads_after_write_in_session_queue", .numbers(waiting.readsBehindWrites)),
            Metric("reads_issued_from_session_queue", .numbers(waiting.readsReleased)),
            Metric("session_queues_drained", .numbers(waiting.queuesServed)),
            Metric("read_commit_proc_req_queued", .numbers(waiting.waitingReads)),
            Metric("write_commit_proc_req_queued", .numbers(waiting.waitingWrites)),
            Metric("read_commit_proc_issued", .numbers(waiting.promptReads)),
            Metric("write_commit_proc_issued", .numbers(waiting.commitsTogether)),
            // One step does everything else about a request: from its arrival to its answer it does nothing but wait in its queue.
            Metric("read_commitproc_time_ms", .distribution(statistics.reads)),
            Metric("write_commitproc_time_ms", .distribution(statistics.updates)),
        ]
    }
}
