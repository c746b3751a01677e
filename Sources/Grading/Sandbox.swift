package import EventLoop
import Foundation
package import Messages

/// Confines what a student wrote, as well as this machine can.
package struct Sandbox: Hashable, Sendable {
    /// From strong to weak; reports name it.
    package enum Level: String, CaseIterable, Hashable, Sendable {
        case bubblewrap
        /// As `bubblewrap`, but in the machine's own network.
        case sharedNetwork = "bubblewrap-shared-network"
        case limits

        package var description: LocalizedText {
            switch self {
            case .bubblewrap: GradingMessages.sandboxBubblewrap
            case .sharedNetwork: GradingMessages.sandboxSharedNetwork
            case .limits: GradingMessages.sandboxLimits
            }
        }
    }

    /// What one program may use up.
    package struct Limits: Hashable, Sendable {
        package var processorSeconds: Int
        package var addressSpaceMegabytes: Int
        package var residentMegabytes: Int
        package var processes: Int
        package var openFiles: Int
        package var fileMegabytes: Int

        package static let program = Limits(
            processorSeconds: 60, addressSpaceMegabytes: 2_048, residentMegabytes: 512, processes: 64, openFiles: 256,
            fileMegabytes: 16)
        package static let compiler = Limits(
            processorSeconds: 240, addressSpaceMegabytes: 16_384, residentMegabytes: 4_096, processes: 128,
            openFiles: 1_024, fileMegabytes: 512)
    }

    /// One thing to run.
    package struct Job: Sendable {
        package var command: [String]
        /// Becomes the working folder.
        package var folder: String
        package var mayWriteFolder = false
        /// Further files and folders the program may read.
        package var readable: [String] = []
        package var environment: [(String, String)] = []
        package var limits = Limits.program
        /// The ports on loopback that there are in the program's own network. The judge gets their sockets through the
        /// launch's `SocketChannel`. For sandboxes that isolate the network only.
        package var ports: [UInt16] = []
        /// Tells programs that run at the same time apart, from 0; below 1,000.
        package var slot = 0
    }

    package let level: Level
    /// Whether this process may become other users.
    private let isRoot = geteuid() == 0

    /// Whether it works here remains to be seen.
    package init(level: Level) { self.level = level }

    /// The best level that works here, found by trying.
    package static let best = Level.allCases.lazy.map(Sandbox.init).first(where: \.works) ?? Sandbox(level: .limits)

    /// Whether a program's network is its own.
    package var isolatesNetwork: Bool { level == .bubblewrap }

    /// What opens the ports in a program's own network: beside the running program, where the package was built.
    private static let door = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("zoolab-door").path

    private var works: Bool {
        if isolatesNetwork, !FileManager.default.isExecutableFile(atPath: Self.door ?? "") { return false }
        let launch = launch(Job(command: ["/bin/true"], folder: "/usr"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [launch.program] + launch.arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationReason == .exit && process.terminationStatus == 0
    }

    /// How to start `job`: its own session and process group, nothing of our environment.
    package func launch(_ job: Job) -> ProcessLaunch {
        let inner = limited(job)
        let command = level == .limits ? inner : bubblewrap(job) + asOwnUser(job) + throughDoor(job) + inner
        var launch = ProcessLaunch(command[0], Array(command.dropFirst()))
        let harmless = [
            ("PATH", "/usr/local/bin:/usr/bin:/bin"), ("HOME", "/tmp"), ("TMPDIR", "/tmp"), ("LANG", "C.UTF-8"),
        ]
        launch.environment = harmless + job.environment
        launch.workingDirectory = level == .limits ? job.folder : nil
        launch.handsOverSockets = !job.ports.isEmpty
        launch.standardInput = .pipe
        launch.standardOutput = .pipe
        launch.standardError = .pipe
        launch.startsGroup = true
        return launch
    }

    /// The limits are set by a shell that then becomes the program; a limit that the system refuses is left out.
    private func limited(_ job: Job) -> [String] {
        let limits = job.limits
        // The number of processes counts for all of a user, so it is set only where the user is the program's alone.
        let processes =
            level != .limits ? "ulimit -u \(limits.processes) 2>/dev/null || ulimit -p \(limits.processes); " : ""
        let script =
            processes + "ulimit -c 0; ulimit -t \(limits.processorSeconds); ulimit -n \(limits.openFiles); "
            + "ulimit -f \(limits.fileMegabytes * 2_048); ulimit -v \(limits.addressSpaceMegabytes * 1_024); exec \"$@\""
        return ["/bin/sh", "-c", script, "sh"] + job.command
    }

    /// Root becomes a user that owns nothing and runs nothing else; limits on processes would not bind root.
    private func asOwnUser(_ job: Job) -> [String] {
        guard isRoot else { return [] }
        let user = String(61_000 + job.slot)
        return [
            "setpriv", "--reuid", user, "--regid", user, "--clear-groups", "--no-new-privs", "--bounding-set=-all",
            "--inh-caps=-all", "--",
        ]
    }

    private static let doorInside = "/zoolab-door"

    private func throughDoor(_ job: Job) -> [String] {
        precondition(
            job.ports.isEmpty || isolatesNetwork, "Ports in a network of its own, which level \(level) has not.")
        guard !job.ports.isEmpty else { return [] }
        return [Self.doorInside, String(ProcessLaunch.socketChannelDescriptor)] + job.ports.map(String.init) + ["--"]
    }

    private func bubblewrap(_ job: Job) -> [String] {
        var arguments = [
            "bwrap", "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--proc", "/proc", "--dev",
            "/dev", "--perms", "1777", "--tmpfs", "/tmp",
        ]
        for folder in ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives"] {
            arguments += ["--ro-bind-try", folder, folder]
        }
        if isolatesNetwork { arguments.append("--unshare-net") }
        if !job.ports.isEmpty, let door = Self.door { arguments += ["--ro-bind", door, Self.doorInside] }
        for path in job.readable + [job.folder] {
            for parent in Self.parents(of: path) { arguments += ["--perms", "0755", "--dir", parent] }
        }
        for path in job.readable { arguments += ["--ro-bind-try", path, path] }
        arguments += [job.mayWriteFolder ? "--bind" : "--ro-bind", job.folder, job.folder, "--chdir", job.folder]
        if isRoot {
            arguments += ["--cap-drop", "ALL"]
            for capability in ["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"] { arguments += ["--cap-add", capability] }
        } else {
            arguments += ["--unshare-user"]
        }
        return arguments + ["--"]
    }

    /// Every folder above `path` except the root and those that exist in the sandbox anyway, outermost first.
    private static func parents(of path: String) -> [String] {
        var parents: [String] = []
        var folder = (path as NSString).deletingLastPathComponent
        while folder != "/", folder != "/tmp", folder != "/usr", !folder.isEmpty {
            parents.insert(folder, at: 0)
            folder = (folder as NSString).deletingLastPathComponent
        }
        return parents.first?.hasPrefix("/usr/") == true ? [] : parents
    }
}
