package import Messages
package import TraceFiles

/// Why a picture could not be made.
package enum DrawingFailure: LocalizedFailure, Equatable {
    package enum Plugin: Equatable, Sendable {
        case layout
        case format(GraphvizRenderer.Format)
    }
    /// Graphviz is there, but not this part of it.
    case missingPlugin(Plugin)
    /// Graphviz refused; its own words.
    case renderer(String)
    /// More lanes than a PNG can hold.
    case tooWide(pixels: Int)
    case file(TraceFileFailure)
    /// The name of a picture file ends in nothing that can be drawn.
    case unknownFormat(path: String)

    package var message: LocalizedText {
        switch self {
        case .missingPlugin(.layout): DrawMessages.missingLayout
        case .missingPlugin(.format(let format)): DrawMessages.missingFormat(format.rawValue)
        case .renderer(let words): DrawMessages.rendererFailed(words)
        case .tooWide(let pixels): DrawMessages.tooWide(pixels: pixels, limit: GraphvizRenderer.mostPixels)
        case .file(let failure): failure.message
        case .unknownFormat(let path):
            DrawMessages.unknownFormat(path, Drawing.Format.allCases.map { "." + $0.rawValue })
        }
    }
}
