import Bytes
import CoordinationCore
import Messages
import StateMachines
import TransactionLog
import Zab
import ZNodes

/// What one server's disk holds: logs and snapshots in ZooKeeper's formats, and the two epochs.
///
/// A value made by `DiskRecord`s alone: replaying those that had reached the disk gives what a restart finds.
package struct VirtualDisk: Hashable, Sendable {
    struct File: Hashable, Sendable {
        let zxid: Zxid
        var bytes: [UInt8]
    }

    /// By first transaction.
    private(set) var logs: [File] = []
    /// By transaction.
    private(set) var snapshots: [File] = []
    private(set) var epochs = Epochs()
    /// Bytes of this log that are there already.
    func byteCount(ofLog zxid: Zxid) -> Int { logs.first { $0.zxid == zxid }?.bytes.count ?? 0 }

    /// The log whose last append was cut short by a crash.
    private(set) var torn: Zxid?

    mutating func apply(_ record: DiskRecord) {
        switch record {
        case .append(let log, let bytes, let isLast):
            if let index = logs.firstIndex(where: { $0.zxid == log }) {
                logs[index].bytes += bytes
            } else {
                logs.append(File(zxid: log, bytes: bytes))
            }
            torn = isLast ? nil : log
        case .cut(let log, let count):
            if let index = logs.firstIndex(where: { $0.zxid == log }) {
                logs[index].bytes.removeLast(max(0, logs[index].bytes.count - count))
            }
            torn = nil
        case .snapshot(let zxid, let bytes, _):
            snapshots.removeAll { $0.zxid == zxid }
            let position = snapshots.firstIndex { $0.zxid > zxid } ?? snapshots.count
            snapshots.insert(File(zxid: zxid, bytes: bytes), at: position)
        case .remove(let oldLogs, let oldSnapshots):
            logs.removeAll { oldLogs.contains($0.zxid) }
            snapshots.removeAll { oldSnapshots.contains($0.zxid) }
        case .epoch(.accepted(let epoch)): epochs.accepted = max(epochs.accepted, epoch)
        case .epoch(.current(let epoch)): epochs.current = max(epochs.current, epoch)
        }
    }

    /// What the sectors of an interrupted write may hold behind what was written of it.
    mutating func smudge(_ garbage: [UInt8]) {
        guard let torn, let index = logs.firstIndex(where: { $0.zxid == torn }) else { return }
        logs[index].bytes += garbage
    }
}

// MARK: - Reading

/// What a server finds on its virtual disk.
struct VirtualRecovery {
    var state = RecoveredState()
    /// The last transactions, and the one before them.
    var window: [LogEntry] = []
    var base = Zxid.zero
    /// Every transaction read from the logs.
    var read: [LoggedTransaction] = []
    /// Torn tails to cut off.
    var tails: [DiskRecord] = []
    /// Why the server must not start; `nil` where it may.
    var problem: String?
}

extension VirtualDisk {
    /// By the rules of the real server: the newest snapshot that can be read, then the logs without a gap; a torn tail is
    /// cut, damage and gaps are refused.
    ///
    /// - Parameter limit: nothing after it is read.
    func recover(windowLimit: Int, through limit: Zxid = Zxid(rawValue: .max)) -> VirtualRecovery {
        var recovery = VirtualRecovery()
        var start: Zxid?
        for file in snapshots.reversed() where file.zxid <= limit {
            guard let snapshot = read(file) else { continue }
            recovery.state = RecoveredState(snapshot)
            start = file.zxid
            break
        }
        // The first start of all writes a snapshot of nothing.
        if start == nil, let log = logs.first {
            recovery.problem = "no snapshot can be read, and a log begins with \(log.zxid.shortDescription)"
        }
        let base = start ?? .zero
        let first = logs.lastIndex { $0.zxid <= base } ?? 0
        recovery.base = base
        for log in logs.dropFirst(first) where recovery.problem == nil {
            read(log, after: base, through: limit, into: &recovery)
        }
        let excess = recovery.window.count - windowLimit
        if excess > 0 {
            recovery.base = recovery.window[excess - 1].zxid
            recovery.window.removeFirst(excess)
        }
        if let zxid = recovery.state.firstDigestMismatch {
            recovery.problem = "digest mismatch at \(zxid.shortDescription)"
        }
        return recovery
    }

