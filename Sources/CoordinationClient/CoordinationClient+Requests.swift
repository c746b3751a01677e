import Bytes
import WireProtocol

extension CoordinationClient {
    public func create(
        _ path: String, data: [UInt8]?, kind: NodeKind, access: [AccessRule]
    ) async throws -> String {
        let body = try createRequest(path, data, kind, access)
        switch try await perform(body.request(answeringWithStat: false), path: path) {
        case .path(let created), .pathAndStat(let created, _): return names.relative(created.description)
        default: throw malformed("create", path)
        }
    }

    public func createWithStat(
        _ path: String, data: [UInt8]?, kind: NodeKind, access: [AccessRule]
    ) async throws -> (path: String, stat: NodeStat) {
        let body = try createRequest(path, data, kind, access)
        guard
            case .pathAndStat(let created, let stat) = try await perform(
                body.request(answeringWithStat: true), path: path)
        else { throw malformed("create2", path) }
        return (names.relative(created.description), NodeStat(stat))
    }

    public func delete(_ path: String, version: Int32?) async throws {
        let request = PathVersionRequest(path: try absolute(path, "delete"), version: version ?? -1)
        _ = try await perform(.delete(request), path: path)
    }

    public func exists(_ path: String) async throws -> NodeStat? {
        do {
            return try await stat(.exists(PathWatchRequest(path: try absolute(path, "exists"))), path, watch: nil)
        } catch CoordinationError.noNode {
            return nil
        }
    }

    public func existsAndWatch(_ path: String) async throws -> (stat: NodeStat?, watch: Watch) {
        let request = PathWatchRequest(path: try absolute(path, "exists"), watch: true)
        return try await watching { number in
            do {
                return try await self.stat(.exists(request), path, watch: number)
            } catch CoordinationError.noNode {
                return nil
            }
        }
    }

    public func getData(_ path: String) async throws -> (data: [UInt8], stat: NodeStat) {
        let (data, stat) = try await data(path, watch: nil)
        return (data ?? [], stat)
    }

    public func getDataAndWatch(_ path: String) async throws -> (data: [UInt8], stat: NodeStat, watch: Watch) {
        let (data, stat, watch) = try await getOptionalDataAndWatch(path)
        return (data ?? [], stat, watch)
    }

    public func getOptionalData(_ path: String) async throws -> (data: [UInt8]?, stat: NodeStat) {
        try await data(path, watch: nil)
    }

    public func getOptionalDataAndWatch(
        _ path: String
    ) async throws -> (data: [UInt8]?, stat: NodeStat, watch: Watch) {
        let (value, watch) = try await watching { number in try await self.data(path, watch: number) }
        return (value.data, value.stat, watch)
    }

    @discardableResult
    public func setData(_ path: String, data: [UInt8]?, version: Int32?) async throws -> NodeStat {
        let request = SetDataRequest(path: try absolute(path, "setData"), data: data, version: version ?? -1)
        return try await stat(.setData(request), path, watch: nil)
    }

    public func getChildren(_ path: String) async throws -> [String] {
        try await children(path, watch: nil)
    }

    public func getChildrenAndWatch(_ path: String) async throws -> (children: [String], watch: Watch) {
        try await watching { number in try await self.children(path, watch: number) }
    }

    public func getChildrenWithStat(_ path: String) async throws -> (children: [String], stat: NodeStat) {
        try await childrenAndStat(path, watch: nil)
    }

    public func getChildrenWithStatAndWatch(
        _ path: String
    ) async throws -> (children: [String], stat: NodeStat, watch: Watch) {
        let (value, watch) = try await watching { number in try await self.childrenAndStat(path, watch: number) }
        return (value.children, value.stat, watch)
    }

    public func getAccess(_ path: String) async throws -> (rules: [AccessRule], stat: NodeStat) {
        let request = PathRequest(path: try absolute(path, "getACL"))
        guard case .aclAndStat(let rules, let stat) = try await perform(.getACL(request), path: path) else {
            throw malformed("getACL", path)
        }
        return ((rules ?? []).map(AccessRule.init), NodeStat(stat))
    }

    @discardableResult
    public func setAccess(_ path: String, _ rules: [AccessRule], version: Int32?) async throws -> NodeStat {
        let request = SetACLRequest(
            path: try absolute(path, "setACL"), acl: rules.map(\.wire), version: version ?? -1)
        return try await stat(.setACL(request), path, watch: nil)
    }

    public func sync(_ path: String) async throws {
        _ = try await perform(.sync(PathRequest(path: try absolute(path, "sync"))), path: path)
    }

    public func watch(_ path: String, _ scope: WatchScope) async throws -> WatchStream {
        let mode = scope == .node ? AddWatchMode.persistent : .persistentRecursive
        let request = AddWatchRequest(path: try absolute(path, "addWatch"), mode: mode)
        let (number, stream) = makeStream(path)
        do {
            _ = try await perform(.addWatch(request), path: path, watch: number)
            return stream
        } catch {
            forgetStream(number)
            throw error
        }
    }

