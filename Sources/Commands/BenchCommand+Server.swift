import CommandLines
import CoordinationClient
import Foundation
import Loads
import LocalEnsemble
import Messages
import Terminal

/// What `zoolab bench server` was asked to do.
struct ServerBenchOptions {
    var loads = Load.all
    var servers = 1
    var connectString: String?
    var seconds = 4
    var rounds = 3
    var isJSON = false
    /// Which of the options were given, for subjects that have none.
    private(set) var given: [String] = []

    init(_ arguments: inout ArgumentReader) throws {
        if let number = try arguments.number("--seconds", in: 1...3_600) { take("--seconds") { $0.seconds = number } }
        if let number = try arguments.number("--rounds", in: 1...99) { take("--rounds") { $0.rounds = number } }
        if let number = try arguments.number("--servers", in: 1...9) { take("--servers") { $0.servers = number } }
        if let text = try arguments.option("--connect") {
            guard ServerAddress.list(text) != nil else { throw UsageError(ClientMessages.badConnectString(text)) }
            guard !given.contains("--servers") else { throw UsageError(BenchMessages.serversOrConnect) }
            take("--connect") { $0.connectString = text }
        }
        if arguments.flag("--json") { take("--json") { $0.isJSON = true } }
    }

    private mutating func take(_ name: String, _ change: (inout Self) -> Void) {
        given.append(name)
        change(&self)
    }
}

/// The loads by which this server and Apache's are compared, on servers of this machine or of another one.
struct ServerBench {
    let options: ServerBenchOptions
    let warmUp: Duration
    let period: Duration

    init(_ options: ServerBenchOptions, isQuick: Bool) {
        self.options = options
        warmUp = isQuick ? .milliseconds(10) : .seconds(1)
        period = isQuick ? .milliseconds(40) : .seconds(options.seconds)
    }

    struct Row {
        var load: Load
        var rounds: [LoadFigures]
        /// Of each server that was started for this.
        var memory: [Int?]

        var figures: LoadFigures { LoadFigures(middleOf: rounds) }
    }

    func run(_ context: CommandContext) async throws -> ExitCode {
        if let text = options.connectString {
            let list = ServerAddress.list(text) ?? []
            return try await measure(list, nil, context)
        }
        let servers = try await UndisturbedServers.start(options.servers, program: .own(context))
        do {
            let list = servers.addresses.flatMap { ServerAddress.list($0) ?? [] }
            let code = try await measure(list, servers, context)
            await servers.stop()
            return code
        } catch {
            // Who interrupts this process ends the servers, and that is what everything here stumbled over.
            let wasInterrupted = servers.haveEnded
            await servers.stop()
            if wasInterrupted { return .interrupted }
            throw error
        }
    }

    private func measure(
        _ servers: [ServerAddress], _ own: UndisturbedServers?, _ context: CommandContext
    ) async throws -> ExitCode {
        // A session at each of them shows that all of them serve.
        for server in servers.dropFirst() {
            await (try CoordinationClient.connect(to: server.description)).close()
        }
        let client = try await CoordinationClient.connect(to: servers[0].description)
        try await LoadGround.prepare(client)
        let rows: [Row]
        do {
            rows = try await measure(servers, own, client)
        } catch {
            try? await LoadGround.remove(client)
            throw error
        }
        try await LoadGround.remove(client)
        await client.close()
        if options.isJSON {
            context.write(try JSONLine.text(Report(self, servers, rows)))
        } else {
            show(rows, servers, context)
        }
        return .pass
    }

