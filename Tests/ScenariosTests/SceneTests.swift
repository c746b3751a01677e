import Checking
import Messages
import Scenarios
import Testing

/// One scene of one protocol.
struct SceneCase: CustomTestStringConvertible, Sendable {
    var protocolName: String
    var scene: SceneDescription
    var testDescription: String { "\(protocolName) \(scene.name)" }

    static let all: [SceneCase] = ProtocolRegistry.protocols.flatMap { entry in
        entry.scenes.map { SceneCase(protocolName: entry.name, scene: $0) }
    }
}

struct SceneTests {
    @Test(arguments: SceneCase.all)
    func `a scene ends as expected, whatever the seed and the number of participants`(row: SceneCase) throws {
        let entry = try ProtocolRegistry.named(row.protocolName)
        let counts = Set([row.scene.participants.lowerBound, row.scene.usualParticipants, 5])
            .filter(row.scene.participants.contains).sorted()
        for participants in counts {
            for seed in UInt64(1)...2 {
                var request = SceneRequest(row.scene.name, seed: seed, participants: participants)
                request.checksDeterminism = true
                let run = try entry.run(request)
                #expect(
                    run.matchesExpectation == true,
                    """
                    zoolab run \(row.protocolName) --scene \(row.scene.name) --seed \(seed) --nodes \(participants): \
                    \(run.decisions), blocked \(run.blocked), \(run.violations.map(\.problem.english)), \(run.end)
                    """)
                #expect(run.unusedFaults.isEmpty, "seed \(seed)")
            }
        }
    }

    @Test func `the same request gives the same run, another seed another one`() throws {
        let entry = try ProtocolRegistry.named("two-phase-commit")
        let first = try entry.run(SceneRequest("happy-path", seed: 7))
        #expect(try entry.run(SceneRequest("happy-path", seed: 7)).trace == first.trace)
        #expect(try entry.run(SceneRequest("happy-path", seed: 8)).trace != first.trace)
    }
}
