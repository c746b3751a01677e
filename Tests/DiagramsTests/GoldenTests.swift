import Diagrams
import Goldens
import Messages
import Testing
import Traces

struct GoldenTests {
    @Test(arguments: [(Fixture.twoPhaseCommit, Language.english), (.lock, .chinese), (.violation, .english)])
    func `the DOT of a figure`(fixture: Fixture, language: Language) throws {
        let figure = Figure(of: try fixture.trace(), options: DiagramOptions(language: language))
        let text = String(decoding: figure.dot(), as: UTF8.self)
        #expect(try Golden.difference(text, "\(fixture.rawValue).\(language.rawValue).dot") == nil)
    }

    @Test(arguments: [
        (Fixture.twoPhaseCommit, Language.english, 100), (.lock, .chinese, 100), (.violation, .english, 80),
        (.violation, .chinese, 44),
    ])
    func `the text of a figure`(fixture: Fixture, language: Language, columns: Int) throws {
        let text = TextDiagram.draw(
            try fixture.trace(), options: DiagramOptions(language: language, columns: columns))
        for line in text.split(separator: "\n") { #expect(DisplayWidth.of(line) <= columns) }
        #expect(try Golden.difference(text, "\(fixture.rawValue).\(language.rawValue).\(columns).txt") == nil)
    }
}
