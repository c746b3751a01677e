import CoordinationClient
import FaultProxy
import LoopbackServer
import Recipes
import StateMachines
import Testing

/// Locks, read-write locks, semaphores, elections: whatever is held.
struct LockTests {
    static let mishaps: [Mishap] = [
        .none, .reply("create"), .request("create"), .reply("create", 2), .reply("getChildren"), .reply("getData"),
        .reply("exists"), .reply("delete"), .request("delete"), .reply("sync"),
    ]

    @Test(arguments: mishaps) func `a lock goes from one to the next in order`(mishap: Mishap) async throws {
        try await Bench.run(mishap, leavingNothingBelow: "/lock") { bench in
            let first = try await Lock(bench.b, path: "/lock").acquire()
            async let second = Lock(bench.a, path: "/lock").acquire()
            try await bench.waitForChildren(2, of: "/lock")
            async let third = Lock(bench.c, path: "/lock").acquire()
            try await bench.waitForChildren(3, of: "/lock")
            try await first.release()
            let middle = try await second
            #expect(middle.token > first.token)
            try await middle.release()
            let last = try await third
            #expect(last.token > middle.token)
            try await last.release()
        }
    }

    @Test(arguments: mishaps) func `a lock makes read and write one step`(mishap: Mishap) async throws {
        try await Bench.run(mishap, leavingNothingBelow: "/lock") { bench in
            try await bench.c.create("/sum", data: [0])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in [bench.a, bench.b] {
                    group.addTask {
                        let lock = Lock(client, path: "/lock")
                        for _ in 0..<4 {
                            try await lock.withLock { _ in
                                let sum = try await client.retrying(.patient, .always) {
                                    try await client.getData("/sum").data[0]
                                }
                                try await client.retrying(.patient, .always) {
                                    try await client.setData("/sum", data: [sum + 1])
                                }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await bench.c.getData("/sum").data == [8])
        }
    }

    @Test func `one who waits too long, or no more, leaves nothing behind`() async throws {
        try await Bench.run { bench in
            let held = try await Lock(bench.a, path: "/lock").acquire()
            #expect(try await Lock(bench.b, path: "/lock").acquire(within: .milliseconds(30)) == nil)
            #expect(try await bench.c.getChildren("/lock").count == 1)
            let waiter = Task { try await Lock(bench.b, path: "/lock").acquire() }
            try await bench.waitForChildren(2, of: "/lock")
            waiter.cancel()
            await #expect(throws: CancellationError.self) { _ = try await waiter.value }
            #expect(try await bench.c.getChildren("/lock").count == 1)
            try await held.release()
            try await held.release()
            #expect(try await bench.c.getChildren("/lock") == [])
        }
    }

    @Test func `a place that somebody deletes is no place`() async throws {
        try await Bench.run { bench in
            let held = try await Lock(bench.a, path: "/lock").acquire()
            let waiter = Task { try await Lock(bench.b, path: "/lock").acquire() }
            try await bench.waitForChildren(2, of: "/lock")
            for name in try await bench.c.getChildren("/lock") where !held.path.hasSuffix(name) {
                try await bench.c.delete("/lock/\(name)")
            }
            try await held.release()
            await #expect(throws: RecipeFailure.self) { _ = try await waiter.value }
        }
    }

    @Test func `a holder whose session expires is followed by the next`() async throws {
        try await Bench.run(timeout: .milliseconds(800)) { bench in
            let old = try await Lock(bench.a, path: "/lock").acquire()
            async let next = Lock(bench.b, path: "/lock").acquire()
            try await bench.waitForChildren(2, of: "/lock")
            try await bench.server.proxy { try $0.expireSession(of: "A") }
            #expect(try await next.token > old.token)
            try await old.ended()
            await #expect(throws: CoordinationError.self) { _ = try await Lock(bench.a, path: "/lock").acquire() }
        }
    }

    @Test func `the end of a holding is told`() async throws {
        try await Bench.run { bench in
            let held = try await Lock(bench.a, path: "/lock").acquire()
            async let end: Void = held.ended()
            try await bench.b.delete(held.path)
            try await end
        }
    }

    @Test(arguments: mishaps) func `readers share, writers do not, and nobody overtakes`(mishap: Mishap) async throws {
        try await Bench.run(mishap, leavingNothingBelow: "/rw") { bench in
            let firstReader = try #require(try await ReadWriteLock(bench.b, path: "/rw").acquireForReading())
            let secondReader = try #require(try await ReadWriteLock(bench.a, path: "/rw").acquireForReading())
            async let writer = ReadWriteLock(bench.a, path: "/rw").acquireForWriting()
            try await bench.waitForChildren(3, of: "/rw")
            async let lateReader = ReadWriteLock(bench.b, path: "/rw").acquireForReading()
            try await bench.waitForChildren(4, of: "/rw")
            try await firstReader.release()
            #expect(try await ReadWriteLock(bench.c, path: "/rw").acquireForReading(within: .milliseconds(20)) == nil)
            try await secondReader.release()
            let written = try #require(try await writer)
            #expect(try await ReadWriteLock(bench.c, path: "/rw").acquireForReading(within: .milliseconds(20)) == nil)
            try await written.release()
            let read = try #require(try await lateReader)
            #expect(read.token > written.token)
            try await read.release()
        }
    }

    @Test(arguments: mishaps + [.reply("getChildren", 2)])
    func `a semaphore has as many leases as it says`(mishap: Mishap) async throws {
        try await Bench.run(mishap, leavingNothingBelow: "/pool/leases") { bench in
            let pools = bench.clients.map { Semaphore($0, path: "/pool", leases: 2) }
            let first = try #require(try await pools[1].acquire())
            let second = try #require(try await pools[0].acquire())
            #expect(try await pools[2].acquire(within: .milliseconds(30)) == nil)
            async let third = pools[2].acquire()
            try await bench.waitForChildren(1, of: "/pool/queue")
            try await first.release()
            let late = try #require(try await third)
            #expect(try await pools[1].acquire(within: .milliseconds(30)) == nil)
            try await second.release()
            try await late.release()
            #expect(try await bench.b.getChildren("/pool/queue") == [])
        }
    }

    @Test(arguments: mishaps) func `one leader at a time, known to all`(mishap: Mishap) async throws {
        try await Bench.run(mishap, leavingNothingBelow: "/election") { bench in
            let elections = bench.clients.map { Election($0, path: "/election", candidate: Array("me".utf8)) }
            #expect(try await elections[1].leader() == nil)
            let first = try #require(try await elections[0].lead())
            #expect(try await elections[1].leader() == Array("me".utf8))
            #expect(try await elections[1].lead(within: .milliseconds(30)) == nil)
            async let second = elections[1].lead()
            try await bench.waitForChildren(2, of: "/election")
            try await first.release()
            let successor = try #require(try await second)
            #expect(successor.token > first.token)
            try await successor.release()
        }
    }
}
