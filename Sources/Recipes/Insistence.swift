import CoordinationClient

/// What every recipe needs to be right when replies get lost.
extension CoordinationService {
    /// A name that nobody else chooses: it tells this program's node from all others when the reply to its creation is lost.
    static func uniqueMark() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Creates the node and all above it, unless they are there.
    func ensure(_ path: String) async throws {
        var made = ""
        for part in path.split(separator: "/") {
            made += "/\(part)"
            do {
                try await retrying(.patient, .always) { [made] in try await create(made, data: nil) }
            } catch CoordinationError.nodeExists {
                continue
            }
        }
    }

    /// Deletes the node; when it returns, it is gone, whoever deleted it.
    func remove(_ path: String) async throws {
        do {
            try await retrying(.patient, .always) { try await delete(path) }
        } catch CoordinationError.noNode {
            // Gone already, perhaps by an attempt whose reply was lost.
        }
    }

    /// As `remove`, for a task that may have been cancelled already. A failure leaves an ephemeral node to the session's end.
    func removeDespiteCancellation(_ path: String) async {
        await Task { try? await remove(path) }.value
    }

    /// The children, as of now or later than every request of this session that may still be under way.
    func upToDateChildren(_ path: String) async throws -> [String] {
        try await retrying(.patient, .always) {
            try await sync(path)
            return try await getChildren(path)
        }
    }

    /// Creates `parent/prefix + mark + "-"`, with a number that the server appends, exactly once.
    ///
    /// A lost reply leaves it unknown whether the node exists: then the mark is looked for among the children before
    /// anything is tried again. (Apache ZooKeeper, “Recipes and Solutions”, important note on error handling.)
    /// - Returns: the node's own name.
    func createMarked(
        in parent: String, prefix: String, data: [UInt8], kind: NodeKind
    ) async throws -> String {
        let start = "\(prefix)\(Self.uniqueMark())-"
        return try await retrying(.patient, .onlyWithoutEffect) {
            do {
                let path = try await create("\(parent)/\(start)", data: data, kind: kind)
                return String(path.dropFirst(parent.count + 1))
            } catch let error as CoordinationError where error.outcome == .unknown {
                let made = try await upToDateChildren(parent).first { $0.hasPrefix(start) }
                guard let made else {
                    // Now it is certain: the request never arrived, and its connection is gone.
                    throw CoordinationError(CoordinationError.notConnected, operation: "create", path: parent)
                }
                return made
            }
        }
    }

    /// Does all steps exactly once, or throws why they were refused.
    ///
    /// An ephemeral mark is part of the transaction. When its reply is lost, the mark tells whether it happened.
    /// - Parameter marks: the parent of marks.
    func commitOnce(_ steps: [TransactionStep], marks: String) async throws {
        let mark = "\(marks)/\(Self.uniqueMark())"
        try await retrying(.patient, .onlyWithoutEffect) {
            do {
                _ = try await commit(steps + [.create(mark, kind: .ephemeral)])
            } catch let error as CoordinationError where error.outcome == .unknown {
                let stat = try await retrying(.patient, .always) {
                    try await sync(marks)
                    return try await exists(mark)
                }
                guard stat != nil else {
                    throw CoordinationError(CoordinationError.notConnected, operation: "multi", path: marks)
                }
            }
        }
        try await remove(mark)
    }
}

/// The number that the server gave a sequential node; names in the order of these are in the order of creation.
///
/// After 2,147,483,647 creations under one parent the numbers become negative, and the order is lost.
func sequenceNumber(_ name: String) -> Int32? { Int32(name.suffix(10)) }

/// Names of sequential nodes in the order of their creation; others are left out.
func inSequence(_ names: [String]) -> [String] {
    names.compactMap { name in sequenceNumber(name).map { (number: $0, name: name) } }
        .sorted { ($0.number, $0.name) < ($1.number, $1.name) }
        .map(\.name)
}
