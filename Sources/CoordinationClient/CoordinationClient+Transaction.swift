import Bytes
import WireProtocol

/// One step of a transaction.
public enum TransactionStep: Hashable, Sendable {
    case create(String, data: [UInt8] = [], kind: NodeKind = .persistent)
    case delete(String, version: Int32? = nil)
    case setData(String, data: [UInt8], version: Int32? = nil)
    /// Lets the transaction fail unless the node exists and has this version; nil for any.
    case check(String, version: Int32? = nil)

    var path: String {
        switch self {
        case .create(let path, _, _), .delete(let path, _), .setData(let path, _, _), .check(let path, _): path
        }
    }

    var operation: MultiOperation {
        switch self {
        case .create(let path, let data, let kind):
            .createWithStat(CreateRequest(path: ByteString(path), data: data, mode: kind.mode))
        case .delete(let path, let version):
            .delete(PathVersionRequest(path: ByteString(path), version: version ?? -1))
        case .setData(let path, let data, let version):
            .setData(SetDataRequest(path: ByteString(path), data: data, version: version ?? -1))
        case .check(let path, let version):
            .check(PathVersionRequest(path: ByteString(path), version: version ?? -1))
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

extension CoordinationClient {
    /// Does all steps, or none.
    ///
    /// - Returns: a result for each step, in order.
    /// - Throws: the `CoordinationError` of the first step that could not be done, with its path.
    @discardableResult
    public func commit(_ steps: [TransactionStep]) async throws -> [TransactionResult] {
        let request = MultiRequest(operations: steps.map(\.operation))
        guard case .multi(let response) = try await perform(.multi(request), path: nil) else {
            throw malformed("multi", nil)
        }
        guard response.results.count == steps.count else { throw malformed("multi", nil) }
        for (step, result) in zip(steps, response.results) {
            guard case .error(let code) = result, code != 0, code != ErrorCode.runtimeInconsistency.rawValue else {
                continue
            }
            throw CoordinationError(
                .init(rawValue: code), operation: step.operation.operation.name, path: step.path)
        }
        return try zip(steps, response.results).map { step, result in
            switch result {
            case .createWithStat(let path, let stat): .created(path: path.description, stat: NodeStat(stat))
            case .setData(let stat): .dataSet(NodeStat(stat))
            case .delete: .deleted
            case .check: .checked
            case .create, .getData, .getChildren, .error: throw malformed("multi", step.path)
            }
        }
    }
}
