extension RawSpan {
    /// Whether both hold the same bytes; eight at a time.
    @inlinable public func hasSameBytes(as other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        var offset = 0
        // SAFETY: every load lies within `byteCount`, which both share.
        while offset + 8 <= byteCount {
            let left = unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let right = unsafe other.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if left != right { return false }
            offset += 8
        }
        while offset < byteCount {
            let left = unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            let right = unsafe other.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            if left != right { return false }
            offset += 1
        }
        return true
    }

    /// The byte at `offset`.
    /// - Precondition: `offset` is inside.
    @inlinable public func byte(at offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < byteCount, "byte outside of the span")
        // SAFETY: checked above.
        return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// Whether a byte is among them.
    @inlinable public func contains(_ wanted: UInt8) -> Bool {
        for offset in 0..<byteCount where byte(at: offset) == wanted { return true }
        return false
    }
}