    /// As `watch`, for those who listen to `events()`.
    package func watchForEvents(_ path: String, _ scope: WatchScope) async throws {
        let mode = scope == .node ? AddWatchMode.persistent : .persistentRecursive
        let request = AddWatchRequest(path: try absolute(path, "addWatch"), mode: mode)
        _ = try await perform(.addWatch(request), path: path, watch: makeWatchNumber())
    }

    public func hasWatches(_ path: String, _ selection: WatchSelection) async throws -> Bool {
        let request = WatcherRequest(path: try absolute(path, "checkWatches"), type: selection.type)
        do {
            _ = try await perform(.checkWatches(request), path: path)
            return true
        } catch CoordinationError.noWatcher {
            return false
        }
    }

    public func removeWatches(_ path: String, _ selection: WatchSelection) async throws {
        try await removeWatches(path, selection, locally: false)
    }

    /// - Parameter locally: whether the client forgets the watches even where no server can be asked to.
    package func removeWatches(_ path: String, _ selection: WatchSelection, locally: Bool) async throws {
        let request = WatcherRequest(path: try absolute(path, "removeWatches"), type: selection.type)
        do {
            _ = try await perform(.removeWatches(request), path: path)
        } catch let error as CoordinationError where locally && error.isTransient {
            forgetWatches(path, selection.type)
        }
    }

    // MARK: Shapes of requests and replies

    /// The path as the server names it. Without the slash at its front, another node's name could come of a root and it.
    func absolute(_ path: String, _ operation: String) throws -> ByteString {
        guard path.hasPrefix("/") else {
            throw CoordinationError(CoordinationError.badArguments, operation: operation, path: path)
        }
        return ByteString(names.absolute(path))
    }

    func createRequest(
        _ path: String, _ data: [UInt8]?, _ kind: NodeKind, _ access: [AccessRule]
    ) throws -> CreateTTLRequest {
        CreateTTLRequest(
            create: CreateRequest(
                path: try absolute(path, "create"), data: data, acl: access.map(\.wire), mode: kind.mode),
            timeToLiveMilliseconds: kind.timeToLiveMilliseconds ?? 0)
    }

    private func stat(_ request: ClientRequest, _ path: String, watch: WatchNumber?) async throws -> NodeStat {
        guard case .stat(let stat) = try await perform(request, path: path, watch: watch) else {
            throw malformed(request.operation.name, path)
        }
        return NodeStat(stat)
    }

    private func data(_ path: String, watch: WatchNumber?) async throws -> (data: [UInt8]?, stat: NodeStat) {
        let request = PathWatchRequest(path: try absolute(path, "getData"), watch: watch != nil)
        guard
            case .dataAndStat(let data, let stat) = try await perform(.getData(request), path: path, watch: watch)
        else { throw malformed("getData", path) }
        return (data, NodeStat(stat))
    }

    private func children(_ path: String, watch: WatchNumber?) async throws -> [String] {
        let request = PathWatchRequest(path: try absolute(path, "getChildren"), watch: watch != nil)
        guard case .children(let names) = try await perform(.getChildren(request), path: path, watch: watch) else {
            throw malformed("getChildren", path)
        }
        return names.map(\.description).sorted()
    }

    private func childrenAndStat(
        _ path: String, watch: WatchNumber?
    ) async throws -> (children: [String], stat: NodeStat) {
        let request = PathWatchRequest(path: try absolute(path, "getChildren2"), watch: watch != nil)
        guard
            case .childrenAndStat(let names, let stat) = try await perform(
                .getChildrenWithStat(request), path: path, watch: watch)
        else { throw malformed("getChildren2", path) }
        return (names.map(\.description).sorted(), NodeStat(stat))
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
        CoordinationError(CoordinationError.unreadableReply, operation: operation, path: path)
    }
}

extension CreateTTLRequest {
    /// The request of the kind of node: containers and nodes with a time to live have opcodes of their own.
    fileprivate func request(answeringWithStat: Bool) -> ClientRequest {
        switch CreateMode(rawValue: create.flags) {
        case .container: .createContainer(create)
        case .timeToLive, .timeToLiveSequential: .createTTL(self)
        default: answeringWithStat ? .createWithStat(create) : .create(create)
        }
    }

    var operation: MultiOperation {
        switch CreateMode(rawValue: create.flags) {
        case .container: .createContainer(create)
        case .timeToLive, .timeToLiveSequential: .createTTL(self)
        default: .createWithStat(create)
        }
    }
}

extension WatchSelection {
    fileprivate var type: WatcherType {
        switch self {
        case .children: .children
        case .data: .data
        case .any: .any
        case .node: .persistent
        case .subtree: .persistentRecursive
        }
    }
}
