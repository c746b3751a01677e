import CoordinationClient
import Recipes
import Testing

/// Queues, barriers, counters, groups.
struct StructureTests {
    static let mishaps: [Mishap] = [
        .none, .reply("create"), .request("create"), .reply("create", 3), .reply("multi"), .request("multi"),
        .reply("multi", 2), .reply("getChildren"), .reply("getData"), .reply("exists"), .reply("delete"),
        .reply("setData"),
    ]

    @Test(arguments: mishaps) func `every item is taken once, in order`(mishap: Mishap) async throws {
        try await Bench.run(mishap, leavingNothingBelow: "/queue/marks") { bench in
            let queues = bench.clients.map { WorkQueue($0, path: "/queue") }
            #expect(try await queues[1].take(within: .milliseconds(20)) == nil)
            for item in 0..<6 as Range<UInt8> { try await queues[Int(item) % 2].put([item]) }
            #expect(try await queues[2].count() == 6)
            for item in 0..<6 as Range<UInt8> { #expect(try await queues[Int(item + 1) % 2].take() == [item]) }
            async let next = queues[0].take()
            try await queues[1].put([77])
            #expect(try await next == [77])
            #expect(try await queues[2].count() == 0)
        }
    }

    @Test(arguments: mishaps) func `consumers share the items among them`(mishap: Mishap) async throws {
        try await Bench.run(mishap) { bench in
            for item in 0..<12 as Range<UInt8> { try await WorkQueue(bench.c, path: "/queue").put([item]) }
            let taken = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for client in [bench.a, bench.b] {
                    group.addTask {
                        var mine: [UInt8] = []
                        while let item = try await WorkQueue(client, path: "/queue").take(within: .milliseconds(1)) {
                            mine += item
                        }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(taken.sorted() == Array(0..<12))
        }
    }

    @Test(arguments: mishaps) func `a barrier holds everybody until it is opened`(mishap: Mishap) async throws {
        try await Bench.run(mishap) { bench in
            let gates = bench.clients.map { Barrier($0, path: "/gate") }
            #expect(try await gates[0].pass())
            try await gates[0].close()
            try await gates[0].close()
            #expect(try await gates[1].pass(within: .milliseconds(20)) == false)
            async let passed = gates[0].pass()
            async let others = gates[2].pass(within: .seconds(60))
            try await gates[1].open()
            try await gates[0].open()
            let all = try await (passed, others)
            #expect(all.0 && all.1)
        }
    }

    @Test(arguments: mishaps) func `all begin together and end together`(mishap: Mishap) async throws {
        try await Bench.run(mishap, leavingNothingBelow: "/party/members") { bench in
            let barriers = bench.clients.map { DoubleBarrier($0, path: "/party", size: 3) }
            #expect(try await barriers[1].enter(within: .milliseconds(20)) == nil)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for barrier in barriers {
                    group.addTask {
                        let part = try await barrier.enter()
                        try await part?.leave()
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: mishaps) func `every addition counts once`(mishap: Mishap) async throws {
        try await Bench.run(mishap, leavingNothingBelow: "/number/marks") { bench in
            #expect(try await Counter(bench.b, path: "/number").value() == 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in [bench.a, bench.b] {
                    group.addTask { for _ in 0..<6 { try await Counter(client, path: "/number").add(2) } }
                }
                try await group.waitForAll()
            }
            #expect(try await Counter(bench.a, path: "/number").value() == 24)
            #expect(try await Counter(bench.a, path: "/number").add(-25) == -1)
        }
    }

    @Test func `a counter refuses what is no number`() async throws {
        try await Bench.run { bench in
            try await bench.a.create("/words", data: Array("seven".utf8))
            await #expect(throws: RecipeFailure.notANumber(path: "/words")) {
                try await Counter(bench.a, path: "/words").add(1)
            }
        }
    }

    @Test(arguments: mishaps) func `a group knows who is there`(mishap: Mishap) async throws {
        try await Bench.run(mishap, leavingNothingBelow: "/group") { bench in
            let groups = bench.clients.map { Group($0, path: "/group") }
            #expect(try await groups[0].members() == [])
            var changes = groups[2].changes().makeAsyncIterator()
            #expect(try await changes.next() == [])
            try await groups[0].join("a", data: [1])
            #expect(try await changes.next() == ["a"])
            try await groups[0].join("a", data: [2])
            await #expect(throws: RecipeFailure.nameTaken(path: "/group/a")) { try await groups[1].join("a") }
            try await groups[1].join("b")
            #expect(try await changes.next() == ["a", "b"])
            #expect(try await groups[1].data(of: "a") == [2])
            #expect(try await groups[1].data(of: "c") == nil)
            try await groups[0].leave("a")
            try await groups[1].leave("b")
        }
    }

    @Test func `a member goes with its session`() async throws {
        try await Bench.run { bench in
            try await Group(bench.a, path: "/group").join("a")
            var changes = Group(bench.b, path: "/group").changes().makeAsyncIterator()
            #expect(try await changes.next() == ["a"])
            await bench.a.close()
            #expect(try await changes.next() == [])
            await bench.b.close()
            #expect(try await changes.next() == nil)
        }
    }
}
