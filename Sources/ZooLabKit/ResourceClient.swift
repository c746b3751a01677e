import CoordinationClient

/// The connection to the resource. `Exercises/PROTOCOL.md`, section 4.
actor ResourceClient: CriticalResource {
    enum Failure: Error { case notAResource(greeting: String), gone }

    static let greeting = "ZOOLAB-RESOURCE 1"

    private let name: String
    private let connection: any TransportConnection
    private var buffer: [UInt8] = []
    private var iterator: AsyncStream<[UInt8]>.Iterator
    private var isBusy = false

    init(name: String, connection: any TransportConnection) {
        self.name = name
        self.connection = connection
        iterator = connection.incoming.makeAsyncIterator()
    }

    /// Reads the greeting.
    func open() async throws {
        let line = try await nextLine()
        guard line == Self.greeting else { throw Failure.notAResource(greeting: line) }
    }

    func request(_ verb: String, token: UInt64) async throws -> Bool {
        connection.send(Array("\(verb) \(name) \(token)\n".utf8))
        return try await nextLine() == "OK"
    }

    private func nextLine() async throws -> String {
        precondition(!isBusy, "Commands come one after the other.")
        isBusy = true
        defer { isBusy = false }
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer.removeSubrange(...end) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            // An actor's own property cannot be changed across a suspension; the iterator is a reference inside.
            var reader = iterator
            guard let chunk = await reader.next(isolation: #isolation) else { throw Failure.gone }
            buffer += chunk
        }
    }
}
