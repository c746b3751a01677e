import CZlib

/// The two checksums of ZooKeeper's files, by zlib.
///
/// One function for each form of bytes, none of them generic: a generic one would run unspecialised in other modules, at
/// several times the price of a short checksum.
public enum Checksum {
    /// Adler-32 of `bytes` (RFC 1950), continuing from `previous` (1 at the start).
    public static func adler32(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 1) -> UInt32 {
        // zlib takes a null pointer as “start anew”, so an empty continuation never reaches it.
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return previous }
        let sum = unsafe CZlib.adler32(uLong(previous), start.assumingMemoryBound(to: Bytef.self), uInt(bytes.count))
        return UInt32(truncatingIfNeeded: sum)
    }

    public static func adler32(_ bytes: [UInt8], continuing previous: UInt32 = 1) -> UInt32 {
        bytes.withUnsafeBytes { adler32($0, continuing: previous) }
    }

    public static func adler32(_ bytes: ArraySlice<UInt8>, continuing previous: UInt32 = 1) -> UInt32 {
        bytes.withUnsafeBytes { adler32($0, continuing: previous) }
    }

    public static func adler32(_ bytes: RawSpan, continuing previous: UInt32 = 1) -> UInt32 {
        // SAFETY: the buffer does not outlive the call.
        unsafe bytes.withUnsafeBytes { unsafe adler32($0, continuing: previous) }
    }

    /// CRC-32 of `bytes` (IEEE 802.3), continuing from `previous` (0 at the start).
    public static func crc32(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return previous }
        if bytes.count <= shortRun { return unsafe shortCRC32(bytes, previous) }
        let sum = unsafe CZlib.crc32(uLong(previous), start.assumingMemoryBound(to: Bytef.self), uInt(bytes.count))
        return UInt32(truncatingIfNeeded: sum)
    }

    public static func crc32(_ bytes: [UInt8], continuing previous: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { crc32($0, continuing: previous) }
    }

    public static func crc32(_ bytes: RawSpan, continuing previous: UInt32 = 0) -> UInt32 {
        // SAFETY: the buffer does not outlive the call.
        unsafe bytes.withUnsafeBytes { unsafe crc32($0, continuing: previous) }
    }

    // MARK: Short runs

    /// zlib works on five words in parallel, which pays for long runs only: it takes the last forty bytes of every run one
    /// by one. A write of a small node needs five checksums of some sixty bytes, for which eight bytes at once are
    /// three times as fast.
    private static let shortRun = 256

    /// Entry 256 × *k* + *b* is the checksum of the byte *b* with *k* zeros behind it.
    ///
    /// SAFETY: filled before anybody sees it, never changed afterwards, never freed.
    nonisolated(unsafe) private static let slices: UnsafePointer<UInt32> = {
        let slices = UnsafeMutablePointer<UInt32>.allocate(capacity: 8 * 256)
        for byte in 0..<256 {
            slices[byte] = (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0xEDB8_8320 }
        }
        for index in 256..<8 * 256 {
            let shorter = slices[index - 256]
            slices[index] = shorter >> 8 ^ slices[Int(shorter & 0xFF)]
        }
        return UnsafePointer(slices)
    }()

    /// Slicing by eight (Kounavis and Berry, "A systematic approach to building high performance software-based CRC
    /// generators", ISCC 2005).
    private static func shortCRC32(_ bytes: UnsafeRawBufferPointer, _ previous: UInt32) -> UInt32 {
        let slices = unsafe slices
        var sum = ~previous
        var offset = 0
        // SAFETY: loads stay below `count`; a slice has an entry for every byte.
        while offset + 8 <= bytes.count {
            let loaded = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let word = UInt64(littleEndian: loaded) ^ UInt64(sum)
            func slice(_ zeros: Int, _ shift: UInt64) -> UInt32 {
                unsafe slices[zeros * 256 + Int(truncatingIfNeeded: word >> shift & 0xFF)]
            }
            sum = slice(7, 0) ^ slice(6, 8) ^ slice(5, 16) ^ slice(4, 24)
            sum ^= slice(3, 32) ^ slice(2, 40) ^ slice(1, 48) ^ slice(0, 56)
            offset += 8
        }
        while offset < bytes.count {
            sum = unsafe sum >> 8 ^ slices[Int(UInt8(truncatingIfNeeded: sum) ^ bytes[offset])]
            offset += 1
        }
        return ~sum
    }
}
