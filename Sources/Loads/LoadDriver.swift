import CoordinationClient
import EventLoop
import StateMachines

/// All connections of one load, confined to one loop.
final class LoadDriver {
    /// How long a server may take to give sessions to all connections, and to end them.
    static let patienceSeconds = 30

    private let load: Load
    private let loop: EventLoop
    private var connections: [LoadConnection] = []
    private var readyCount = 0
    private var endedCount = 0
    private var onReady: ((Result<Void, any Error>) -> Void)?
    private var onEnded: (() -> Void)?
    private var timer: LoopTimer?
    private var isFinishing = false
    private(set) var failure: LoadFailure?

    private var isMeasuring = false
    private var begun = Tick.zero
    private var latencies = LatencyHistogram()
    private var errorCount = 0

    init(_ load: Load, on loop: EventLoop) { (self.load, self.loop) = (load, loop) }

    // MARK: Connections

    /// Opens all connections, the servers in turn.
    ///
    /// - Parameter done: called once, when all have a session or one has failed.
    func open(_ servers: [ServerAddress], then done: @escaping (Result<Void, any Error>) -> Void) {
        onReady = done
        let frames = RequestSource.shared(load)
        timer = loop.schedule(after: .seconds(UInt64(Self.patienceSeconds))) { [unowned self] in
            ready(.failure(LoadFailure.tooSlow(seconds: Self.patienceSeconds)))
        }
        for number in 0..<load.connectionCount {
            let server = servers[number % servers.count]
            let source = RequestSource(load, frames, connection: number)
            loop.connect(to: server.host, port: server.port) { [self] result in
                switch result {
                case .success(let stream):
                    connections.append(
                        LoadConnection(stream, server, source, requestsInFlight: load.requestsInFlight) {
                            [unowned self] in hear($0)
                        })
                case .failure(let failure): ready(.failure(failure))
                }
            }
        }
    }

    private func ready(_ result: Result<Void, any Error>) {
        timer?.cancel()
        let report = onReady
        onReady = nil
        report?(result)
    }

    private func hear(_ event: LoadConnection.Event) {
        switch event {
        case .ready:
            readyCount += 1
            if readyCount == load.connectionCount { ready(.success(())) }
        case .answered(let latency, let isError):
            guard isMeasuring else { return }
            latencies.record(latency.microseconds)
            if isError { errorCount += 1 }
        case .ended(let reason):
            endedCount += 1
            if let reason, !isFinishing {
                failure = failure ?? reason
                ready(.failure(reason))
            }
            if endedCount == connections.count { ended() }
        }
    }

    // MARK: The run

    func start() {
        for connection in connections { connection.start() }
    }

    func beginMeasuring() {
        (isMeasuring, begun) = (true, loop.now)
        latencies.removeAll()
        errorCount = 0
    }

    /// What was measured since `beginMeasuring`.
    func figures() throws(LoadFailure) -> LoadFigures {
        if let failure { throw failure }
        let seconds = Double((loop.now - begun).microseconds) / 1_000_000
        return LoadFigures(
            requestsPerSecond: Int(Double(latencies.total) / seconds), errorCount: errorCount,
            medianMicroseconds: Int(latencies.quantile(0.5) ?? 0),
            slowestHundredthMicroseconds: Int(latencies.quantile(0.99) ?? 0))
    }

    /// Ends every session; what is not over in time is cut with the loop.
    func finish(then done: @escaping () -> Void) {
        isFinishing = true
        onEnded = done
        timer = loop.schedule(after: .seconds(UInt64(Self.patienceSeconds))) { [unowned self] in ended() }
        for connection in connections { connection.finish() }
        if endedCount == connections.count { ended() }
    }

    private func ended() {
        guard let report = onEnded else { return }
        onEnded = nil
        timer?.cancel()
        report()
    }
}
