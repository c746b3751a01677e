public import CoordinationClient

/// The programs that are alive, each with a name and a few bytes of its own.
///
/// ```swift
/// let workers = Group(client, path: "/workers")
/// try await workers.join("worker-1", data: Array("10.0.0.1".utf8))
/// for try await names in workers.changes() { print("alive:", names) }
/// ```
///
/// Source: Apache ZooKeeper, “Recipes and Solutions”, Group Membership.
public struct Group: Sendable {
    let service: any CoordinationService
    let path: String

    /// - Parameter path: the parent of the members; made when somebody joins.
    public init(_ service: any CoordinationService, path: String) {
        self.service = service
        self.path = path
    }

    /// Becomes a member until it leaves, or its session ends.
    ///
    /// - Throws: `RecipeFailure.nameTaken` where another session has the name, perhaps an earlier one of the same program
    ///   that the server has not expired yet.
    public func join(_ name: String, data: [UInt8] = []) async throws {
        let member = "\(path)/\(name)"
        do {
            try await service.retrying(.patient, .always) {
                try await service.create(member, data: data, kind: .ephemeral)
            }
        } catch CoordinationError.noNode {
            try await service.ensure(path)
            try await join(name, data: data)
        } catch CoordinationError.nodeExists {
            // Our own, if an earlier attempt had succeeded and only its reply was lost.
            let stat = try await service.retrying(.patient, .always) { try await service.exists(member) }
            guard let stat else { return try await join(name, data: data) }
            guard stat.ephemeralOwner == (await service.sessionIdentifier) else {
                throw RecipeFailure.nameTaken(path: member)
            }
            try await service.retrying(.patient, .always) { try await service.setData(member, data: data) }
        }
    }

    /// Is no member any more.
    public func leave(_ name: String) async throws { try await service.remove("\(path)/\(name)") }

    /// The names of the members, in alphabetical order.
    public func members() async throws -> [String] {
        do {
            return try await service.retrying(.patient, .always) { try await service.getChildren(path) }
        } catch CoordinationError.noNode {
            return []
        }
    }

    /// What a member says of itself; nil where there is no such member.
    public func data(of name: String) async throws -> [UInt8]? {
        do {
            return try await service.retrying(.patient, .always) { try await service.getData("\(path)/\(name)").data }
        } catch CoordinationError.noNode {
            return nil
        }
    }

    /// The members now, and whenever they have changed. Quick changes may be seen as one. Ends with the session.
    public func changes() -> AsyncThrowingStream<[String], any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: [String].self)
        let task = Task {
            do {
                try await service.ensure(path)
                var last: [String]?
                while true {
                    let (names, watch) = try await service.retrying(.patient, .always) {
                        try await service.getChildrenAndWatch(path)
                    }
                    if names != last { continuation.yield(names) }
                    last = names
                    _ = try await watch.event()
                }
            } catch CoordinationError.closed {
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }
}
