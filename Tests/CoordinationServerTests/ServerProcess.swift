import Foundation
import Synchronization
import Testing

/// `zoolab server` as its users run it: the built program, on a free port, with its own folder.
final class ServerProcess: Sendable {
    /// What it printed until it was ready or had ended.
    let firstLine: String
    let port: UInt16?
    private let process: Mutex<Process>
    /// Lives as long as the server.
    private let folder: TemporaryFolder?
    private let errors: Pipe
    private let output: Pipe

    static let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Beside the test bundle.
    static let zoolab: URL = {
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        while !FileManager.default.isExecutableFile(atPath: folder.path + "/zoolab"), folder.path != "/" {
            folder = folder.deletingLastPathComponent()
        }
        return folder.appending(path: "zoolab")
    }()

    /// - Parameter shell: runs before the server, in the process that becomes it ("ulimit -f 10").
    init(arguments: [String], shell: String = ":", folder: TemporaryFolder? = nil) throws {
        self.folder = folder
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", shell + "; exec \"$0\" \"$@\"", Self.zoolab.path, "server"] + arguments
        process.standardInput = FileHandle.nullDevice
        (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let line = Self.line(from: output.fileHandleForReading)
        firstLine = line
        port = line.firstRange(of: "127.0.0.1:").flatMap { UInt16(line[$0.upperBound...].prefix(while: \.isNumber)) }
        self.process = Mutex(process)
    }

    convenience init(folder: TemporaryFolder, shell: String = ":") throws {
        try self.init(arguments: [try folder.configuration()], shell: shell, folder: folder)
        _ = try #require(port, "the server did not start: \(firstLine) \(problems)")
    }

    private static func line(from handle: FileHandle) -> String {
        var bytes: [UInt8] = []
        while let byte = try? handle.read(upToCount: 1), let first = byte.first, first != UInt8(ascii: "\n") {
            bytes.append(first)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    var connectString: String { "127.0.0.1:\(port!)" }

    var processIdentifier: Int32 { process.withLock { $0.processIdentifier } }

    func signal(_ number: Int32) { process.withLock { _ = kill($0.processIdentifier, number) } }

    /// Holds it still. A signal is only on its way when it has been sent: on a busy machine some threads go on for a while.
    func pause() async throws {
        signal(SIGSTOP)
        let tasks = "/proc/\(processIdentifier)/task"
        try await eventually {
            for task in (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? [] {
                guard let line = try? String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8) else { continue }
                // "(name) state …", the name being anything.
                if line[(line.lastIndex(of: ")") ?? line.startIndex)...].dropFirst(2).first != "T" { throw NotYet() }
            }
        }
    }

    /// The next line that it prints; waits for it.
    func nextLine() -> String { Self.line(from: output.fileHandleForReading) }

    /// Waits for its end; its exit code, or the signal's number for one that was killed.
    func wait() -> Int32 {
        process.withLock { process in
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    /// Everything on standard error, once it has ended.
    var problems: String { String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }

    deinit { signal(SIGKILL) }
}

/// A folder that is gone after the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.path + "/zoolab-test-\(UUID().uuidString)"
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a `zoo.cfg` whose data lies here; its path.
    func configuration(data: String? = nil, extra: String = "") throws -> String {
        let text = """
            clientPort=0
            clientPortAddress=127.0.0.1
            dataDir=\(data ?? path + "/data")
            tickTime=500
            maxSessionTimeout=60000
            \(extra)
            """
        try text.write(toFile: path + "/zoo.cfg", atomically: false, encoding: .utf8)
        return path + "/zoo.cfg"
    }
}
