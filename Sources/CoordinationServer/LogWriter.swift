import EventLoop
import StateMachines

/// The log of a running server: batches in order, the syncs of several batches at once.
///
/// Batches are written one after the other, so that a killed process leaves a whole beginning of them. The sync of a
/// batch then overlaps with those of the batches before it. A batch is durable when its own sync and all earlier ones
/// have succeeded. Entries gather for the next batch while all lanes are busy, and in any case until the loop has handled
/// everything that has arrived: one sync for all clients that were heard in one turn.
///
/// Once a file has grown, zeros for the next one are put on disk (`SpareLog`), since a sync that only overwrites is cheaper.
///
/// Confined to its loop, and deliberately not Sendable.
final class LogWriter {
    /// Everything up to this transaction is on disk; so many bytes more than at the last call.
    var onPersisted: ((_ through: Zxid, _ byteCount: Int) -> Void)?
    /// The disk has failed. Called once; nothing follows.
    var onFailure: ((ServerFailure) -> Void)?
    /// A sync took so long.
    var onSync: ((Tick) -> Void)?
    /// A batch is on disk: so long its first entry had waited until it was begun with, and so long that took then.
    var onBatch: ((_ waited: Tick, _ took: Tick) -> Void)?

    private let folder: String
    private let options: StorageOptions
    private let loop: EventLoop

    private(set) var file: LogFile?
    private var mustRoll = false
    private let spare: SpareLog
    private var deferral: LoopDeferral?
    /// Where a worker says which batch it has written, before it goes on to the sync.
    private var written: Mailbox<Int>?
    /// Entries that wait for their turn.
    private var waiting: [UInt8] = []
    private var waitingFirst: Zxid?
    private var waitingSince = Tick.zero
    private var waitingThrough = Zxid.zero
    /// Oldest first.
    private var batches: [Batch] = []
    private var batchCount = 0
    /// The batch that is being written.
    private var writing: Int?
    private var isOpening = false
    private var isOver = false
    /// Pieces of work that have not come back.
    private var workCount = 0
    private var whenIdle: (() -> Void)?

    private struct Batch {
        let number: Int
        let through: Zxid
        let byteCount: Int
        let lane: Int
        var isDurable = false
    }

    init(in folder: String, _ options: StorageOptions, on loop: EventLoop) throws(SystemFailure) {
        self.folder = folder
        self.options = options
        self.loop = loop
        spare = SpareLog(in: folder, options, on: loop)
        deferral = loop.makeDeferral { [weak self] in self?.writeNext() }
        written = try loop.makeMailbox { [weak self] number in self?.didWrite(number) }
    }

    func append(_ entries: [UInt8], first: Zxid, through: Zxid) {
        guard !isOver else { return }
        if waitingFirst == nil {
            waitingFirst = first
            waitingSince = loop.now
        }
        waiting.append(contentsOf: entries)
        waitingThrough = through
        deferral?.request()
    }

    /// The next batch begins a new file.
    func roll() { mustRoll = file != nil }

    /// Calls `done` when nothing is on its way to the disk any more.
    func finish(then done: @escaping () -> Void) {
        if isIdle { done() } else { whenIdle = done }
    }

    /// Closes the file; the next batch begins another one.
    /// - Precondition: nothing is on its way to the disk.
    func rest() {
        precondition(isIdle, "a batch is on its way to the log")
        file?.close()
        file = nil
        mustRoll = false
    }

    private var isIdle: Bool { workCount == 0 && (isOver || waitingFirst == nil) }

    /// What is on its way still gets there; nothing is reported any more.
    func close() {
        deferral?.cancel()
        deferral = nil
        written?.close()
        spare.discard()
        guard !isOver else { return }
        isOver = true
        closeFileIfIdle()
    }

    // MARK: Writing

    private func writeNext() {
        guard let first = waitingFirst, !isOver, !isOpening, writing == nil, batches.count < LogFile.laneCount
        else { return }
        guard file != nil, !mustRoll else { return open(first: first) }
        let lane = (0..<LogFile.laneCount).first { lane in !batches.contains { $0.lane == lane } }!
        let entries = waiting
        // The next batch will be about as long: room for it at once, instead of growing towards it.
        waiting = []
        waiting.reserveCapacity(min(entries.count, 1 << 17))
        batchCount += 1
        let number = batchCount
        batches.append(Batch(number: number, through: waitingThrough, byteCount: entries.count, lane: lane))
        waitingFirst = nil
        let begun = loop.now
        let waited = begun - waitingSince
        writing = number
        let place = file!.reserve(entries.count, lane: lane)
        spare.prepare(besides: file!)
        let (written, isForced) = (written, options.forceSync)
        perform {
            () throws(ServerFailure) -> Tick? in
            try place.write(entries)
            written?.post(number)
            return isForced ? try place.synchronize() : nil
        } then: { [self] duration in
            didWrite(number)  // Its message may be on its way still.
            if let duration, !isOver { onSync?(duration) }
            if !isOver { onBatch?(waited, loop.now - begun) }
            becameDurable(number)
        }
    }

    private func didWrite(_ number: Int) {
        guard writing == number else { return }
        writing = nil
        deferral?.request()
    }

    /// Opens the next file, once nothing is on its way to the one before.
    private func open(first: Zxid) {
        guard batches.isEmpty else { return }
        let (old, folder, options, spare) = (file, folder, options, spare.take(after: file))
        file = nil
        mustRoll = false
        isOpening = true
        perform {
            () throws(ServerFailure) in
            old?.close()
            return try LogFile(in: folder, first: first, options, spare)
        } then: { [self] file in
            self.file = file
            isOpening = false
            writeNext()
        }
    }

    private func becameDurable(_ number: Int) {
        batches[batches.firstIndex { $0.number == number }!].isDurable = true
        let durable = batches.prefix { $0.isDurable }
        guard let last = durable.last else { return }
        let byteCount = durable.reduce(0) { $0 + $1.byteCount }
        batches.removeFirst(durable.count)
        if !isOver { onPersisted?(last.through, byteCount) }
        deferral?.request()
    }

    // MARK: Workers

    private func perform<Value: Sendable>(
        _ work: @escaping @Sendable () throws(ServerFailure) -> Value, then done: @escaping (Value) -> Void
    ) {
        workCount += 1
        loop.perform {
            Result { () throws(ServerFailure) in try work() }
        } then: { [self] result in
            workCount -= 1
            switch result {
            case .success(let value): done(value)
            case .failure(let failure): fail(failure)
            }
            if isIdle {
                whenIdle?()
                whenIdle = nil
            }
            closeFileIfIdle()
        }
    }

    /// The batches under way stay where they are: nobody knows what of them is on disk.
    private func fail(_ failure: ServerFailure) {
        guard !isOver else { return }
        isOver = true
        onFailure?(failure)
    }

    private func closeFileIfIdle() {
        guard isOver, workCount == 0, let file else { return }
        self.file = nil
        file.close()
    }
}
