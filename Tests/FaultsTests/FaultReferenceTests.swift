import Faults
import Goldens
import Messages
import Testing

struct FaultReferenceTests {
    @Test(arguments: zip(Language.allCases, ["faults.md", "faults.zh-CN.md"]))
    func `the reference page is what the table says`(language: Language, file: String) throws {
        #expect(try Golden.difference(FaultReference.page(in: language), file, in: "../../docs") == nil)
    }
}
