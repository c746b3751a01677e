// Plays the part of a student in the golden transcript `control-election`: what each lead comes to is written there.
import ZooLabKit

struct RehearsedElection: LeaderElection {
    private let client: any CoordinationService
    private var led = 0

    init(_ environment: ExerciseEnvironment) { client = environment.client }

    mutating func lead() async throws -> FencingToken {
        led += 1
        while true {
            do {
                let node = try await client.create("/candidate-", kind: .ephemeralSequential)
                guard let stat = try await client.exists(node) else { continue }
                if led == 2 || stat.czxid.rawValue == 17 { return FencingToken(stat) }
            } catch CoordinationError.connectionLoss {
                continue  // On the way to the end of the session.
            }
        }
    }

    func resign() async throws {}
}

await Exercise.run(RehearsedElection.self)
