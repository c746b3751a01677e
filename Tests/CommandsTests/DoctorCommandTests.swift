import CommandLines
import Commands
import Foundation
import Messages
import Synchronization
import Testing

struct DoctorCommandTests {
    private static let subjects = [
        DoctorMessages.contentFound, DoctorMessages.progressFolder, DoctorMessages.pictures,
        DoctorMessages.chineseFont, DoctorMessages.terminal, DoctorMessages.lineEditing, DoctorMessages.swift,
        DoctorMessages.python, DoctorMessages.sandbox, DoctorMessages.encryption,
    ]

    /// Asks the doctor about a machine with these surroundings.
    private static func examine(
        _ arguments: [String] = [], language: Language, environment: [String: String] = [:],
        content: String? = nil, columns: Int = 80, isTerminal: Bool = false
    ) async -> (code: ExitCode, text: String) {
        let text = Mutex("")
        let write: @Sendable (String) -> Void = { more in text.withLock { $0 += more } }
        let context = CommandContext(
            language: language, environment: environment, isTerminal: isTerminal, columns: columns, usesColor: false,
            contentRoot: content, write: write, writeError: write)
        let code = await ZooLabCommandLine.run(["doctor"] + arguments, in: context)
        return (code, text.withLock { $0 })
    }

    private static func folder(holding names: String...) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "zoolab-doctor-\(UUID().uuidString)").path
        for name in [""] + names {
            try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
        }
        return path
    }

    @Test(arguments: Language.allCases)
    func `one line for everything, and a last sentence`(language: Language) async throws {
        let home = try Self.folder(holding: "Lessons")
        defer { try? FileManager.default.removeItem(atPath: home) }
        let (code, text) = await Self.examine(language: language, environment: ["HOME": home], content: home)
        #expect(code == .pass)
        let lines = text.split(separator: "\n")
        #expect(lines.count == Self.subjects.count + 1)
        for (line, subject) in zip(lines, Self.subjects) {
            #expect("✓!✗".contains(line.first!))
            #expect(line.dropFirst(2).hasPrefix(subject.text(in: language)), "\(line)")
        }
        #expect(text.contains("✓ " + DoctorMessages.contentFound.text(in: language)))
        let hasRemark = lines.contains { $0.hasPrefix("!") }
        #expect(
            lines.last.map(String.init)
                == (hasRemark ? DoctorMessages.remarksOnly : DoctorMessages.allWell).text(in: language))
        #expect(try FileManager.default.contentsOfDirectory(atPath: home) == ["Lessons"], "it changes nothing")
    }

    @Test(arguments: Language.allCases)
    func `what lessons need and is missing is a failure`(language: Language) async throws {
        let home = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: home) }
        try Data().write(to: URL(filePath: home + "/state"))  // A file where a folder should be.
        let (code, text) = await Self.examine(
            language: language, environment: ["XDG_STATE_HOME": home + "/state"], content: home)
        #expect(code == .fail)
        #expect(text.contains(DoctorMessages.contentMissing.text(in: language)))
        #expect(text.contains(DoctorMessages.progressNotWritable(home + "/state/zoolab").text(in: language)))
        #expect(text.hasSuffix(DoctorMessages.hasProblems.text(in: language) + "\n"))
    }

    @Test(arguments: Language.allCases)
    func `the terminal is judged`(language: Language) async throws {
        let narrow = await Self.examine(language: language, columns: 60)
        #expect(narrow.text.contains("! " + DoctorMessages.terminal.text(in: language)))
        #expect(narrow.text.contains(DoctorMessages.terminalNarrow(columns: 60).text(in: language)))
        let latin = await Self.examine(
            language: language, environment: ["LC_ALL": "de_DE.ISO-8859-1"], isTerminal: true)
        #expect(latin.text.contains(DoctorMessages.terminalNotUTF8.text(in: language)))
        #expect(latin.text.contains(LessonMessages.noStateFolder.text(in: language)))
    }

    @Test(arguments: Language.allCases)
    func `a wrong argument is refused`(language: Language) async {
        let (code, text) = await Self.examine(["more"], language: language)
        #expect(code == .usage)
        #expect(text == CommandMessages.unexpectedArgument("more").text(in: language) + "\n")
    }

    /// Where Graphviz has no plugins and the path leads to no program, the lessons still run.
    @Test(arguments: Language.allCases)
    func `without plugins and programs it says what to install`(language: Language) throws {
        let empty = try Self.folder(holding: "Lessons")
        defer { try? FileManager.default.removeItem(atPath: empty) }
        let result = try ZooLabProcess.run(
            ["doctor", "--lang", language.rawValue],
            environment: ["GVBINDIR": empty, "PATH": empty, "ZOOLAB_HOME": empty, "HOME": empty, "XDG_STATE_HOME": ""])
        #expect(result.code == 0, "\(result.text)")
        for remark in [
            DrawMessages.missingFormat("png"), DoctorMessages.chineseFontMissing, DoctorMessages.swiftMissing,
            DoctorMessages.pythonMissing, DoctorMessages.sandboxMissing,
        ] {
            #expect(result.text.contains(remark.text(in: language)), "\(result.text)")
        }
    }
}
