import Bytes
import CoordinationCore
import StateMachines
import TransactionLog
import ZNodes

/// A transaction log of unknown origin.
enum LogFuzzing {
    /// What reading a log has given.
    private struct Reading: Equatable {
        var transactions: [LoggedTransaction] = []
        var validByteCount = 0
        var tornByteCount = 0
        var failure: LogFailure?
    }

    /// The first byte says in what pieces the file is read, and whether checksums are made right first: a fuzzer cannot
    /// guess them, but damage in memory comes before the checksum.
    static func check(_ bytes: inout FuzzBytes) throws(FuzzFinding) {
        let mode = bytes.byte()
        var file = bytes.remainder()
        if mode & 1 != 0 { file = sealed(file) }
        let whole = read(file, pieceLength: .max)
        let pieces = read(file, pieceLength: [1, 5, 16, 100][Int(mode >> 1) % 4])
        try demand(whole == pieces, "pieces of any size read alike")
        try demand(whole.validByteCount <= file.count, "nothing behind the end is valid")
        try checkWritingAgain(whole.transactions)
        try checkMending(file, whole)
        try checkRecovery(whole.transactions)
    }

    private static func read(_ file: [UInt8], pieceLength: Int) -> Reading {
        var reading = Reading()
        var reader = LogReader(file: "log.1", after: .zero)
        do throws(LogFailure) {
            var rest = file[...]
            while !rest.isEmpty {
                let piece = Array(rest.prefix(pieceLength))
                rest = rest.dropFirst(pieceLength)
                reader.append(piece.span.bytes)
                while let transaction = try reader.next() { reading.transactions.append(transaction) }
                if reader.isAtEnd { break }
            }
            reading.tornByteCount = try reader.finish()
        } catch {
            reading.failure = error
        }
        reading.validByteCount = reader.validByteCount
        return reading
    }

    /// What was read and is written again reads the same.
    private static func checkWritingAgain(_ transactions: [LoggedTransaction]) throws(FuzzFinding) {
        var writer = ByteWriter()
        LogFormat.writeHeader(into: &writer)
        for transaction in transactions { LogFormat.writeEntry(transaction, into: &writer) }
        let again = read(writer.bytes, pieceLength: .max)
        try demand(again.failure == nil, "what was written can be read: \(String(describing: again.failure))")
        try demand(again.transactions == transactions, "what was written reads the same")
        try demand(again.validByteCount == writer.count, "what was written is read to its end")
        for transaction in transactions { _ = transaction.body.text(showsData: true) }
    }

    /// Mending keeps at least what reading gave, and its result can be read.
    private static func checkMending(_ file: [UInt8], _ reading: Reading) throws(FuzzFinding) {
        guard let mended = try? MendedLog(of: file, file: "log.1") else {
            return try demand(reading.transactions.isEmpty, "what can be read can be mended")
        }
        let again = read(mended.bytes, pieceLength: .max)
        try demand(again.failure == nil, "a mended log can be read: \(String(describing: again.failure))")
        try demand(again.tornByteCount == 0 && again.validByteCount == mended.bytes.count, "a mended log is whole")
        try demand(again.transactions.count == mended.transactionCount, "mending counts its transactions")
        try demand(again.transactions.starts(with: reading.transactions), "mending loses nothing that can be read")
    }

    /// A server starts from any transactions whatever, and serves.
    private static func checkRecovery(_ transactions: [LoggedTransaction]) throws(FuzzFinding) {
        var state = RecoveredState()
        for transaction in transactions { state.apply(transaction) }
        // An epoch that is used up, or that clients take for a negative one, is the ensemble's business.
        guard state.tree.lastZxid.counter < .max - 1_000, state.tree.lastZxid.wireValue >= 0 else { return }
        var server = FuzzedServer(recovered: state)
        server.wait(.seconds(90))
        try server.checkHealth()
        try server.checkLog(from: state)
    }

    /// The file with a header, and with right checksums and ends as far as lengths lead from entry to entry.
    private static func sealed(_ file: [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        LogFormat.writeHeader(into: &writer)
        var sealed = writer.bytes + file
        var position = writer.count
        while position + 12 < sealed.count {
            let length = Int(sealed[position + 10]) << 8 | Int(sealed[position + 11])
            let body = position + 12..<position + 12 + length
            guard length > 0, body.upperBound < sealed.count else { break }
            var seal = ByteWriter()
            seal.write(Int64(Checksum.adler32(sealed[body])))
            seal.write(Int32(length))
            sealed.replaceSubrange(position..<position + 12, with: seal.bytes)
            sealed[body.upperBound] = UInt8(ascii: "B")
            position = body.upperBound + 1
        }
        return sealed
    }
}
