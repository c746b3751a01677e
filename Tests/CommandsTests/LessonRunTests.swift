import CommandLines
import Commands
import Foundation
import Messages
import Synchronization
import Testing

/// Plays the repository's lessons; every command in them must end as its lesson says.
struct LessonRunTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL.path

    /// The Chinese lessons run the same commands, which another test compares: playing one language runs them all.
    @Test func `every lesson plays to its end as it says`() async throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.root + "/Lessons").sorted()
        let identifiers = names.filter { $0.first?.isNumber == true }.map { $0.drop { $0.isNumber || $0 == "-" } }
        #expect(!identifiers.isEmpty)
        for identifier in identifiers {
            let folder = FileManager.default.temporaryDirectory.appending(path: "zoolab-play-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let output = Mutex("")
            let write: @Sendable (String) -> Void = { text in output.withLock { $0 += text } }
            let context = CommandContext(
                language: .english, environment: [:], isTerminal: false, columns: 80, usesColor: false,
                contentRoot: Self.root, write: write, writeError: write)
            let code = await ZooLabCommandLine.run(["learn", String(identifier), "--out", folder], in: context)
            #expect(code == .pass, "\(identifier):\n\(output.withLock { $0 })")
            let drawn = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(drawn.contains { $0.hasSuffix(".svg") }, "\(identifier) leaves a picture")
        }
    }
}
