import Diagrams
import Foundation
import GraphvizRenderer
import Messages
import StateMachines
import Testing
import Traces

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct DrawingTests {
    @Test(arguments: Fixture.allCases, Language.allCases)
    func `an SVG is well-formed and says what it shows`(fixture: Fixture, language: Language) throws {
        let pages = try Drawing.pages(
            of: try fixture.trace(), as: .svg, options: DiagramOptions(language: language))
        let outline = try SVGOutline(try #require(pages.first))
        #expect(pages.count == 1)
        #expect(outline.root["role"] == "img")
        #expect(outline.root["aria-labelledby"] == "zoolab-title zoolab-description")
        #expect(outline.texts["title"]?.first == (try fixture.trace()).header.title)
        #expect(outline.texts["desc"]?.first?.isEmpty == false)
        #expect(outline.texts["style"]?.first?.contains("prefers-color-scheme:dark") == true)
        #expect((outline.texts["title"]?.count ?? 0) > 30, "every part tells its event")
    }

    @Test func `what a message holds is shown as it is`() throws {
        let nasty = "<b> & \"quotes\" \\N \\l &lt; \u{1} 中文 \u{9F}]]>"
        let trace = Trace(
            header: TraceHeader(protocolName: "p", nodes: ["A", "B"], title: nasty),
            events: [
                Event(order: 1, time: .zero, kind: .send, node: "A", peer: "B", id: "m", label: nasty, payload: nasty),
                Event(order: 2, time: .milliseconds(2), kind: .receive, node: "B", id: "m", state: nasty),
            ])
        for order in DiagramOptions.Order.allCases {
            let options = DiagramOptions(language: .english, order: order)
            let outline = try SVGOutline(Drawing.pages(of: trace, as: .svg, options: options)[0])
            let shown = nasty.replacing("\u{1}", with: "\u{2401}").replacing("\u{9F}", with: "\u{FFFD}")
            #expect(outline.texts["title"]?.contains { $0.contains(shown) } == true)
            #expect(outline.texts["text"]?.contains(shown) == true)
            _ = try Drawing.pages(of: trace, as: .png, options: options)
        }
    }

    @Test func `random runs are well-formed too`() throws {
        for seed in [4, 9, 16] as [UInt64] {
            var random = SplitMix64(seed: seed)
            let trace = RandomRun.make(events: 120, using: &random)
            let svg = try Drawing.pages(of: trace, as: .svg, options: DiagramOptions(language: .english))[0]
            #expect(throws: Never.self, "seed=\(seed)") { try SVGOutline(svg) }
        }
    }

    @Test func `a PNG has two pixels a point, a PDF is one`() throws {
        let options = DiagramOptions(language: .chinese)
        let trace = try Fixture.violation.trace()
        let figure = Figure(of: trace, options: options)
        let png = try Drawing.pages(of: trace, as: .png, options: options)
        #expect(png.count == 1)
        #expect(png[0].starts(with: [0x89, 0x50, 0x4E, 0x47]))
        let size = PNGSize(png[0])
        #expect(abs(Double(size.width) - figure.width * 2) <= 2)
        #expect(abs(Double(size.height) - figure.height * 2) <= 2)
        let pdf = try Drawing.pages(of: trace, as: .pdf, options: options)
        #expect(pdf.count == 1 && pdf[0].starts(with: Array("%PDF-".utf8)))
    }

    @Test(arguments: [Drawing.Format.png, .svg, .dot])
    func `a run too long for a page fills several`(format: Drawing.Format) throws {
        let options = DiagramOptions(language: .english, pageHeight: 500)
        let folder = FileManager.default.temporaryDirectory.appending(path: "zoolab-draw-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "a.run.\(format.rawValue)").path
        let written = try Drawing.write(try Fixture.twoPhaseCommit.trace(), to: path, options: options)
        #expect(written.count > 2)
        #expect(written[1].hasSuffix("/a.run-2.\(format.rawValue)"))
        for file in written where format == .png {
            #expect(PNGSize(Array(try Data(contentsOf: URL(fileURLWithPath: file)))).height <= 1_002)
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64], [320.0, 700, 5_000])
    func `pages together show the whole run`(seed: UInt64, tallest: Double) {
        var random = SplitMix64(seed: seed)
        let trace = RandomRun.make(events: 300, using: &random)
        let figure = Figure(of: trace, options: DiagramOptions(language: .english))
        let pages = figure.pages(tallest: tallest, language: .english)
        var drawn: Set<Int> = []
        for page in pages {
            #expect(page.height <= tallest + 0.01, "seed=\(seed)")
            for lane in figure.lanes {
                let isNamed = page.labels.contains { label in
                    [.lane, .laneAgain].contains(label.style) && abs(label.box.center.x - lane.x) < 1
                }
                #expect(isNamed, "seed=\(seed)")
            }
            drawn.formUnion(page.labels.flatMap(\.events) + page.glyphs.flatMap(\.events))
            drawn.formUnion(page.arrows.flatMap(\.events) + page.bands.flatMap(\.events))
        }
        for event in trace.events where !drawn.contains(event.order) {
            Issue.record("seed=\(seed): event \(event.order) (\(event.kind)) is on no page")
        }
    }

    @Test func `the tallest PNG page is what Cairo can draw`() throws {
        let page = try #require(Drawing.Format.png.tallestPage)
        #expect(Int(page * Double(GraphvizRenderer.dotsPerInch) / 72) <= GraphvizRenderer.mostPixels)
    }

    @Test func `too many lanes for a PNG are refused, not scaled`() throws {
        let trace = Trace(header: TraceHeader(protocolName: "p", nodes: (1...150).map { "node \($0)" }))
        #expect(throws: DrawingFailure.self) {
            try Drawing.pages(of: trace, as: .png, options: DiagramOptions(language: .english))
        }
    }

    @Test(arguments: ["run", "run.", "run.gif", "folder.svg/run", ""])
    func `a name that says no format is refused`(path: String) {
        #expect(throws: DrawingFailure.unknownFormat(path: path)) { try Drawing.Format(path: path) }
    }

    @Test func `a folder that is not there is named`() throws {
        #expect(throws: DrawingFailure.self) {
            try Drawing.write(
                try Fixture.violation.trace(), to: "/no/such/folder/x.svg", options: DiagramOptions(language: .english))
        }
    }
}

/// Width and height from a PNG's header.
struct PNGSize {
    var width: Int
    var height: Int

    init(_ bytes: [UInt8]) {
        func number(at offset: Int) -> Int { bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) } }
        width = number(at: 16)
        height = number(at: 20)
    }
}

/// What an XML parser finds in an SVG.
struct SVGOutline {
    private(set) var root: [String: String] = [:]
    /// The text of every element, by its name.
    private(set) var texts: [String: [String]] = [:]

    init(_ bytes: [UInt8]) throws {
        let parser = XMLParser(data: Data(bytes))
        let reader = Reader()
        parser.delegate = reader
        guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
        root = reader.root
        texts = reader.texts
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var root: [String: String] = [:]
        var texts: [String: [String]] = [:]
        private var open: [String] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            if name == "svg" { root = attributes }
            open.append("")
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { open[open.count - 1] += string }

        func parser(
            _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
        ) {
            texts[name, default: []].append(open.removeLast())
        }
    }
}
