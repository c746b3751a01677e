import Messages
import Testing

struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("zoolab", 6), ("两阶段提交", 10), ("提交 COMMIT，", 13), ("Ａ１", 4), ("ｱｲｳ", 3), ("한글", 4),
        ("ねこ", 4), ("e\u{301}", 1), ("\u{301}", 0), ("\u{200B}", 0), ("─│┌", 3), ("“”…—", 4), ("「」（）", 8),
        ("👍", 2), ("👍🏽", 2), ("👩‍👩‍👧‍👦", 2), ("🇨🇳", 2), ("❤️", 2), ("❤", 1), ("1️⃣", 2), ("✅", 2), ("✓", 1), ("⚠", 1),
        ("\u{1100}\u{1161}", 2), ("か\u{3099}", 2), ("𠮷", 2), ("　", 2), ("\t\u{1B}", 0), ("é", 1), ("ﬀ", 1),
    ])
    func `columns of a text`(text: String, columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test func `widths of characters add up`() {
        for text in ["两阶段提交 two-phase commit ✅", "👩‍👩‍👧‍👦 и e\u{301}"] {
            #expect(DisplayWidth.of(text) == text.map { DisplayWidth.of($0) }.reduce(0, +))
        }
    }
}
