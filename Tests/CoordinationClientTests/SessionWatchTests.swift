import Bytes
import CoordinationClient
import StateMachines
import Testing
import WireProtocol

extension WatchEvent {
    /// The same event, whatever change it tells of.
    func isLike(_ kind: Kind, _ path: String) -> Bool { self.kind == kind && self.path == path }
}

/// Identities, and watches that stay, of the session as a machine.
struct SessionWatchTests {
    private func addWatch(_ path: ByteString, _ mode: AddWatchMode) -> ClientRequest {
        .addWatch(AddWatchRequest(path: path, mode: mode))
    }

    /// A session with a lasting watch of "/p" (1) and one of everything below "/r" (2).
    private func watching() -> SessionBench {
        var bench = SessionBench.connected()
        bench.step(.submitted(1, addWatch("/p", .persistent), watch: 1))
        bench.reply(.number(0), xid: 1)
        bench.step(.submitted(2, addWatch("/r", .persistentRecursive), watch: 2))
        bench.reply(.number(0), xid: 2)
        _ = (bench.takeLog(), bench.takeSent())
        return bench
    }

    @Test func `lasting watches fire again and again, recursive ones for everything below`() {
        var bench = watching()
        bench.notify(.nodeDataChanged, "/p")
        bench.notify(.nodeChildrenChanged, "/p")
        bench.notify(.nodeCreated, "/r/a/b")
        bench.notify(.nodeDeleted, "/r")
        bench.notify(.nodeChildrenChanged, "/r")
        bench.notify(.nodeCreated, "/rest")
        #expect(
            bench.takeLog() == [
                "watch 1: nodeDataChanged /p", "watch 1: nodeChildrenChanged /p", "watch 2: nodeCreated /r/a/b",
                "watch 2: nodeDeleted /r",
            ])
        #expect(bench.observed.count == 4)
    }

    @Test func `a recursive watch of the root hears of every node`() {
        var bench = SessionBench.connected()
        bench.step(.submitted(1, addWatch("/", .persistentRecursive), watch: 1))
        bench.reply(.number(0), xid: 1)
        bench.notify(.nodeCreated, "/a/b")
        bench.notify(.nodeDataChanged, "/")
        #expect(bench.takeLog().suffix(2) == ["watch 1: nodeCreated /a/b", "watch 1: nodeDataChanged /"])
    }

    @Test func `one event that fires several watches is observed once`() {
        var bench = watching()
        bench.step(.submitted(3, .getData(PathWatchRequest(path: "/p", watch: true)), watch: 3))
        bench.reply(.dataAndStat(nil, .sample), xid: 3)
        bench.notify(.nodeDataChanged, "/p")
        #expect(bench.takeLog() == ["3: answer", "watch 3: nodeDataChanged /p", "watch 1: nodeDataChanged /p"])
        #expect(bench.observed.map(\.path) == ["/p"])
    }

    @Test func `after a reconnection lasting watches are set again and told that something may be missing`() throws {
        var bench = watching()
        bench.step(.connectionEnded)
        _ = (bench.takeSent(), bench.takeLog())
        bench.handshake()
        guard case .setAllWatches(let again) = try request(bench.takeSent()[1]).request else {
            Issue.record("no setWatches2")
            return
        }
        #expect(again.persistentWatches == ["/p"])
        #expect(again.persistentRecursiveWatches == ["/r"])
        #expect(bench.takeLog() == ["connected"], "not before the server has set them")
        bench.reply(.empty, xid: SpecialXid.setWatches)
        #expect(bench.takeLog() == ["watch 1: interrupted /p", "watch 2: interrupted /r"])
    }

    @Test func `removed watches are told, each kind by its own event`() {
        var bench = watching()
        bench.step(.submitted(3, .getChildren(PathWatchRequest(path: "/p", watch: true)), watch: 3))
        bench.reply(.children([]), xid: 3)
        bench.step(.submitted(4, .removeWatches(WatcherRequest(path: "/p", type: .data)), watch: nil))
        bench.reply(.empty, xid: 4, error: ErrorCode.noWatcher.rawValue)
        bench.step(.submitted(5, .removeWatches(WatcherRequest(path: "/p", type: .any)), watch: nil))
        bench.reply(.empty, xid: 5)
        bench.step(.watchesForgotten("/r", .persistentRecursive))
        #expect(
            bench.takeLog() == [
                "3: answer", "4: refused(-121)", "watch 3: childWatchRemoved /p", "watch 1: persistentWatchRemoved /p",
                "5: done", "watch 2: persistentWatchRemoved /r",
            ])
    }

    @Test func `a watch that nobody hears is taken from the server, unless another needs it`() throws {
        var bench = watching()
        bench.step(.submitted(3, addWatch("/p", .persistent), watch: 3))
        _ = bench.takeSent()
        bench.step(.watchDropped(1))
        #expect(bench.takeSent().isEmpty, "another is on its way")
        bench.reply(.number(0), xid: 3)
        bench.step(.watchDropped(3))
        let removal = try request(bench.takeSent()[0]).request
        #expect(removal == .removeWatches(WatcherRequest(path: "/p", type: .persistent)))
    }

    @Test func `identities are proved anew on every connection, and a refused one is forgotten`() throws {
        var bench = SessionBench()
        let (good, bad) = (
            AuthRequest(scheme: "digest", credentials: [1]), AuthRequest(scheme: "nonsense", credentials: [2])
        )
        bench.step(.started)
        bench.step(.authenticated(1, good))
        bench.handshake()
        #expect(try request(bench.takeSent()[1]) == (SpecialXid.auth, .auth(good)))
        bench.step(.authenticated(2, bad))
        bench.reply(.empty, xid: SpecialXid.auth)
        bench.reply(.empty, xid: SpecialXid.auth, error: ErrorCode.authFailed.rawValue)
        #expect(bench.takeLog() == ["connect 0", "connected", "1: done", "2: refused(-115)"])
        bench.step(.connectionEnded)
        _ = bench.takeSent()
        bench.handshake()
        let frames = bench.takeSent()
        #expect(frames.count == 2)
        #expect(try request(frames[1]).request == .auth(good))
        bench.reply(.empty, xid: SpecialXid.auth)
        #expect(bench.takeLog() == ["disconnect", "disconnected", "connect 0", "connected"])
    }

    @Test func `a reply that cannot be read is not taken for a refusal`() {
        var bench = SessionBench.connected()
        bench.step(.submitted(1, .getChildren(PathWatchRequest(path: "/")), watch: nil))
        bench.reply(.number(7), xid: 1)
        #expect(bench.takeLog() == ["1: unreadable"])
    }
}

extension Stat {
    static let sample = Stat(
        czxid: .zero, mzxid: .zero, ctime: 0, mtime: 0, version: 0, cversion: 0, aversion: 0,
        ephemeralOwner: .none, dataLength: 0, numChildren: 0, pzxid: .zero)
}
