import CoordinationCore

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
        let account = getpwuid(getuid())
        let user = account.map { String(cString: $0.pointee.pw_name) } ?? String(getuid())
        let home = getenv("HOME") ?? account?.pointee.pw_dir
        return [
            HostFacts.Property("host.name", text(&names.nodename)), HostFacts.Property("os.name", text(&names.sysname)),
            HostFacts.Property("os.arch", text(&names.machine)), HostFacts.Property("os.version", text(&names.release)),
            HostFacts.Property("user.name", user),
            HostFacts.Property("user.home", home.map { String(cString: $0) } ?? ""),
            HostFacts.Property("user.dir", PathText.workingFolder),
        ]
    }()

    /// A field of `utsname`, which Swift imports as a tuple.
    private static func text<Field>(_ field: inout Field) -> String {
        withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    static var openFileDescriptors: Int {
        // The folder itself, the one above it, and the listing's own are no files of the server.
        max(0, ((try? DataFolders.names(in: "/dev/fd"))?.count ?? 3) - 3)
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
