import Checking
import Faults
package import Messages
import StateMachines
import Traces

/// The same request and the same faults for several protocols.
///
/// Faults name roles: "L" is whoever leads when the request comes, "N1", "N2"… are the others by position. Their times
/// count from the request. Who leads, and when the request comes, is seen in a run of the same seed without faults.
package struct Comparison: Sendable {
    /// Whose names faults may use: as many nodes as all of the protocols have.
    package let nodes: Int
    private let faults: [Fault]
    private let runs: Int

    /// - Parameters:
    ///   - nodes: of each protocol, the one that leads included; 3 to 7.
    ///   - faults: in the fault words, without labels of messages and without ‘after’.
    ///   - runs: how many seeds, from 1.
    /// - Throws: `FaultSyntaxError`, or `ComparisonFailure` for a fault that waits for an event.
    package init(nodes: Int, faults: [String], runs: Int) throws {
        let roles = Cast.roles(followers: nodes - 1)
        self.nodes = nodes
        self.runs = runs
        self.faults = try faults.map { text in
            let fault = try Fault(parsing: text, in: .simulated(nodes: roles, labels: []))
            guard fault.recast(later: .zero, { $0 }) != nil else { throw ComparisonFailure.waits(text) }
            return fault
        }
    }

    /// What came of one protocol's runs, by seed.
    package struct Result: Sendable {
        package var contender: Contender
        package var runs: [RunMeasures]
        /// Runs in which a promise of safety was broken.
        package var wrong: Int
        /// Which promise, and the first seed with which it was.
        package var broken: (invariant: String, seed: UInt64)?

        /// Of the runs in which it is known.
        package func mean(_ value: (RunMeasures) -> Double?) -> Double? {
            let values = runs.compactMap(value)
            return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        /// Runs in which somebody who was up could not go on.
        package var stuck: Int { runs.count { !$0.stuck.isEmpty } }
        /// Runs in which nothing was ever decided.
        package var undecided: Int { runs.count { $0.outcomes.isEmpty } }
    }

    /// Runs one protocol with every seed.
    /// - Throws: `ScenarioError`, `FaultSyntaxError`, `SimulationError`; `ComparisonFailure` when nobody leads.
    package func result(of contender: Contender) throws -> Result {
        let play = try ProtocolRegistry.named(contender.protocolName)
        var result = Result(contender: contender, runs: [], wrong: 0)
        for seed in 1...UInt64(runs) {
            var request = SceneRequest(contender.scene, seed: seed, participants: contender.participants(of: nodes))
            let calm = try play.run(request).record
            guard let cast = Cast(of: contender, in: calm) else {
                throw ComparisonFailure.nobodyLeads(contender.protocolName, contender.scene)
            }
            request.extraFaults = faults.compactMap { fault in
                fault.recast(later: cast.request.time) { cast.names[$0] }?.description
            }
            let run = try play.run(request)
            result.runs.append(
                RunMeasures(
                    of: run.record, from: cast.request, stuck: run.blocked.map(\.name),
                    isOutcome: contender.isOutcome))
            if let violation = run.violations.first {
                result.wrong += 1
                result.broken = result.broken ?? (violation.invariant, seed)
            }
        }
        return result
    }
}

extension Contender {
    /// How many participants its scene must have for so many nodes in all.
    func participants(of nodes: Int) -> Int {
        switch problem {
        case .atomicCommitment: nodes - 1
        case .replication: nodes
        }
    }
}

/// A comparison that cannot be made.
package enum ComparisonFailure: LocalizedFailure, Hashable {
    case waits(String)
    case nobodyLeads(String, String)

    package var message: LocalizedText {
        switch self {
        case .waits(let fault): CompareMessages.waits(fault)
        case .nobodyLeads(let name, let scene): CompareMessages.nobodyLeads(name, scene)
        }
    }
}