    private func read(_ file: File) -> Snapshot? {
        var reader = SnapshotReader(file: SnapshotFormat.fileName(file.zxid), zxid: file.zxid)
        guard (try? reader.append(file.bytes.span.bytes)) != nil else { return nil }
        return try? reader.finish()
    }

    private func read(_ log: File, after start: Zxid, through limit: Zxid, into recovery: inout VirtualRecovery) {
        var reader = LogReader(
            file: LogFormat.fileName(first: log.zxid), after: log.zxid <= start ? .zero : recovery.state.tree.lastZxid)
        reader.append(log.bytes.span.bytes)
        do {
            while let transaction = try reader.next(after: start) {
                let zxid = transaction.header.zxid
                guard zxid <= limit else { return }
                let last = recovery.state.tree.lastZxid
                guard zxid.rawValue == last.rawValue + 1 || zxid.epoch > last.epoch && zxid.counter == 1 else {
                    recovery.problem = "\(zxid.shortDescription) does not follow \(last.shortDescription)"
                    return
                }
                recovery.state.apply(transaction)
                recovery.read.append(transaction)
                var writer = ByteWriter()
                transaction.encode(into: &writer)
                recovery.window.append(LogEntry(zxid: zxid, payload: writer.bytes))
            }
            if try reader.finish() > 0 {
                recovery.tails.append(.cut(log: log.zxid, byteCount: reader.validByteCount))
            }
        } catch {
            recovery.problem = "\(error.message.text(in: .english))"
        }
    }

    /// What cuts everything after `zxid` off: newer logs first, so that a crash leaves a beginning of the old history.
    func truncation(to zxid: Zxid, keepsSnapshots: Bool) -> [DiskRecord] {
        var records: [DiskRecord] = []
        let newer = logs.filter { $0.zxid > zxid }.map(\.zxid)
        let younger = keepsSnapshots ? [] : snapshots.filter { $0.zxid > zxid }.map(\.zxid)
        if !newer.isEmpty || !younger.isEmpty { records.append(.remove(logs: newer, snapshots: younger)) }
        guard let log = logs.last(where: { $0.zxid <= zxid }) else {
            return records.isEmpty ? [.remove(logs: [], snapshots: [])] : records
        }
        var reader = LogReader(file: LogFormat.fileName(first: log.zxid), after: .zero)
        reader.append(log.bytes.span.bytes)
        var count = LogFormat.headerByteCount
        while let transaction = try? reader.next(), transaction.header.zxid <= zxid { count = reader.validByteCount }
        records.append(.cut(log: log.zxid, byteCount: count))
        return records
    }

    /// Snapshots beyond the newest `count`, and the logs that only they need.
    func unneeded(keeping count: Int) -> DiskRecord? {
        guard snapshots.count > count else { return nil }
        let oldest = snapshots[snapshots.count - count].zxid
        let firstLog = logs.last { $0.zxid <= oldest }?.zxid ?? .zero
        return .remove(
            logs: logs.filter { $0.zxid < firstLog }.map(\.zxid),
            snapshots: snapshots.filter { $0.zxid < oldest }.map(\.zxid))
    }

    /// Every entry after one zxid and through another, the first one included where it exists; `nil` where the logs do
    /// not reach back so far.
    func entries(after first: Zxid, through last: Zxid) -> [LogEntry]? {
        var entries: [LogEntry] = []
        let start = logs.lastIndex { $0.zxid <= first } ?? 0
        for log in logs.dropFirst(start) where log.zxid <= last {
            // A snapshot between two logs was copied from a leader, and the crash came before the logs that lack the same went.
            let end = entries.last?.zxid ?? .zero
            if snapshots.contains(where: { $0.zxid > end && $0.zxid < log.zxid }) { entries = [] }
            var reader = LogReader(file: LogFormat.fileName(first: log.zxid), after: .zero)
            reader.append(log.bytes.span.bytes)
            while let transaction = try? reader.next(), transaction.header.zxid <= last {
                var writer = ByteWriter()
                transaction.encode(into: &writer)
                entries.append(LogEntry(zxid: transaction.header.zxid, payload: writer.bytes))
            }
        }
        guard let meeting = entries.lastIndex(where: { $0.zxid <= first }) else { return nil }
        return Array(entries[meeting...])
    }
}