    private func measure(
        _ servers: [ServerAddress], _ own: UndisturbedServers?, _ client: CoordinationClient
    ) async throws -> [Row] {
        var rows: [Row] = []
        var byteCount = 0
        func fill(_ load: Load) async throws {
            guard load.byteCount != byteCount else { return }
            try await LoadGround.fill(client, byteCount: load.byteCount)
            byteCount = load.byteCount
        }
        // Twice for nothing, so that a server that compiles what it runs has done so.
        try await fill(.pipelinedReads)
        for _ in 0..<2 { _ = try await Load.pipelinedReads.run(at: servers, warmUp: warmUp, period: period) }
        for load in options.loads {
            try await fill(load)
            var rounds: [LoadFigures] = []
            for _ in 0..<options.rounds {
                rounds.append(try await load.run(at: servers, warmUp: warmUp, period: period))
            }
            rows.append(Row(load: load, rounds: rounds, memory: try own?.residentByteCounts() ?? []))
        }
        return rows
    }
}

// MARK: - What is printed

extension ServerBench {
    private func show(_ rows: [Row], _ servers: [ServerAddress], _ context: CommandContext) {
        let milliseconds = Int(period / .milliseconds(1))
        context.print(
            options.connectString.map {
                BenchMessages.server(at: $0, milliseconds: milliseconds, rounds: options.rounds)
            } ?? BenchMessages.servers(servers.count, milliseconds: milliseconds, rounds: options.rounds))
        let hasMemory = rows.contains { !$0.memory.isEmpty }
        let titles =
            [
                BenchMessages.columnLoad, BenchMessages.columnRate, BenchMessages.columnMedian,
                BenchMessages.columnSlowest,
            ]
            + (hasMemory ? [BenchMessages.columnMemory] : [])
        let table = TableLayout(
            alignments: [.left] + titles.dropFirst().map { _ in .right },
            header: titles.map { [Span($0.text(in: context.language), TextStyle(bold: true))] },
            rows: rows.map { row in cells(row, hasMemory).map { [Span($0)] } })
        let theme = Theme.detect(environment: context.environment, usesColor: context.usesColor)
        context.write(theme.render(table.lines(width: context.columns)) + "\n")
        for row in rows where row.figures.errorCount > 0 {
            context.print(BenchMessages.errors(row.figures.errorCount, in: row.load.name))
        }
    }

    private func cells(_ row: Row, _ hasMemory: Bool) -> [String] {
        func milliseconds(_ microseconds: Int) -> String {
            let hundredths = (microseconds + 5) / 10
            let rest = hundredths % 100
            return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
        }
        let figures = row.figures
        let memory = row.memory.map { bytes in bytes.map { "\(($0 + 1 << 19) >> 20)" } ?? "–" }
        return [
            row.load.name, "\(figures.requestsPerSecond)", milliseconds(figures.medianMicroseconds),
            milliseconds(figures.slowestHundredthMicroseconds),
        ] + (hasMemory ? [memory.joined(separator: " ")] : [])
    }

    /// What `--json` prints.
    private struct Report: Encodable {
        struct Figures: Encodable {
            var requestsPerSecond: Int
            var p50Microseconds: Int
            var p99Microseconds: Int
            var errors: Int

            init(_ figures: LoadFigures) {
                requestsPerSecond = figures.requestsPerSecond
                p50Microseconds = figures.medianMicroseconds
                p99Microseconds = figures.slowestHundredthMicroseconds
                errors = figures.errorCount
            }
        }
        struct Row: Encodable {
            var load: String
            var connections: Int
            var inFlight: Int
            var dataBytes: Int
            var median: Figures
            var rounds: [Figures]
            /// Absent where the servers are somebody else's.
            var residentBytes: [Int?]?

            init(_ row: ServerBench.Row) {
                load = row.load.name
                connections = row.load.connectionCount
                inFlight = row.load.requestsInFlight
                dataBytes = row.load.byteCount
                median = Figures(row.figures)
                rounds = row.rounds.map(Figures.init)
                residentBytes = row.memory.isEmpty ? nil : row.memory
            }
        }
        var servers: [String]
        var milliseconds: Int
        var loads: [Row]

        init(_ bench: ServerBench, _ servers: [ServerAddress], _ rows: [ServerBench.Row]) {
            self.servers = servers.map(\.description)
            milliseconds = Int(bench.period / .milliseconds(1))
            loads = rows.map(Row.init)
        }
    }
}
