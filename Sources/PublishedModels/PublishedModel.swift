package import Checking
package import Explorer
package import Messages

/// A small model whose state space somebody else has counted, and published.
///
/// These are machines of their own, made from the published specifications, beside the real ones of the laboratory:
/// an explorer that counts them differently is wrong.
package struct PublishedModel: Sendable {
    /// What the published tool counted.
    package struct Counts: Hashable, Sendable {
        package var distinct: Int
        /// `nil` where it was not published.
        package var generated: Int?
        /// Levels, the initial states being the first; `nil` where it was not published.
        package var depth: Int?

        init(_ distinct: Int, generated: Int? = nil, depth: Int? = nil) {
            (self.distinct, self.generated, self.depth) = (distinct, generated, depth)
        }
    }

    package struct Outcome: Sendable {
        package var progress: SearchProgress
        /// About the one promise of the model.
        package var verdict: Verdict
        /// Of the shortest run that breaks it; 0 where it holds.
        package var steps: Int
        package var isAsPublished: Bool
    }

    /// Whose numbers they are.
    package enum Source: String, Sendable {
        /// TLC's, in the manifests of the collection of TLA⁺ examples.
        case tlc = "TLC"
        /// Those of Stateright's own test of two-phase commit.
        case stateright = "Stateright"
        /// Two-phase commit's closed forms.
        case formula
    }

    /// "TwoPhase".
    package let name: String
    /// "3 managers".
    package let size: LocalizedText
    package let source: Source
    /// `nil` where only the verdict is published: the promise is broken.
    package let counts: Counts?
    private let run:
        @Sendable (Workers, () -> Duration) -> (
            progress: SearchProgress, verdict: Verdict, steps: Int
        )

    /// - Parameter isSplit: whether a state of the model breaks the promise.
    init<M: Model>(
        _ name: String, _ size: LocalizedText, _ counts: Counts?, from source: Source = .tlc, _ model: M,
        isSplit: @escaping @Sendable (M) -> (M.State) -> Bool
    ) {
        self.name = name
        self.size = size
        self.source = source
        self.counts = counts
        let promise = Invariant<M.State>("agreement", explanation: PublishedModelMessages.agreement) { state in
            isSplit(model)(state) ? PublishedModelMessages.agreement : nil
        }
        run = { workers, elapsed in
            var options = SearchOptions()
            options.bounds.states = nil
            var search = BreadthFirstSearch(model, invariants: [promise], options: options)
            let result = search.run(on: workers, elapsed: elapsed)
            return (result.progress, result.verdicts[0], result.path.count)
        }
    }

    /// Searches all of it.
    package func search(_ workers: Workers, elapsed: () -> Duration) -> Outcome {
        let (progress, verdict, steps) = run(workers, elapsed)
        return Outcome(
            progress: progress, verdict: verdict, steps: steps, isAsPublished: isAsPublished(progress, verdict))
    }

    private func isAsPublished(_ progress: SearchProgress, _ verdict: Verdict) -> Bool {
        guard let counts else {
            if case .violated = verdict { return true }
            return false
        }
        return verdict == .holds && progress.states == counts.distinct
            && counts.generated ?? progress.generated == progress.generated
            && counts.depth ?? progress.depth == progress.depth
    }
}
