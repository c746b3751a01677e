/// Turns Graphviz's SVG into one that can be read aloud, pointed at and shown in the dark.
///
/// One pass over the bytes, line by line. Graphviz's comments, ids and internal names go; the picture gets a role, a
/// title, a description and a style sheet; every part keeps its class and gets its tooltip as `<title>`.
package struct SVGFinisher {
    private var output: [UInt8] = []
    /// Where the words of the present part begin or end; `nil`: they are centred.
    private var anchor: StaticString?

    /// - Parameters:
    ///   - title: what the picture is called; any text.
    ///   - description: the picture in one paragraph; any text.
    ///   - styleSheet: CSS without `<` or `&`.
    package static func finish(_ svg: [UInt8], title: String, description: String, styleSheet: String) -> [UInt8] {
        var finisher = SVGFinisher()
        finisher.output.reserveCapacity(svg.count + styleSheet.utf8.count + 4_096)
        finisher.run(
            svg,
            opening: "<title id=\"zoolab-title\">\(escaped(title))</title>\n"
                + "<desc id=\"zoolab-description\">\(escaped(description))</desc>\n<style>\(styleSheet)</style>\n")
        return finisher.output
    }

    private mutating func run(_ svg: [UInt8], opening: String) {
        var position = 0
        var skipsToEndOf: StaticString?
        var isInRoot = false
        var isInLink = false
        var isAfterLink = false
        while position < svg.count {
            let end = svg[position...].firstIndex(of: 0x0A) ?? svg.count
            let line = svg[position..<end]
            position = end + 1
            if let tail = skipsToEndOf {
                if line.ends(with: tail) { skipsToEndOf = nil }
            } else if line.begins(with: "<!--") {
                if !line.ends(with: "-->") { skipsToEndOf = "-->" }
            } else if line.begins(with: "<!DOCTYPE") {
                if !line.ends(with: ">") { skipsToEndOf = ">" }
            } else if line.begins(with: "<svg") {
                append("<svg class=\"zoolab-figure\" role=\"img\" aria-labelledby=\"zoolab-title zoolab-description\"")
                append(line.dropFirst(4))
                isInRoot = !line.ends(with: ">")
                if !isInRoot { append(opening) }
            } else if isInRoot {
                append(line)
                if line.ends(with: ">") {
                    isInRoot = false
                    append(opening)
                }
            } else if line.begins(with: "<title>") {
                continue
            } else if line.begins(with: "<g id=\"a_") {
                appendTooltip(line)
                isInLink = true
            } else if isInLink, line.begins(with: "</a>") {
                (isInLink, isAfterLink) = (false, true)
            } else if isAfterLink, line.begins(with: "</g>") {
                isAfterLink = false
            } else if line.begins(with: "<g id=") {
                appendWithoutID(line)
                anchor = line.contains("fromLeft") ? "start" : line.contains("fromRight") ? "end" : nil
            } else if let anchor, line.begins(with: Self.centeredText) {
                append("<text text-anchor=\"\(anchor)\"")
                append(line.dropFirst(Self.centeredText.utf8CodeUnitCount))
            } else {
                append(line)
            }
        }
    }

    private static let centeredText: StaticString = "<text text-anchor=\"middle\""

    private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }

    private mutating func append(_ line: ArraySlice<UInt8>) {
        output.append(contentsOf: line)
        output.append(0x0A)
    }

    /// `<g id="node1" class="node state">` without the id; `<g id="graph0"` keeps its transform.
    private mutating func appendWithoutID(_ line: ArraySlice<UInt8>) {
        let quote = UInt8(ascii: "\"")
        guard let first = line.firstIndex(of: quote), let second = line[(first + 1)...].firstIndex(of: quote) else {
            return append(line)
        }
        append("<g")
        append(line[(second + 1)...])
    }

    /// `<g id="a_node1"><a xlink:title="…">` as `<title>…</title>`; the attribute is escaped already.
    private mutating func appendTooltip(_ line: ArraySlice<UInt8>) {
        guard let start = line.end(of: "xlink:title=\"") else { return }
        let end = line[start...].firstIndex(of: UInt8(ascii: "\"")) ?? line.endIndex
        append("<title>")
        output.append(contentsOf: line[start..<end])
        append("</title>\n")
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\n", "\t": result += " "
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension ArraySlice<UInt8> {
    fileprivate func begins(with text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount
            && text.withUTF8Buffer { bytes in
                for index in 0..<bytes.count where self[startIndex + index] != bytes[index] { return false }
                return true
            }
    }

    /// Just behind the first place where the text stands.
    fileprivate func end(of text: StaticString) -> Int? {
        guard count >= text.utf8CodeUnitCount else { return nil }
        return text.withUTF8Buffer { bytes in
            for start in startIndex...(endIndex - bytes.count) where self[start] == bytes[0] {
                if self[start..<(start + bytes.count)].elementsEqual(bytes) { return start + bytes.count }
            }
            return nil
        }
    }

    fileprivate func contains(_ text: StaticString) -> Bool { end(of: text) != nil }

    fileprivate func ends(with text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount
            && text.withUTF8Buffer { bytes in
                for index in 0..<bytes.count where self[endIndex - bytes.count + index] != bytes[index] { return false }
                return true
            }
    }
}
