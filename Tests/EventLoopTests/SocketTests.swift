import EventLoop
import Messages
import StateMachines
import Testing

/// A listener that sends everything back, paused while the peer does not read.
func echoServer(on loop: EventLoop) throws -> TCPListener {
    try TCPListener(host: "127.0.0.1", port: 0, on: loop) { connection in
        connection.onBytes = { [unowned connection] bytes in
            connection.write(bytes)
            if connection.unwrittenByteCount > 0 { connection.pauseReading() }
        }
        connection.onDrain = { [unowned connection] in connection.startReading() }
        connection.onEnd = { [unowned connection] end in if end == .finished { connection.close() } }
        connection.startReading()
    }
}

struct SocketTests {
    @Test(arguments: [1, 1_000, 70_000, 5_000_000])
    func `an echo gives every byte back`(count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        let message = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var received: [UInt8] = []
        try withLoop { loop in
            let server = try echoServer(on: loop)
            loop.connect(to: "127.0.0.1", port: server.port) { result in
                guard let connection = try? result.get() else { return loop.stop() }
                connection.onBytes = { bytes in
                    received.append(contentsOf: bytes)
                    if received.count == count {
                        connection.close()
                        server.close()
                    }
                }
                connection.startReading()
                connection.write(Array(message.prefix(count / 2)))
                connection.write(Array(message.dropFirst(count / 2)))
            }
        }
        #expect(received == message)
    }

    @Test func `a slow reader makes bytes wait, and close still delivers them`() throws {
        let message = [UInt8](repeating: 7, count: 8_000_000)
        var waited = 0
        var received = 0
        try withLoop { loop in
            let server = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { connection in
                connection.write(message)
                connection.write(message)
                waited = connection.unwrittenByteCount
                connection.close()
                connection.write([1, 2, 3])  // After close: nothing.
            }
            loop.connect(to: "127.0.0.1", port: server.port) { result in
                guard let connection = try? result.get() else { return loop.stop() }
                connection.onBytes = { received += $0.count }
                connection.onEnd = { _ in
                    connection.close()
                    server.close()
                }
                loop.schedule(after: .milliseconds(20)) { connection.startReading() }
            }
        }
        #expect(waited > 0)
        #expect(received == 16_000_000)
    }

    @Test func `a reset reaches the peer as a reset, an orderly close as an end`() throws {
        var ends: [StreamEnd] = []
        try withLoop { loop in
            var isFirst = true
            let server = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { connection in
                connection.onBytes = { [unowned connection] _ in
                    if isFirst { connection.reset() } else { connection.close() }
                    isFirst = false
                }
                connection.startReading()
            }
            func connect(_ next: @escaping () -> Void) {
                loop.connect(to: "127.0.0.1", port: server.port) { result in
                    guard let connection = try? result.get() else { return loop.stop() }
                    connection.onEnd = { end in
                        ends.append(end)
                        connection.close()
                        next()
                    }
                    connection.startReading()
                    connection.write([1])
                }
            }
            connect { connect { server.close() } }
        }
        #expect(ends == [.failed(.connectionReset), .finished])
    }

    @Test func `a port in use, a refused connection and an unknown host say what to do`() throws {
        var refused: SystemFailure?
        try withLoop { loop in
            let first = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { _ in }
            let port = first.port
            #expect(throws: SystemFailure(.listen, "127.0.0.1:\(port)", .addressInUse)) {
                try TCPListener(host: "127.0.0.1", port: port, on: loop) { _ in }
            }
            #expect(throws: SystemFailure.self) { try TCPListener(host: "192.0.2.1", port: 0, on: loop) { _ in } }
            first.close()
            loop.connect(to: "127.0.0.1", port: port) { result in
                if case .failure(let failure) = result { refused = failure }
            }
        }
        #expect(refused?.code == .connectionRefused)
        #expect(refused?.message.english.hasPrefix("Nothing accepts connections at 127.0.0.1:") == true)
        let busy = SystemFailure(.listen, "127.0.0.1:2181", .addressInUse)
        #expect(busy.message.english.contains("127.0.0.1:2181 is already in use"))
        #expect(busy.message.chinese.contains("已被其他程序占用"))
        #expect("\(SystemErrorCode.addressInUse)" == "EADDRINUSE")
    }

    @Test func `localhost is found, and a cancelled attempt delivers nothing`() throws {
        var count = 0
        try withLoop { loop in
            let server = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { _ in }
            let attempt = loop.connect(to: "127.0.0.1", port: server.port) { _ in count += 100 }
            attempt.cancel()
            loop.connect(to: "localhost", port: server.port) { result in
                if case .success = result { count += 1 }
                loop.stop()
            }
        }
        #expect(count == 1)
    }

    @Test func `addresses read as people write them`() {
        #expect(SocketAddress(numericHost: "127.0.0.1", port: 2181)?.description == "127.0.0.1:2181")
        #expect(SocketAddress(numericHost: "::1", port: 80)?.description == "[::1]:80")
        #expect(SocketAddress(numericHost: "localhost", port: 80) == nil)
    }
}
