package import CommandLines
import CoordinationClient
import CoordinationServer
import Diagrams
import EventLoop
import Explorer
import Foundation
import GraphvizRenderer
import Loads
package import Messages
import PublishedModels
import Scenarios
import StateMachines
import Traces

/// `zoolab bench`: the project's own measurements.
package struct BenchCommand: Command {
    package static let name = "bench"
    package static let summary = BenchMessages.summary
    package static let help = BenchMessages.help

    enum Subject: String, CaseIterable {
        case diagram, simulate, explore, server, client, echo, storage
    }

    private let subjects: [Subject]
    private let serverOptions: ServerBenchOptions
    /// The whole work is divided by this.
    let divisor: Int

    package init(_ arguments: inout ArgumentReader) throws {
        divisor = arguments.flag("--quick") ? 100 : 1
        var options = try ServerBenchOptions(&arguments)
        let (named, loads) = try Self.sorted(arguments.positionals())
        // Without a subject everything is measured; a load alone means the server.
        let subjects = named.isEmpty ? (loads.isEmpty ? Subject.allCases : [.server]) : named
        if !loads.isEmpty { options.loads = loads }
        if let option = options.given.first, !subjects.contains(.server) || (options.isJSON && subjects != [.server]) {
            throw UsageError(BenchMessages.onlyForServer(options.isJSON ? "--json" : option))
        }
        if !loads.isEmpty, !subjects.contains(.server) { throw UsageError(BenchMessages.onlyForServer(loads[0].name)) }
        if divisor > 1 { options.rounds = 1 }
        (self.subjects, serverOptions) = (subjects, options)
    }

    /// What the words name: subjects, and loads of the server in the order of the list.
    private static func sorted(_ words: [String]) throws -> ([Subject], [Load]) {
        let known = Subject.allCases.map(\.rawValue) + Load.all.map(\.name)
        for word in words where !known.contains(word) {
            throw UsageError(
                BenchMessages.unknownSubject(word, known: known, nearest: nearestWord(to: word, among: known)))
        }
        return (words.compactMap(Subject.init(rawValue:)), Load.all.filter { words.contains($0.name) })
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        for subject in subjects {
            switch subject {
            case .diagram: context.print(try diagram())
            case .simulate: context.print(try simulate())
            case .explore: context.print(try explore())
            case .server:
                let code = try await ServerBench(serverOptions, isQuick: divisor > 1).run(context)
                guard code == .pass else { return code }
            case .client: context.print(try await client())
            case .echo: context.print(try await echo())
            case .storage: context.print(try await storage())
            }
        }
        return .pass
    }
}

private let clock = ContinuousClock()

private func rate(_ count: Int, in elapsed: Duration) -> Int { Int(Double(count) / (elapsed / .seconds(1))) }

// MARK: - The laboratory

extension BenchCommand {
    /// Ten lanes, each message a send and a receive 5 ms later.
    private func busyTrace(messages: Int) -> Trace {
        let names = (0..<10).map { "N\($0)" }
        var random = SplitMix64(seed: 1)
        var trace = Trace(header: TraceHeader(protocolName: "bench", nodes: names, seed: 1))
        for message in 0..<messages {
            let from = Int(random.uniform(in: 0...9))
            let to = (from + 1 + Int(random.uniform(in: 0...8))) % 10
            let sent = Tick.milliseconds(UInt64(message))
            for (kind, node, peer, time) in [
                (EventKind.send, names[from], names[to], sent),
                (.receive, names[to], names[from], sent + .milliseconds(5)),
            ] {
                trace.events.append(
                    Event(
                        order: 0, time: time, kind: kind, node: node, peer: peer, id: "m\(message)",
                        label: "MESSAGE \(message)"))
            }
        }
        trace.events.sort { ($0.time, $0.kind.rawValue) < ($1.time, $1.kind.rawValue) }
        for index in trace.events.indices { trace.events[index].order = index + 1 }
        return trace
    }

    private func diagram() throws -> LocalizedText {
        let messages = 10_000 / divisor
        let trace = busyTrace(messages: messages)
        var bytes = 0
        let elapsed = try clock.measure {
            bytes = try Drawing.pages(of: trace, as: .svg, options: DiagramOptions(language: .english))
                .map(\.count).reduce(0, +)
        }
        return BenchMessages.diagram(
            milliseconds: Int(elapsed / .milliseconds(1)), messages: messages, bytes: bytes)
    }

    private func simulate() throws -> LocalizedText {
        let scenes = try ProtocolRegistry.named("two-phase-commit")
        var events = 0
        let elapsed = try clock.measure {
            for seed in 1...UInt64(2_000 / divisor) {
                events += try scenes.run(SceneRequest("happy-path", seed: seed)).trace.events.count
            }
        }
        return BenchMessages.simulate(perSecond: rate(events, in: elapsed), steps: events)
    }

    private func explore() throws -> LocalizedText {
        let scenes = try ProtocolRegistry.named("two-phase-commit")
        var request = ExplorationRequest("happy-path")
        request.participants = 3
        request.options.bounds.states = 200_000 / divisor
        let start = clock.now
        let result = try scenes.explore(request, elapsed: { start.duration(to: clock.now) }, report: { _ in })
        let model = PublishedModels.twoPhase(managers: divisor == 1 ? 8 : 4)
        let rates = [1, Cores.all].map { cores in
            let start = clock.now
            return model.search(Cores.workers(cores)) { start.duration(to: clock.now) }.progress
        }
        return BenchMessages.explore(
            perSecond: Int(result.progress.rate), generated: result.progress.generated,
            distinct: result.progress.states,
            published: (model.name, rates[0].states, Int(rates[0].rate), Int(rates[1].rate)))
    }
}

// MARK: - The client library

extension BenchCommand {
    private static let sessions = 8
    private static let inFlight = 16

    private func client() async throws -> LocalizedText {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zoolab-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var options = ServerOptions()
        options.port = 0
        options.dataFolder = folder.path
        let thread = try LoopThread()
        let settled = options
        let server = try await thread.run { loop in LoopBound(try CoordinationServer(settled, on: loop), on: loop) }
        let port = try await thread.run { loop in server.value(on: loop).port }
        let reads = try await load(port: port, requests: 2_000 / divisor) { client in
            _ = try await client.getData("/bench")
        }
        let writes = try await load(port: port, requests: 500 / divisor) { client in
            try await client.setData("/bench", data: [UInt8](repeating: 7, count: 100))
        }
        await thread.stop()
        return BenchMessages.client(readsPerSecond: reads, writesPerSecond: writes)
    }

    /// Requests a second, over all sessions.
    private func load(
        port: UInt16, requests: Int, _ request: @escaping @Sendable (CoordinationClient) async throws -> Void
    ) async throws -> Int {
        var clients: [CoordinationClient] = []
        for _ in 0..<Self.sessions { clients.append(try await CoordinationClient.connect(to: "127.0.0.1:\(port)")) }
        _ = try? await clients[0].create("/bench", data: [UInt8](repeating: 1, count: 100))
        let rounds = max(1, requests / Self.inFlight)
        let elapsed = try await clock.measure {
            try await withThrowingTaskGroup { group in
                for client in clients {
                    for _ in 0..<Self.inFlight {
                        group.addTask { for _ in 0..<rounds { try await request(client) } }
                    }
                }
                try await group.waitForAll()
            }
        }
        for client in clients { await client.close() }
        return rate(Self.sessions * rounds * Self.inFlight, in: elapsed)
    }
}
