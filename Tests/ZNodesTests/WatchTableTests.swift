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
            fire(&table, .deleted("/a/b")) == [
                WatchEvent(watcher: first, type: .nodeDeleted, path: "/a/b"),
                WatchEvent(watcher: second, type: .nodeDeleted, path: "/a/b"),
                WatchEvent(watcher: second, type: .nodeChildrenChanged, path: "/a"),
            ])
        #expect(table.count == 0)
        #expect(fire(&table, .deleted("/a/b")).isEmpty)
    }

    @Test func `a watch fires once`() {
        var table = WatchTable()
        table.add(.data, "/a", by: first)
        table.add(.data, "/a", by: first)
        #expect(table.count == 1)
        #expect(fire(&table, .dataChanged("/a")).count == 1)
        #expect(fire(&table, .dataChanged("/a")).isEmpty)
    }

    @Test func `creation tells exists-watchers and the parent's child watchers`() {
        var table = WatchTable()
        table.add(.child, "/", by: second)
        table.add(.data, "/a", by: first)
        #expect(
            fire(&table, .created("/a")) == [
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
        #expect(fire(&table, .created("/a/b")) == [WatchEvent(watcher: second, type: .nodeChildrenChanged, path: "/a")])
    }
}
