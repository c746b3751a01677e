package import CommandLines
import EventLoop
import Foundation
import GraphvizRenderer
import LessonEngine
package import Messages
import Terminal

/// `zoolab doctor`: is everything there that lessons, pictures and grading need?
package struct DoctorCommand: Command {
    package static let name = "doctor"
    package static let summary = DoctorMessages.summary
    package static let help = DoctorMessages.help

    package init(_ arguments: inout ArgumentReader) throws {}

    package func run(_ context: CommandContext) async throws -> ExitCode {
        let findings = [
            content(context), progressFolder(context), pictures(), chineseFont(), terminal(context),
            lineEditing(context),
            swift(), python(context), sandbox(), encryption(),
        ]
        for finding in findings { context.write(finding.line(in: context.language)) }
        context.write("\n")
        if findings.contains(where: { $0.isProblem }) {
            context.print(DoctorMessages.hasProblems)
            return .fail
        }
        let isAllWell = findings.allSatisfy { $0.isFine }
        context.print(isAllWell ? DoctorMessages.allWell : DoctorMessages.remarksOnly)
        return .pass
    }
}

/// What the doctor says of one thing.
struct DoctorFinding {
    enum Outcome {
        case fine(LocalizedText)
        /// Only some people need it.
        case remark(LocalizedText)
        /// Lessons need it.
        case problem(LocalizedText)
    }

    var subject: LocalizedText
    var outcome: Outcome

    var isFine: Bool { if case .fine = outcome { true } else { false } }
    var isProblem: Bool { if case .problem = outcome { true } else { false } }

    func line(in language: Language) -> String {
        let (mark, detail) =
            switch outcome {
            case .fine(let detail): ("✓", detail)
            case .remark(let detail): ("!", detail)
            case .problem(let detail): ("✗", detail)
            }
        return switch language {
        case .english: "\(mark) \(subject.english): \(detail.english)\n"
        case .chinese: "\(mark) \(subject.chinese)：\(detail.chinese)\n"
        }
    }
}

extension DoctorCommand {
    func content(_ context: CommandContext) -> DoctorFinding {
        guard let root = context.contentRoot, FileManager.default.fileExists(atPath: root + "/Lessons") else {
            return DoctorFinding(subject: DoctorMessages.contentFound, outcome: .problem(DoctorMessages.contentMissing))
        }
        return DoctorFinding(subject: DoctorMessages.contentFound, outcome: .fine(LocalizedText(root, zh: root)))
    }

    func progressFolder(_ context: CommandContext) -> DoctorFinding {
        guard let store = ProgressStore(environment: context.environment) else {
            return DoctorFinding(
                subject: DoctorMessages.progressFolder, outcome: .remark(LessonMessages.noStateFolder))
        }
        let folder = URL(fileURLWithPath: store.path).deletingLastPathComponent().path
        return DoctorFinding(
            subject: DoctorMessages.progressFolder,
            outcome: FolderAccess.canMakeFiles(in: folder)
                ? .fine(LocalizedText(folder, zh: folder)) : .problem(DoctorMessages.progressNotWritable(folder)))
    }

    /// Draws a tiny picture in each format: the only proof that Graphviz has what it needs.
    func pictures() -> DoctorFinding {
        let dot = Array("digraph { a [pos=\"1,1!\"] }".utf8)
        var works: [String] = []
        for format in GraphvizRenderer.Format.allCases {
            do throws(DrawingFailure) {
                _ = try GraphvizRenderer.render(dot: dot, as: format)
                works.append(format.rawValue)
            } catch {
                // Lessons draw SVG; PNG and PDF are for slides.
                let outcome: DoctorFinding.Outcome = format == .svg ? .problem(error.message) : .remark(error.message)
                return DoctorFinding(subject: DoctorMessages.pictures, outcome: outcome)
            }
        }
        return DoctorFinding(
            subject: DoctorMessages.pictures, outcome: .fine(DoctorMessages.formats(works.joined(separator: ", "))))
    }

    func chineseFont() -> DoctorFinding {
        let fonts = output(of: ["fc-list", ":lang=zh", "family"])
        return DoctorFinding(
            subject: DoctorMessages.chineseFont,
            outcome: fonts?.isEmpty == false ? .fine(DoctorMessages.works) : .remark(DoctorMessages.chineseFontMissing))
    }

    func encryption() -> DoctorFinding {
        let version = TLSContext.libraryVersion
        return DoctorFinding(subject: DoctorMessages.encryption, outcome: .fine(LocalizedText(version, zh: version)))
    }

    func terminal(_ context: CommandContext) -> DoctorFinding {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy
            .compactMap { context.environment[$0] }
            .first { !$0.isEmpty }
        let isUTF8 = locale.map { $0.uppercased().contains("UTF-8") || $0.uppercased().contains("UTF8") } ?? false
        let outcome: DoctorFinding.Outcome =
            if context.isTerminal && !isUTF8 {
                .remark(DoctorMessages.terminalNotUTF8)
            } else if context.columns < 80 {
                .remark(DoctorMessages.terminalNarrow(columns: context.columns))
            } else {
                .fine(DoctorMessages.terminalSize(columns: context.columns))
            }
        return DoctorFinding(subject: DoctorMessages.terminal, outcome: outcome)
    }

    func lineEditing(_ context: CommandContext) -> DoctorFinding {
        let isDumb = context.isTerminal && ["", "dumb"].contains(context.environment["TERM", default: ""])
        return DoctorFinding(
            subject: DoctorMessages.lineEditing,
            outcome: isDumb
                ? .remark(DoctorMessages.dumbTerminal)
                : .fine(DoctorMessages.libedit(CommandPrompt.libraryVersion)))
    }

    func swift() -> DoctorFinding {
        guard let version = output(of: ["swiftc", "--version"])?.split(separator: "\n").first else {
            return DoctorFinding(subject: DoctorMessages.swift, outcome: .remark(DoctorMessages.swiftMissing))
        }
        return DoctorFinding(
            subject: DoctorMessages.swift, outcome: .fine(LocalizedText(String(version), zh: String(version))))
    }

    func sandbox() -> DoctorFinding {
        let works = output(of: ["bwrap", "--ro-bind", "/", "/", "--unshare-pid", "--unshare-net", "true"]) != nil
        return DoctorFinding(
            subject: DoctorMessages.sandbox,
            outcome: works ? .fine(DoctorMessages.works) : .remark(DoctorMessages.sandboxMissing))
    }

    /// The standard output of a command that ended well; `nil` where it is not installed or failed.
    private func output(of command: [String]) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? String(decoding: bytes, as: UTF8.self) : nil
    }

    func python(_ context: CommandContext) -> DoctorFinding {
        let interpreter =
            context.environment["ZOOLAB_PYTHON"] ?? context.contentRoot.map { $0 + "/.venv/bin/python" } ?? "python3"
        let version = output(of: [interpreter, "-c", "import kazoo; print('kazoo', kazoo.__version__)"])
        let text = version?.split(separator: "\n").first.map(String.init)
        return DoctorFinding(
            subject: DoctorMessages.python,
            outcome: text.map { .fine(LocalizedText($0, zh: $0)) } ?? .remark(DoctorMessages.pythonMissing))
    }
}
