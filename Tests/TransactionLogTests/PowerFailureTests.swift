import Bytes
import Messages
import StateMachines
import Testing
import TransactionLog
import WireProtocol
import ZNodes

/// What a power failure leaves of a log whose last batches were on their way to the disk at the same time.
///
/// A disk writes sectors of 512 bytes whole or not at all, in any order. Every sector that holds an acknowledged byte was
/// written since that byte came; what later batches put behind it may be there or not, as far as each of them had got.
struct PowerFailureTests {
    private static let sector = 512

    /// A log as its server saw it, and how much of it was acknowledged.
    private struct Log {
        var bytes: [UInt8]
        var transactions: [LoggedTransaction] = []
        /// Where the acknowledged batches end, and then each batch under way.
        var ends: [Int] = []
        var acknowledgedCount = 0

        init() {
            var writer = ByteWriter()
            LogFormat.writeHeader(into: &writer)
            bytes = writer.bytes
        }

        mutating func append(dataLength: Int) {
            let zxid = Zxid(rawValue: UInt64(transactions.count + 1))
            // No two bytes alike nearby, and some zeros.
            let data = (0..<dataLength).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ transactions.count) }
            let transaction = LoggedTransaction(
                header: TransactionHeader(
                    session: SessionID(rawValue: 1), cxid: 1, zxid: zxid, time: 1_700_000_000_000),
                body: .setData(path: "/a", data: data, version: Int32(transactions.count)), digest: 1)
            var writer = ByteWriter(appendingTo: bytes)
            LogFormat.writeEntry(transaction, into: &writer)
            bytes = writer.bytes
            transactions.append(transaction)
        }

        mutating func endBatch() {
            if ends.isEmpty { acknowledgedCount = transactions.count }
            ends.append(bytes.count)
        }

        /// Sectors that the failure may have left in one state or another.
        var openSectors: Range<Int> { ends[0] / sector..<(bytes.count + sector - 1) / sector }

        /// The file as the disk holds it.
        /// - Parameter states: for each open sector the last batch that has reached it; 0 for none under way.
        func onDisk(_ states: [Int], byteCount: Int) -> [UInt8] {
            var disk = bytes + [UInt8](repeating: 0, count: max(0, byteCount - bytes.count))
            for (index, number) in openSectors.enumerated() {
                let start = max(number * sector, ends[states[index]])
                let end = min((number + 1) * sector, disk.count)
                if start < end { disk.replaceSubrange(start..<end, with: repeatElement(0, count: end - start)) }
            }
            return Array(disk.prefix(max(byteCount, ends[0])))
        }
    }

    @Test func `every state that three small batches may be left in`() throws {
        var log = Log()
        log.append(dataLength: 300)
        log.endBatch()
        for length in [380, 200, 300] {
            log.append(dataLength: length)
            log.append(dataLength: 10)
            log.endBatch()
        }
        let count = log.openSectors.count
        #expect(count == 4)
        var outcomes: [Outcome: Int] = [:]
        for combination in 0..<1 << (2 * count) {
            let states = (0..<count).map { combination >> (2 * $0) & 3 }
            for byteCount in [0, log.bytes.count, 4_096] {
                outcomes[
                    try Self.check(log, log.onDisk(states, byteCount: byteCount), "states \(states)"), default: 0] += 1
            }
        }
        // A check that never saw one of them would prove nothing of it.
        #expect(Set(outcomes.keys) == [.clean, .torn, .refused])
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `nothing acknowledged is lost, and nothing is made up`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<12 {
            var log = Log()
            for _ in 0...3 {
                for _ in 0..<random.uniform(in: 1...5) { log.append(dataLength: Int(random.uniform(in: 0...2_500))) }
                log.endBatch()
            }
            let states = log.openSectors.map { _ in Int(random.uniform(in: 0...3)) }
            let byteCount = Int(random.uniform(in: 0...UInt64(log.bytes.count + 4_000)))
            _ = try Self.check(log, log.onDisk(states, byteCount: byteCount), "seed=\(seed)")
        }
    }

    private enum Outcome { case clean, torn, refused }

    private static func check(_ log: Log, _ disk: [UInt8], _ remark: String) throws -> Outcome {
        let acknowledged = log.transactions.prefix(log.acknowledgedCount)
        try checkMending(disk, acknowledged, remark)
        var (found, reader) = ([LoggedTransaction](), LogReader(file: "log.1", after: .zero))
        reader.append(disk.span.bytes)
        var outcome = Outcome.clean
        do {
            while let transaction = try reader.next() { found.append(transaction) }
            if try reader.finish() > 0 { outcome = .torn }
        } catch {
            #expect(error.reason == .damaged, "\(remark)")
            #expect(error.lastZxid >= acknowledged.last!.header.zxid, "\(remark)")
            #expect(error.message.english.contains("zoolab log truncate log.1"))
            outcome = .refused
        }
        #expect(found.starts(with: acknowledged), "\(remark): what was acknowledged is there")
        #expect(log.transactions.starts(with: found), "\(remark): what is there was written")
        // The advice, and what a server does to a torn tail: after it, the log is whole.
        let cut = Array(disk.prefix(reader.validByteCount))
        var again = LogReader(file: "log.1", after: .zero)
        again.append(cut.span.bytes)
        var kept: [LoggedTransaction] = []
        while let transaction = try again.next() { kept.append(transaction) }
        #expect(try again.finish() == 0, "\(remark)")
        #expect(kept == found, "\(remark)")
        return outcome
    }

    /// Mending keeps what was acknowledged, and corrects nothing in it.
    private static func checkMending(
        _ disk: [UInt8], _ acknowledged: ArraySlice<LoggedTransaction>, _ remark: String
    ) throws {
        let mended = try MendedLog(of: disk, file: "log.1")
        #expect(mended.mended.allSatisfy { $0 > acknowledged.last!.header.zxid }, "\(remark)")
        var reader = LogReader(file: "log.1", after: .zero)
        reader.append(mended.bytes.span.bytes)
        var kept: [LoggedTransaction] = []
        while let transaction = try reader.next() { kept.append(transaction) }
        #expect(try reader.finish() == 0, "\(remark)")
        #expect(kept.count == mended.transactionCount, "\(remark)")
        #expect(kept.starts(with: acknowledged), "\(remark)")
    }
}
