import EventLoop
package import Foundation
import Messages
import StateMachines

/// A submission that is ready to run.
package struct Runnable: Hashable, Sendable {
    package var command: [String]
    /// The judge's own copy of the submission.
    package var folder: String
    /// What the program must be able to read besides.
    package var readable: [String]
}

/// Turns a submission into something that runs.
package struct Builder: Sendable {
    package var contentRoot: URL
    package var environment: [String: String]
    package var sandbox: Sandbox

    package init(contentRoot: URL, environment: [String: String], sandbox: Sandbox) {
        self.contentRoot = contentRoot
        self.environment = environment
        self.sandbox = sandbox
    }

    /// Copies the submission into `work`, puts the runner's files back as they were, and builds it.
    ///
    /// - Throws: `SubmissionProblem` where the submission is at fault, `GradingFailure` where this machine is.
    package func build(_ submission: Submission, of exercise: Exercise, in work: URL) async throws -> Runnable {
        let folder = work.appendingPathComponent("submission")
        do {
            try FileManager.default.copyItem(at: submission.folder, to: folder)
        } catch {
            throw GradingFailure(GradingMessages.cannotWrite(folder.path, error.localizedDescription))
        }
        if let helper = submission.language.helperFile {
            try replaceHelper(helper, language: submission.language, of: exercise, in: folder)
        }
        try openToOthers(folder)
        return switch submission.language {
        case .python: try await PythonBuild(builder: self).build(in: folder.path)
        case .swift: try await SwiftBuild(builder: self).build(in: folder.path)
        }
    }

    private func replaceHelper(
        _ helper: String, language: SubmissionLanguage, of exercise: Exercise, in folder: URL
    ) throws {
        let original = exercise.folder.appendingPathComponent("starter/\(language.rawValue)/\(helper)")
        let copy = folder.appendingPathComponent(helper)
        do {
            if FileManager.default.fileExists(atPath: copy.path) { try FileManager.default.removeItem(at: copy) }
            try FileManager.default.copyItem(at: original, to: copy)
        } catch {
            throw GradingFailure(GradingMessages.cannotWrite(copy.path, error.localizedDescription))
        }
    }

    /// The user that the sandbox runs programs as owns nothing, so it must be let in.
    private func openToOthers(_ folder: URL) throws {
        let files = FileManager.default
        var paths = [folder.path]
        if let inside = files.enumerator(atPath: folder.path) {
            paths += inside.compactMap { $0 as? String }.map { folder.path + "/" + $0 }
        }
        for path in paths {
            var isFolder: ObjCBool = false
            _ = files.fileExists(atPath: path, isDirectory: &isFolder)
            try files.setAttributes([.posixPermissions: isFolder.boolValue ? 0o755 : 0o644], ofItemAtPath: path)
        }
    }
}

/// A Python interpreter that has kazoo.
struct PythonInterpreter: Hashable, Sendable {
    var path: String
    /// The folders it needs: its own, and where its packages are.
    var folders: [String]

    /// `ZOOLAB_PYTHON`, else the package's own environment, else `python3`.
    static func find(contentRoot: URL, environment: [String: String]) async throws -> PythonInterpreter {
        var candidates = [contentRoot.appendingPathComponent(".venv/bin/python").path, "python3"]
        if let wished = environment["ZOOLAB_PYTHON"], !wished.isEmpty { candidates = [wished] }
        let script = """
            import os, sys, kazoo
            folders = {sys.prefix, sys.base_prefix, os.path.dirname(os.path.dirname(kazoo.__file__))}
            print("\\n".join(["interpreter:", sys.executable] + sorted(map(os.path.realpath, folders)) + [sys.prefix]))
            """
        for candidate in candidates {
            var launch = ProcessLaunch(candidate, ["-c", script])
            launch.standardInput = .pipe
            launch.standardOutput = .pipe
            launch.standardError = .pipe
            guard let result = try? await SubprocessRun.run(launch, limit: .seconds(20)), result.exit == .code(0) else {
                continue
            }
            let lines = result.output.split(separator: "\n").map(String.init)
            guard let start = lines.firstIndex(of: "interpreter:"), lines.count > start + 2 else { continue }
            return PythonInterpreter(path: lines[start + 1], folders: Array(Set(lines[(start + 2)...])).sorted())
        }
        throw GradingFailure(GradingMessages.noPython(candidates.joined(separator: ", ")))
    }
}

/// Python needs no building, but a look: does it parse, and does it leave the recipes alone?
private struct PythonBuild {
    let builder: Builder

    func build(in folder: String) async throws -> Runnable {
        let python = try await PythonInterpreter.find(
            contentRoot: builder.contentRoot, environment: builder.environment)
        let launch = builder.sandbox.launch(
            Sandbox.Job(
                command: [python.path, "-I", "-c", Self.inspection], folder: folder, readable: python.folders, slot: 999
            ))
        let result = try await SubprocessRun.run(launch, limit: .seconds(20))
        for line in result.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("recipe: ") {
                throw SubmissionProblem(GradingMessages.usesRecipe(String(line.dropFirst(8))))
            }
            if line.hasPrefix("syntax: ") {
                throw SubmissionProblem(GradingMessages.doesNotCompile(String(line.dropFirst(8))))
            }
        }
        guard result.exit == .code(0) else {
            throw GradingFailure(GradingMessages.noPython("\(python.path): \(result.output.suffix(300))"))
        }
        return Runnable(
            command: [python.path, "-B", SubmissionLanguage.python.mainFile], folder: folder, readable: python.folders)
    }

    /// Reads every source file without running any of it. Recipes are kazoo's modules, and the attributes by which a client
    /// hands them out; `threading.Lock` and its like are somebody else's.
    static let inspection = #"""
        import ast, os, sys
        RECIPES = {"Lock", "ReadLock", "WriteLock", "Semaphore", "Election", "Barrier", "DoubleBarrier", "Counter", "Party",
                   "ShallowParty", "Queue", "LockingQueue", "SetPartitioner", "NonBlockingLease", "MultiNonBlockingLease",
                   "TreeCache"}
        for top, folders, files in os.walk("."):
            for name in sorted(files):
                if not name.endswith(".py") or name == "zoolab_exercise.py":
                    continue
                path = os.path.relpath(os.path.join(top, name))
                try:
                    tree = ast.parse(open(path, "rb").read(), path)
                except (SyntaxError, ValueError) as error:
                    print(f"syntax: {path}, line {getattr(error, 'lineno', '?')}: {getattr(error, 'msg', error)}")
                    sys.exit(0)
                modules = {alias.asname or alias.name.split(".")[0] for node in ast.walk(tree)
                           if isinstance(node, ast.Import) for alias in node.names if not alias.name.startswith("kazoo")}
                for node in ast.walk(tree):
                    found = None
                    if isinstance(node, ast.Import):
                        found = next((a.name for a in node.names if a.name.startswith("kazoo.recipe")), None)
                    elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kazoo"):
                        names = [f"{node.module}.{a.name}" for a in node.names]
                        found = next((n for n in names if n.startswith("kazoo.recipe")), None)
                    elif isinstance(node, ast.Attribute) and node.attr in RECIPES:
                        owner = node.value
                        if not (isinstance(owner, ast.Name) and owner.id in modules):
                            found = "." + node.attr
                    if found:
                        print(f"recipe: {found} ({path}, line {node.lineno})")
                        sys.exit(0)
        """#
}
