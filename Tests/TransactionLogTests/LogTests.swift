import Bytes
import StateMachines
import Testing
import TransactionLog
import WireProtocol
import ZNodes

struct LogTests {
    private static let session = SessionID(rawValue: 0x0100_0000_0000_0001)

    @Test func `an entry has ZooKeeper's bytes`() {
        let transaction = LoggedTransaction(
            header: TransactionHeader(
                session: Self.session, cxid: 1, zxid: Zxid(epoch: 1, counter: 2), time: 1_700_000_000_000),
            body: .create(
                .init(path: "/a", data: [UInt8(ascii: "x")], acl: ACL.open, isEphemeral: false, parentCVersion: 1)),
            digest: 5_860_043_862)
        var writer = ByteWriter()
        LogFormat.writeEntry(transaction, into: &writer)
        #expect(
            writer.bytes
                == hex(
                    """
                    00000000586909c4 00000057 0100000000000001 00000001 0000000100000002 0000018bcfe56800 00000001 \
                    00000002 2f61 00000001 78 00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65 00 00000001 \
                    00000002 000000015d492c56 42
                    """))
    }

    /// As ZooKeeper's own tool calls them.
    @Test func `containers and nodes with a time to live have types of their own`() {
        let texts = [TransactionBody.Creation.Kind.persistent, .ephemeral, .container, .timeToLive(milliseconds: 5)].map
        { kind in
            TransactionBody.createWithStat(
                TransactionBody.Creation(path: "/a", data: nil, acl: ACL.open, kind: kind, parentCVersion: 1)
            ).text(showsData: false)
        }
        #expect(
            texts == [
                "create2 /a null, world:anyone:cdrwa", "create2 /a null, ephemeral, world:anyone:cdrwa",
                "createContainer /a null, world:anyone:cdrwa", "createTTL /a null, ttl 5 ms, world:anyone:cdrwa",
            ])
    }

    @Test func `names of files`() {
        #expect(LogFormat.fileName(first: Zxid(epoch: 1, counter: 0x2A)) == "log.10000002a")
        #expect(LogFormat.firstZxid(ofFileNamed: "log.10000002a") == Zxid(epoch: 1, counter: 0x2A))
        #expect(LogFormat.firstZxid(ofFileNamed: "snapshot.0") == nil)
        #expect(LogFormat.firstZxid(ofFileNamed: "log.xyz") == nil)
    }

    @Test(arguments: [1, 7, 16, 100, 100_000])
    func `a log comes back, in pieces of any size`(size: Int) throws {
        let (bytes, transactions) = Self.log()
        let padded = bytes + [UInt8](repeating: 0, count: 5_000)
        let (found, reader, torn) = try Self.read(padded, pieces: size)
        #expect(found == transactions)
        #expect(reader.validByteCount == bytes.count)
        #expect(torn == 0)
    }

    @Test func `a tail torn anywhere is cut, and nothing before it is lost`() throws {
        let (bytes, transactions) = Self.log()
        for length in 0..<bytes.count {
            for padding in [0, 300] where length > 16 || padding == 0 {
                let torn = Array(bytes[..<length]) + [UInt8](repeating: 0, count: padding)
                let (found, reader, _) = try Self.read(torn, pieces: 64)
                #expect(transactions.starts(with: found))
                #expect(reader.validByteCount <= length)
                // Exactly the entries that are whole.
                var whole = LogReader(file: "log.1", after: .zero)
                whole.append(Array(bytes[..<reader.validByteCount]).span.bytes)
                var count = 0
                while try whole.next() != nil { count += 1 }
                #expect(count == found.count)
            }
        }
    }

    @Test func `damage before whole entries is refused`() throws {
        let (bytes, transactions) = Self.log()
        let (_, first, _) = try Self.read(bytes, pieces: bytes.count, limit: 1)
        let lastEntry = try #require(Self.startOfLastEntry(bytes, transactions))
        for offset in stride(from: first.validByteCount, to: lastEntry, by: 5) {
            var damaged = bytes
            damaged[offset] ^= 0x40
            #expect(throws: LogFailure.self, "byte \(offset)") { try Self.read(damaged, pieces: 64) }
        }
    }

    @Test func `a foreign file is refused`() {
        #expect(throws: LogFailure.self) { try Self.read(Array("not a log at all".utf8), pieces: 5) }
        #expect(throws: LogFailure.self) { try Self.read(Array("short".utf8), pieces: 5) }
    }

    @Test func `transactions that run backwards are refused`() {
        let (bytes, _) = Self.log()
        var reader = LogReader(file: "log.1", after: Zxid(rawValue: 50))
        reader.append(bytes.span.bytes)
        #expect(throws: LogFailure.self) { try reader.next() }
    }

    @Test func `mending keeps what a later version wrote behind a transaction`() throws {
        let (bytes, transactions) = Self.log()
        var later = ByteWriter()
        let zxid = Zxid(rawValue: transactions.last!.header.zxid.rawValue + 1)
        let body = TransactionBody.delete("/n")
        let header = TransactionHeader(session: Self.session, cxid: 1, zxid: zxid, time: 1)
        LoggedTransaction(header: header, body: body, digest: 3).encode(into: &later)
        later.write(Int64(9))
        var writer = ByteWriter(appendingTo: bytes)
        writer.write(Int64(Checksum.adler32(later.bytes)))
        writer.writeBuffer(later.bytes)
        writer.write(UInt8(ascii: "B"))
        #expect(try Self.read(writer.bytes, pieces: 100).0.count == transactions.count + 1)
        let mended = try MendedLog(of: writer.bytes, file: "log.1")
        #expect(mended.bytes == writer.bytes)
        #expect(mended.mended.isEmpty && mended.droppedByteCount == 0)
    }

    @Test func `a multi inside a multi is not understood, however deep`() throws {
        var body = TransactionBody.multi([.delete("/n")])
        for _ in 0..<3 { body = .multi([body]) }
        let header = TransactionHeader(session: Self.session, cxid: 1, zxid: Zxid(rawValue: 1), time: 1)
        var writer = ByteWriter()
        LogFormat.writeHeader(into: &writer)
        LogFormat.writeEntry(LoggedTransaction(header: header, body: body, digest: nil), into: &writer)
        let failure = #expect(throws: LogFailure.self) { try Self.read(writer.bytes, pieces: 1_000) }
        guard case .notUnderstood? = failure?.reason else {
            return #expect(Bool(false), "\(String(describing: failure))")
        }
    }

    // MARK: Helpers

    private static func startOfLastEntry(_ bytes: [UInt8], _ transactions: [LoggedTransaction]) -> Int? {
        var writer = ByteWriter()
        transactions.last.map { LogFormat.writeEntry($0, into: &writer) }
        return bytes.count - writer.count
    }

    static func log() -> ([UInt8], [LoggedTransaction]) {
        let creation = TransactionBody.Creation(
            path: "/n", data: nil, acl: ACL.open, isEphemeral: true, parentCVersion: 3)
        let bodies: [TransactionBody] = [
            .createSession(timeoutMilliseconds: 10_000), .create(creation), .createWithStat(creation),
            .setData(path: "/n", data: [1, 2, 3], version: 7), .setACL(path: "/n", acl: ACL.open, version: 2),
            .error(.noNode), .delete("/n"),
            .multi([.check(path: "/n", version: 1), .create(creation), .error(.runtimeInconsistency)]),
            .closeSession(nil), .closeSession([]), .closeSession(["/a", "/b"]),
        ]
        var writer = ByteWriter()
        LogFormat.writeHeader(into: &writer)
        let transactions = bodies.enumerated().map { index, body in
            LoggedTransaction(
                header: TransactionHeader(
                    session: session, cxid: Int32(index), zxid: Zxid(rawValue: UInt64(index + 1)), time: 1_000),
                body: body, digest: index == 3 ? nil : UInt64(index))
        }
        for transaction in transactions { LogFormat.writeEntry(transaction, into: &writer) }
        return (writer.bytes, transactions)
    }

    static func read(
        _ bytes: [UInt8], pieces size: Int, limit: Int = .max
    ) throws -> ([LoggedTransaction], LogReader, Int) {
        var reader = LogReader(file: "log.1", after: .zero)
        var found: [LoggedTransaction] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            reader.append(Array(bytes[start..<min(start + size, bytes.count)]).span.bytes)
            while found.count < limit, let transaction = try reader.next() { found.append(transaction) }
        }
        return (found, reader, found.count < limit ? try reader.finish() : 0)
    }
}

/// The bytes of hexadecimal digits; blanks are for the reader.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { $0 != " " }.map { UInt8($0.hexDigitValue!) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
