import CommandLines
import Messages
import Testing

struct ArgumentReaderTests {
    @Test func `options and positionals come in any order`() throws {
        var reader = ArgumentReader(["--seed=7", "scene", "--fault", "drop", "--fault=heal", "--json", "-o", "x.svg"])
        let seed = try reader.number("--seed", in: 0...UInt64.max)
        let faults = try reader.options("--fault")
        let output = try reader.option("-o", "--output")
        let isJSON = reader.flag("--json")
        let positional = reader.positional()
        #expect(seed == 7)
        #expect(faults == ["drop", "heal"])
        #expect(output == "x.svg")
        #expect(isJSON)
        #expect(positional == "scene")
        try reader.finish()
    }

    @Test func `what nobody took is refused by name`() {
        let reader = ArgumentReader(["--sede", "7"])
        #expect(throws: UsageError.self) { try reader.finish() }
    }

    @Test(arguments: [["--seed"], ["--seed", "many"], ["--seed", "-1"]])
    func `a bad number is a usage error`(arguments: [String]) {
        var reader = ArgumentReader(arguments)
        #expect(throws: UsageError.self) { _ = try reader.number("--seed", in: 0...UInt64.max) }
    }
}
