import Checking
import Explorer
import PublishedModels
import Testing

struct PublishedCountsTests {
    /// A debug build needs minutes for the largest.
    #if DEBUG
        static let models = PublishedModels.all.filter { ($0.counts?.distinct ?? 0) < 50_000 }
    #else
        static let models = PublishedModels.all
    #endif

    @Test(arguments: models.indices)
    func `the explorer counts what was published`(index: Int) {
        let model = Self.models[index]
        let outcome = model.search(.one) { .zero }
        #expect(outcome.isAsPublished, "\(model.name): \(outcome)")
    }

    @Test(arguments: 1...6)
    func `two-phase commit follows its formulas`(managers: Int) {
        for model in [PublishedModels.twoPhase, PublishedModels.symmetricTwoPhase].map({ $0(managers) }) {
            let outcome = model.search(.one) { .zero }
            #expect(outcome.isAsPublished, "\(model.name): \(outcome)")
            #expect(outcome.progress.depth == 3 * managers + 2)
        }
    }

    @Test func `the wrong broadcast is found by a shortest run`() throws {
        let model = try #require(PublishedModels.all.first { $0.counts == nil })
        let outcome = model.search(.one) { .zero }
        guard case .violated = outcome.verdict else { Issue.record("\(outcome)"); return }
        #expect(outcome.steps == outcome.progress.depth)
    }
}
