package import Diagrams

/// Turns Graphviz's SVG into one that can be read aloud, pointed at and shown in the dark.
///
/// One pass over the bytes, line by line. Graphviz's comments, ids and internal names go; the picture gets a role, a
/// title, a description and a style sheet; every part keeps its class and gets its tooltip as `<title>`.
package struct SVGFinisher {
    private let title: String
    private let description: String
    private let styleSheet: String
    private let tooltips: Figure.Tooltips
    private var output: [UInt8] = []
    /// Where the words of the present part begin or end; `nil`: they are centred.
    private var anchor: StaticString?

    /// - Parameters:
    ///   - title: what the picture is called; any text.
    ///   - description: the picture in one paragraph; any text.
    ///   - styleSheet: CSS without `<` or `&`.
    ///   - tooltips: by the numbers that Graphviz gave to nodes and edges.
    package static func finish(
        _ svg: [UInt8], title: String, description: String, styleSheet: String, tooltips: Figure.Tooltips
    ) -> [UInt8] {
        var finisher = SVGFinisher(title: title, description: description, styleSheet: styleSheet, tooltips: tooltips)
        finisher.output.reserveCapacity(svg.count + svg.count / 2)
        // SAFETY: no line outlives the call.
        svg.withUnsafeBufferPointer { finisher.run($0) }
        return finisher.output
    }

    private init(title: String, description: String, styleSheet: String, tooltips: Figure.Tooltips) {
        (self.title, self.description, self.styleSheet) = (title, description, styleSheet)
        self.tooltips = tooltips
    }

    private mutating func run(_ svg: Line) {
        var position = 0
        var skipsToEndOf: StaticString?
        var isInRoot = false
        while position < svg.count {
            let end = svg[position...].firstIndex(of: 0x0A) ?? svg.count
            let line = Line(rebasing: svg[position..<end])
            position = end + 1
            if let tail = skipsToEndOf {
                if line.ends(with: tail) { skipsToEndOf = nil }
            } else if line.begins(with: "<!--") {
                if !line.ends(with: "-->") { skipsToEndOf = "-->" }
            } else if line.begins(with: "<!DOCTYPE") {
                if !line.ends(with: ">") { skipsToEndOf = ">" }
            } else if line.begins(with: "<svg") {
                append("<svg class=\"zoolab-figure\" role=\"img\" aria-labelledby=\"zoolab-title zoolab-description\"")
                append(line.rest(from: 4))
                isInRoot = !line.ends(with: ">")
                if !isInRoot { appendOpening() }
            } else if isInRoot {
                append(line)
                if line.ends(with: ">") {
                    isInRoot = false
                    appendOpening()
                }
            } else if line.begins(with: "<title>") {
                continue
            } else if line.begins(with: "<g id=") {
                appendGroup(line)
                anchor = line.contains("fromLeft") ? "start" : line.contains("fromRight") ? "end" : nil
            } else if let anchor, line.begins(with: Self.centeredText) {
                append("<text text-anchor=\"\(anchor)\"")
                append(line.rest(from: Self.centeredText.utf8CodeUnitCount))
            } else {
                append(line)
            }
        }
    }

    private static let centeredText: StaticString = "<text text-anchor=\"middle\""

    private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }

    private mutating func append(_ line: Line) {
        output.append(contentsOf: line)
        output.append(0x0A)
    }

    private mutating func appendOpening() {
        append("<title id=\"zoolab-title\">")
        appendEscaped(title)
        append("</title>\n<desc id=\"zoolab-description\">")
        appendEscaped(description)
        append("</desc>\n<style>\(styleSheet)</style>\n")
    }

    /// `<g id="node1" class="node state">` without the id, followed by the tooltip that belongs to it.
    private mutating func appendGroup(_ line: Line) {
        let quote = UInt8(ascii: "\"")
        guard let first = line.firstIndex(of: quote), let second = line[(first + 1)...].firstIndex(of: quote) else {
            return append(line)
        }
        append("<g")
        append(line.rest(from: second + 1))
        let id = Line(rebasing: line[(first + 1)..<second])
        let words = words("node", id, tooltips.ofNodes) ?? words("edge", id, tooltips.ofEdges) ?? ""
        guard !words.isEmpty else { return }
        append("<title>")
        appendEscaped(words)
        append("</title>\n")
    }

    /// The tooltip with the number that stands behind `kind` in an id.
    private func words(_ kind: StaticString, _ id: Line, _ list: [String]) -> String? {
        guard id.begins(with: kind) else { return nil }
        var number = 0
        for digit in id.rest(from: kind.utf8CodeUnitCount) { number = number * 10 + Int(digit &- UInt8(ascii: "0")) }
        return list.indices.contains(number - 1) ? list[number - 1] : nil
    }

    /// Text as content of an element. A control character becomes its picture, what else XML cannot hold U+FFFD.
    private mutating func appendEscaped(_ text: String) {
        var last: (UInt8, UInt8) = (0, 0)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): append("&amp;")
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: ">"): append("&gt;")
            case UInt8(ascii: "\n"): append("&#10;")
            case UInt8(ascii: "\t"): append(" ")
            case 0..<0x20: append(String(Unicode.Scalar(0x2400 + UInt32(byte))!))
            case 0x7F: append("\u{FFFD}")
            case 0x80..<0xA0 where last.1 == 0xC2:
                output.removeLast()
                append("\u{FFFD}")
            case 0xBE...0xBF where last == (0xEF, 0xBF):
                output.removeLast(2)
                append("\u{FFFD}")
            default: output.append(byte)
            }
            last = (last.1, byte)
        }
    }
}

/// A line of the source, borrowed from it.
private typealias Line = UnsafeBufferPointer<UInt8>

extension Line {
    fileprivate func rest(from start: Int) -> Line { Line(rebasing: self[start...]) }

    fileprivate func begins(with text: StaticString) -> Bool {
        text.withUTF8Buffer { count >= $0.count && Line(rebasing: self[..<$0.count]).elementsEqual($0) }
    }

    fileprivate func ends(with text: StaticString) -> Bool {
        text.withUTF8Buffer { count >= $0.count && rest(from: count - $0.count).elementsEqual($0) }
    }

    fileprivate func contains(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { word in
            guard count >= word.count else { return false }
            for start in 0...(count - word.count) where self[start] == word[0] {
                if Line(rebasing: self[start..<(start + word.count)]).elementsEqual(word) { return true }
            }
            return false
        }
    }
}
