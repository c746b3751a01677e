import CommandLines
import Foundation
import LessonEngine
import Messages
import Synchronization
import Terminal

/// `zoolab learn`: the list of lessons, and one lesson step by step.
struct LearnCommand: Command {
    static let name = "learn"
    static let summary = LearnMessages.summary
    static let help = LearnMessages.help

    private var lesson: String?
    private var isAutomatic: Bool
    private var firstStep: Int?
    private var isReset: Bool
    private var outputFolder: String

    init(_ arguments: inout ArgumentReader) throws {
        isAutomatic = arguments.flag("--auto")
        isReset = arguments.flag("--reset")
        firstStep = try arguments.number("--from", in: 1...999)
        let folder = try arguments.option("--out")
        outputFolder = folder ?? "zoolab-out"
        lesson = arguments.positional()
        guard lesson == nil else { return }
        let given = [
            (isAutomatic, "--auto"), (isReset, "--reset"), (firstStep != nil, "--from"), (folder != nil, "--out"),
        ]
        if let option = given.first(where: { $0.0 }) { throw UsageError(LessonMessages.optionNeedsLesson(option.1)) }
    }

    func run(_ context: CommandContext) async throws -> ExitCode {
        switch try prepare(context) {
        case .done(let code): code
        case .lesson(let library, let header): try await play(library, header, context)
        }
    }

    /// What is left to do once the arguments have been understood.
    private enum Preparation {
        case done(ExitCode)
        case lesson(LessonLibrary, LessonHeader)
    }

    /// Everything that needs no waiting; apart from `run`, because the optimiser of Swift 6.3 crashes on them as one
    /// async function.
    private func prepare(_ context: CommandContext) throws -> Preparation {
        guard let root = context.contentRoot, FileManager.default.fileExists(atPath: root + "/Lessons") else {
            throw LearnFailure(message: LessonMessages.noContent)
        }
        let library = try LessonLibrary(root: root)
        guard let lesson else { return .done(try list(library, context)) }
        guard let header = library.header(lesson) else {
            let nearest = library.headers.map(\.id).min { editDistance($0, lesson) < editDistance($1, lesson) }
            throw UsageError(
                LessonMessages.unknownLesson(
                    lesson, nearest: nearest.flatMap { editDistance($0, lesson) <= 1 + $0.count / 3 ? $0 : nil }))
        }
        if isReset {
            try update(context) { $0.reset(header.id) }
            context.print(LessonMessages.reset(header.id))
            return .done(.pass)
        }
        return .lesson(library, header)
    }
}

struct LearnFailure: LocalizedFailure {
    var message: LocalizedText
}

// The list.
extension LearnCommand {
    private func list(_ library: LessonLibrary, _ context: CommandContext) throws -> ExitCode {
        let progress = try load(context)
        let next = library.headers.first { progress.states[$0.id] != .finished }
        let titles = [
            LocalizedText("", zh: ""), LessonMessages.columnLesson, LessonMessages.columnTitle,
            LessonMessages.columnMinutes, LessonMessages.columnProgress,
        ]
        let rows = try library.headers.map { header in
            [
                [Span(header.id == next?.id ? "→" : " ", TextStyle(.accent, bold: true))],
                [Span(header.id, TextStyle(.code))],
                [Span(header.title.text(in: context.language))],
                [Span(String(header.minutes))],
                try state(of: header, progress, library, context),
            ]
        }
        let table = TableLayout(
            alignments: [.left, .left, .left, .right, .left],
            header: titles.map { [Span($0.text(in: context.language), TextStyle(bold: true))] }, rows: rows)
        context.write(theme(context).render(table.lines(width: context.columns)) + "\n")
        context.print(next.map { LessonMessages.nextLesson($0.id) } ?? LessonMessages.allFinished)
        return .pass
    }

    private func state(
        of header: LessonHeader, _ progress: LessonProgress, _ library: LessonLibrary, _ context: CommandContext
    ) throws -> [Span] {
        switch progress.states[header.id] {
        case .finished: return [Span("✓ " + LessonMessages.stateFinished.text(in: context.language), TextStyle(.good))]
        case .steps(let done) where done > 0:
            let total = try library.lesson(header, in: context.language).steps.count
            let text = LessonMessages.stateSteps(done, of: total).text(in: context.language)
            return ProgressBar.line(done: done, total: total, width: 10).spans + [Span(" " + text)]
        case .steps, nil: return []
        }
    }
}

// Progress.
extension LearnCommand {
    private func load(_ context: CommandContext) throws -> LessonProgress {
        guard let store = ProgressStore(environment: context.environment) else { return LessonProgress() }
        let (progress, warning) = try store.load()
        if let warning { context.printError(warning) }
        return progress
    }

    /// Reads the file again before it writes: another terminal may be learning too.
    private func update(_ context: CommandContext, _ change: (inout LessonProgress) -> Void) throws {
        guard let store = ProgressStore(environment: context.environment) else { return }
        var progress = try load(context)
        change(&progress)
        try store.save(progress)
    }
}

