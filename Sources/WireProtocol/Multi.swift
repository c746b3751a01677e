package import Bytes

/// What stands before every operation and every result of a multi, and at the end of both.
package struct MultiHeader: JuteRecord {
    package static let byteCount = 9
    package static let end = MultiHeader(type: -1, isDone: true, error: -1)
    /// The type of a result that is an error.
    package static let errorType: Int32 = -1

    package var type: Int32
    package var isDone: Bool
    package var error: Int32

    package init(type: Int32, isDone: Bool, error: Int32) {
        self.type = type
        self.isDone = isDone
        self.error = error
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        type = try reader.readInt32()
        isDone = try reader.readBool()
        error = try reader.readInt32()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(type)
        writer.write(isDone)
        writer.write(error)
    }

    /// Reads what stands between here and the end mark.
    ///
    /// - Parameter entry: reads what follows its header; nil for a type that has no place here.
    static func readEntries<Entry>(
        from reader: inout ByteReader,
        _ entry: (MultiHeader, inout ByteReader) throws(ByteError) -> Entry?
    ) throws(ByteError) -> [Entry] {
        var entries: [Entry] = []
        while true {
            let start = reader.offset
            let header = try MultiHeader(from: &reader)
            if header.isDone { return entries }
            guard let next = try entry(header, &reader) else {
                throw .unknownValue(Int(header.type), offset: start)
            }
            entries.append(next)
        }
    }

    /// Writes entries, each behind a header, and the end mark.
    static func write<Entry>(
        _ entries: [Entry], into writer: inout ByteWriter, header: (Entry) -> MultiHeader,
        _ encode: (Entry, inout ByteWriter) -> Void
    ) {
        for entry in entries {
            header(entry).encode(into: &writer)
            encode(entry, &writer)
        }
        end.encode(into: &writer)
    }

    /// What stands before an operation that is asked for.
    static func request(_ operation: OperationCode) -> MultiHeader {
        MultiHeader(type: operation.rawValue, isDone: false, error: -1)
    }
}

/// One operation of a multi.
package enum MultiOperation: Hashable, Sendable {
    case create(CreateRequest)
    case createWithStat(CreateRequest)
    case createContainer(CreateRequest)
    case createTTL(CreateTTLRequest)
    case delete(PathVersionRequest)
    case setData(SetDataRequest)
    case check(PathVersionRequest)

    package var operation: OperationCode {
        switch self {
        case .create: .create
        case .createWithStat: .createWithStat
        case .createContainer: .createContainer
        case .createTTL: .createTTL
        case .delete: .delete
        case .setData: .setData
        case .check: .check
        }
    }

    package var path: ByteString {
        switch self {
        case .create(let request), .createWithStat(let request), .createContainer(let request): request.path
        case .createTTL(let request): request.create.path
        case .delete(let request), .check(let request): request.path
        case .setData(let request): request.path
        }
    }
}

