import CoordinationCore
import CoordinationServer
import Foundation
import LoopbackServer
import Shell
import StateMachines
import Synchronization
import Testing

/// What a shell says, in the order in which it says it.
final class Listener: Sendable {
    private struct State {
        var text = ""
        var waiter: (condition: @Sendable (String) -> Bool, continuation: CheckedContinuation<Void, Never>)?
    }
    private let state = Mutex(State())

    var output: ShellOutput { ShellOutput(write: { self.hear($0) }, writeError: { self.hear($0) }) }

    private func hear(_ text: String) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.text += text
            guard let waiter = state.waiter, waiter.condition(state.text) else { return nil }
            state.waiter = nil
            return waiter.continuation
        }
        waiter?.resume()
    }

    /// Waits until all that was said since the last `take` fulfils the condition.
    func wait(until condition: @escaping @Sendable (String) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isFulfilled = state.withLock { state in
                if condition(state.text) { return true }
                state.waiter = (condition, continuation)
                return false
            }
            if isFulfilled { continuation.resume() }
        }
    }

    func take() -> String {
        state.withLock { state in
            defer { state.text = "" }
            return state.text
        }
    }
}

/// A conversation with a real server, written down.
struct Transcript {
    let server: LoopbackServer
    let shell: Shell
    let listener: Listener
    private(set) var text = ""

    init(_ arguments: [String] = [], root: String = "", server: LoopbackServer? = nil) async throws {
        let started: LoopbackServer
        if let server { started = server } else { started = try await Self.server() }
        self.server = started
        listener = Listener()
        let options = try ShellOptions(["-server", started.address("A") + root] + arguments)
        shell = Shell(options, output: listener.output)
    }

    static func server() async throws -> LoopbackServer {
        try await LoopbackServer { options in
            options.core.tickTime = .milliseconds(100)
            options.core.extendedTypesEnabled = true
            options.core.access.superDigest = "super:D/InIHSb7yEEbrWz8b9l71RjZJU="  // super:test
        }
    }

    /// Does what the line says, waits for as many events as it must cause, and writes both down.
    mutating func say(_ line: String, events: Int = 0) async {
        await shell.execute(line: line)
        if events > 0 { await listener.wait { $0.components(separatedBy: "WatchedEvent").count > events } }
        let said = Self.normalised(listener.take())
        let isEvent = { (line: String) in line.hasPrefix("WatchedEvent") }
        let lines = said.split(separator: "\n").map(String.init).filter { $0 != "WATCHER::" }
        let ordered = lines.filter { !isEvent($0) } + lines.filter(isEvent).sorted()
        text += (["$ \(line)"] + ordered).joined(separator: "\n") + "\n"
    }

    /// Without what differs from run to run: transactions, times, sessions, versions.
    private static func normalised(_ text: String) -> String {
        var text = text
        for (pattern, replacement) in [
            (#"zxid: \d+"#, "zxid: Z"), (#"([cmp]Z?xid) = 0x[0-9a-f]+"#, "$1 = 0xZ"),
            (#"([cm]time) = .*"#, "$1 = DATE"),
            (#"ephemeralOwner = 0x[1-9a-f][0-9a-f]*"#, "ephemeralOwner = 0xSESSION"),
            (#"127\.0\.0\.1:\d+"#, "HOST"), (#"(CLI version:) .*"#, "$1 V"),
        ] {
            text = text.replacingOccurrences(of: pattern, with: replacement, options: .regularExpression)
        }
        return text
    }

    func end() async throws {
        await shell.finish()
        try await server.stop()
    }
}
