import Checking
import Foundation
import Messages
import Scenarios
import Traces

/// What `--json` prints for one run.
struct RunReport: Encodable {
    struct Broken: Encodable {
        var invariant: String
        var problem: String
        /// The trace event after which it was seen.
        var event: Int?
    }
    struct Outcome: Encodable {
        var violated: String?
        var decisions: [String]
        var blocked: [String]
    }

    var `protocol`: String
    var scene: String
    var seed: UInt64
    var participants: Int
    var faults: [String]
    var events: Int
    var violations: [Broken]
    var decisions: [String]
    var blocked: [String]
    var unusedFaults: [String]
    var expected: Outcome?
    var asExpected: Bool?

    init(_ run: SceneRun, language: Language) {
        `protocol` = run.protocolName
        scene = run.scene.name
        seed = run.seed
        participants = run.participants
        faults = run.faults
        events = run.trace.events.count
        violations = run.violations.map {
            Broken(invariant: $0.invariant, problem: $0.problem.text(in: language), event: $0.event)
        }
        decisions = run.decisions
        blocked = run.blocked.map(\.name)
        unusedFaults = run.unusedFaults
        expected = run.expectation.map {
            Outcome(violated: $0.violated, decisions: $0.decisions, blocked: $0.blocked)
        }
        asExpected = run.matchesExpectation
    }

    /// With names sorted, so that equal reports are equal text.
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
