/// Cuts a byte stream into lines.
struct LineSplitter {
    private var pending: [UInt8] = []
    /// Longest line in bytes; a longer one ends the stream for its reader.
    let limit: Int

    init(limit: Int) { self.limit = limit }

    /// The lines that are complete now, without line feeds; malformed UTF-8 is repaired.
    ///
    /// - Returns: `nil` once an unfinished line is longer than the limit.
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> [String]? {
        pending.append(contentsOf: bytes)
        var lines: [String] = []
        var start = 0
        while let end = pending[start...].firstIndex(of: UInt8(ascii: "\n")) {
            guard end - start <= limit else { return nil }
            lines.append(String(decoding: pending[start..<end], as: UTF8.self))
            start = end + 1
        }
        pending.removeFirst(start)
        return pending.count > limit ? nil : lines
    }
}
