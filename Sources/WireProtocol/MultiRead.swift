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
        operations = try MultiHeader.readEntries(from: &reader) {
            (header: MultiHeader, reader: inout ByteReader) throws(ByteError) -> ReadOperation? in
            switch OperationCode(rawValue: header.type) {
            case .getData: return .getData(try PathWatchRequest(from: &reader))
            case .getChildren: return .getChildren(try PathWatchRequest(from: &reader))
            default: return nil
            }
        }
    }

    package func encode(into writer: inout ByteWriter) {
        MultiHeader.write(operations, into: &writer, header: { .request($0.operation) }) { operation, writer in
            operation.request.encode(into: &writer)
        }
    }
}
