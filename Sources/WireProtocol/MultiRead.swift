package import Bytes

/// One operation of a multiRead. A watch asked for in one is not set.
package enum ReadOperation: Hashable, Sendable {
    case getData(PathWatchRequest)
    case getChildren(PathWatchRequest)

    package var operation: OperationCode {
        switch self {
        case .getData: .getData
        case .getChildren: .getChildren
        }
    }

    package var request: PathWatchRequest {
        switch self {
        case .getData(let request), .getChildren(let request): request
        }
    }
}

/// Body of `multiRead`: operations that are answered from one state, each with its own result or error.
package struct MultiReadRequest: JuteRecord {
    package var operations: [ReadOperation]

    package init(operations: [ReadOperation]) { self.operations = operations }

    package init(from reader: inout ByteReader) throws(ByteError) {
        operations = []
        while true {
            let start = reader.offset
            let header = try MultiHeader(from: &reader)
            if header.isDone { return }
            switch OperationCode(rawValue: header.type) {
            case .getData: operations.append(.getData(try PathWatchRequest(from: &reader)))
            case .getChildren: operations.append(.getChildren(try PathWatchRequest(from: &reader)))
            default: throw .unknownValue(Int(header.type), offset: start)
            }
        }
    }

    package func encode(into writer: inout ByteWriter) {
        for operation in operations {
            MultiHeader(type: operation.operation.rawValue, isDone: false, error: -1).encode(into: &writer)
            operation.request.encode(into: &writer)
        }
        MultiHeader.end.encode(into: &writer)
    }
}
