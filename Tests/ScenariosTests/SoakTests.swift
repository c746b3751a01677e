import Checking
import Diagrams
import Foundation
import GraphvizRenderer
import Messages
import Scenarios
import StateMachines
import Synchronization
import Testing
import TraceFiles
import Traces
import Zab

/// `make soak`: fresh nights on every core for as long as asked, or one night again.
///
/// `SOAK_SECONDS` or `SOAK_NIGHTS` limit it, `SOAK_FROM` is the first seed, `SOAK_NIGHT` a line that names one night.
/// `SOAK_OUT` is where diagrams go, and what each core is doing, should the process die of it.
struct SoakTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let folder = URL(filePath: environment["SOAK_OUT"] ?? "zoolab-out/soak")

    /// What all cores share.
    private struct Progress {
        var next: UInt64
        var nightCount = 0
        var failures: [(night: Night, promise: String)] = []
    }

    @Test(.enabled(if: environment["SOAK_SECONDS"] != nil || environment["SOAK_NIGHTS"] != nil))
    func `fresh nights break no promise`() throws {
        try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        let first = Self.environment["SOAK_FROM"].flatMap { UInt64($0) } ?? UInt64.random(in: 1_000_000...1 << 40)
        let limit = Self.environment["SOAK_NIGHTS"].flatMap { Int($0) } ?? .max
        let begun = Date()
        let end = Self.environment["SOAK_SECONDS"].flatMap { Double($0) }.map { begun.addingTimeInterval($0) }
        let progress = Mutex(Progress(next: first))
        DispatchQueue.concurrentPerform(iterations: ProcessInfo.processInfo.activeProcessorCount) { core in
            while end.map({ Date() < $0 }) ?? true {
                let seed = progress.withLock { progress -> UInt64? in
                    guard progress.nightCount < limit, progress.failures.count < 3 else { return nil }
                    defer { (progress.next, progress.nightCount) = (progress.next + 1, progress.nightCount + 1) }
                    return progress.next
                }
                guard let seed else { return }
                let night = Night(seed: seed)
                try? Data("\(night)\n".utf8).write(to: Self.folder.appending(path: "core-\(core)"))
                guard let broken = night.problems.first else { continue }
                progress.withLock { $0.failures.append((night, broken.invariant)) }
            }
        }
        let (count, failures) = progress.withLock { ($0.nightCount, $0.failures) }
        let seconds = Date().timeIntervalSince(begun)
        print("soak: \(count) nights from seed \(first) in \(Int(seconds)) s, \(failures.count) broken")
        for failure in failures { try report(failure.night.shrunk(breaking: failure.promise)) }
        for core in 0..<ProcessInfo.processInfo.activeProcessorCount {
            try? FileManager.default.removeItem(at: Self.folder.appending(path: "core-\(core)"))
        }
    }

    @Test(.enabled(if: environment["SOAK_NIGHT"] != nil))
    func `one night again`() throws {
        let text = Self.environment["SOAK_NIGHT"] ?? ""
        let night = try #require(Night(text), "‘\(text)’ names no night")
        try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        guard let broken = night.problems.first else { return print("soak: this night breaks no promise") }
        try report(night.shrunk(breaking: broken.invariant))
    }

    /// For the tables of the simulation tests: the first seeds, of so many, whose nights show each mutation.
    @Test(.enabled(if: environment["SOAK_MUTANTS"] != nil))
    func `nights that show mutations`() throws {
        let names = (Self.environment["SOAK_MUTANTS"] ?? "").split(separator: ",")
        func show<Mutation: CaseIterable>(_ type: Mutation.Type, _ night: (Mutation, UInt64) -> Night) {
            for mutation in type.allCases where names.contains("\(mutation)") || names == ["all"] {
                var found = "not shown"
                for seed in 0..<400 as Range<UInt64> {
                    guard let problem = night(mutation, seed).problems.first else { continue }
                    found = "seed \(seed), \(problem.invariant): \(problem.problem.english)"
                    break
                }
                print("soak: \(mutation): \(found)")
            }
        }
        show(ZabMutation.self) { Night($0, seed: $1) }
        show(EnsembleMutation.self) { Night($0, seed: $1) }
    }

    /// Says what is broken and how to see it again, and draws it.
    private func report(_ night: Night) throws {
        let problems = night.problems
        for problem in problems {
            Issue.record("\(problem.invariant): \(problem.problem.text(in: .english))")
        }
        print("replay: make soak NIGHT='\(night)'")
        var trace = night.trace
        let path = Self.folder.appending(path: "night-\(trace.header.seed ?? 0)").path
        try TraceFile.write(trace, path: path + ".jsonl")
        trace.events.removeAll { $0.label == "PING" || $0.kind == .timerSet || $0.kind == .timerFire }
        let pages = try Drawing.pages(
            of: trace, as: .svg, options: DiagramOptions(language: .english, order: .events))
        try Data(pages[0]).write(to: URL(filePath: path + ".svg"))
        print("drawn: \(path).svg; everything: zoolab draw \(path).jsonl -o FILE")
    }
}
