import EventLoop
import StateMachines

/// The log of a running server: batches in order, the syncs of several batches at once.
///
/// Batches are written one after the other, so that a killed process leaves a whole beginning of them. The sync of a
/// batch then overlaps with those of the batches before it. A batch is durable when its own sync and all earlier ones
/// have succeeded; while all lanes are busy, entries gather for the next batch.
///
/// Confined to its loop, and deliberately not Sendable.
final class LogWriter {
    /// Everything up to this transaction is on disk; so many bytes more than at the last call.
    var onPersisted: ((_ through: Zxid, _ byteCount: Int) -> Void)?
    /// The disk has failed. Called once; nothing follows.
    var onFailure: ((ServerFailure) -> Void)?
    /// A sync took so long.
    var onSync: ((Tick) -> Void)?

    private let folder: String
    private let options: StorageOptions
    private let loop: EventLoop

    private(set) var file: LogFile?
    private var mustRoll = false
    /// Entries that wait for their turn.
    private var waiting: [UInt8] = []
    private var waitingFirst: Zxid?
    private var waitingThrough = Zxid.zero
    /// Oldest first.
    private var batches: [Batch] = []
    private var isWriting = false
    private var isOver = false
    /// Pieces of work that have not come back.
    private var workCount = 0
    private var whenIdle: (() -> Void)?

    private struct Batch {
        let through: Zxid
        let byteCount: Int
        let lane: Int
        var isDurable = false
    }

    init(in folder: String, _ options: StorageOptions, on loop: EventLoop) {
        self.folder = folder
        self.options = options
        self.loop = loop
    }

    func append(_ entries: [UInt8], first: Zxid, through: Zxid) {
        guard !isOver else { return }
        if waitingFirst == nil { waitingFirst = first }
        waiting.append(contentsOf: entries)
        waitingThrough = through
        writeNext()
    }

    /// The next batch begins a new file.
    func roll() { mustRoll = file != nil }

    /// Calls `done` when nothing is on its way to the disk any more.
    func finish(then done: @escaping () -> Void) {
        if workCount == 0 { done() } else { whenIdle = done }
    }

    /// What is on its way still gets there; nothing is reported any more.
    func close() {
        guard !isOver else { return }
        isOver = true
        closeFileIfIdle()
    }

    // MARK: Writing

    private func writeNext() {
        guard let first = waitingFirst, !isOver, !isWriting, batches.count < LogFile.laneCount else { return }
        guard file != nil, !mustRoll else { return open(first: first) }
        let lane = (0..<LogFile.laneCount).first { lane in !batches.contains { $0.lane == lane } }!
        let entries = waiting
        batches.append(Batch(through: waitingThrough, byteCount: entries.count, lane: lane))
        waiting = []
        waitingFirst = nil
        isWriting = true
        let place = file!.reserve(entries.count, lane: lane)
        perform {
            () throws(ServerFailure) in
            try place.write(entries)
        } then: { [self] in
            isWriting = false
            if options.forceSync { synchronize(place, lane) } else { becameDurable(lane) }
            writeNext()
        }
    }

    /// Opens the next file, once nothing is on its way to the one before.
    private func open(first: Zxid) {
        guard batches.isEmpty else { return }
        let (old, folder, options) = (file, folder, options)
        file = nil
        mustRoll = false
        isWriting = true
        perform {
            () throws(ServerFailure) in
            old?.close()
            return try LogFile(in: folder, first: first, options)
        } then: { [self] file in
            self.file = file
            isWriting = false
            writeNext()
        }
    }

    private func synchronize(_ place: LogFile.Place, _ lane: Int) {
        perform {
            () throws(ServerFailure) in
            try place.synchronize()
        } then: { [self] duration in
            if !isOver { onSync?(duration) }
            becameDurable(lane)
        }
    }

    private func becameDurable(_ lane: Int) {
        batches[batches.firstIndex { $0.lane == lane }!].isDurable = true
        let durable = batches.prefix { $0.isDurable }
        guard let last = durable.last else { return }
        let byteCount = durable.reduce(0) { $0 + $1.byteCount }
        batches.removeFirst(durable.count)
        if !isOver { onPersisted?(last.through, byteCount) }
        // The commits may have let more requests in.
        writeNext()
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
            guard workCount == 0 else { return }
            whenIdle?()
            whenIdle = nil
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
