import EventLoop
import Foundation
import Messages
import StateMachines

/// Compiles a submission in Swift against the ZooLabKit of this very build: one call of `swiftc`.
struct SwiftBuild {
    let builder: Builder

    private static let timeLimit = 120

    func build(in folder: String) async throws -> Runnable {
        let products = try products()
        let compiler = try compiler()
        let sources = try sources(in: folder)
        let root = builder.contentRoot.path
        var command = [compiler, "-swift-version", "6", "-Onone", "-module-name", "Submission", "-o", "program"]
        command += sources
        let headers = [
            products + "/Modules", root + "/Sources/CLibuv", root + "/Sources/CZlib", root + "/Sources/COpenSSL",
        ]
        command += headers.flatMap { ["-I", $0] }
        command += ["-L", products, "-lZooLabKit", "-Xlinker", "-rpath", "-Xlinker", products]
        let toolchain = URL(fileURLWithPath: compiler).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().path
        var job = Sandbox.Job(command: command, folder: folder)
        job.mayWriteFolder = true
        let library = products + "/libZooLabKit.so"
        job.readable = [toolchain, library] + headers
        job.limits = .compiler
        job.slot = 998
        // The compiler runs as the sandbox's own user, who must write here; the program itself may not.
        let files = FileManager.default
        try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
        let result = try await SubprocessRun.run(
            builder.sandbox.launch(job), limit: .seconds(UInt64(Self.timeLimit)))
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
        guard !result.ranOutOfTime else { throw SubmissionProblem(GradingMessages.compilerTooSlow(Self.timeLimit)) }
        guard result.exit == .code(0) else {
            throw SubmissionProblem(GradingMessages.doesNotCompile(firstErrors(result.output)))
        }
        return Runnable(
            command: [folder + "/program"], folder: folder, readable: [toolchain + "/lib/swift/linux", library])
    }

    /// The folder of this build: where the running program lies, else the package's release or debug folder.
    private func products() throws -> String {
        var candidates = [builder.contentRoot.path + "/.build/release", builder.contentRoot.path + "/.build/debug"]
        if let own = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent().path {
            candidates.insert(own, at: 0)
        }
        let found = candidates.first { folder in
            FileManager.default.fileExists(atPath: folder + "/Modules/ZooLabKit.swiftmodule")
        }
        guard let found else { throw GradingFailure(GradingMessages.noCompiler(candidates.joined(separator: ", "))) }
        return URL(fileURLWithPath: found).resolvingSymlinksInPath().path
    }

    private func compiler() throws -> String {
        let folders = builder.environment["PATH", default: ""].split(separator: ":").map(String.init)
        guard let found = folders.map({ $0 + "/swiftc" }).first(where: FileManager.default.isExecutableFile) else {
            throw GradingFailure(GradingMessages.noCompiler("swiftc"))
        }
        return found
    }

    private func sources(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter { $0.hasSuffix(".swift") }
    }

    /// The compiler's errors without its notes and pictures; a page of them at most.
    private func firstErrors(_ output: String) -> String {
        let lines = output.split(separator: "\n").map(String.init)
        let errors = lines.filter { $0.contains("error:") && !$0.hasPrefix(" ") }
        return (errors.isEmpty ? lines : errors).prefix(12).joined(separator: "\n")
    }
}
