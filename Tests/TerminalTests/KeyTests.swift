import Terminal
import Testing

struct KeyTests {
    @Test(
        arguments: [
            ([0x20], [Key.character(" ")]),
            ([0x0D], [.enter]), ([0x0A], [.enter]), ([0x7F], [.backspace]), ([0x03], [.interrupt]),
            ([0x04], [.control("d")]),
            ([0x1B, 0x5B, 0x41], [.up]), ([0x1B, 0x4F, 0x42], [.down]), ([0x1B, 0x5B, 0x35, 0x7E], [.pageUp]),
            ([0x1B, 0x5B, 0x31, 0x3B, 0x35, 0x43], [.right]),
            ([0x1B, 0x5B, 0x33, 0x7E, 0x61], [.delete, .character("a")]),
            (Array("中🙂é".utf8), [.character("中"), .character("🙂"), .character("é")]),
            ([0xFF, 0x61], [.character("a")]), ([0xE4, 0x61], [.character("a")]),
            ([0xED, 0xA0, 0x80, 0x62], [.character("b")]),
            ([0x1B, 0x71], [.escape, .character("q")]),
            ([0x1B, 0x5B, 0x39, 0x39, 0x7E, 0x71], [.character("q")]),
        ] as [([UInt8], [Key])])
    func `bytes become keys`(bytes: [UInt8], keys: [Key]) {
        var whole = KeyDecoder()
        #expect(whole.feed(bytes) == keys)
        #expect(!whole.isInsideSequence)
        var piecewise = KeyDecoder()
        #expect(bytes.flatMap { piecewise.feed([$0]) } == keys, "one byte at a time")
    }

    @Test func `a lone escape is a key once nothing follows`() {
        var decoder = KeyDecoder()
        #expect(decoder.feed([0x1B]) == [])
        #expect(decoder.isInsideSequence)
        #expect(decoder.flush() == [.escape])
        #expect(decoder.flush() == [])
    }

    @Test func `an endless sequence is dropped`() {
        var decoder = KeyDecoder()
        #expect(decoder.feed([0x1B, 0x5B] + [UInt8](repeating: 0x31, count: 100)) == [])
        #expect(decoder.feed(Array("q".utf8)).contains(.character("q")))
    }

    @Test func `a line is typed, corrected and finished`() {
        var editor = LineEditor()
        for character in "crash 甲x" { #expect(editor.handle(.character(character)) == .typing) }
        #expect(editor.handle(.backspace) == .typing)
        #expect(editor.text == "crash 甲")
        #expect(editor.handle(.control("w")) == .typing)
        #expect(editor.text == "crash ")
        #expect(editor.handle(.control("u")) == .typing)
        #expect(editor.text == "")
        #expect(editor.handle(.resize) == .redraw)
        #expect(editor.handle(.enter) == .done)
        #expect(editor.handle(.control("d")) == .ended)
        #expect(editor.handle(.interrupt) == .interrupted)
    }
}
