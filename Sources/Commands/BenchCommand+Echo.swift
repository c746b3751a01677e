import Bytes
import CoordinationClient
import CoordinationServer
import EventLoop
import Foundation
import Messages
import StateMachines
import WireProtocol

/// Reads of 50 connections with one in flight each, from this server and from one that only answers: what is left to gain.
extension BenchCommand {
    func echo() async throws -> LocalizedText {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zoolab-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var options = ServerOptions()
        options.port = 0
        options.dataFolder = folder.path
        let (thread, settled) = (try LoopThread(), options)
        let exchange = ReadExchange()
        let ports = try await thread.run { loop in
            (try CoordinationServer(settled, on: loop).port, try EchoServer.listen(exchange, on: loop))
        }
        try await exchange.makeNode(port: ports.0)
        let rates = try await rates(exchange, server: ports.0, echo: ports.1)
        await thread.stop()
        // Of rounds in turn the middle one: whatever else the machine does falls on both.
        let middle = rates.sorted { $0.server * $1.echo < $1.server * $0.echo }[rates.count / 2]
        return BenchMessages.echo(
            readsPerSecond: middle.server, echoesPerSecond: middle.echo,
            percent: middle.server * 100 / max(middle.echo, 1))
    }

    private func rates(
        _ exchange: ReadExchange, server: UInt16, echo: UInt16
    ) async throws -> [(server: Int, echo: Int)] {
        let period = Duration.milliseconds(1_000) / divisor
        let thread = try LoopThread()
        let reads = try await ReadLoad(thread, port: server, exchange, greets: true)
        let echoes = try await ReadLoad(thread, port: echo, exchange, greets: false)
        var rates: [(server: Int, echo: Int)] = []
        for _ in 0..<5 {
            rates.append((try await reads.rate(over: period), try await echoes.rate(over: period)))
        }
        await thread.stop()
        return rates
    }
}

/// The bytes of one read of a hundred bytes, both ways.
private struct ReadExchange: Sendable {
    static let path: ByteString = "/bench"
    static let data = [UInt8](repeating: 7, count: 100)

    let greeting: [UInt8]
    let greetingAnswerByteCount: Int
    let request = ClientRequest.getData(PathWatchRequest(path: Self.path)).frame(xid: 1)
    let answer: [UInt8]

    init() {
        func framed(_ record: some JuteRecord) -> [UInt8] {
            var writer = ByteWriter()
            writer.writeFrame { record.encode(into: &$0) }
            return writer.bytes
        }
        greeting = framed(ConnectRequest(lastZxidSeen: .zero, timeoutMilliseconds: 30_000))
        let password = [UInt8](repeating: 0, count: 16)
        greetingAnswerByteCount =
            framed(
                ConnectResponse(timeoutMilliseconds: 0, session: .none, password: password, isReadOnly: false)
            ).count
        // Length, header, length of the data, data, stat.
        answer = [UInt8](repeating: 0, count: 4 + ReplyHeader.byteCount + 4 + Self.data.count + Stat.byteCount)
    }

    func makeNode(port: UInt16) async throws {
        let client = try await CoordinationClient.connect(to: "127.0.0.1:\(port)")
        _ = try await client.create(Self.path.description, data: Self.data)
        await client.close()
    }
}

/// Answers as many bytes as a server would for each request, and does not look at any.
private enum EchoServer {
    /// - Returns: its port. It listens until its loop closes.
    static func listen(_ exchange: ReadExchange, on loop: EventLoop) throws(SystemFailure) -> UInt16 {
        let listener = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { stream in
            var received = 0
            stream.onBytes = { bytes in
                received += bytes.count
                while received >= exchange.request.count {
                    received -= exchange.request.count
                    stream.write(exchange.answer)
                }
            }
            stream.onEnd = { _ in stream.close() }
            stream.startReading()
        }
        return listener.port
    }
}

/// Connections that ask again as soon as they are answered.
private final class ReadLoad: Sendable {
    private static let connectionCount = 50

    private let thread: LoopThread
    private let readers: LoopBound<[RawReader]>

    init(_ thread: LoopThread, port: UInt16, _ exchange: ReadExchange, greets: Bool) async throws {
        self.thread = thread
        var readers: [LoopBound<RawReader>] = []
        for _ in 0..<Self.connectionCount {
            let reader = try await withCheckedThrowingContinuation { continuation in
                thread.post { loop in
                    RawReader.connect(port, exchange, greets, on: loop) { result in
                        continuation.resume(with: result.map { LoopBound($0, on: loop) })
                    }
                }
            }
            readers.append(reader)
        }
        let all = readers
        self.readers = try await thread.run { loop in LoopBound(all.map { $0.value(on: loop) }, on: loop) }
    }

    /// Answers a second, after a tenth of the time to warm up.
    func rate(over period: Duration) async throws -> Int {
        let readers = self.readers
        try await thread.run { loop in for reader in readers.value(on: loop) { reader.start() } }
        try await Task.sleep(for: period / 10)
        let clock = ContinuousClock()
        let (begun, before) = (clock.now, try await answers())
        var after = before
        while after == before {
            try await Task.sleep(for: period)
            after = try await answers()
        }
        let elapsed = begun.duration(to: clock.now)
        try await thread.run { loop in for reader in readers.value(on: loop) { reader.isPaused = true } }
        return Int(Double(after - before) / (elapsed / .seconds(1)))
    }

    private func answers() async throws -> Int {
        let readers = self.readers
        return try await thread.run { loop in
            try readers.value(on: loop).reduce(0) { try $0 + $1.checkedAnswers() }
        }
    }
}

/// One connection with one request in flight. It counts bytes and looks at none, so that it costs little itself.
private final class RawReader {
    private let stream: TCPConnection
    private let exchange: ReadExchange
    private var missing = 0
    private var answers = 0
    private var failure: SystemFailure?
    private var onGreeted: (() -> Void)?
    var isPaused = true

    private init(_ stream: TCPConnection, _ exchange: ReadExchange) {
        (self.stream, self.exchange) = (stream, exchange)
        stream.onBytes = { [self] bytes in received(bytes.count) }
        stream.onEnd = { [self] end in
            var code = SystemErrorCode.connectionReset
            if case .failed(let reason) = end { code = reason }
            failure = SystemFailure(.read, stream.remoteAddress, code)
            stream.close()
        }
        stream.startReading()
    }

    static func connect(
        _ port: UInt16, _ exchange: ReadExchange, _ greets: Bool, on loop: EventLoop,
        then deliver: @escaping (Result<RawReader, any Error>) -> Void
    ) {
        loop.connect(to: "127.0.0.1", port: port) { result in
            switch result {
            case .failure(let failure): deliver(.failure(failure))
            case .success(let stream):
                let reader = RawReader(stream, exchange)
                guard greets else { return deliver(.success(reader)) }
                reader.greet { deliver(.success(reader)) }
            }
        }
    }

    private func greet(then done: @escaping () -> Void) {
        onGreeted = done
        missing = exchange.greetingAnswerByteCount
        stream.write(exchange.greeting)
    }

    func start() {
        isPaused = false
        if missing == 0 { ask() }
    }

    private func ask() {
        missing = exchange.answer.count
        stream.write(exchange.request)
    }

    private func received(_ count: Int) {
        missing -= count
        guard missing == 0 else { return }
        if let greeted = onGreeted {
            onGreeted = nil
            return greeted()
        }
        answers += 1
        if !isPaused { ask() }
    }

    /// - Throws: what has ended the connection.
    func checkedAnswers() throws -> Int {
        if let failure { throw failure }
        return answers
    }
}
