import CGraphviz
import Synchronization

/// DOT in, a picture out, through Graphviz's library.
///
/// The library is not thread safe, so renderings wait for each other. Nothing of it exists until the first call.
package enum GraphvizRenderer {
    package enum Format: String, CaseIterable, Sendable {
        case svg, png, pdf
    }

    /// Dots per inch of a PNG: two pixels a point, sharp on a slide.
    package static let dotsPerInch = 144
    /// What Cairo can draw at most, in pixels either way.
    package static let mostPixels = 32_767

    private static let library = Mutex(())

    /// Renders pinned DOT with the engine `nop2`, which moves nothing.
    ///
    /// - Parameter dot: must hold no zero byte.
    package static func render(dot: [UInt8], as format: Format) throws(DrawingFailure) -> [UInt8] {
        let result: Result<[UInt8], DrawingFailure> = library.withLock { _ in
            do throws(DrawingFailure) { return .success(try renderAlone(dot, format)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private static func renderAlone(_ dot: [UInt8], _ format: Format) throws(DrawingFailure) -> [UInt8] {
        zoolab_graphviz_silence()
        guard let context = context(for: format) else { throw .renderer("gvContext") }
        defer { gvFreeContext(context) }
        let text = dot + [0]
        // SAFETY: the text ends in a zero byte and outlives the call; the parser keeps copies.
        let parsed = text.withUnsafeBytes { zoolab_graphviz_parse($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
        guard let graph = parsed else { throw .renderer(complaint) }
        defer { agclose(graph) }
        if format == .png { zoolab_graphviz_set(graph, "dpi", String(dotsPerInch)) }
        guard zoolab_graphviz_layout(context, graph) == 0 else {
            // SVG brings its own layout; what the others lack comes with their plugin.
            throw .missingPlugin(format == .svg ? .layout : .format(format))
        }
        defer { gvFreeLayout(context, graph) }
        var data: UnsafeMutablePointer<CChar>?
        var length = 0
        let status = zoolab_graphviz_render(context, graph, format.rawValue, &data, &length)
        guard status == 0, let data, length > 0 else {
            let words = complaint
            let isMissing = words.contains("not recognized") || words.contains("unavailable")
            throw isMissing ? .missingPlugin(.format(format)) : .renderer(words)
        }
        defer { gvFreeRenderData(data) }
        // SAFETY: the library hands out `length` bytes that stay until they are freed below.
        return Array(UnsafeRawBufferPointer(start: data, count: length))
    }

    /// SVG needs only the core plugin, so nothing measures text or loads fonts; the others need all that is installed.
    private static func context(for format: Format) -> OpaquePointer? {
        if format == .svg, let context = zoolab_core_context() { return context }
        return zoolab_full_context()
    }

    private static var complaint: String { String(cString: zoolab_graphviz_complaint()) }
}
