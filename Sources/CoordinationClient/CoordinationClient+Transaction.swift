import Bytes
import WireProtocol

/// One step of a transaction.
public enum TransactionStep: Hashable, Sendable {
    case create(String, data: [UInt8]? = [], kind: NodeKind = .persistent, access: [AccessRule] = .open)
    case delete(String, version: Int32? = nil)
    case setData(String, data: [UInt8]?, version: Int32? = nil)
    /// Lets the transaction fail unless the node exists and has this version; nil for any.
    case check(String, version: Int32? = nil)

    var path: String {
        switch self {
        case .create(let path, _, _, _), .delete(let path, _), .setData(let path, _, _), .check(let path, _): path
        }
    }
}

/// What one step of a transaction did.
public enum TransactionResult: Hashable, Sendable {
    case created(path: String, stat: NodeStat)
    case deleted
    case dataSet(NodeStat)
    case checked
}

/// One step of a common read.
public enum ReadStep: Hashable, Sendable {
    case data(String)
    case children(String)

    var path: String {
        switch self {
        case .data(let path), .children(let path): path
        }
    }
}

/// What one step of a common read found.
public enum ReadResult: Hashable, Sendable {
    /// nil for a node without data.
    case data([UInt8]?, NodeStat)
    case children([String])
    case failed(CoordinationError)
}

extension CoordinationClient {
    @discardableResult
    public func commit(_ steps: [TransactionStep]) async throws -> [TransactionResult] {
        let request = MultiRequest(operations: try steps.map(operation))
        let results = try await results(.multi(request), count: steps.count)
        for (step, result) in zip(steps, results) {
            guard case .error(let code) = result, code != 0, code != ErrorCode.runtimeInconsistency.rawValue else {
                continue
            }
            throw CoordinationError(.init(rawValue: code), operation: step.word, path: step.path)
        }
        return try zip(steps, results).map { step, result in
            switch result {
            case .createWithStat(let path, let stat):
                .created(path: names.relative(path.description), stat: NodeStat(stat))
            case .setData(let stat): .dataSet(NodeStat(stat))
            case .delete: .deleted
            case .check: .checked
            case .create, .getData, .getChildren, .error: throw malformed("multi", step.path)
            }
        }
    }

    public func read(_ steps: [ReadStep]) async throws -> [ReadResult] {
        let operations: [ReadOperation] = try steps.map { step in
            let request = PathWatchRequest(path: try absolute(step.path, "multiRead"))
            return switch step {
            case .data: .getData(request)
            case .children: .getChildren(request)
            }
        }
        let results = try await results(.multiRead(MultiReadRequest(operations: operations)), count: steps.count)
        return try zip(steps, results).map { step, result in
            switch result {
            case .getData(let data, let stat): .data(data, NodeStat(stat))
            case .getChildren(let names): .children(names.map(\.description).sorted())
            case .error(let code):
                .failed(CoordinationError(.init(rawValue: code), operation: step.word, path: step.path))
            case .create, .createWithStat, .delete, .setData, .check: throw malformed("multiRead", step.path)
            }
        }
    }

    private func results(_ request: ClientRequest, count: Int) async throws -> [MultiResult] {
        guard case .multi(let response) = try await perform(request, path: nil), response.results.count == count
        else { throw malformed(request.operation.name, nil) }
        return response.results
    }

    private func operation(_ step: TransactionStep) throws -> MultiOperation {
        switch step {
        case .create(let path, let data, let kind, let access):
            try createRequest(path, data, kind, access).operation
        case .delete(let path, let version):
            .delete(PathVersionRequest(path: try absolute(path, "delete"), version: version ?? -1))
        case .setData(let path, let data, let version):
            .setData(SetDataRequest(path: try absolute(path, "setData"), data: data, version: version ?? -1))
        case .check(let path, let version):
            .check(PathVersionRequest(path: try absolute(path, "check"), version: version ?? -1))
        }
    }
}

extension TransactionStep {
    fileprivate var word: String {
        switch self {
        case .create: "create"
        case .delete: "delete"
        case .setData: "setData"
        case .check: "check"
        }
    }
}

extension ReadStep {
    fileprivate var word: String {
        switch self {
        case .data: "getData"
        case .children: "getChildren"
        }
    }
}
