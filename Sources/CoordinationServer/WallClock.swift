#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The time of day.
package enum WallClock {
    /// Milliseconds since 1970.
    package static var milliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// As ISO 8601 writes it, in UTC: `2026-11-21T12:34:56.789Z`.
    static func text(ofMilliseconds milliseconds: Int64) -> String {
        let second = milliseconds >= 0 ? milliseconds / 1_000 : (milliseconds - 999) / 1_000
        var (time, parts) = (time_t(second), tm())
        gmtime_r(&time, &parts)
        let year = padded(parts.tm_year + 1_900, 4)
        let date = [parts.tm_mon + 1, parts.tm_mday].map { "-" + padded($0, 2) }.joined()
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded($0, 2) }.joined(separator: ":")
        return "\(year)\(date)T\(clock).\(padded(Int32(milliseconds - second * 1_000), 3))Z"
    }

    private static func padded(_ number: Int32, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
