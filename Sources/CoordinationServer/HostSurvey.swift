import CoordinationCore
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the operating system tells of this process and its machine.
enum HostSurvey {
    /// Under the names that ZooKeeper has for them; those of Java are absent.
    static let environment: [HostFacts.Property] = {
        var names = utsname()
        uname(&names)
        let user = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? String(getuid())
        return [
            HostFacts.Property("host.name", text(&names.nodename)), HostFacts.Property("os.name", text(&names.sysname)),
            HostFacts.Property("os.arch", text(&names.machine)), HostFacts.Property("os.version", text(&names.release)),
            HostFacts.Property("user.name", user), HostFacts.Property("user.home", NSHomeDirectory()),
            HostFacts.Property("user.dir", FileManager.default.currentDirectoryPath),
        ]
    }()

    /// A field of `utsname`, which Swift imports as a tuple.
    private static func text<Field>(_ field: inout Field) -> String {
        withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    static var openFileDescriptors: Int {
        // One of them is the listing's own.
        max(0, ((try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd"))?.count ?? 1) - 1)
    }

    static var maxFileDescriptors: Int {
        var limit = rlimit()
        #if canImport(Glibc)
            let status = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #else
            let status = getrlimit(RLIMIT_NOFILE, &limit)
        #endif
        return status == 0 ? Int(clamping: limit.rlim_cur) : 0
    }
}
