import EventLoop

/// The TCP port through which one program reaches the resource. Confined to its loop.
final class ResourcePort {
    private let program: String
    private let core: StageCore
    private var listener: TCPListener?
    private var connections: [TCPConnection] = []

    /// "127.0.0.1:40121", for `RESOURCE_ADDR`.
    var address: String { "127.0.0.1:\(listener?.port ?? 0)" }

    /// Opens a port of its own.
    init(for program: String, of core: StageCore) throws {
        self.program = program
        self.core = core
        listener = try TCPListener(host: "127.0.0.1", port: 0, on: core.loop) { [weak self] in self?.accept($0) }
    }

    /// Takes the next socket of `channel`, which the sandbox of the program opened.
    init(for program: String, of core: StageCore, from channel: SocketChannel) throws {
        self.program = program
        self.core = core
        listener = try TCPListener(from: channel) { [weak self] in self?.accept($0) }
    }

    private func accept(_ connection: TCPConnection) {
        connections.append(connection)
        var splitter = LineSplitter(limit: Resource.maximumLineLength)
        var requests = 0
        connection.onBytes = { [weak self, weak connection] bytes in
            guard let self, let connection else { return }
            guard let lines = splitter.append(bytes), requests + lines.count <= Resource.maximumRequests else {
                return end(connection)
            }
            requests += lines.count
            for line in lines {
                let exchange = core.ask(line, from: program)
                connection.write(Array((exchange.answer.line + "\n").utf8))
            }
        }
        connection.onEnd = { [weak self, weak connection] _ in
            guard let self, let connection else { return }
            end(connection)
        }
        connection.write(Array((Resource.greeting + "\n").utf8))
        connection.startReading()
    }

    private func end(_ connection: TCPConnection) {
        connection.close()
        connections.removeAll { $0 === connection }
        core.resourceDisconnected(program)
    }

    func close() {
        listener?.close()
        listener = nil
        for connection in connections { connection.close() }
        connections = []
    }
}
