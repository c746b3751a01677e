import CLibuv
package import StateMachines

/// A one-shot or repeating timer. Timers due at the same millisecond fire in the order they were set.
package final class LoopTimer: LoopHandle {
    private var action: (() -> Void)?
    private var repeats = false

    init(on loop: EventLoop, after delay: Tick, repeating: Tick?, _ action: @escaping () -> Void) {
        do throws(SystemFailure) {
            try super.init(UV_TIMER, on: loop, operation: .create, subject: "uv_timer") { memory in
                uv_timer_init(loop.pointer, memory.assumingMemoryBound(to: uv_timer_t.self))
            }
        } catch {
            preconditionFailure("uv_timer_init cannot fail: \(error)")
        }
        self.action = action
        repeats = repeating != nil
        start(after: delay, repeating: repeating ?? .zero)
    }

    private func start(after delay: Tick, repeating: Tick) {
        // The loop's clock stands still during a callback and drops fractions of a millisecond; without both
        // corrections a timer could fire early.
        uv_update_time(loop.pointer)
        let milliseconds = delay == .zero ? 0 : Self.wholeMilliseconds(delay) + 1
        uv_timer_start(
            pointer(to: uv_timer_t.self), { handle in LoopTimer.owner(of: handle).fire() },
            milliseconds, Self.wholeMilliseconds(repeating))
    }

    private func fire() {
        let action = action
        if !repeats { cancel() }
        action?()
    }

    /// Stops it for good; further calls do nothing.
    package func cancel() { closeHandle() }

    override func willClose() { action = nil }

    private static func wholeMilliseconds(_ tick: Tick) -> UInt64 { (tick.microseconds + 999) / 1_000 }
}

extension EventLoop {
    /// Calls `action` once, not before `delay` has passed. It comes up to two milliseconds late.
    @discardableResult
    package func schedule(after delay: Tick, _ action: @escaping () -> Void) -> LoopTimer {
        LoopTimer(on: self, after: delay, repeating: nil, action)
    }

    /// Calls `action` every `period`, first after one period, until cancelled.
    ///
    /// - Precondition: `period` is at least one microsecond; it is rounded up to whole milliseconds.
    @discardableResult
    package func schedule(every period: Tick, _ action: @escaping () -> Void) -> LoopTimer {
        precondition(period > .zero)
        return LoopTimer(on: self, after: period, repeating: period, action)
    }
}
