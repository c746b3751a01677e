package import CoordinationClient

/// The nodes that loads read and write: "/bench", and a thousand below it.
package enum LoadGround {
    package static let root = "/bench"
    package static let nodeCount = 1_000
    /// So many in one transaction: a hundred of 1 KB are well below the limit of a request's length.
    private static let batchCount = 100

    static func path(_ number: Int) -> String { "\(root)/n\(number)" }
    static func data(_ byteCount: Int) -> [UInt8] { [UInt8](repeating: UInt8(ascii: "x"), count: byteCount) }

    /// Makes the nodes, without data yet.
    ///
    /// - Throws: `LoadFailure.taken` where "/bench" is there already: it is not for a measurement to change.
    package static func prepare(_ client: CoordinationClient) async throws {
        do {
            try await client.create(root)
        } catch CoordinationError.nodeExists {
            throw LoadFailure.taken(root)
        }
        try await inBatches(client, (0..<nodeCount).map { .create(path($0)) })
    }

    /// Gives every node so much data.
    package static func fill(_ client: CoordinationClient, byteCount: Int) async throws {
        let data = data(byteCount)
        try await inBatches(client, (0..<nodeCount).map { .setData(path($0), data: data) })
    }

    /// Deletes all of it.
    package static func remove(_ client: CoordinationClient) async throws {
        try await inBatches(client, client.getChildren(root).map { .delete("\(root)/\($0)") })
        try await client.delete(root)
    }

    private static func inBatches(_ client: CoordinationClient, _ steps: [TransactionStep]) async throws {
        for start in stride(from: 0, to: steps.count, by: batchCount) {
            try await client.commit(Array(steps[start..<min(start + batchCount, steps.count)]))
        }
    }
}
