import Bytes

/// One address or a block of them, IPv4 or IPv6: the id of an access rule of scheme `ip`.
struct AddressRange: Hashable, Sendable {
    private let bytes: [UInt8]
    private let bitCount: Int

    /// Reads “10.0.0.0/8”, “::1”, “2001:db8::/32”; `nil` for anything else.
    init?(_ text: ByteString) {
        let slash = text.bytes.firstIndex(of: UInt8(ascii: "/"))
        guard let bytes = Self.address(text.bytes[..<(slash ?? text.count)]) else { return nil }
        var bitCount = bytes.count * 8
        if let slash {
            guard let bits = Self.number(text.bytes[(slash + 1)...], radix: 10), bits <= bitCount else { return nil }
            bitCount = bits
        }
        (self.bytes, self.bitCount) = (bytes, bitCount)
    }

    /// Whether the address lies inside; the two families never meet.
    func contains(_ address: ByteString) -> Bool {
        guard let other = Self.address(address.bytes[...]), other.count == bytes.count else { return false }
        let whole = bitCount / 8
        guard bytes[..<whole] == other[..<whole] else { return false }
        let rest = bitCount % 8
        return rest == 0 || (bytes[whole] ^ other[whole]) >> UInt8(8 - rest) == 0
    }

    private static func address(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        text.contains(UInt8(ascii: ":")) ? sixth(text) : fourth(text)
    }

    private static func fourth(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { number($0, radix: 10) }.filter { $0 <= 255 }
        return parts.count == 4 && numbers.count == 4 ? numbers.map { UInt8($0) } : nil
    }

    private static func sixth(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let colon = UInt8(ascii: ":")
        var halves: [ArraySlice<UInt8>] = []
        var start = text.startIndex
        for index in text.indices.dropLast() where text[index] == colon && text[index + 1] == colon {
            guard index >= start else { return nil }  // “:::”
            halves.append(text[start..<index])
            start = index + 2
        }
        halves.append(text[start...])
        let groups = halves.map { $0.isEmpty ? [] : $0.split(separator: colon, omittingEmptySubsequences: false) }
        let count = groups.reduce(0) { $0 + $1.count }
        guard halves.count == 1 && count == 8 || halves.count == 2 && count < 8 else { return nil }
        let numbers = groups.map { $0.compactMap { $0.count <= 4 ? number($0, radix: 16) : nil } }
        guard numbers.reduce(0, { $0 + $1.count }) == count else { return nil }
        let filled = numbers.count == 1 ? numbers[0] : numbers[0] + Array(repeating: 0, count: 8 - count) + numbers[1]
        return filled.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }

    private static func number(_ text: ArraySlice<UInt8>, radix: Int) -> Int? {
        guard !text.isEmpty, text.count <= 5, text.first != UInt8(ascii: "+") else { return nil }
        guard let value = Int(String(decoding: text, as: UTF8.self), radix: radix), value >= 0 else { return nil }
        return value
    }
}
