import Diagrams
import Messages
import StateMachines
import Testing
import Traces

struct FigureTests {
    static let seeds: [UInt64] = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89]

    @Test(arguments: seeds, DiagramOptions.Order.allCases)
    func `no two labels, and no label and sign, overlap`(seed: UInt64, order: DiagramOptions.Order) {
        var random = SplitMix64(seed: seed)
        let trace = RandomRun.make(events: 150, using: &random)
        let figure = Figure(of: trace, options: DiagramOptions(language: .chinese, order: order))
        for (index, label) in figure.labels.enumerated() {
            for other in figure.labels[(index + 1)...] where label.box.overlaps(other.box) {
                Issue.record("seed=\(seed): \(label.lines) (\(label.style)) over \(other.lines) (\(other.style))")
            }
            for glyph in figure.glyphs where glyph.kind != .lost && label.box.overlaps(glyph.box) {
                Issue.record("seed=\(seed): \(label.lines) (\(label.style)) over a \(glyph.kind)")
            }
        }
    }

    @Test(arguments: seeds, DiagramOptions.Order.allCases)
    func `everything lies inside the figure`(seed: UInt64, order: DiagramOptions.Order) {
        var random = SplitMix64(seed: seed)
        let figure = Figure(
            of: RandomRun.make(events: 150, using: &random), options: DiagramOptions(language: .english, order: order))
        let paper = Box(left: 0, top: 0, right: figure.width, bottom: figure.height)
        for label in figure.labels {
            let isInside =
                label.box.left >= paper.left && label.box.right <= paper.right && label.box.top >= paper.top
                && label.box.bottom <= paper.bottom
            #expect(isInside, "seed=\(seed): \(label.lines) (\(label.style)) at \(label.box) of \(paper)")
        }
    }

    @Test(arguments: seeds, DiagramOptions.Order.allCases)
    func `every event is on the figure`(seed: UInt64, order: DiagramOptions.Order) {
        var random = SplitMix64(seed: seed)
        let trace = RandomRun.make(events: 200, using: &random)
        let figure = Figure(of: trace, options: DiagramOptions(language: .english, order: order))
        let drawn = Set(
            figure.labels.flatMap(\.events) + figure.glyphs.flatMap(\.events) + figure.arrows.flatMap(\.events)
                + figure.bands.flatMap(\.events) + figure.segments.flatMap(\.events))
        for event in trace.events where !drawn.contains(event.order) {
            Issue.record("seed=\(seed): event \(event.order) (\(event.kind)) is missing")
        }
    }

    @Test(arguments: seeds)
    func `later is never higher on one lane, and messages never rise`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let figure = Figure(
            of: RandomRun.make(events: 200, using: &random), options: DiagramOptions(language: .english))
        for arrow in figure.arrows where !arrow.events.isEmpty {
            #expect(arrow.end.y >= arrow.start.y, "seed=\(seed)")
        }
    }

    @Test func `a trace without events or nodes is a figure too`() {
        for nodes in [[], ["A"]] {
            let trace = Trace(header: TraceHeader(protocolName: "", nodes: nodes))
            let figure = Figure(of: trace, options: DiagramOptions(language: .english))
            #expect(figure.height > 0)
            #expect(!figure.story.isEmpty)
            #expect(!TextDiagram.draw(trace, options: DiagramOptions(language: .chinese)).isEmpty)
        }
    }
}
