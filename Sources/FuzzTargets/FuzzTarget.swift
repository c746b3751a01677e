/// One kind of bytes that strangers write, and the promises that hold whatever they say.
///
/// `make fuzz` looks for bytes that break one; those under `Fuzz/Corpora` are tried by every `make test`.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// All that one connection sends to a server, from its handshake on.
    case connection
    /// Valid requests of several connections at once, chosen by the bytes, on a disk that finishes when they say so.
    case requests
    /// A transaction log: reading and mending it, and a server that starts from it.
    case log
    /// A snapshot, packed or not, and a server that starts from it.
    case snapshot
    /// A `zoo.cfg`.
    case configuration
    /// A trace.
    case trace
    /// A replay file.
    case replay
    /// One fault in the grammar of faults.
    case fault
    /// All that a server sends to a client.
    case client

    /// Tries one input.
    ///
    /// - Throws: the promise that does not hold. A trap is a broken promise too, and speaks for itself.
    package func check(_ input: [UInt8]) throws(FuzzFinding) {
        var bytes = FuzzBytes(input)
        switch self {
        case .connection: try ConnectionFuzzing.check(&bytes)
        case .requests: try RequestFuzzing.check(&bytes)
        case .log: try LogFuzzing.check(&bytes)
        case .snapshot: try SnapshotFuzzing.check(&bytes)
        case .configuration: try TextFuzzing.checkConfiguration(input)
        case .trace: try TextFuzzing.checkTrace(input)
        case .replay: try TextFuzzing.checkReplay(input)
        case .fault: try TextFuzzing.checkFault(input)
        case .client: try ClientFuzzing.check(&bytes)
        }
    }
}

/// A promise that an input has broken.
package struct FuzzFinding: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Says which promise is broken, unless it holds.
func demand(_ condition: Bool, _ promise: @autoclosure () -> String) throws(FuzzFinding) {
    if !condition { throw FuzzFinding(promise()) }
}

/// The value of what must not fail.
func promised<Value>(_ promise: String, _ body: () throws -> Value) throws(FuzzFinding) -> Value {
    do {
        return try body()
    } catch {
        throw FuzzFinding("\(promise): \(error)")
    }
}

/// A fuzzer's bytes as a source of choices. Each takes what it needs from the front; behind the end everything is 0.
struct FuzzBytes {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isEmpty: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func flag() -> Bool { byte() & 1 != 0 }

    /// - Parameter limit: up to 256.
    mutating func number(below limit: Int) -> Int { Int(byte()) % limit }

    mutating func choice<Element>(_ elements: [Element]) -> Element { elements[number(below: elements.count)] }

    mutating func int64() -> Int64 {
        var value: UInt64 = 0
        for _ in 0..<8 { value = value << 8 | UInt64(byte()) }
        return Int64(bitPattern: value)
    }

    /// A run of at most 255 bytes, its length first.
    mutating func run() -> [UInt8] {
        let count = min(Int(byte()), rest.count)
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func remainder() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }
}
