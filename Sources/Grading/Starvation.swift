package import StateMachines

/// How long a scenario had to wait for the machine's processors, which is nobody's fault in it.
///
/// Rules put bounds on time. They mean something as long as programs that have something to do get to do it.
package struct Starvation: Hashable, Sendable {
    /// How long the threads of one program, of the one that had to wait longest, could have run and did not, all together; or
    /// how late the judge itself was, if that is more.
    package var waited: Tick
    /// By all programs of the scenario.
    package var used: Tick
    package var elapsed: Tick
    package var processors: Int

    package init(waited: Tick, used: Tick, elapsed: Tick, processors: Int) {
        self.waited = waited
        self.used = used
        self.elapsed = elapsed
        self.processors = processors
    }

    /// Whether being late says nothing about the programs: the shortest bound of any rule is a session timeout, and half of it
    /// went by without a processor; and the programs themselves did not keep half of the processors busy, as a program
    /// does that asks again and again without waiting.
    package func excusesLateness(sessionTimeout: Tick) -> Bool {
        waited * 2 >= sessionTimeout && used.microseconds * 2 < elapsed.microseconds * UInt64(max(processors, 1))
    }
}

/// Adds up what `ProcessUsage` sees, and how late the judge's own clock is.
package struct StarvationMeter {
    /// The judge looks that often; it is late by what is missing, but for a grain of the loop's clock.
    package static let period = Tick.milliseconds(250)
    private static let grain = Tick.milliseconds(10)

    private var threads: [String: [Int32: ProcessorTime]] = [:]
    private var beginnings: [String: ProcessorTime] = [:]
    private var began: Tick
    private var lastLook: Tick
    private var lateness = Tick.zero

    package init(at now: Tick) { (began, lastLook) = (now, now) }

    /// The judge has looked, as it does every `period`.
    package mutating func looked(at now: Tick) {
        lateness = lateness + (now - lastLook - Self.period - Self.grain)
        lastLook = now
    }

    /// What threads of a program have had so far; of those that have ended the last word counts.
    package mutating func add(_ times: [Int32: ProcessorTime], of program: String) {
        threads[program, default: [:]].merge(times) { _, new in new }
    }

    /// Everybody is ready: what starting took does not count any more.
    package mutating func begin(at now: Tick) {
        (began, lastLook, lateness) = (now, now, .zero)
        for program in threads.keys { beginnings[program] = total(of: program) }
    }

    private func total(of program: String) -> ProcessorTime {
        threads[program, default: [:]].values.reduce(into: ProcessorTime()) { $0 += $1 }
    }

    package func starvation(at now: Tick, processors: Int) -> Starvation {
        var result = Starvation(waited: lateness, used: .zero, elapsed: now - began, processors: processors)
        for program in threads.keys {
            let (all, before) = (total(of: program), beginnings[program] ?? ProcessorTime())
            result.waited = max(result.waited, all.waited - before.waited)
            result.used = result.used + (all.used - before.used)
        }
        return result
    }
}
