package import Bytes

/// A record of the protocol: its fields in order, without tags, length or padding.
package protocol JuteRecord: Hashable, Sendable {
    init(from reader: inout ByteReader) throws(ByteError)
    func encode(into writer: inout ByteWriter)
}

extension JuteRecord {
    /// The record's bytes, alone.
    package var encoded: [UInt8] {
        var writer = ByteWriter()
        encode(into: &writer)
        return writer.bytes
    }
}

extension ByteReader {
    /// A vector of records; `nil` for count −1.
    /// - Parameter elementSize: the least bytes one element takes.
    @_lifetime(self: copy self)
    package mutating func readVector<Element: JuteRecord>(
        of type: Element.Type, elementSize: Int
    ) throws(ByteError) -> [Element]? {
        guard let count = try readCount(elementSize: elementSize) else { return nil }
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try Element(from: &self)) }
        return elements
    }

    /// A vector of strings; `nil` for count −1.
    @_lifetime(self: copy self)
    package mutating func readStrings() throws(ByteError) -> [ByteString]? {
        guard let count = try readCount(elementSize: 4) else { return nil }
        var strings: [ByteString] = []
        strings.reserveCapacity(count)
        for _ in 0..<count { strings.append(try readString()) }
        return strings
    }
}

extension ByteWriter {
    package mutating func writeVector(_ elements: [some JuteRecord]?) {
        guard let elements else { return write(Int32(-1)) }
        write(Int32(elements.count))
        for element in elements { element.encode(into: &self) }
    }

    package mutating func writeStrings(_ strings: [ByteString]?) {
        guard let strings else { return write(Int32(-1)) }
        write(Int32(strings.count))
        for string in strings { writeString(string) }
    }
}
