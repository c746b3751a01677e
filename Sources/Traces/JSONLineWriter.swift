/// Writes JSON with a fixed order of fields, which no `JSONEncoder` promises, so that equal traces are equal bytes.
package struct JSONLineWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Bytes that are JSON already.
    package mutating func append(raw text: String) { bytes.append(contentsOf: text.utf8) }

    /// `"name":`, with a comma before it where the object already has a member.
    package mutating func append(name: String) {
        if let last = bytes.last, last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
        append(quoted: name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// A member; nothing where there is no value.
    package mutating func append(_ name: String, _ value: String?) {
        guard let value else { return }
        append(name: name)
        append(quoted: value)
    }

    /// A string.
    package mutating func append(quoted text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append(raw: "\\\"")
            case UInt8(ascii: "\\"): append(raw: "\\\\")
            case UInt8(ascii: "\n"): append(raw: "\\n")
            case UInt8(ascii: "\r"): append(raw: "\\r")
            case UInt8(ascii: "\t"): append(raw: "\\t")
            case 0..<0x20:
                append(raw: byte < 0x10 ? "\\u000" : "\\u00")
                append(raw: String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
