import Goldens
import StateMachines
import Terminal
import Testing

struct MarkdownTests {
    @Test(arguments: ["en", "zh"], [40, 80])
    func `a page looks as recorded`(language: String, width: Int) throws {
        let document = MarkdownDocument(parsing: try fixture("page.\(language).md"))
        let lines = MarkdownRenderer(width: width, showsLinkTargets: true).lines(of: document)
        let tooWide = lines.first { $0.width > width }
        #expect(tooWide == nil)
        #expect(try Golden.difference(Theme.plain.render(lines), "page.\(language).\(width).txt") == nil)
    }

    @Test func `a page in colour looks as recorded`() throws {
        let document = MarkdownDocument(parsing: try fixture("page.zh.md"))
        let lines = MarkdownRenderer(width: 60, showsLinkTargets: false).lines(of: document)
        let text = Theme.dark.render(lines).replacing("\u{1B}", with: "ESC")
        #expect(try Golden.difference(text, "page.zh.60.dark.txt") == nil)
    }

    @Test func `blocks know their lines`() {
        let document = MarkdownDocument(parsing: "# A\n\ntext\n\n```zoolab\nzoolab run x\n```\n")
        #expect(document.blocks.map(\.line) == [1, 3, 5])
        #expect(document.blocks.last?.content == .code(info: "zoolab", text: "zoolab run x\n"))
    }

    @Test func `a line feed between ideographs is no space`() {
        let lines = MarkdownRenderer(width: 80, showsLinkTargets: false)
            .lines(of: MarkdownDocument(parsing: "两阶段\n提交 and\nmore，\n再\nA：\n“好”\n，是的，\n1000 元"))
        #expect(lines.map(\.text) == ["两阶段提交 and more，再 A：“好”，是的，1000 元"])
    }

    private static let shapes = [
        "#", "##", "> ", "- ", "1. ", "|", "---", "```", "~~", "**", "*", "_", "[", "](", ")", "<b>", "<!--", "-->",
        "\n",
        "\n\n", "  ", "    ", "|-|-|", "| a | b |\n|---|:-:|\n", "文字", "text", "\\", "&amp;", "![", "`", "\u{0}",
        "\u{1B}[",
        "999999999999. ", "https://example.org", "\r\n", "\t",
    ]

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `no text crashes the renderer or overflows the line`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<150 {
            let text = (0..<Int.random(in: 0...60, using: &random))
                .map { _ in Self.shapes[Int.random(in: 0..<Self.shapes.count, using: &random)] }.joined()
            let width = Int.random(in: 2...60, using: &random)
            let lines = MarkdownRenderer(width: width, showsLinkTargets: true).lines(
                of: MarkdownDocument(parsing: text))
            let tooWide = lines.first { $0.width > width }
            #expect(tooWide == nil, "seed \(seed), width \(width): \(text.debugDescription)")
            let isClean = lines.allSatisfy { line in !line.text.unicodeScalars.contains { $0.value < 0x20 } }
            #expect(isClean, "seed \(seed): \(text.debugDescription)")
        }
    }

    @Test(arguments: [
        String(repeating: "> ", count: 3000) + "deep", String(repeating: "- ", count: 2000) + "deep",
        String(repeating: "*a ", count: 2000) + String(repeating: "b* ", count: 2000) + "deep",
        String(repeating: "[", count: 5000) + "deep",
        "| deep |\n|---|\n" + String(repeating: "| x ", count: 500) + "\n",
    ])
    func `deep nesting keeps its text`(text: String) {
        let lines = MarkdownRenderer(width: 60, showsLinkTargets: false).lines(of: MarkdownDocument(parsing: text))
        #expect(lines.contains { $0.text.contains("deep") })
    }
}
