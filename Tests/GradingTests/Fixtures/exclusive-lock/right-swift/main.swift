// A right solution in another style: one place in the queue is a value that can wait and that can be given up.
import ZooLabKit

struct QueueLock: ExclusiveLock {
    let environment: ExerciseEnvironment
    private var place: Place?

    init(_ environment: ExerciseEnvironment) { self.environment = environment }

    mutating func acquire(within limit: Duration?) async throws -> FencingToken? {
        let deadline = limit.map { environment.now + $0 }
        let place = try await Place(in: environment)
        self.place = place
        while let ahead = try await place.predecessor() {
            let (stat, watch) = try await insist { try await environment.client.existsAndWatch(ahead) }
            guard stat != nil else { continue }
            guard let deadline else {
                _ = try await watch.event()
                continue
            }
            let left = deadline - environment.now
            if left <= .zero {
                try await release()
                return nil
            }
            _ = try await watch.event(within: left)
        }
        return try await place.token()
    }

    mutating func release() async throws {
        guard let place else { return }
        try await place.leave()
        self.place = nil
    }
}

/// A node in the queue.
struct Place {
    let environment: ExerciseEnvironment
    let path: String

    /// Creates the node once: a mark in its name tells it from all others, should the reply get lost.
    init(in environment: ExerciseEnvironment) async throws {
        self.environment = environment
        var random = environment.random(for: "marks")
        let mark = "\(environment.name)-\(UInt64.random(in: .min ... .max, using: &random))-\(environment.now)-"
        while true {
            do {
                path = try await environment.client.create("\(environment.path)/\(mark)", kind: .ephemeralSequential)
                return
            } catch CoordinationError.connectionLoss {
                let names = try await insist { try await environment.client.getChildren(environment.path) }
                guard let mine = names.first(where: { $0.hasPrefix(mark) }) else { continue }
                path = "\(environment.path)/\(mine)"
                return
            }
        }
    }

    /// The node just before this one; nil at the head of the queue.
    func predecessor() async throws -> String? {
        let names = try await insist { try await environment.client.getChildren(environment.path) }
        let before = names.filter { $0.suffix(10) < path.suffix(10) }
        return before.max { $0.suffix(10) < $1.suffix(10) }.map { "\(environment.path)/\($0)" }
    }

    func token() async throws -> FencingToken {
        guard let stat = try await insist({ try await environment.client.exists(path) }) else { throw Vanished() }
        return FencingToken(stat)
    }

    func leave() async throws {
        do {
            try await insist { try await environment.client.delete(path) }
        } catch CoordinationError.noNode {
            // An earlier attempt had succeeded, and only its reply was lost.
        }
    }

    struct Vanished: Error {}
}

/// Repeats what may be repeated without harm until the connection holds.
func insist<Value>(_ operation: () async throws -> Value) async throws -> Value {
    while true {
        do {
            return try await operation()
        } catch CoordinationError.connectionLoss {
            continue
        }
    }
}

await Exercise.run(QueueLock.self)
