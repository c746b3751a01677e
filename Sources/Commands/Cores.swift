import CommandLines
import Dispatch
import Explorer
import Foundation
import Messages
import Synchronization

/// The processor's cores, for searches.
enum Cores {
    static var all: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// Workers on so many cores.
    static func workers(_ count: Int) -> Workers {
        guard count > 1 else { return .one }
        return Workers(count: count) { pieces, work in
            let next = Atomic(0)
            DispatchQueue.concurrentPerform(iterations: min(count, pieces)) { _ in
                while true {
                    let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard piece < pieces else { return }
                    work(piece)
                }
            }
        }
    }
}

/// The program's memory, for searches.
enum ProcessMemory {
    /// What a search may hold unless it is told otherwise, in megabytes: half of the machine's memory, at most four gigabytes.
    static var usualLimit: Int { min(4_096, Int(ProcessInfo.processInfo.physicalMemory >> 21)) }

    /// The bytes of this process that are in memory; `nil` where the system does not say.
    static func residentBytes() -> Int? {
        #if canImport(Darwin)
            var info = mach_task_basic_info()
            var count = mach_msg_type_number_t(MemoryLayout<mach_task_basic_info>.size / MemoryLayout<natural_t>.size)
            let status = withUnsafeMutablePointer(to: &info) { pointer in
                pointer.withMemoryRebound(to: integer_t.self, capacity: Int(count)) {
                    task_info(mach_task_self_, task_flavor_t(MACH_TASK_BASIC_INFO), $0, &count)
                }
            }
            return status == KERN_SUCCESS ? Int(info.resident_size) : nil
        #else
            // The second number counts pages.
            guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
                let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
            else { return nil }
            return pages * Int(getpagesize())
        #endif
    }
}

/// How far a search has come, on one line of a terminal that is written again and again, and gone in the end.
final class ProgressLine {
    private let context: CommandContext
    private let isShown: Bool
    private var shown = Duration.zero
    private var isDirty = false

    init(_ context: CommandContext, isShown: Bool) {
        self.context = context
        self.isShown = isShown && context.isTerminal
    }

    /// Shows at most five lines a second.
    func show(_ progress: SearchProgress) {
        guard isShown, progress.elapsed - shown > .milliseconds(200) else { return }
        shown = progress.elapsed
        isDirty = true
        let text = ExploreMessages.progress(states: progress.states, depth: progress.depth, rate: progress.rate)
        context.writeError("\r\u{1B}[K" + text.text(in: context.language))
    }

    func clear() {
        if isDirty { context.writeError("\r\u{1B}[K") }
        isDirty = false
    }
}
