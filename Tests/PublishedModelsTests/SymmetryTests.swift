import Checking
import Explorer
import Messages
import PublishedModels
import Testing

/// One state of each class of symmetric ones must tell what all of them tell: whether a promise is kept, and how soon it
/// breaks.
struct SymmetryTests {
    private static let sentence = LocalizedText("A promise.", zh: "一个约定。")

    private func promise<State>(
        _ kind: InvariantKind = .always, isKept: @escaping @Sendable (State) -> Bool
    ) -> Invariant<State> {
        Invariant("promise", kind, explanation: Self.sentence) { isKept($0) ? nil : Self.sentence }
    }

    /// - Returns: the verdict of both searches: "holds", or "violated" with the steps of the shortest run.
    private func expectAlike<M: SymmetricModel>(_ model: M, _ promise: Invariant<M.State>) -> String {
        func word<Action>(_ result: SearchResult<Action>) -> String {
            switch result.verdicts[0] {
            case .holds: "holds"
            case .violated: "violated after \(result.path.count)"
            case .unknown: "unknown"
            }
        }
        var (whole, part) = (
            BreadthFirstSearch(model, invariants: [promise]),
            BreadthFirstSearch(QuotientModel(model), invariants: [promise])
        )
        let (all, some) = (whole.run(), part.run())
        #expect(word(all) == word(some), "\(model)")
        #expect(all.isExhaustive == some.isExhaustive && some.progress.states < all.progress.states, "\(model)")
        return word(some)
    }

    @Test(arguments: [nil] + TwoPhase.Mutation.allCases.map(Optional.some), 2...4)
    func `two-phase commit is judged alike`(mutation: TwoPhase.Mutation?, managers: Int) {
        let model = TwoPhase(count: managers, mutation: mutation)
        let agreement = expectAlike(model, promise { !model.isSplit($0) })
        #expect(agreement.hasPrefix(mutation == nil ? "holds" : "violated"), "\(agreement)")
        #expect(expectAlike(model, promise { !model.isCommitted($0) }).hasPrefix("violated"))
        #expect(expectAlike(model, promise(.sometimes) { model.isCommitted($0) }) == "holds")
        #expect(expectAlike(model, promise(.sometimes) { _ in false }).hasPrefix("violated"))
        #expect(expectAlike(model, promise(.eventually) { model.isOver($0) }) == "holds")
        #expect(expectAlike(model, promise(.eventually) { model.isCommitted($0) }).hasPrefix("violated"))
    }

    @Test(arguments: [nil] + Voting.Mutation.allCases.map(Optional.some))
    func `voting is judged alike`(mutation: Voting.Mutation?) {
        let model = Voting(ballots: 2, mutation: mutation)
        let agreement = expectAlike(model, promise { !model.isSplit($0) })
        #expect(agreement.hasPrefix(mutation == nil ? "holds" : "violated"), "\(agreement)")
        #expect(expectAlike(model, promise { model.chosen(in: $0) == 0 }).hasPrefix("violated"))
        #expect(expectAlike(model, promise(.sometimes) { model.chosen(in: $0) == 1 }) == "holds")
        #expect(expectAlike(model, promise(.eventually) { model.chosen(in: $0) == 0 }).hasPrefix("violated"))
    }
}
