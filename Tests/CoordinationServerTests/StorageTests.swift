import Bytes
import CoordinationClient
import CoordinationServer
import Foundation
import Messages
import StateMachines
import Synchronization
import Testing
import TransactionLog
import WireProtocol
import ZNodes

#if canImport(Glibc)
    import Glibc
#endif

@Suite(.timeLimit(.minutes(2))) struct StorageTests {
    private static func options(_ folder: TemporaryFolder) -> StorageOptions {
        var options = StorageOptions()
        options.dataFolder = folder.path
        options.preAllocSize = 64
        return options
    }

    private static func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/version-2").sorted()
    }

    /// Sessions open and close, nodes come, change and go; returns what must be there.
    private static func load(_ server: RunningServer, round: Int, count: Int = 60) async throws -> [String: [UInt8]] {
        let client = try await server.connect()
        var expected: [String: [UInt8]] = [:]
        for number in 0..<count {
            let path = "/r\(round)-\(number)"
            _ = try await client.create(path, data: [UInt8(number)])
            expected[path] = [UInt8(number)]
            if number % 3 == 0 {
                _ = try await client.setData(path, data: [1, 2, 3])
                expected[path] = [1, 2, 3]
            } else if number % 5 == 0 {
                try await client.delete(path)
                expected[path] = nil
            }
        }
        await client.close()
        return expected
    }

    private static func check(_ server: RunningServer, holds expected: [String: [UInt8]]) async throws {
        let client = try await server.connect()
        for (path, data) in expected { #expect(try await client.getData(path).data == data) }
        #expect(try await client.getChildren("/").count == expected.count + 1)
        await client.close()
    }

    /// As ZooKeeper does: where logs and snapshots share a folder, each counts both.
    @Test(arguments: [false, true])
    func `the size of a folder is that of everything in it`(hasLogFolder: Bool) async throws {
        let (folder, logs) = (TemporaryFolder(), TemporaryFolder())
        var options = Self.options(folder)
        if hasLogFolder { options.logFolder = logs.path }
        let server = try await RunningServer(options)
        _ = try await Self.load(server, round: 1, count: 3)
        let inner = folder.path + "/version-2/inner"
        try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
        try Data(repeating: 0, count: 1_234).write(to: URL(filePath: inner + "/file"))
        let sizes = try await server.read { [$0.snapshotByteCount, $0.logByteCount] }
        let expected = try [folder.path, hasLogFolder ? logs.path : folder.path].map { path in
            let names = try FileManager.default.subpathsOfDirectory(atPath: path + "/version-2")
            return try names.reduce(0) { sum, name in
                let facts = try FileManager.default.attributesOfItem(atPath: path + "/version-2/" + name)
                return sum + (facts[.type] as? FileAttributeType == .typeDirectory ? 0 : facts[.size] as? Int ?? 0)
            }
        }
        #expect(sizes == expected)
        #expect(sizes[1] >= 65_536)
        #expect((sizes[0] >= 65_536) != hasLogFolder)
        await server.stop()
    }

    @Test(arguments: SnapshotFormat.Compression.allCases)
    func `a restart goes on from the newest snapshot and the logs since`(
        compression: SnapshotFormat.Compression
    ) async throws {
        let folder = TemporaryFolder()
        var options = Self.options(folder)
        options.snapCount = 40
        options.snapshotCompression = compression
        var expected: [String: [UInt8]] = [:]
        for round in 0..<4 {
            let server = try await RunningServer(options)
            #expect(try await server.notices.isEmpty)
            try await Self.check(server, holds: expected)
            expected.merge(try await Self.load(server, round: round)) { $1 }
            try await server.wait { $0.snapshotCount > 0 && !$0.isWritingSnapshot }
            await server.stop()
        }
        let server = try await RunningServer(options)
        try await Self.check(server, holds: expected)
        #expect(try await server.recoveredTransactionCount < 200)
        await server.stop()
        let names = try Self.files(folder.path)
        let snapshots = names.filter { SnapshotFormat.parse(fileName: $0) != nil }
        let ending = compression == .none ? [] : [Substring(compression.rawValue)]
        #expect(snapshots.allSatisfy { $0.split(separator: ".").dropFirst(2) == ending[...] })
        #expect(snapshots.count >= 3)
        #expect(!names.contains { $0.contains("partial") })
    }

    @Test(arguments: [SnapshotFormat.Compression.gzip, .snappy])
    func `a packed snapshot that is torn or changed is not believed`(
        compression: SnapshotFormat.Compression
    ) async throws {
        let folder = TemporaryFolder()
        var options = Self.options(folder)
        options.snapshotCompression = compression
        try await RunningServer(options).stop()
        let path = folder.path + "/version-2/" + SnapshotFormat.fileName(.zero, compression)
        let whole = try Data(contentsOf: URL(filePath: path))
        #expect(try SnapshotFile.read(path).tree == DataTree())
        for count in 0..<whole.count {
            try whole.prefix(count).write(to: URL(filePath: path))
            #expect(throws: (any Error).self, "\(count) bytes") { try SnapshotFile.read(path) }
        }
        // Before lie the parts that nobody compares: versions, times, names.
        for place in stride(from: 24, to: whole.count - 8, by: 5) {
            var changed = whole
            changed[place] ^= 0x10
            try changed.write(to: URL(filePath: path))
            // Some bits of packed bytes mean nothing.
            if let read = try? SnapshotFile.read(path) { #expect(read.tree == DataTree(), "byte \(place)") }
        }
    }

    @Test func `a fresh folder gets an empty snapshot, which ZooKeeper asks for`() async throws {
        let folder = TemporaryFolder()
        try await RunningServer(Self.options(folder)).stop()
        #expect(try Self.files(folder.path) == ["snapshot.0", "zoolab.lock"])
        let snapshot = try SnapshotFile.read(folder.path + "/version-2/snapshot.0")
        #expect(snapshot.tree == DataTree())
        #expect(snapshot.sessions.isEmpty)
    }

    @Test func `a damaged snapshot is passed over for an older one`() async throws {
        let folder = TemporaryFolder()
        var options = Self.options(folder)
        options.snapCount = 40
        let first = try await RunningServer(options)
        let expected = try await Self.load(first, round: 1, count: 100)
        try await first.wait { $0.snapshotCount >= 3 && !$0.isWritingSnapshot }
        await first.stop()
        let newest = try #require(Self.newestSnapshot(folder))
        var bytes = try Data(contentsOf: URL(filePath: newest))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: newest))
        let second = try await RunningServer(options)
        try await Self.check(second, holds: expected)
        let notices = try await second.notices.map(\.english)
        #expect(notices.count == 1)
        #expect(notices.first?.contains("\(newest) is damaged") == true)
        #expect(notices.first?.contains("has started from the older snapshot.") == true)
        await second.stop()
    }

    @Test func `without a snapshot that reaches the logs, nothing starts`() async throws {
        let folder = TemporaryFolder()
        var options = Self.options(folder)
        options.snapCount = 40
        let server = try await RunningServer(options)
        _ = try await Self.load(server, round: 1, count: 150)
        try await server.wait { $0.purgedFileCount > 0 && !$0.isWritingSnapshot }
        await server.stop()
        let names = try Self.files(folder.path)
        for name in names where name.hasPrefix("snapshot.") {
            try Data("broken".utf8).write(to: URL(filePath: folder.path + "/version-2/" + name))
        }
        var failure = await #expect(throws: ServerFailure.self) { try await RunningServer(options) }
        #expect(failure?.message.english.contains("None of the") == true)
        #expect(failure?.message.chinese.contains("都无法使用") == true)
        for name in names where name.hasPrefix("snapshot.") {
            try FileManager.default.removeItem(atPath: folder.path + "/version-2/" + name)
        }
        failure = await #expect(throws: ServerFailure.self) { try await RunningServer(options) }
        #expect(failure?.message.english.contains("snapshot.trust.empty=true") == true)
        options.trustEmptySnapshot = true
        let trusting = try await RunningServer(options)
        #expect(try await trusting.recoveredTransactionCount > 0)
        await trusting.stop()
    }

    @Test(arguments: [(0, true), (1, true), (2, false)] as [(UInt32, Bool)])
    func `behind the last transaction of an epoch comes the first of the next, or Apache's zeroth`(
        counter: UInt32, isNext: Bool
    ) async throws {
        let folder = TemporaryFolder()
        var options = Self.options(folder)
        options.trustEmptySnapshot = true
        var log = ByteWriter()
        LogFormat.writeHeader(into: &log)
        for zxid in [Zxid(epoch: 0, counter: .max), Zxid(epoch: 1, counter: counter)] {
            let header = TransactionHeader(session: .none, cxid: 0, zxid: zxid, time: 0)
            LogFormat.writeEntry(LoggedTransaction(header: header, body: .error(.noNode), digest: nil), into: &log)
        }
        let path = folder.path + "/version-2"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data(log.bytes).write(to: URL(filePath: path + "/log.ffffffff"))
        guard isNext else {
            let failure = await #expect(throws: ServerFailure.self) { try await RunningServer(options) }
            #expect(failure?.message.english.contains("0xffffffff straight to 0x100000002") == true)
            return
        }
        let server = try await RunningServer(options)
        #expect(try await server.recoveredTransactionCount == 2)
        #expect(try await Self.load(server, round: 1).isEmpty == false)
        await server.stop()
    }

    @Test func `logs that go back to the first transaction need no snapshot`() async throws {
        let folder = TemporaryFolder()
        let first = try await RunningServer(Self.options(folder))
        let expected = try await Self.load(first, round: 1)
        await first.stop()
        try FileManager.default.removeItem(atPath: folder.path + "/version-2/snapshot.0")
        let second = try await RunningServer(Self.options(folder))
        try await Self.check(second, holds: expected)
        await second.stop()
        #expect(Self.newestSnapshot(folder) != nil)
    }

    @Test func `purging keeps three snapshots and the logs they need`() async throws {
        let folder = TemporaryFolder()
        var options = Self.options(folder)
        options.snapCount = 20
        let server = try await RunningServer(options)
        let expected = try await Self.load(server, round: 1, count: 120)
        try await server.wait { $0.purgedFileCount > 4 && !$0.isWritingSnapshot }
        await server.stop()
        let names = try Self.files(folder.path)
        #expect((3...4).contains(names.filter { $0.hasPrefix("snapshot.") }.count), "\(names)")
        // Each of the snapshots that are left leads to the same tree.
        while let newest = Self.newestSnapshot(folder) {
            let copy = TemporaryFolder()
            try FileManager.default.copyItem(atPath: folder.path + "/version-2", toPath: copy.path + "/version-2")
            var copyOptions = Self.options(copy)
            copyOptions.purge = .never
            let restarted = try await RunningServer(copyOptions)
            #expect(try await restarted.notices.isEmpty)
            try await Self.check(restarted, holds: expected)
            await restarted.stop()
            try FileManager.default.removeItem(atPath: newest)
        }
    }

    @Test func `purging never deletes the snapshot that recovery had to fall back to`() async throws {
        let folder = TemporaryFolder()
        var options = Self.options(folder)
        options.snapCount = 20
        options.purge = .never
        let first = try await RunningServer(options)
        let expected = try await Self.load(first, round: 1, count: 120)
        try await first.wait { $0.snapshotCount >= 6 && !$0.isWritingSnapshot }
        await first.stop()
        // The newest three look whole and are not.
        let names = try Self.files(folder.path).filter { $0.hasPrefix("snapshot.") }
            .sorted { SnapshotFormat.parse(fileName: $0)!.zxid > SnapshotFormat.parse(fileName: $1)!.zxid }
        for name in names.prefix(3) {
            var bytes = try Data(contentsOf: URL(filePath: folder.path + "/version-2/" + name))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(filePath: folder.path + "/version-2/" + name))
        }
        options.purge = .every(hours: 1)
        options.snapCount = 1_000_000
        for _ in 1...2 {
            let server = try await RunningServer(options)
            try await Self.check(server, holds: expected)
            #expect(try await server.notices.count == 3)
            await server.stop()
        }
        #expect(try Self.files(folder.path).contains(names[3]))
    }

    @Test func `a log of its own folder, and files in the wrong one`() async throws {
        let (data, logs) = (TemporaryFolder(), TemporaryFolder())
        var options = Self.options(data)
        options.logFolder = logs.path
        let first = try await RunningServer(options)
        let expected = try await Self.load(first, round: 1)
        await first.stop()
        #expect(try Self.files(data.path) == ["snapshot.0", "zoolab.lock"])
        #expect(try Self.files(logs.path) == ["log.1", "zoolab.lock"])
        let second = try await RunningServer(options)
        try await Self.check(second, holds: expected)
        await second.stop()
        try FileManager.default.copyItem(
            atPath: data.path + "/version-2/snapshot.0", toPath: logs.path + "/version-2/snapshot.0")
        let failure = await #expect(throws: ServerFailure.self) { try await RunningServer(options) }
        #expect(failure?.message.english.contains("is a snapshot in the folder of the logs") == true)
    }

    @Test func `an empty folder is refused where the configuration says so, unless initialised`() async throws {
        let folder = TemporaryFolder()
        var options = Self.options(folder)
        options.databaseAutocreate = false
        await #expect(throws: ServerFailure.self) { try await RunningServer(options) }
        try Data().write(to: URL(filePath: folder.path + "/initialize"))
        try await RunningServer(options).stop()
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/initialize"))
        try await RunningServer(options).stop()
        options.dataFolder = folder.path + "/missing"
        options.folderAutocreate = false
        let failure = await #expect(throws: ServerFailure.self) { try await RunningServer(options) }
        #expect(failure?.message.english.contains("datadir.autocreate=false") == true)
    }

    @Test func `a log that has reached its limit is followed by another`() async throws {
        let folder = TemporaryFolder()
        var options = Self.options(folder)
        options.txnLogSizeLimitInKb = 2
        let server = try await RunningServer(options)
        let expected = try await Self.load(server, round: 1)
        await server.stop()
        #expect(try Self.files(folder.path).filter { $0.hasPrefix("log.") }.count > 2)
        let restarted = try await RunningServer(options)
        try await Self.check(restarted, holds: expected)
        await restarted.stop()
    }

    @Test func `the zeros that wait on disk become the next log`() async throws {
        let folder = TemporaryFolder()
        var options = Self.options(folder)
        options.snapCount = 100
        options.purge = .never
        let begun = Shared(Mutex(Set<String>()))
        let system = options.calls
        options.calls.write = { descriptor, bytes, place, path in
            if place == 0, path.contains("/log.") { begun.value.withLock { _ = $0.insert(path) } }
            return system.write(descriptor, bytes, place, path)
        }
        let server = try await RunningServer(options)
        var expected: [String: [UInt8]] = [:]
        // A log that nobody has begun was the spare. How soon that is ready is up to the disk.
        for round in 0..<100 {
            expected.merge(try await Self.load(server, round: round)) { $1 }
            let logs = try Self.files(folder.path).filter { $0.hasPrefix("log.") }.count
            if logs > begun.value.withLock({ $0.count }) { break }
        }
        await server.stop()
        let names = try Self.files(folder.path)
        #expect(names.filter { $0.hasPrefix("log.") }.count > begun.value.withLock { $0.count })
        #expect(!names.contains("zoolab-log.spare"))
        let restarted = try await RunningServer(options)
        try await Self.check(restarted, holds: expected)
        await restarted.stop()
    }

    @Test func `a server that was killed leaves no zeros behind`() async throws {
        let folder = TemporaryFolder()
        try await RunningServer(Self.options(folder)).stop()
        let spare = folder.path + "/version-2/zoolab-log.spare"
        try Data(count: 4_096).write(to: URL(filePath: spare))
        try await RunningServer(Self.options(folder)).stop()
        #expect(!FileManager.default.fileExists(atPath: spare))
    }

    // MARK: Disks that fail

    @Test(arguments: [EIO, ENOSPC]) func `a failed sync or a full disk stops the server, and nothing is acknowledged`(
        problem: Int32
    ) async throws {
        let folder = TemporaryFolder()
        let state = Shared(Mutex(false))
        var options = Self.options(folder)
        let system = options.calls
        let isHit: @Sendable (String) -> Bool = { path in path.contains("log.") && state.value.withLock { $0 } }
        if problem == EIO {
            options.calls.synchronize = { descriptor, path in
                guard isHit(path) else { return system.synchronize(descriptor, path) }
                errno = problem
                return -1
            }
        } else {
            options.calls.write = { descriptor, bytes, place, path in
                guard isHit(path) else { return system.write(descriptor, bytes, place, path) }
                errno = problem
                return -1
            }
        }
        let server = try await RunningServer(options)
        let client = try await server.connect()
        _ = try await client.create("/before")
        state.value.withLock { $0 = true }
        await #expect(throws: CoordinationError.self) { _ = try await client.create("/after") }
        await client.close()
        while server.failure == nil { try await Task.sleep(for: .milliseconds(2)) }
        #expect(server.failure?.message.english.contains("acknowledged nothing that is not on disk") == true)
        await server.stop()
        state.value.withLock { $0 = false }
        let restarted = try await RunningServer(options)
        let reader = try await restarted.connect()
        #expect(try await reader.exists("/before") != nil)
        await reader.close()
        await restarted.stop()
    }

    @Test func `a snapshot that cannot be written leaves the old one, and the server going`() async throws {
        let folder = TemporaryFolder()
        var options = Self.options(folder)
        options.snapCount = 20
        let writes = Shared(Mutex(0))
        let system = options.calls
        options.calls.write = { descriptor, bytes, place, path in
            guard path.contains("snapshot."),
                writes.value.withLock({
                    $0 += 1; return $0 > 4
                })
            else {
                return system.write(descriptor, bytes, place, path)
            }
            errno = ENOSPC
            return -1
        }
        let server = try await RunningServer(options)
        let expected = try await Self.load(server, round: 1, count: 100)
        try await server.wait { $0.failedSnapshotCount > 1 && !$0.isWritingSnapshot }
        #expect(try await server.notices.contains { $0.english.contains("No space left on device") })
        await server.stop()
        #expect(!(try Self.files(folder.path)).contains { $0.contains("partial") })
        let restarted = try await RunningServer(Self.options(folder))
        try await Self.check(restarted, holds: expected)
        await restarted.stop()
    }

    @Test func `what a killed server had only written is on disk before anybody sees it again`() async throws {
        let folder = TemporaryFolder()
        let first = try await RunningServer(Self.options(folder))
        let expected = try await Self.load(first, round: 1)
        await first.stop()
        let synchronized = Shared(Mutex<[String]>([]))
        var options = Self.options(folder)
        let system = options.calls
        options.calls.synchronize = { descriptor, path in
            synchronized.value.withLock { $0.append(path) }
            return system.synchronize(descriptor, path)
        }
        let second = try await RunningServer(options)
        #expect(synchronized.value.withLock { $0 }.contains { $0.hasSuffix("/log.1") })
        try await Self.check(second, holds: expected)
        await second.stop()
        options.calls.synchronize = { _, _ in
            errno = EIO
            return -1
        }
        let failure = await #expect(throws: ServerFailure.self) { try await RunningServer(options) }
        #expect(failure?.message.english.contains("/log.") == true)
    }

    @Test func `slow syncs are counted and warned of`() async throws {
        let folder = TemporaryFolder()
        var options = Self.options(folder)
        options.fsyncWarningThreshold = .milliseconds(5)
        let system = options.calls
        options.calls.synchronize = { descriptor, path in
            usleep(8_000)
            return system.synchronize(descriptor, path)
        }
        let server = try await RunningServer(options)
        let client = try await server.connect()
        _ = try await client.create("/a")
        await client.close()
        let statistics = try await server.statistics
        #expect(statistics.slowSyncCount == Int(statistics.syncs.count))
        #expect(statistics.syncs.count >= 3)
        #expect(statistics.syncs.shortest >= .milliseconds(8))
        #expect(try await server.notices.contains { $0.chinese.contains("毫秒") })
        await server.stop()
    }

    private final class Shared<Value: ~Copyable & Sendable>: Sendable {
        let value: Value
        init(_ value: consuming Value) { self.value = value }
    }

    private static func newestSnapshot(_ folder: TemporaryFolder) -> String? {
        let names = (try? files(folder.path)) ?? []
        return names.compactMap { name in SnapshotFormat.parse(fileName: name).map { ($0.zxid, name) } }
            .max { $0.0 < $1.0 }.map { folder.path + "/version-2/" + $0.1 }
    }
}
