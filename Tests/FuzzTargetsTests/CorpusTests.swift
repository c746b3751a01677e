import Foundation
import FuzzTargets
import Testing

/// Every input of `Fuzz/Corpora` once: where fuzzing begins, and what it has found.
struct CorpusTests {
    private static let corpora = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzz/Corpora")

    private static func files(_ target: FuzzTarget) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: corpora.appending(path: target.rawValue), includingPropertiesForKeys: nil
        ).sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    @Test(arguments: FuzzTarget.allCases)
    func `every promise holds for every input that is kept`(target: FuzzTarget) throws {
        let files = try Self.files(target)
        #expect(!files.isEmpty)
        for file in files {
            let input = [UInt8](try Data(contentsOf: file))
            do throws(FuzzFinding) {
                try target.check(input)
            } catch {
                Issue.record("Fuzz/Corpora/\(target.rawValue)/\(file.lastPathComponent): \(error)")
            }
        }
    }

    @Test(arguments: FuzzTarget.allCases) func `inputs that are cut short or changed keep them too`(target: FuzzTarget)
        throws
    {
        for file in try Self.files(target) {
            let input = [UInt8](try Data(contentsOf: file))
            for variant in Self.variants(of: input) {
                do throws(FuzzFinding) {
                    try target.check(variant)
                } catch {
                    Issue.record(
                        "a variant of Fuzz/Corpora/\(target.rawValue)/\(file.lastPathComponent): \(error); \(variant)")
                }
            }
        }
    }

    /// A few, always the same: half of it, twice it, and one byte after the other set to a bad value.
    private static func variants(of input: [UInt8]) -> [[UInt8]] {
        guard !input.isEmpty else { return [] }
        let places = stride(from: 0, to: input.count, by: max(1, input.count / 12))
        let changed = places.flatMap { place in
            [0x00, 0x7F, 0xFF].map { (byte: UInt8) in
                var copy = input
                copy[place] = byte
                return copy
            }
        }
        return [Array(input.prefix(input.count / 2)), input + input] + changed
    }
}
