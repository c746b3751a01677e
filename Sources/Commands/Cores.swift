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
