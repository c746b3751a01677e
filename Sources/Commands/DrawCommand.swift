package import CommandLines
import Diagrams
import GraphvizRenderer
package import Messages
import TraceFiles

/// `zoolab draw`: a recorded run as a picture.
package struct DrawCommand: Command {
    package static let name = "draw"
    package static var summary: LocalizedText { DrawMessages.summary }
    package static var help: LocalizedText { DrawMessages.help }

    private let trace: String
    private let output: String?
    private let order: DiagramOptions.Order
    private let pageHeight: Double?
    private let width: Int?

    package init(_ arguments: inout ArgumentReader) throws {
        output = try arguments.option("-o", "--output")
        if let word = try arguments.option("--order") {
            guard let order = DiagramOptions.Order(rawValue: word) else {
                throw UsageError(DrawMessages.unknownOrder(word))
            }
            self.order = order
        } else {
            order = .time
        }
        pageHeight = try arguments.number("--page", as: Int.self, in: 200...100_000).map(Double.init)
        width = try arguments.number("--width", in: 40...1_000)
        guard let trace = arguments.positional() else { throw UsageError(DrawMessages.needsTrace) }
        self.trace = trace
        do {
            if let output { _ = try Drawing.Format(path: output) }
        } catch {
            throw UsageError(error.message)
        }
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        let options = DiagramOptions(
            language: context.language, order: order, pageHeight: pageHeight, columns: width ?? context.columns)
        let run = try TraceFile.read(path: trace)
        guard let output else {
            context.write(TextDiagram.draw(run, options: options))
            return .pass
        }
        let format = try Drawing.Format(path: output)
        let written = try RunDrawing(context: context, options: options).write(run, to: output)
        if written.count > 1 { context.print(DrawMessages.paged(written.count, format: format.rawValue)) }
        for path in written { context.print(DrawMessages.wrote(path)) }
        return .pass
    }
}
