import Bytes
import WireProtocol

extension CoordinationClient {
    /// Creates a node; its parent must exist.
    ///
    /// - Returns: the path of the new node, which for a sequential kind ends in the number the server gave it.
    /// - Throws: `CoordinationError`: `nodeExists`, `noNode` (no parent), `connectionLoss` (it may exist now)…
    @discardableResult
    public func create(_ path: String, data: [UInt8] = [], kind: NodeKind = .persistent) async throws -> String {
        let request = CreateRequest(path: ByteString(path), data: data, mode: kind.mode)
        guard case .path(let created) = try await perform(.create(request), path: path) else {
            throw malformed("create", path)
        }
        return created.description
    }

    /// As `create`, and returns what the server knows of the new node.
    public func createWithStat(
        _ path: String, data: [UInt8] = [], kind: NodeKind = .persistent
    ) async throws -> (path: String, stat: NodeStat) {
        let request = CreateRequest(path: ByteString(path), data: data, mode: kind.mode)
        guard case .pathAndStat(let created, let stat) = try await perform(.createWithStat(request), path: path) else {
            throw malformed("create2", path)
        }
        return (created.description, NodeStat(stat))
    }

    /// Deletes a node that has no children.
    ///
    /// - Parameter version: the version it must have; nil for any.
    public func delete(_ path: String, version: Int32? = nil) async throws {
        let request = PathVersionRequest(path: ByteString(path), version: version ?? -1)
        _ = try await perform(.delete(request), path: path)
    }

    /// - Returns: nil where there is no such node.
    public func exists(_ path: String) async throws -> NodeStat? {
        do {
            return try await stat(.exists(PathWatchRequest(path: ByteString(path))), path, watch: nil)
        } catch CoordinationError.noNode {
            return nil
        }
    }

    /// As `exists`, with a watch that fires when the node is created, changed or deleted.
    public func existsAndWatch(_ path: String) async throws -> (stat: NodeStat?, watch: Watch) {
        try await watching { number in
            do {
                let request = PathWatchRequest(path: ByteString(path), watch: true)
                return try await self.stat(.exists(request), path, watch: number)
            } catch CoordinationError.noNode {
                return nil
            }
        }
    }

    /// The node's data; of a node without data, no bytes.
    public func getData(_ path: String) async throws -> (data: [UInt8], stat: NodeStat) {
        try await data(path, watch: nil)
    }

    /// As `getData`, with a watch that fires when the node is changed or deleted. No watch is set where it throws.
    public func getDataAndWatch(_ path: String) async throws -> (data: [UInt8], stat: NodeStat, watch: Watch) {
        let (value, watch) = try await watching { number in try await self.data(path, watch: number) }
        return (value.data, value.stat, watch)
    }

    /// - Parameter version: the version the node must have; nil for any.
    @discardableResult
    public func setData(_ path: String, data: [UInt8], version: Int32? = nil) async throws -> NodeStat {
        let request = SetDataRequest(path: ByteString(path), data: data, version: version ?? -1)
        return try await stat(.setData(request), path, watch: nil)
    }

    /// The names of the children, without the path of the parent, in alphabetical order.
    public func getChildren(_ path: String) async throws -> [String] {
        try await children(path, watch: nil)
    }

    /// As `getChildren`, with a watch that fires when a child comes or goes, or the node itself goes.
    public func getChildrenAndWatch(_ path: String) async throws -> (children: [String], watch: Watch) {
        try await watching { number in try await self.children(path, watch: number) }
    }

    /// As `getChildren`, with the parent's stat.
    public func getChildrenWithStat(_ path: String) async throws -> (children: [String], stat: NodeStat) {
        let request = PathWatchRequest(path: ByteString(path))
        guard
            case .childrenAndStat(let names, let stat) = try await perform(.getChildrenWithStat(request), path: path)
        else { throw malformed("getChildren2", path) }
        return (names.map(\.description).sorted(), NodeStat(stat))
    }

    /// Waits until the server has caught up with everything its leader had committed.
    public func sync(_ path: String) async throws {
        _ = try await perform(.sync(PathRequest(path: ByteString(path))), path: path)
    }

    // MARK: Shapes of replies

    private func stat(_ request: ClientRequest, _ path: String, watch: WatchNumber?) async throws -> NodeStat {
        guard case .stat(let stat) = try await perform(request, path: path, watch: watch) else {
            throw malformed(request.operation.name, path)
        }
        return NodeStat(stat)
    }

    private func data(_ path: String, watch: WatchNumber?) async throws -> (data: [UInt8], stat: NodeStat) {
        let request = PathWatchRequest(path: ByteString(path), watch: watch != nil)
        guard
            case .dataAndStat(let data, let stat) = try await perform(.getData(request), path: path, watch: watch)
        else { throw malformed("getData", path) }
        return (data ?? [], NodeStat(stat))
    }

    private func children(_ path: String, watch: WatchNumber?) async throws -> [String] {
        let request = PathWatchRequest(path: ByteString(path), watch: watch != nil)
        guard case .children(let names) = try await perform(.getChildren(request), path: path, watch: watch) else {
            throw malformed("getChildren", path)
        }
        return names.map(\.description).sorted()
    }

    private func watching<Value: Sendable>(
        _ body: (WatchNumber) async throws -> Value
    ) async throws -> (Value, Watch) {
        let (number, watch) = makeWatch()
        do {
            return (try await body(number), watch)
        } catch {
            forgetWatch(number)
            throw error
        }
    }

    func malformed(_ operation: String, _ path: String?) -> CoordinationError {
        CoordinationError(.init(.marshallingError), operation: operation, path: path)
    }
}
