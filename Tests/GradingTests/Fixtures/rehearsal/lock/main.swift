// Plays the part of a student in the golden transcript `control-lock`: what each acquire comes to is written there.
import ZooLabKit

struct RehearsedLock: ExclusiveLock {
    struct NotWritten: Error {}
    private let client: any CoordinationService
    private var acquired = 0

    init(_ environment: ExerciseEnvironment) { client = environment.client }

    mutating func acquire(within limit: Duration?) async throws -> FencingToken? {
        guard limit == nil else { return nil }
        acquired += 1
        if acquired == 3 { throw NotWritten() }
        while true {
            let node = try await client.create("/lock-", kind: .ephemeralSequential)
            if let stat = try await client.exists(node), stat.czxid.rawValue == 17 { return FencingToken(stat) }
        }
    }

    func release() async throws {}
}

await Exercise.run(RehearsedLock.self)