// Playing.
extension LearnCommand {
    private func play(
        _ library: LessonLibrary, _ header: LessonHeader, _ context: CommandContext
    ) async throws -> ExitCode {
        let lesson = try library.lesson(header, in: context.language)
        let total = lesson.steps.count
        if let firstStep, firstStep > total { throw UsageError(LessonMessages.noSuchStep(firstStep, of: total)) }
        guard FolderAccess.canMakeFiles(in: outputFolder) else {
            throw LearnFailure(message: LessonMessages.outputFolderUnusable(outputFolder))
        }
        let progress = isAutomatic ? LessonProgress() : try load(context)
        let keyboard = keyboard(header, context)
        defer { keyboard?.close() }
        if keyboard != nil, ProgressStore(environment: context.environment) == nil {
            context.printError(LessonMessages.noStateFolder)
        }
        var first = firstStep.map { $0 - 1 } ?? 0
        var greeting: LocalizedText?
        if firstStep == nil, keyboard != nil, case .steps(let done) = progress.states[header.id],
            (1..<total).contains(done)
        {
            first = done
            greeting = LessonMessages.resumed(done + 1)
        }
        // A problem with the progress file must not end the lesson: it is reported when the lesson ends.
        var problem: LessonProblem?
        let player = LessonPlayer(lesson, host: host(context, keyboard)) { done in
            guard keyboard != nil else { return }
            do {
                try update(context) { $0.complete(header.id, steps: done, of: total) }
            } catch let failure as LessonProblem {
                problem = failure
            } catch {
                preconditionFailure("only files of progress fail here: \(error)")
            }
        }
        let ending = await player.play(from: first, greeting: greeting)
        keyboard?.close()
        if let problem { context.printError(problem.message) }
        return finish(ending, library, header, context)
    }

    /// Nil where the lesson plays by itself.
    private func keyboard(_ header: LessonHeader, _ context: CommandContext) -> RawTerminal? {
        guard !isAutomatic, context.isTerminal, context.environment["TERM"] != "dumb" else { return nil }
        // Replaces the line that says that a command is running.
        let farewell = "\r\u{1B}[K\n" + LessonMessages.placeKept(header.id).text(in: context.language) + "\n"
        return RawTerminal(farewell: farewell)
    }

    private func finish(
        _ ending: LessonEnding, _ library: LessonLibrary, _ header: LessonHeader, _ context: CommandContext
    ) -> ExitCode {
        context.write("\n")
        if !ending.pictures.isEmpty { context.print(LessonMessages.pictures(in: outputFolder)) }
        switch ending.reason {
        case .quit, .interrupted:
            context.print(LessonMessages.placeKept(header.id))
            return ending.reason == .quit ? .pass : .interrupted
        case .finished:
            context.print(LessonMessages.finished(header.title))
        }
        if let index = library.headers.firstIndex(of: header), index + 1 < library.headers.count {
            context.print(LessonMessages.nextLesson(library.headers[index + 1].id))
        }
        guard ending.failures > 0 else { return .pass }
        context.printError(LessonMessages.commandsFailed(ending.failures))
        return .fail
    }

    private func theme(_ context: CommandContext) -> Theme {
        Theme.detect(environment: context.environment, usesColor: context.usesColor)
    }

    private func host(_ context: CommandContext, _ keyboard: RawTerminal?) -> LessonHost {
        let columns = context.columns
        func size() -> TerminalSize {
            TerminalSize.ofStandardOutput() ?? TerminalSize(columns: columns, rows: 24)
        }
        let theme = theme(context)
        // For commands that are played by keys.
        let window = LentWindow(
            keys: keyboard ?? NoKeys(), write: context.write,
            size: keyboard == nil ? { TerminalSize(columns: columns, rows: 24) } : size, theme: theme,
            isInteractive: keyboard != nil, close: {})
        return LessonHost(
            run: { arguments in
                await LentWindow.$current.withValue(window) {
                    await Self.capture(arguments, context, columns: keyboard == nil ? columns : size().columns)
                }
            },
            open: { PictureViewer.open($0, environment: context.environment) },
            write: context.write,
            size: { keyboard == nil ? TerminalSize(columns: columns, rows: 24) : size() },
            keys: keyboard, theme: theme, outputFolder: outputFolder)
    }

    /// Runs a command line inside this process and keeps what it writes.
    private static func capture(
        _ arguments: [String], _ context: CommandContext, columns: Int
    ) async -> CommandOutcome {
        let output = CapturedOutput()
        var inner = context
        inner.isTerminal = false
        inner.usesColor = false
        inner.columns = columns
        inner.write = { output.append($0) }
        inner.writeError = { output.append($0) }
        let code = await ZooLabCommandLine.run(arguments, in: inner)
        return CommandOutcome(output: output.text, code: code.rawValue)
    }
}

/// What a command wrote.
final class CapturedOutput: Sendable {
    private let content = Mutex("")

    func append(_ text: String) { content.withLock { $0 += text } }
    var text: String { content.withLock { $0 } }
}

/// The desktop's own viewer of pictures.
enum PictureViewer {
    /// - Returns: false where there is no desktop or no viewer.
    static func open(_ path: String, environment: [String: String]) -> Bool {
        #if os(macOS)
            let viewer = "/usr/bin/open"
        #else
            let hasDesktop = ["DISPLAY", "WAYLAND_DISPLAY"].contains { !environment[$0, default: ""].isEmpty }
            guard hasDesktop else { return false }
            let viewer = "/usr/bin/xdg-open"
        #endif
        let process = Process()
        process.executableURL = URL(fileURLWithPath: viewer)
        process.arguments = [path]
        // The viewer's own messages must not disturb the page.
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return (try? process.run()) != nil
    }
}
