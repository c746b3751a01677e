import HTTPService
import Testing

struct JSONTests {
    @Test func `text is quoted and members keep their order`() {
        let value = JSON.object([
            JSON.Member("z", .text("a\"\\\n\u{1}é")), JSON.Member("a", .list([.integer(-1), .decimal(0.5), .null])),
            JSON.Member("e", .object([])), JSON.Member("i", .decimal(.infinity)), JSON.Member("b", .bool(true)),
        ])
        #expect(value.compactText == #"{"z":"a\"\\\n\u0001é","a":[-1,0.5,null],"e":{},"i":null,"b":true}"#)
        #expect(
            value.indentedText == #"""
                {
                  "z" : "a\"\\\n\u0001é",
                  "a" : [
                    -1,
                    0.5,
                    null
                  ],
                  "e" : {},
                  "i" : null,
                  "b" : true
                }
                """#)
    }
}
