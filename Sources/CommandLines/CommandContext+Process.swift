import Messages

#if canImport(Glibc)
    @preconcurrency import Glibc  // `environ`, which is read once, when nobody changes it.
#elseif canImport(Darwin)
    @preconcurrency import Darwin
#endif

extension CommandContext {
    /// The real process: its environment, terminal, language and content folder.
    package static func ofThisProcess() -> CommandContext {
        let environment = processEnvironment()
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let program = executable()
        let folder = program.flatMap { path in path.lastIndex(of: "/").map { String(path[..<$0]) } }
        return CommandContext(
            language: Language.preferred(in: environment),
            environment: environment,
            isTerminal: isTerminal,
            columns: columns(from: environment),
            usesColor: isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb",
            contentRoot: contentRoot(from: environment, executableFolder: folder),
            program: program,
            serverProgram: folder.map { $0 + "/zoolab-server" }.flatMap { access($0, X_OK) == 0 ? $0 : nil },
            write: { writeAll($0, to: STDOUT_FILENO) },
            writeError: { writeAll($0, to: STDERR_FILENO) })
    }

    private static func processEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            next += 1
            guard let end = text.firstIndex(of: "=") else { continue }
            variables[String(text[..<end])] = String(text[text.index(after: end)...])
        }
        return variables
    }

    private static func columns(from environment: [String: String]) -> Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return environment["COLUMNS"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil } ?? 80
    }

    /// `ZOOLAB_HOME`, else the nearest folder above the executable, else the working folder, that holds `Lessons`.
    private static func contentRoot(from environment: [String: String], executableFolder: String?) -> String? {
        func hasContent(_ folder: String) -> Bool { access(folder + "/Lessons", F_OK) == 0 }
        if let home = environment["ZOOLAB_HOME"], !home.isEmpty { return home }
        var folder = executableFolder ?? ""
        while let end = folder.lastIndex(of: "/") {
            if hasContent(folder) { return folder }
            folder = String(folder[..<end])
        }
        guard let working = take(getcwd(nil, 0)), hasContent(working) else { return nil }
        return working
    }

    /// Without symbolic links; `nil` where the system does not tell.
    private static func executable() -> String? {
        #if canImport(Glibc)
            return take(realpath("/proc/self/exe", nil))
        #elseif canImport(Darwin)
            var (name, size) = ([CChar](repeating: 0, count: Int(PATH_MAX)), UInt32(PATH_MAX))
            return _NSGetExecutablePath(&name, &size) == 0 ? take(realpath(name, nil)) : nil
        #endif
    }

    /// A text that the C library allocated for its caller.
    private static func take(_ text: UnsafeMutablePointer<CChar>?) -> String? {
        defer { free(text) }
        return text.map { String(cString: $0) }
    }

    /// Gives up where nobody reads any more.
    private static func writeAll(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Self.systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, start, count)
        #elseif canImport(Darwin)
            Darwin.write(descriptor, start, count)
        #endif
    }
}
