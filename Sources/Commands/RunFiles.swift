import CommandLines
import Diagrams
import GraphvizRenderer
import Messages
import Simulator
import TraceFiles
import Traces

/// The files that a run leaves: `--trace FILE`, `--replay FILE`, and `--draw FILE` as often as wanted.
struct RunFiles {
    private let trace: String?
    private let replay: String?
    private let drawings: [String]

    /// - Throws: `UsageError` for a picture in a format nobody can draw, before anything is run.
    init(_ arguments: inout ArgumentReader) throws {
        trace = try arguments.option("--trace")
        replay = try arguments.option("--replay")
        drawings = try arguments.options("--draw")
        for path in drawings {
            do {
                _ = try Drawing.Format(path: path)
            } catch {
                throw UsageError(error.message)
            }
        }
    }

    var isEmpty: Bool { trace == nil && replay == nil && drawings.isEmpty }

    /// Whether a file is wanted that only a run can fill.
    var wantsRun: Bool { trace != nil || replay != nil }

    /// Draws a table instead of a run.
    func draw(_ board: Board, _ context: CommandContext, isQuiet: Bool) throws {
        let options = DiagramOptions(language: context.language, columns: context.columns)
        for path in drawings {
            let format = try Drawing.Format(path: path)
            let pages =
                format == .text
                ? [Array((board.text(columns: .max) ?? "").utf8)]
                : try Drawing.pages(of: Figure(of: board), as: format, options: options)
            for written in try Drawing.write(pages, to: path) where !isQuiet {
                context.print(RunMessages.wrote(written))
            }
        }
    }

    /// Writes them all and says which, unless the output is for a program.
    ///
    /// - Parameter replay: makes the run's explicit events; called only where they are wanted.
    func write(_ run: Trace, replay makeReplay: () -> ReplayFile, _ context: CommandContext, isQuiet: Bool) throws {
        if let trace { try TraceFile.write(run, path: trace) }
        if let replay { try ReplayCoding.write(makeReplay(), path: replay) }
        var written = [trace, replay].compactMap(\.self)
        let drawing = RunDrawing(
            context: context, options: DiagramOptions(language: context.language, columns: context.columns))
        for path in drawings { written += try drawing.write(run, to: path) }
        guard !isQuiet else { return }
        for path in written { context.print(RunMessages.wrote(path)) }
    }
}
