import Checking
import Explorer
import ReplicationProtocols
import Scenarios
import Simulator
import StateMachines
import Testing

/// Every N, W and R, searched: one client writes, two read.
struct QuorumTests {
    /// Debug builds search a hundred times slower; there the larger searches stop early, and must at least find nothing.
    #if DEBUG
        private static let bounds = SearchBounds(states: 3_000)
    #else
        private static let bounds = SearchBounds()
    #endif

    /// Whether nothing was found, by a search that saw everything or, in debug builds, as much as its bound allows.
    private func isKept(_ verdict: Verdict) -> Bool {
        switch verdict {
        case .holds: true
        case .violated: false
        case .unknown(let bound): bound == .states(3_000)
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var configuration: QuorumConfiguration
        var testDescription: String {
            "N=\(configuration.replicas) W=\(configuration.writeQuorum) R=\(configuration.readQuorum) \(configuration.reading)"
        }
        var meets: Bool {
            configuration.writeQuorum + configuration.readQuorum > configuration.replicas
        }
    }

    private static func rows(upTo mostReplicas: Int) -> [Row] {
        (1...mostReplicas).flatMap { replicas in
            (1...replicas).flatMap { writing in
                (1...replicas).flatMap { reading in
                    [QuorumConfiguration.Reading.plain, .writingBack].map { kind in
                        var configuration = QuorumConfiguration(
                            replicas: replicas, writeQuorum: writing, readQuorum: reading, clients: 3)
                        configuration.reading = kind
                        configuration.isDurable = false
                        return Row(configuration: configuration)
                    }
                }
            }
        }
    }

    private func search(
        _ configuration: QuorumConfiguration, readers: [Int] = [1, 2], expectingNothing: Bool
    ) -> ExplorationFinding<QuorumNode> {
        let model = WorldModel(
            World(QuorumNode.nodes(configuration)),
            commands: [(configuration.client(0), .write(1))] + readers.map { (configuration.client($0), .read) })
        var order = ExplorationOrder<QuorumNode>()
        order.options.isReduced = true
        if expectingNothing { order.options.bounds = Self.bounds }
        let promises = ClientPromises.remembering(of: RegisterModel(), names: configuration.names)
        return explore(model, invariants: [promises.invariant(.linearizable)], order)
    }

    /// Arithmetic: a reader misses a write that is over just where W + R ≤ N.
    @Test(arguments: rows(upTo: 3).filter { $0.configuration.reading == .plain })
    func `one reader reads something old exactly where two quorums can miss each other`(row: Row) {
        let found = search(row.configuration, readers: [1], expectingNothing: row.meets).search
        #expect(isKept(found.verdict) == row.meets)
        // The shortest way: write, W copies and their answers, the reader's questions to R others and their answers.
        if !row.meets {
            #expect(found.path.count == 2 + 2 * (row.configuration.writeQuorum + row.configuration.readQuorum))
        }
    }

    /// Beyond arithmetic: while a write is on its way, only reading all, or writing back to a quorum that meets, keeps one reader
    /// from seeing less than another before.
    @Test(arguments: rows(upTo: 2))
    func `two readers see the new value and then the old one unless reads write back`(row: Row) {
        let isSafe =
            row.configuration.reading == .writingBack
            ? row.meets : row.configuration.readQuorum == row.configuration.replicas
        let found = search(row.configuration, expectingNothing: isSafe).search
        #expect(isKept(found.verdict) == isSafe)
    }

    @Test func `every corner case has a scene`() throws {
        let rows = Set(
            try ["quorum-nwr", "cap", "base"].flatMap { try ProtocolRegistry.named($0).scenes.flatMap(\.rows) })
        #expect(
            Set((1...8).map { "NW-\($0)" } + (1...3).map { "CA-\($0)" } + (1...4).map { "CM-\($0)" }).isSubset(of: rows)
        )
    }

    @Test func `a scene's search shows the inversion and its clients' history`() throws {
        var request = ExplorationRequest("two-copies")
        request.budgets = FaultBudgets()
        let quorum = try ProtocolRegistry.named("quorum-nwr")
        let found = try quorum.explore(request, elapsed: { .zero }, report: { _ in })
        guard case .violated(let violation) = found.verdict else {
            Issue.record("\(found.verdict)")
            return
        }
        #expect(violation.invariant == "linearizable")
        let trace = try #require(found.trace)
        let history = try History(trace, as: RegisterModel())
        #expect(HistoryCheck(of: RegisterModel()).isLinearizable(history) == false)
        request.scene = "two-copies-write-back"
        request.options.isReduced = true
        request.options.bounds = Self.bounds
        let repaired = try quorum.explore(request, elapsed: { .zero }, report: { _ in })
        #expect(isKept(repaired.verdict))
    }

    /// What a random walk finds has detours; of the run that is shown nothing can be left out.
    @Test func `a run of a random walk is shrunk`() throws {
        var request = ExplorationRequest("write-one-read-one")
        request.budgets = FaultBudgets()
        request.method = .walks(200, steps: 60, seed: 3)
        let found = try ProtocolRegistry.named("quorum-nwr").explore(request, elapsed: { .zero }, report: { _ in })
        guard case .violated = found.verdict else {
            Issue.record("\(found.verdict)")
            return
        }
        let before = try #require(found.stepsFound)
        #expect(found.steps < before)
    }
}

extension HistoryCheck<RegisterModel> {
    fileprivate func isLinearizable(_ history: History<RegisterModel.Request, RegisterModel.Response>) -> Bool {
        OrderCheck(.linearizable, of: model).judge(history).verdict == .holds
    }
}
