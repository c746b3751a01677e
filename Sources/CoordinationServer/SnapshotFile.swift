import Bytes
import Messages
import StateMachines
package import TransactionLog

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads snapshots from files, packed or not.
package enum SnapshotFile {
    /// Reads a whole snapshot and checks everything that can be checked.
    ///
    /// - Parameter zxid: of the file's name; a file of another name has the transaction that it says itself, or 0.
    /// - Throws: `SnapshotFailure`, or `ServerFailure` where the file cannot be read.
    package static func read(_ path: String) throws -> Snapshot {
        let file = try InputFile(path)
        return try read(path, beginning: file.bytes(ofFirst: 8)) { (deliver) throws in try file.forEachPiece(deliver) }
    }

    /// The same for a file whose bytes are at hand.
    package static func read(_ bytes: [UInt8], named path: String) throws -> Snapshot {
        var copy = bytes
        return try read(path, beginning: Array(bytes.prefix(8))) { (deliver) throws in
            try copy.withUnsafeMutableBytes { (piece) throws in try deliver(piece) }
        }
    }

    private typealias Deliver = (UnsafeMutableRawBufferPointer) throws -> Void

    private static func read(
        _ path: String, beginning: [UInt8], _ forEachPiece: (Deliver) throws -> Void
    ) throws -> Snapshot {
        let named = SnapshotFormat.parse(fileName: path.split(separator: "/").last.map(String.init) ?? path)
        var reader = SnapshotReader(file: path, zxid: named?.zxid ?? .zero)
        switch named?.compression ?? compression(beginning) {
        case .none: try forEachPiece { (piece) throws in try reader.append(piece.bytes) }
        case .gzip: try unpack(forEachPiece, path, into: &reader)
        case .snappy: try unpackSnappy(forEachPiece, path, into: &reader)
        }
        var snapshot = try reader.finish()
        if named == nil { snapshot.rename(to: snapshot.lastProcessedZxid ?? snapshot.digest?.zxid ?? .zero) }
        return snapshot
    }

    /// What the first eight bytes say, where the name says nothing.
    private static func compression(_ beginning: [UInt8]) -> SnapshotFormat.Compression {
        if beginning == SnappyStream.magic { return .snappy }
        return beginning.starts(with: [0x1F, 0x8B]) ? .gzip : .none
    }

    private static func unpack(
        _ forEachPiece: (Deliver) throws -> Void, _ path: String, into reader: inout SnapshotReader
    ) throws {
        guard let unpacker = GzipUnpacker() else { throw ServerFailure(message: StorageMessages.outOfMemory(path)) }
        try forEachPiece { (piece) throws in
            let isGood = try unpacker.unpack(piece) { (bytes) throws(SnapshotFailure) in try reader.append(bytes) }
            guard isGood else { throw ServerFailure(message: SnapshotMessages.badCompression(path)) }
        }
        guard unpacker.isComplete else { throw SnapshotFailure(file: path, offset: 0, reason: .incomplete) }
    }

    private static func unpackSnappy(
        _ forEachPiece: (Deliver) throws -> Void, _ path: String, into reader: inout SnapshotReader
    ) throws {
        var unpacker = SnappyUnpacker()
        try forEachPiece { (piece) throws in
            let isGood = try unpacker.unpack(piece) { (bytes) throws(SnapshotFailure) in try reader.append(bytes) }
            guard isGood else { throw ServerFailure(message: SnapshotMessages.badCompression(path)) }
        }
        guard unpacker.isComplete else { throw SnapshotFailure(file: path, offset: 0, reason: .incomplete) }
    }

    /// Whether a file has a snapshot's end; a quick look that no damage before it can disturb.
    static func looksComplete(_ file: DataFolders.File) -> Bool {
        guard let input = try? InputFile(file.path) else { return false }
        switch file.compression {
        case .none: return input.bytes(ofLast: 5) == [0, 0, 0, 1, UInt8(ascii: "/")]
        case .gzip: return input.bytes(ofFirst: 2) == [0x1F, 0x8B]
        case .snappy: return input.bytes(ofFirst: 8) == SnappyStream.magic
        }
    }
}

/// A file that is read from front to back.
final class InputFile {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(ServerFailure) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ServerFailure(message: StorageMessages.unreadableFile(path, SystemError.last))
        }
    }

    deinit { systemClose(descriptor) }

    /// Hands the whole file over, a megabyte at a time; the buffer is reused.
    func forEachPiece(_ body: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = systemRead(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw ServerFailure(message: StorageMessages.unreadableFile(path, SystemError.last))
            }
            if count == 0 { return }
            try body(UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The whole file.
    func bytes() throws -> [UInt8] {
        var bytes: [UInt8] = []
        try forEachPiece { bytes.append(contentsOf: $0) }
        return bytes
    }

    func bytes(ofFirst count: Int) -> [UInt8] { bytes(count, at: 0) }

    func bytes(ofLast count: Int) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0, Int(status.st_size) >= count else { return [] }
        return bytes(count, at: Int(status.st_size) - count)
    }

    private func bytes(_ count: Int, at place: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard pread(descriptor, &bytes, count, off_t(place)) == count else { return [] }
        return bytes
    }
}
