// A right solution in another style: an actor that registers, waits for the candidate before it, and leads.
import ZooLabKit

actor Candidate: LeaderElection {
    private let client: any CoordinationService
    private let parent: String
    private let name: String
    private var attempts = 0
    private var node: String?

    init(_ environment: ExerciseEnvironment) {
        client = environment.client
        parent = environment.path
        name = environment.name
    }

    func lead() async throws -> FencingToken {
        let node = try await register()
        self.node = node
        while true {
            let candidates = try await sorted()
            guard let position = candidates.firstIndex(of: node) else { throw Deposed() }
            if position == 0 { break }
            let (stat, watch) = try await patiently { [client, parent] in
                try await client.existsAndWatch("\(parent)/\(candidates[position - 1])")
            }
            if stat != nil { _ = try await watch.event() }
        }
        let stat = try await patiently { [client, parent] in try await client.exists("\(parent)/\(node)") }
        guard let stat else { throw Deposed() }
        return FencingToken(stat)
    }

    func resign() async throws {
        guard let node else { return }
        do {
            try await patiently { [client, parent] in try await client.delete("\(parent)/\(node)") }
        } catch CoordinationError.noNode {
            // It had worked the first time.
        }
        self.node = nil
    }

    /// Creates one node, even where the first reply gets lost: its data says whose it is and which attempt made it.
    private func register() async throws -> String {
        attempts += 1
        let signature = Array("\(name) \(attempts)".utf8)
        while true {
            do {
                let path = try await client.create("\(parent)/c-", data: signature, kind: .ephemeralSequential)
                return String(path.dropFirst(parent.count + 1))
            } catch CoordinationError.connectionLoss {
                for candidate in try await sorted() where try await holds(candidate, signature) { return candidate }
            }
        }
    }

    private func holds(_ candidate: String, _ signature: [UInt8]) async throws -> Bool {
        do {
            return try await patiently { [client, parent] in
                try await client.getData("\(parent)/\(candidate)").data == signature
            }
        } catch CoordinationError.noNode {
            return false
        }
    }

    private func sorted() async throws -> [String] {
        try await patiently { [client, parent] in try await client.getChildren(parent) }
            .sorted { $0.suffix(10) < $1.suffix(10) }
    }

    private func patiently<Value: Sendable>(_ operation: @Sendable () async throws -> Value) async throws -> Value {
        while true {
            do {
                return try await operation()
            } catch CoordinationError.connectionLoss {
                continue
            }
        }
    }

    struct Deposed: Error {}
}

await Exercise.run(Candidate.self)
