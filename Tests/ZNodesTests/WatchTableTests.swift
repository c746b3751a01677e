import Bytes
import Testing
import WireProtocol
import ZNodes

struct WatchTableTests {
    private let first = WatcherID(rawValue: 1)
    private let second = WatcherID(rawValue: 2)

    private func fire(_ table: inout WatchTable, _ change: TreeChange) -> [WatchEvent] {
        var events: [WatchEvent] = []
        table.trigger(change, into: &events)
        return events
    }

    @Test func `a deletion tells a node's watchers once, then the parent's`() {
        var table = WatchTable()
        table.add(.data, "/a/b", by: first)
        table.add(.child, "/a/b", by: first)
        table.add(.child, "/a/b", by: second)
        table.add(.child, "/a", by: second)
        #expect(
            fire(&table, .deleted("/a/b", readers: nil, parentReaders: nil)) == [
                WatchEvent(watcher: first, type: .nodeDeleted, path: "/a/b"),
                WatchEvent(watcher: second, type: .nodeDeleted, path: "/a/b"),
                WatchEvent(watcher: second, type: .nodeChildrenChanged, path: "/a"),
            ])
        #expect(table.count == 0)
        #expect(fire(&table, .deleted("/a/b", readers: nil, parentReaders: nil)).isEmpty)
    }

    @Test func `a watch fires once`() {
        var table = WatchTable()
        table.add(.data, "/a", by: first)
        table.add(.data, "/a", by: first)
        #expect(table.count == 1)
        #expect(fire(&table, .dataChanged("/a", readers: nil)).count == 1)
        #expect(fire(&table, .dataChanged("/a", readers: nil)).isEmpty)
    }

    @Test func `creation tells exists-watchers and the parent's child watchers`() {
        var table = WatchTable()
        table.add(.child, "/", by: second)
        table.add(.data, "/a", by: first)
        #expect(
            fire(&table, .created("/a", readers: nil, parentReaders: nil)) == [
                WatchEvent(watcher: first, type: .nodeCreated, path: "/a"),
                WatchEvent(watcher: second, type: .nodeChildrenChanged, path: "/"),
            ])
    }

    @Test func `watches die with their connection`() {
        var table = WatchTable()
        table.add(.data, "/a", by: first)
        table.add(.child, "/a", by: first)
        table.add(.child, "/a", by: second)
        table.removeAll(of: first)
        #expect(table.count == 1)
        #expect(
            fire(&table, .created("/a/b", readers: nil, parentReaders: nil)) == [
                WatchEvent(watcher: second, type: .nodeChildrenChanged, path: "/a")
            ])
    }

    @Test func `a persistent watch stays, and hears what both kinds would`() {
        var table = WatchTable()
        for kind in WatchTable.Kind.allCases { table.add(kind, "/a", by: first, modes: .persistent) }
        for _ in 1...2 {
            #expect(
                fire(&table, .created("/a/b", readers: nil, parentReaders: nil)).map(\.type) == [.nodeChildrenChanged])
            #expect(fire(&table, .dataChanged("/a", readers: nil)).map(\.type) == [.nodeDataChanged])
        }
        #expect(fire(&table, .deleted("/a", readers: nil, parentReaders: nil)).map(\.type) == [.nodeDeleted])
        #expect(table.count == 2)
    }

    @Test func `a recursive watch hears of everything below, and of no children lists`() {
        var table = WatchTable()
        table.add(.data, "/", by: first, modes: .recursive)
        table.add(.data, "/a", by: second, modes: .recursive)
        let events = fire(&table, .created("/a/b/c", readers: nil, parentReaders: nil))
        #expect(
            events == [second, first].map { WatchEvent(watcher: $0, type: .nodeCreated, path: "/a/b/c") })
        #expect(fire(&table, .dataChanged("/ab", readers: nil)).map(\.watcher) == [first])
    }

    @Test func `modes of one watcher live side by side`() {
        var table = WatchTable()
        table.add(.data, "/a", by: first)
        table.add(.data, "/a", by: first, modes: .recursive)
        #expect(table.count == 1)
        #expect(fire(&table, .dataChanged("/a", readers: nil)).count == 1)
        #expect(!table.contains(.data, "/a", by: first, modes: .oneShot))
        #expect(table.contains(.data, "/a", by: first, modes: .recursive))
        let spent = table.remove(.data, "/a", by: first, modes: .oneShot)
        let rest = table.remove(.data, "/a", by: first, modes: .all)
        #expect([spent, rest] == [false, true])
        #expect(fire(&table, .dataChanged("/a", readers: nil)).isEmpty)
        #expect(table.count == 0)
    }
}
