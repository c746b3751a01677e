/// JSON to be written: members stay in their order.
package indirect enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case decimal(Double)
    case text(String)
    case list([JSON])
    case object([Member])

    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: JSON

        package init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    package static func integer(_ number: Int) -> JSON { .integer(Int64(number)) }

    /// On one line, without spaces.
    package var compactText: String {
        var text = ""
        write(into: &text, indent: nil)
        return text
    }

    /// Indented by two spaces, as ZooKeeper's admin server writes it.
    package var indentedText: String {
        var text = ""
        write(into: &text, indent: 0)
        return text
    }

    private func write(into text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        // JSON knows neither infinity nor NaN.
        case .decimal(let value): text += value.isFinite ? "\(value)" : "null"
        case .text(let value): Self.quote(value, into: &text)
        case .list(let elements):
            Self.writeGroup("[", elements, "]", into: &text, indent: indent) { element, text, inner in
                element.write(into: &text, indent: inner)
            }
        case .object(let members):
            Self.writeGroup("{", members, "}", into: &text, indent: indent) { member, text, inner in
                Self.quote(member.name, into: &text)
                text += inner == nil ? ":" : " : "
                member.value.write(into: &text, indent: inner)
            }
        }
    }

    private static func writeGroup<Element>(
        _ opening: String, _ elements: [Element], _ closing: String, into text: inout String, indent: Int?,
        _ write: (Element, inout String, Int?) -> Void
    ) {
        text += opening
        let inner = indent.map { $0 + 1 }
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: "  ", count: inner) }
            write(element, &text, inner)
        }
        if let indent, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
        text += closing
    }

    private static func quote(_ value: String, into text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
