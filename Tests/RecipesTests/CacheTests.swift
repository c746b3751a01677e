import CoordinationClient
import FaultProxy
import LoopbackServer
import Recipes
import StateMachines
import Testing

/// What is copied from the server and kept up to date: tree cache and registry.
struct CacheTests {
    @Test func `a cache follows the server`() async throws {
        try await Bench.run { bench in
            try await bench.b.create("/top")
            try await bench.b.create("/top/a", data: [1])
            let cache = TreeCache(bench.a, path: "/top")
            try await cache.start()
            var changes = await cache.changes().makeAsyncIterator()
            for expected in [.added("/top"), .added("/top/a"), .loaded] as [TreeCache.Change] {
                #expect(await changes.next() == expected)
            }
            try await bench.b.setData("/top/a", data: [2])
            #expect(await changes.next() == .updated("/top/a"))
            #expect(await cache.node("/top/a")?.data == [2])
            try await bench.b.create("/top/a/deep")
            #expect(await changes.next() == .added("/top/a/deep"))
            #expect(await cache.children(of: "/top/a") == ["deep"])
            #expect(await cache.children(of: "/top") == ["a"])
            try await bench.b.delete("/top/a/deep")
            #expect(await changes.next() == .removed("/top/a/deep"))
            await cache.stop()
            #expect(await changes.next() == nil)
        }
    }

    @Test func `what happens while the connection is away is made good`() async throws {
        try await Bench.run { bench in
            try await bench.b.create("/top")
            try await bench.b.create("/top/old")
            let cache = TreeCache(bench.a, path: "/top")
            try await cache.start()
            var changes = await cache.changes().makeAsyncIterator()
            for _ in 0..<3 { _ = await changes.next() }
            try await bench.server.proxy { $0.refuseConnections(of: "A", for: .seconds(3_600)) }
            try await bench.server.proxy { $0.cut("A") }
            try await bench.b.delete("/top/old")
            try await bench.b.create("/top/new")
            try await bench.server.proxy { $0.heal("A") }
            #expect(await changes.next() == .added("/top/new"))
            #expect(await changes.next() == .removed("/top/old"))
            await cache.stop()
        }
    }

    @Test func `consumers go round the providers, whoever comes or goes`() async throws {
        try await Bench.run { bench in
            let registry = Registry(bench.a, path: "/services")
            let instances = ["x", "y", "z"].map {
                ServiceInstance(name: $0, scheme: "http", host: "10.0.0.1", port: 8080)
            }
            try await registry.register(instances[0], as: "web")
            let providers = try await Registry(bench.b, path: "/services").providers(of: "web")
            #expect(try await providers.next() == instances[0])
            #expect(try await providers.next() == instances[0])
            var changes = await providers.changes().makeAsyncIterator()
            for _ in 0..<3 { _ = await changes.next() }
            for instance in instances[1...] {
                try await registry.register(instance, as: "web")
                #expect(await changes.next() == .added("/services/web/\(instance.name)"))
            }
            var names: [String] = []
            for _ in 0..<4 { names.append(try await providers.next()?.name ?? "none") }
            #expect(names == ["y", "z", "x", "y"])
            try await registry.withdraw(instances[2], from: "web")
            #expect(await changes.next() == .removed("/services/web/z"))
            #expect(try await providers.next()?.name == "x")
            await bench.a.close()
            let gone = [await changes.next(), await changes.next()]
            #expect(Set(gone) == [.removed("/services/web/x"), .removed("/services/web/y")])
            #expect(try await providers.next() == nil)
            await providers.stop()
        }
    }
}
