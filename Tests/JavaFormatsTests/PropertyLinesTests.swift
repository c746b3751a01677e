import JavaFormats
import Testing

struct PropertyLinesTests {
    @Test func `lines are read as Java reads them`() {
        let text = """
            # A remark.
            ! Another.

              a = 1
            b:2
            c 3
            d.e=f, \\
                g
            h\\=i=j\\tk
            u=\\u4f60
            word
            """
        let lines = Array(PropertyLines(text))
        #expect(lines.map(\.key) == ["a", "b", "c", "d.e", "h=i", "u", "word"])
        #expect(lines.map(\.value) == ["1", "2", "3", "f, g", "j\tk", "你", ""])
        #expect(lines.map(\.line) == [4, 5, 6, 7, 9, 10, 11])
        #expect(lines.map(\.hasSeparator) == [true, true, true, true, true, true, false])
    }
}
