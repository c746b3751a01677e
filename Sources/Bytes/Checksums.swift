import CZlib

/// The two checksums of ZooKeeper's files, by zlib.
public enum Checksum {
    /// Adler-32 of `bytes` (RFC 1950), continuing from `previous` (1 at the start).
    public static func adler32(_ bytes: some Sequence<UInt8>, continuing previous: UInt32 = 1) -> UInt32 {
        update(bytes, previous, with: CZlib.adler32)
    }

    /// CRC-32 of `bytes` (IEEE 802.3), continuing from `previous` (0 at the start).
    public static func crc32(_ bytes: some Sequence<UInt8>, continuing previous: UInt32 = 0) -> UInt32 {
        update(bytes, previous, with: CZlib.crc32)
    }

    /// The same of borrowed bytes.
    public static func crc32(_ bytes: RawSpan, continuing previous: UInt32 = 0) -> UInt32 {
        // SAFETY: the buffer does not outlive the call.
        unsafe bytes.withUnsafeBytes { unsafe crc32($0, continuing: previous) }
    }

    private static func update(
        _ bytes: some Sequence<UInt8>, _ previous: UInt32,
        with function: (uLong, UnsafePointer<Bytef>?, uInt) -> uLong
    ) -> UInt32 {
        let contiguous = bytes.withContiguousStorageIfAvailable { buffer in
            // zlib takes a null pointer as “start anew”, so an empty continuation never reaches it.
            buffer.isEmpty
                ? previous
                : UInt32(truncatingIfNeeded: function(uLong(previous), buffer.baseAddress, uInt(buffer.count)))
        }
        return contiguous ?? update(Array(bytes), previous, with: function)
    }
}
