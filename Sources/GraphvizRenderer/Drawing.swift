package import Diagrams
import TraceFiles
package import Traces

/// The way from a trace to picture files; everything that draws goes through here.
package enum Drawing {
    package enum Format: String, CaseIterable, Sendable {
        case svg, png, pdf, dot
        case text = "txt"

        /// By the end of a file's name, in any case.
        package init(path: String) throws(DrawingFailure) {
            let ending = path.split(separator: "/", omittingEmptySubsequences: false).last?.split(separator: ".")
            guard let ending, ending.count > 1, let format = Format(rawValue: ending.last!.lowercased()) else {
                throw .unknownFormat(path: path)
            }
            self = format
        }

        /// The tallest page in points: what Cairo draws at our resolution, and the 200 inches of a PDF page.
        package var tallestPage: Double? {
            switch self {
            case .png: Double(GraphvizRenderer.mostPixels) * 72 / Double(GraphvizRenderer.dotsPerInch)
            case .pdf: 14_400
            case .svg, .dot, .text: nil
            }
        }
    }

    /// A trace as a picture, in as many pages as it takes.
    ///
    /// - Returns: at least one page, each a whole file.
    package static func pages(
        of trace: Trace, as format: Format, options: DiagramOptions
    ) throws(DrawingFailure) -> [[UInt8]] {
        if format == .text { return [Array(TextDiagram.draw(trace, options: options).utf8)] }
        return try pages(of: Figure(of: trace, options: options), as: format, options: options)
    }

    /// A figure in as many pages as it takes.
    ///
    /// - Parameter format: any but text, which is not made from figures.
    package static func pages(
        of figure: Figure, as format: Format, options: DiagramOptions
    ) throws(DrawingFailure) -> [[UInt8]] {
        if format == .png {
            let pixels = Int(figure.width * Double(GraphvizRenderer.dotsPerInch) / 72)
            guard pixels <= GraphvizRenderer.mostPixels else { throw .tooWide(pixels: pixels) }
        }
        let limits = [format.tallestPage, options.pageHeight].compactMap { $0 }
        let figures = limits.min().map { figure.pages(tallest: $0, language: options.language) } ?? [figure]
        var pages: [[UInt8]] = []
        for figure in figures { pages.append(try page(figure, as: format)) }
        return pages
    }

    private static func page(_ figure: Figure, as format: Format) throws(DrawingFailure) -> [UInt8] {
        switch format {
        case .dot, .text: return figure.dot()
        case .png: return try GraphvizRenderer.render(dot: figure.dot(), as: .png)
        case .pdf: return try GraphvizRenderer.render(dot: figure.dot(), as: .pdf)
        case .svg:
            let (dot, tooltips) = figure.dotForFinisher()
            return SVGFinisher.finish(
                try GraphvizRenderer.render(dot: dot, as: .svg), title: figure.title, description: figure.story,
                styleSheet: FigureTheme.styleSheet, tooltips: tooltips)
        }
    }

    /// Draws into a file, or into `x-1.png`, `x-2.png`… where one page does not hold the run.
    ///
    /// - Parameter path: its ending says the format.
    /// - Returns: the paths written, first page first.
    @discardableResult
    package static func write(
        _ trace: Trace, to path: String, options: DiagramOptions
    ) throws(DrawingFailure) -> [String] {
        try write(pages(of: trace, as: Format(path: path), options: options), to: path)
    }

    /// Writes pages that are drawn already, the first to `path`, or numbered where there are several.
    /// - Returns: the paths written, first page first.
    @discardableResult
    package static func write(_ pages: [[UInt8]], to path: String) throws(DrawingFailure) -> [String] {
        var written: [String] = []
        for (index, page) in pages.enumerated() {
            let target = pages.count == 1 ? path : numbered(path, index + 1)
            do throws(TraceFileFailure) {
                try FileAccess.write(page, path: target)
            } catch {
                throw .file(error)
            }
            written.append(target)
        }
        return written
    }

    private static func numbered(_ path: String, _ page: Int) -> String {
        let dot = path.lastIndex(of: ".")!
        return path[..<dot] + "-\(page)" + path[dot...]
    }
}
