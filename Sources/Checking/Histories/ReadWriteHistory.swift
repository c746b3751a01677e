package import Messages

/// A history of reads and writes in which each value was written once, so that every read names the write it saw.
///
/// What weaker promises than sequential consistency say is about that. Reads whose answer nobody knows are left out.
package struct ReadWriteHistory: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        /// Nothing had been written.
        case initial
        /// By index of the write.
        case write(Int)
        /// Nobody ever wrote the value.
        case nobody
    }

    package struct Operation: Hashable, Sendable {
        package var position: Int
        package var client: Int
        package var begin: Int
        package var end: Int?
        /// Index in `keys`.
        package var key: Int
        package var value: String?
        /// `nil` for a write.
        package var source: Source?
        package var version: UInt64?

        package var isWrite: Bool { source == nil }
    }

    /// Why a history is none of this kind.
    package enum Refusal: LocalizedFailure, Equatable {
        /// More than a read or a write.
        case otherOperation(String)
        case writtenTwice(value: String)
        package var message: LocalizedText {
            switch self {
            case .otherOperation(let text): HistoryMessages.notReadOrWrite(text)
            case .writtenTwice(let value): HistoryMessages.writtenTwice(value)
            }
        }
    }

    /// What is judged of larger ones would take more than 100 MB, or minutes.
    package static let mostOperations = 20_000

    package let clients: [String]
    package private(set) var keys: [String] = []
    /// In the order of their calls.
    package private(set) var operations: [Operation] = []
    /// For each client its operations, in the order of their calls.
    let sessions: [[Int]]
    /// For each operation those of its client that precede it directly: with none of the client's own in between.
    package let sessionPredecessors: [[Int]]

    package init<Model: SequentialModel>(
        _ history: History<Model.Request, Model.Response>, of model: Model
    ) throws(Refusal) {
        var (operations, keys): ([Operation], [String]) = ([], [])
        var numberOfKey: [String: Int] = [:]  // Only looked up.
        var writer: [Written: Int] = [:]  // Only looked up.
        for (position, recorded) in history.operations.enumerated() {
            let (key, value, isWrite): (String, String?, Bool)
            switch model.access(recorded.request, answered: recorded.response) {
            case nil: throw .otherOperation(model.text(of: recorded.request))
            case .read(_, nil)?: continue
            case .read(let name, .nothing?)?: (key, value, isWrite) = (name, nil, false)
            case .read(let name, .written(let text)?)?: (key, value, isWrite) = (name, text, false)
            case .write(let name, let text)?: (key, value, isWrite) = (name, text, true)
            }
            let number = numberOfKey[key] ?? keys.count
            if number == keys.count {
                numberOfKey[key] = number
                keys.append(key)
            }
            if isWrite, let value,
                writer.updateValue(operations.count, forKey: Written(key: number, value: value)) != nil
            {
                throw .writtenTwice(value: Self.text(key, value))
            }
            operations.append(
                Operation(
                    position: position, client: recorded.client, begin: recorded.begin, end: recorded.end, key: number,
                    value: value, source: isWrite ? nil : .initial, version: recorded.version))
        }
        for index in operations.indices where !operations[index].isWrite {
            guard let value = operations[index].value else { continue }
            let write = writer[Written(key: operations[index].key, value: value)]
            operations[index].source = write.map { .write($0) } ?? .nobody
        }
        (clients, self.keys, self.operations) = (history.clients, keys, operations)
        var sessions: [[Int]] = history.clients.map { _ in [] }
        for index in operations.indices { sessions[operations[index].client].append(index) }
        self.sessions = sessions
        sessionPredecessors = Self.predecessors(of: operations, in: sessions)
    }

    private struct Written: Hashable {
        var key: Int
        var value: String
    }

    private static func predecessors(of operations: [Operation], in sessions: [[Int]]) -> [[Int]] {
        var predecessors: [[Int]] = operations.map { _ in [] }
        for session in sessions {
            for (place, later) in session.enumerated() {
                // Whatever ended before one of these began precedes the operation only through it.
                var latestBegin = -1
                for earlier in session[..<place].reversed() {
                    guard let end = operations[earlier].end, end < operations[later].begin, end > latestBegin else {
                        continue
                    }
                    predecessors[later].append(earlier)
                    latestBegin = max(latestBegin, operations[earlier].begin)
                }
            }
        }
        return predecessors
    }

    /// True where both belong to one client and the first had ended before the second began.
    package func isInSessionOrder(_ first: Int, _ second: Int) -> Bool {
        let (one, other) = (operations[first], operations[second])
        return one.client == other.client && one.end.map { $0 < other.begin } ?? false
    }

    /// "x=1"; a value without a key is itself.
    package static func text(_ key: String, _ value: String?) -> String {
        (key.isEmpty ? "" : key + "=") + Absent.text(value)
    }

    /// The value that an operation wrote or read.
    package func value(of index: Int) -> String {
        Self.text(keys[operations[index].key], operations[index].value)
    }

    package func client(of index: Int) -> String { clients[operations[index].client] }
}
