import CoordinationClient
import Foundation
import StateMachines
import Synchronization
import Testing

struct ServerProcessTests {
    @Test func `a disk that refuses stops the server before anything is acknowledged`() async throws {
        let folder = TemporaryFolder()
        // Files may not grow: the first write of the log fails.
        let server = try ServerProcess(folder: folder, shell: "trap '' XFSZ; ulimit -f 1")
        await #expect(throws: CoordinationError.self) {
            _ = try await CoordinationClient.connect(to: server.connectString, sessionTimeout: .seconds(1))
        }
        #expect(server.wait() == 3)
        #expect(server.problems.contains("could not be written"))
    }

    @Test func `SIGTERM ends the server in good order`() throws {
        let server = try ServerProcess(folder: TemporaryFolder())
        server.signal(SIGTERM)
        #expect(server.wait() == 0)
    }

    #if os(Linux)
        @Test func `the server has no libraries in memory that it has no use for`() throws {
            let server = try ServerProcess(folder: TemporaryFolder())
            let maps = try String(contentsOfFile: "/proc/\(server.processIdentifier)/maps", encoding: .utf8)
            #expect(maps.contains("/zoolab-server"))
            for library in ["libFoundation", "libgvc", "libcmark-gfm", "libedit", "libswift"] {
                #expect(!maps.contains(library))
            }
            server.signal(SIGTERM)
            #expect(server.wait() == 0)
        }
    #endif

    @Test func `one folder serves one server`() throws {
        let folder = TemporaryFolder()
        let first = try ServerProcess(folder: folder)
        let second = try ServerProcess(arguments: [folder.path + "/zoo.cfg", "--lang", "zh"])
        #expect(second.wait() == 3)
        #expect(second.problems.contains("正被另一个服务器使用"))
        first.signal(SIGTERM)
        #expect(first.wait() == 0)
    }

    @Test func `a port in use is named`() throws {
        let first = try ServerProcess(folder: TemporaryFolder())
        let folder = TemporaryFolder()
        let file = try folder.configuration()
        let text = try String(contentsOfFile: file, encoding: .utf8)
            .replacing("clientPort=0", with: "clientPort=\(first.port!)")
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        let second = try ServerProcess(arguments: [file])
        #expect(second.wait() == 3)
        #expect(second.problems.contains("127.0.0.1:\(first.port!) is already in use"))
    }

    @Test func `an unusable data folder is named`() throws {
        let folder = TemporaryFolder()
        try "a file".write(toFile: folder.path + "/file", atomically: false, encoding: .utf8)
        let server = try ServerProcess(arguments: [try folder.configuration(data: folder.path + "/file/data")])
        #expect(server.wait() == 3)
        #expect(server.problems.contains("The data folder \(folder.path)/file/data cannot be used: Not a directory"))
    }

    @Test func `a damaged log is refused with advice, and left alone`() async throws {
        let folder = TemporaryFolder()
        let server = try ServerProcess(folder: folder)
        let client = try await CoordinationClient.connect(to: server.connectString)
        for number in 0..<20 { _ = try await client.create("/n\(number)") }
        await client.close()
        server.signal(SIGTERM)
        #expect(server.wait() == 0)
        let log = folder.path + "/data/version-2/log.1"
        var bytes = try Data(contentsOf: URL(filePath: log))
        bytes[200] ^= 0xFF
        try bytes.write(to: URL(filePath: log))
        let second = try ServerProcess(arguments: [folder.path + "/zoo.cfg"])
        #expect(second.wait() == 3)
        #expect(second.problems.contains("zoolab log truncate"))
        #expect(try Data(contentsOf: URL(filePath: log)) == bytes)
    }

    @Test func `logs with a hole are refused`() async throws {
        let folder = TemporaryFolder()
        for _ in 1...3 {
            let server = try ServerProcess(folder: folder)
            let client = try await CoordinationClient.connect(to: server.connectString)
            await client.close()
            server.signal(SIGTERM)
            #expect(server.wait() == 0)
        }
        // Each run wrote a file with two transactions.
        try FileManager.default.removeItem(atPath: folder.path + "/data/version-2/log.3")
        let broken = try ServerProcess(arguments: [folder.path + "/zoo.cfg"])
        #expect(broken.wait() == 3)
        #expect(broken.problems.contains("from transaction 0x2 straight to 0x5"))
    }

    @Test func `a missing or wrong configuration is a usage error`() throws {
        let folder = TemporaryFolder()
        let missing = try ServerProcess(arguments: [folder.path + "/none.cfg"])
        #expect(missing.wait() == 64)
        #expect(missing.problems.contains("none.cfg cannot be read"))
        let wrong = try ServerProcess(arguments: [try folder.configuration(extra: "tickTime=soon")])
        #expect(wrong.wait() == 64)
        #expect(wrong.problems.contains("tickTime must be a whole number"))
    }
}
