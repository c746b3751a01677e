package import Bytes
package import StateMachines

/// ZooKeeper's log of transactions: a header, entries, zeros to the end.
///
/// An entry is a checksum (Adler-32 of the body, as 8 bytes), the body's length (4 bytes), the body, and `B`.
package enum LogFormat {
    package static let magic: Int32 = 0x5A4B_4C47
    package static let version: Int32 = 2
    package static let headerByteCount = 16
    /// A file grows by this much at once, so that most appends leave its size alone.
    package static let preallocation = 64 << 20
    /// The longest body that is believed.
    package static let bodyLimit = 256 << 20
    static let entryEnd = UInt8(ascii: "B")
    static let entryHeaderByteCount = 12

    package static func writeHeader(into writer: inout ByteWriter) {
        writer.write(magic)
        writer.write(version)
        writer.write(Int64(0))  // The database's number, which nobody reads.
    }

    package static func writeEntry(_ transaction: LoggedTransaction, into writer: inout ByteWriter) {
        let start = writer.count
        writer.write(Int64(0))
        writer.writeFrame { transaction.encode(into: &$0) }
        let body = start + entryHeaderByteCount..<writer.count
        let checksum = Checksum.adler32(writer.bytes.span.bytes.extracting(body))
        writer.patch(Int32(bitPattern: checksum), at: start + 4)
        writer.write(entryEnd)
    }

    /// The same around a body that is written already.
    package static func writeEntry(body: [UInt8], into writer: inout ByteWriter) {
        writer.write(Int64(Checksum.adler32(body.span.bytes)))
        writer.write(Int32(body.count))
        writer.bytes.append(contentsOf: body)
        writer.write(entryEnd)
    }

    /// How many entries these bytes are.
    /// - Precondition: they are whole entries, as `writeEntry` makes them.
    package static func entryCount(in entries: [UInt8]) -> Int {
        var (count, place) = (0, 0)
        while place < entries.count {
            var reader = ByteReader(entries.span.bytes.extracting((place + 8)..<(place + entryHeaderByteCount)))
            guard let length = try? reader.readInt32() else { preconditionFailure("no entry at byte \(place)") }
            place += entryHeaderByteCount + Int(length) + 1
            count += 1
        }
        return count
    }

    /// "log.100000002" for the file that begins with this transaction.
    package static func fileName(first zxid: Zxid) -> String { "log." + String(zxid.rawValue, radix: 16) }

    /// The first transaction of a log file, from its name; `nil` for files that are no logs.
    package static func firstZxid(ofFileNamed name: String) -> Zxid? {
        guard name.hasPrefix("log."), let value = UInt64(name.dropFirst(4), radix: 16) else { return nil }
        return Zxid(rawValue: value)
    }
}
