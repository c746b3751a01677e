import Bytes
import Testing
import ZNodes

struct NodePathTests {
    @Test(arguments: [
        "/", "/a", "/a/b", "/.a", "/..a", "/a.", "/a b", "/é", "/中文", "/\u{A0}", "/\u{D7FF}", "/\u{F900}", "/\u{FFEF}",
        "/...",
    ])
    func `a good path`(path: String) { #expect(NodePath.isValid(ByteString(path))) }

    @Test(arguments: [
        "", "a", "a/b", "/a/", "//", "//a", "/a//b", "/.", "/..", "/a/.", "/a/../b", "/a/./b", "/\u{0}", "/a\u{1}",
        "/\u{1F}", "/\u{7F}", "/\u{9F}", "/\u{80}", "/\u{E000}", "/\u{F8FF}", "/\u{FFF0}", "/\u{FFFD}", "/😀",
    ])
    func `a bad path`(path: String) { #expect(!NodePath.isValid(ByteString(path))) }

    @Test(
        arguments: [[0x2F, 0xC3], [0x2F, 0x80], [0x2F, 0xC0, 0xAF], [0x2F, 0xE4, 0xB8], [0x2F, 0xED, 0xA0, 0x80]]
            as [[UInt8]])
    func `malformed UTF-8 is no path`(bytes: [UInt8]) { #expect(!NodePath.isValid(ByteString(bytes: bytes))) }

    @Test func `parents`() {
        #expect(NodePath.parent("/a") == "/")
        #expect(NodePath.parent("/a/b") == "/a")
        #expect(NodePath.parentLength("a") == nil)
    }

    @Test(
        arguments: [
            (0, "0000000000"), (42, "0000000042"), (Int32.max, "2147483647"), (-1, "-000000001"),
            (Int32.min, "-2147483648"),
        ] as [(Int32, String)])
    func `sequence numbers have ten digits`(number: Int32, suffix: String) {
        #expect(SequenceName.append(number, to: "/n-") == ByteString("/n-" + suffix))
    }
}
