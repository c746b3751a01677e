import Foundation
package import StateMachines

/// What all processes of one session use together.
struct ProcessUsage: Hashable, Sendable {
    var processes = 0
    var residentMegabytes = 0
    /// Of all threads that live, by their numbers.
    var threads: [Int32: ProcessorTime] = [:]

    /// Reads `/proc` once for several session leaders. Where there is no `/proc`, nothing is seen and only the system's
    /// own limits hold. A process that left its session is not seen, but dies with the sandbox.
    static func ofSessions(_ leaders: Set<Int32>) -> [Int32: ProcessUsage] {
        var usages: [Int32: ProcessUsage] = [:]
        var pages: [Int32: Int] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let identifier = Int32(name), leaders.contains(getsid(identifier)) else { continue }
            let session = getsid(identifier)
            usages[session, default: ProcessUsage()].processes += 1
            usages[session]?.threads.merge(ProcessorTime.ofThreads(process: name)) { _, new in new }
            let memory = numbers(in: "/proc/\(name)/statm")
            pages[session, default: 0] += memory.dropFirst().first.map { Int($0) } ?? 0
        }
        for (session, count) in pages { usages[session]?.residentMegabytes = (count * 4_096) >> 20 }
        return usages
    }

    /// The files of `/proc` have no size, so they are read to their end.
    fileprivate static func numbers(in path: String) -> [UInt64] {
        guard let text = try? FileHandle(forReadingAtPath: path)?.readToEnd() else { return [] }
        return String(decoding: text, as: UTF8.self).split { $0.isWhitespace }.compactMap { UInt64($0) }
    }
}

/// What a thread has had of the machine's processors.
package struct ProcessorTime: Hashable, Sendable {
    package var used = Tick.zero
    /// It could have run, and others did.
    package var waited = Tick.zero

    package init(used: Tick = .zero, waited: Tick = .zero) { (self.used, self.waited) = (used, waited) }

    static func += (left: inout ProcessorTime, right: ProcessorTime) {
        left.used = left.used + right.used
        left.waited = left.waited + right.waited
    }

    /// Empty where the system does not count.
    package static func ofThreads(process: String) -> [Int32: ProcessorTime] {
        let folder = "/proc/\(process)/task"
        var threads: [Int32: ProcessorTime] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let nanoseconds = ProcessUsage.numbers(in: folder + "/\(name)/schedstat")
            guard let number = Int32(name), nanoseconds.count >= 2 else { continue }
            threads[number] = ProcessorTime(
                used: .microseconds(nanoseconds[0] / 1_000), waited: .microseconds(nanoseconds[1] / 1_000))
        }
        return threads
    }
}