/// Body of `multi`: operations that happen together or not at all.
package struct MultiRequest: JuteRecord {
    package var operations: [MultiOperation]

    package init(operations: [MultiOperation]) { self.operations = operations }

    package init(from reader: inout ByteReader) throws(ByteError) {
        operations = try MultiHeader.readEntries(from: &reader) {
            (header: MultiHeader, reader: inout ByteReader) throws(ByteError) -> MultiOperation? in
            switch OperationCode(rawValue: header.type) {
            case .create: return try Self.creation(&reader) { .create($0) }
            case .createWithStat: return try Self.creation(&reader) { .createWithStat($0) }
            case .createContainer: return try Self.creation(&reader) { .createContainer($0) }
            case .createTTL: return Self.timedCreation(try CreateTTLRequest(from: &reader))
            case .delete: return .delete(try PathVersionRequest(from: &reader))
            case .setData: return .setData(try SetDataRequest(from: &reader))
            case .check: return .check(try PathVersionRequest(from: &reader))
            default: return nil
            }
        }
    }

    /// In a multi the flags count more than the operation: they may make a container, and those of a timed node, which has no
    /// time here, make the whole multi unreadable.
    private static func creation(
        _ reader: inout ByteReader, _ operation: (CreateRequest) -> MultiOperation
    ) throws(ByteError) -> MultiOperation {
        let start = reader.offset
        let request = try CreateRequest(from: &reader)
        guard let mode = CreateMode(rawValue: request.flags), !mode.isTimed else {
            throw .unknownValue(Int(request.flags), offset: start)
        }
        return mode == .container ? .createContainer(request) : operation(request)
    }

    /// Likewise: a time to live counts for the flags of timed nodes only.
    private static func timedCreation(_ request: CreateTTLRequest) -> MultiOperation {
        switch CreateMode(rawValue: request.create.flags) {
        case .timeToLive, .timeToLiveSequential, nil: .createTTL(request)
        case .container: .createContainer(request.create)
        case .persistent, .ephemeral, .persistentSequential, .ephemeralSequential: .create(request.create)
        }
    }

    package func encode(into writer: inout ByteWriter) {
        MultiHeader.write(operations, into: &writer, header: { .request($0.operation) }) { operation, writer in
            switch operation {
            case .create(let request), .createWithStat(let request), .createContainer(let request):
                request.encode(into: &writer)
            case .createTTL(let request): request.encode(into: &writer)
            case .delete(let request), .check(let request): request.encode(into: &writer)
            case .setData(let request): request.encode(into: &writer)
            }
        }
    }
}

/// One result of a multi.
package enum MultiResult: Hashable, Sendable {
    case create(path: ByteString)
    /// Of `createContainer` and `createTTL` too.
    case createWithStat(path: ByteString, Stat)
    case delete
    case setData(Stat)
    case check
    /// Of a `multiRead`.
    case getData([UInt8]?, Stat)
    /// Of a `multiRead`.
    case getChildren([ByteString])
    /// An `ErrorCode`. In a multi: 0 before the operation that failed, its own code for that one, −2 after it.
    case error(Int32)
}

/// Body of the reply to `multi` and `multiRead`. A failed multi has errors only, and its reply's header says 0.
package struct MultiResponse: JuteRecord {
    package var results: [MultiResult]

    package init(results: [MultiResult]) { self.results = results }

    package init(from reader: inout ByteReader) throws(ByteError) {
        results = try MultiHeader.readEntries(from: &reader) {
            (header: MultiHeader, reader: inout ByteReader) throws(ByteError) -> MultiResult? in
            if header.type == MultiHeader.errorType { return .error(try reader.readInt32()) }
            switch OperationCode(rawValue: header.type) {
            case .create: return .create(path: try reader.readString())
            case .createWithStat: return .createWithStat(path: try reader.readString(), try Stat(from: &reader))
            case .delete: return .delete
            case .setData: return .setData(try Stat(from: &reader))
            case .check: return .check
            case .getData: return .getData(try reader.readBuffer(), try Stat(from: &reader))
            case .getChildren: return .getChildren(try reader.readStrings() ?? [])
            default: return nil
            }
        }
    }

    package func encode(into writer: inout ByteWriter) {
        MultiHeader.write(results, into: &writer, header: Self.header) { result, writer in
            switch result {
            case .create(let path): writer.writeString(path)
            case .createWithStat(let path, let stat):
                writer.writeString(path)
                stat.encode(into: &writer)
            case .delete, .check: break
            case .setData(let stat): stat.encode(into: &writer)
            case .getData(let data, let stat):
                writer.writeBuffer(data)
                stat.encode(into: &writer)
            case .getChildren(let names): writer.writeStrings(names)
            case .error(let code): writer.write(code)
            }
        }
    }

    private static func header(of result: MultiResult) -> MultiHeader {
        let operation: OperationCode
        switch result {
        case .create: operation = .create
        case .createWithStat: operation = .createWithStat
        case .delete: operation = .delete
        case .setData: operation = .setData
        case .check: operation = .check
        case .getData: operation = .getData
        case .getChildren: operation = .getChildren
        case .error(let code): return MultiHeader(type: MultiHeader.errorType, isDone: false, error: code)
        }
        return MultiHeader(type: operation.rawValue, isDone: false, error: 0)
    }
}
