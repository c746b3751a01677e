import Foundation

/// What all processes of one session use together.
struct ProcessUsage: Hashable, Sendable {
    var processes = 0
    var residentMegabytes = 0

    /// Reads `/proc` once for several session leaders. Where there is no `/proc`, nothing is seen and only the system's
    /// own limits hold. A process that left its session is not seen, but dies with the sandbox.
    static func ofSessions(_ leaders: Set<Int32>) -> [Int32: ProcessUsage] {
        var usages: [Int32: ProcessUsage] = [:]
        var pages: [Int32: Int] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let identifier = Int32(name), leaders.contains(getsid(identifier)) else { continue }
            let session = getsid(identifier)
            usages[session, default: ProcessUsage()].processes += 1
            // The files of `/proc` have no size, so they are read to their end.
            let file = FileHandle(forReadingAtPath: "/proc/\(name)/statm")
            guard let memory = try? file?.readToEnd() else { continue }
            let fields = String(decoding: memory, as: UTF8.self).split(separator: " ")
            pages[session, default: 0] += fields.dropFirst().first.flatMap { Int($0) } ?? 0
        }
        for (session, count) in pages { usages[session]?.residentMegabytes = (count * 4_096) >> 20 }
        return usages
    }
}
