import Messages
import StateMachines
import Terminal
import Testing

struct LineWrappingTests {
    private func wrap(_ text: String, _ width: Int) -> [String] {
        LineWrapping.wrap([Span(text)], width: width).map(\.text)
    }

    @Test func `Latin text breaks at spaces and inside hyphenated words`() {
        #expect(wrap("a two-phase commit", 8) == ["a two-", "phase", "commit"])
        #expect(wrap("zoolab run --draw x.svg", 12) == ["zoolab run", "--draw x.svg"])
        #expect(wrap("supercalifragilistic", 8) == ["supercal", "ifragili", "stic"])
        #expect(wrap("", 8) == [""])
        #expect(wrap("one\n\ntwo", 8) == ["one", "", "two"])
        #expect(wrap("spaces    vanish at ends   ", 10) == ["spaces", "vanish at", "ends"])
    }

    @Test func `Chinese breaks anywhere but beside punctuation`() {
        #expect(wrap("协调者崩溃，参与者等待。", 10) == ["协调者崩", "溃，参与者", "等待。"])
        #expect(wrap("他说「等待」，就一直等。", 10) == ["他说「等", "待」，就一", "直等。"])
        #expect(wrap("一二三四（五）", 10) == ["一二三四", "（五）"])
        #expect(wrap("一二三四五——六", 11) == ["一二三四五", "——六"])
        #expect(wrap("一二三四——五", 10) == ["一二三四——", "五"])
        #expect(wrap("一二三四……五", 10) == ["一二三四……", "五"])
        #expect(wrap("超过宽度的“引号”在此", 12) == ["超过宽度的", "“引号”在此"])
    }

    @Test func `mixed text breaks between the scripts but not inside words`() {
        #expect(wrap("先发PREPARE再发COMMIT。", 12) == ["先发PREPARE", "再发COMMIT。"])
        #expect(wrap("参与者 P1 回答 YES，然后等待", 14) == ["参与者 P1 回答", "YES，然后等待"])
    }

    @Test func `styles and links survive wrapping`() {
        let code = TextStyle(.code)
        let lines = LineWrapping.wrap([Span("run "), Span("one two", code, link: "https://a")], width: 7)
        #expect(
            lines == [
                StyledLine([Span("run "), Span("one", code, link: "https://a")]),
                StyledLine([Span("two", code, link: "https://a")]),
            ])
    }

    private static let pieces = [
        "两阶段", "提交", "，", "。", "（", "）", "「", "」", " ", "  ", "commit", "two-phase", "a", "--draw", "……", "——",
        "1000", "“", "”", "👩‍👩‍👧‍👦", "✅", "e\u{301}", "averyveryverylongword", "/some/file", ":", "\n",
    ]

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func `no line is too wide and no text is lost`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 0...40, using: &random))
                .map { _ in Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)] }.joined()
            let width = Int.random(in: 2...40, using: &random)
            let lines = wrap(text, width)
            let tooWide = lines.first { DisplayWidth.of($0) > width }
            #expect(tooWide == nil, "seed \(seed), width \(width), text ‘\(text)’")
            let (before, after) = (text.filter { !$0.isWhitespace }, lines.joined().filter { !$0.isWhitespace })
            #expect(before == after, "seed \(seed), width \(width)")
            #expect(lines.allSatisfy { !$0.hasSuffix(" ") }, "seed \(seed), width \(width), text ‘\(text)’")
        }
    }

    @Test func `output of a wider window keeps its rows`() {
        let output = "A sentence that is wider than this.\n  A    │──YES──▶│\n  B │"
        let lines = LineWrapping.fit(output: output, width: 14).map(\.text)
        #expect(lines == ["A sentence", "that is wider", "than this.", "  A    │──YES…", "  B │"])
    }

    @Test func `cutting keeps every space and cuts at the width`() {
        let lines = LineWrapping.cut("  a  b\nlonger line\n两阶段", width: 5).map(\.text)
        #expect(lines == ["  a  ", "b", "longe", "r lin", "e", "两阶", "段"])
    }

    @Test func `a command line is broken so that a shell can read it`() {
        let lines = LineWrapping.wrap(
            command: "zoolab run two-phase-commit --fault \"crash C at 5ms\"", prompt: Span("$ "), style: .plain,
            width: 32)
        #expect(lines.map(\.text) == ["$ zoolab run two-phase-commit \\", "    --fault \"crash C at 5ms\""])
        let narrow = LineWrapping.wrap(
            command: "zoolab run --fault 'a b' --nodes 2 x", prompt: Span("$ "), style: .plain, width: 22)
        #expect(narrow.map(\.text) == ["$ zoolab run \\", "    --fault 'a b' \\", "    --nodes 2 x"])
    }

    @Test func `control characters cannot reach the terminal`() {
        #expect(wrap("a\u{1B}[31mb\u{7}\tc\r\u{9B}", 40) == ["a[31mb    c"])
    }
}
