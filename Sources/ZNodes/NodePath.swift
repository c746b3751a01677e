package import Bytes

/// The rules for paths.
package enum NodePath {
    /// Nodes that every tree has and nobody may delete.
    package static func isBuiltIn(_ path: ByteString) -> Bool {
        path.count == 1 && path.bytes[0] == slash || builtIn.contains(path)
    }

    private static let builtIn: [ByteString] = ["/zookeeper", "/zookeeper/quota", "/zookeeper/config"]

    /// Begins with a slash, does not end with one (but for the root), has no empty, “.” or “..” component, is
    /// well-formed UTF-8, and has none of U+0000–001F, 007F–009F, D800–F8FF, FFF0–FFFF, nor anything above.
    package static func isValid(_ path: ByteString) -> Bool {
        let bytes = path.bytes
        guard bytes.first == slash else { return false }
        if bytes.count == 1 { return true }
        var componentStart = 1
        var index = 1
        while index < bytes.count {
            let byte = bytes[index]
            if byte == slash {
                guard isValidComponent(bytes, componentStart..<index) else { return false }
                componentStart = index + 1
                index += 1
            } else if byte < 0x80 {
                guard byte > 0x1F, byte != 0x7F else { return false }
                index += 1
            } else {
                guard let length = lengthOfAllowedCharacter(bytes, at: index) else { return false }
                index += length
            }
        }
        return isValidComponent(bytes, componentStart..<bytes.count)
    }

    /// Bytes of the parent's path; 0 for children of the root, `nil` for a path without a slash.
    package static func parentLength(_ path: ByteString) -> Int? { path.bytes.lastIndex(of: slash) }

    /// The parent's path as clients write it.
    package static func parent(_ path: ByteString) -> ByteString {
        guard let length = parentLength(path), length > 0 else { return "/" }
        return ByteString(bytes: Array(path.bytes[..<length]))
    }

    /// The same of borrowed bytes.
    /// - Precondition: the path begins with a slash, or has one further on.
    @_lifetime(copy path)
    package static func parent(_ path: RawSpan) -> RawSpan {
        var length = path.byteCount - 1
        while length > 0, path.byte(at: length) != slash { length -= 1 }
        return path.extracting(0..<max(length, 1))
    }

    static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    private static func isValidComponent(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard let first = range.first else { return false }
        guard bytes[first] == dot, range.count <= 2 else { return true }
        return range.count == 2 && bytes[first + 1] != dot
    }

    private static func lengthOfAllowedCharacter(_ bytes: [UInt8], at index: Int) -> Int? {
        func continuation(_ offset: Int) -> UInt32? {
            guard index + offset < bytes.count, bytes[index + offset] & 0xC0 == 0x80 else { return nil }
            return UInt32(bytes[index + offset] & 0x3F)
        }
        let lead = bytes[index]
        switch lead {
        case 0xC2...0xDF:
            guard let low = continuation(1) else { return nil }
            return UInt32(lead & 0x1F) << 6 | low >= 0xA0 ? 2 : nil
        case 0xE0...0xEF:
            guard let middle = continuation(1), let low = continuation(2) else { return nil }
            let scalar = UInt32(lead & 0x0F) << 12 | middle << 6 | low
            return scalar >= 0x800 && !(0xD800...0xF8FF).contains(scalar) && scalar < 0xFFF0 ? 3 : nil
        default:
            return nil  // Stray continuation, overlong form, or a character beyond 16 bits.
        }
    }
}

/// The names of sequential nodes.
package enum SequenceName {
    /// `path` followed by the number in ten digits, padded with zeros; a negative one keeps its sign and padding.
    package static func append(_ number: Int32, to path: ByteString) -> ByteString {
        let digits = String(number.magnitude)
        let width = number < 0 ? 9 : 10
        var bytes = path.bytes
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, width - digits.utf8.count)))
        bytes.append(contentsOf: digits.utf8)
        return ByteString(bytes: bytes)
    }
}
