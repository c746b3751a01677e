public import CoordinationClient

/// One program that offers a service.
public struct ServiceInstance: Hashable, Sendable {
    /// Unique within the service.
    public var name: String
    /// "http", "grpc"…; without blanks.
    public var scheme: String
    /// A host or an address; without blanks.
    public var host: String
    public var port: UInt16

    public init(name: String, scheme: String, host: String, port: UInt16) {
        self.name = name
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// "http 10.0.0.1 8080".
    var encoded: [UInt8] { Array("\(scheme) \(host) \(port)".utf8) }

    init(name: String, data: [UInt8], path: String) throws {
        let words = String(decoding: data, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, let port = UInt16(words[2]) else { throw RecipeFailure.notAnInstance(path: path) }
        self.init(name: name, scheme: String(words[0]), host: String(words[1]), port: port)
    }
}

/// Services and the programs that offer them. An instance is there as long as its session.
///
/// ```swift
/// let registry = Registry(client, path: "/services")
/// let own = ServiceInstance(name: "web-1", scheme: "http", host: "10.0.0.1", port: 8080)
/// try await registry.register(own, as: "web")
/// let providers = try await registry.providers(of: "web")
/// if let next = try await providers.next() { print(next.host, next.port) }
/// ```
///
/// Source: Apache ZooKeeper, “Recipes and Solutions”, Name Service and Group Membership; Apache Curator, “Service Discovery”.
public struct Registry: Sendable {
    let service: any CoordinationService
    let path: String

    /// - Parameter path: the parent of the services; made when somebody registers.
    public init(_ service: any CoordinationService, path: String) {
        self.service = service
        self.path = path
    }

    /// Offers a service, until it is withdrawn or the session ends.
    ///
    /// - Throws: `RecipeFailure.nameTaken` where another session has registered the same instance.
    public func register(_ instance: ServiceInstance, as offered: String) async throws {
        try await Group(service, path: "\(path)/\(offered)").join(instance.name, data: instance.encoded)
    }

    /// Offers it no more.
    public func withdraw(_ instance: ServiceInstance, from offered: String) async throws {
        try await Group(service, path: "\(path)/\(offered)").leave(instance.name)
    }

    /// Who offers a service, kept up to date.
    public func providers(of offered: String) async throws -> Providers {
        let cache = TreeCache(service, path: "\(path)/\(offered)")
        try await cache.start()
        return Providers(cache, path: "\(path)/\(offered)")
    }
}

/// The instances of one service, as a consumer knows them.
///
/// While there is no connection it goes on with those it knew last: one that may have gone is better than none.
public actor Providers {
    private let cache: TreeCache
    private let path: String
    private var lastName: String?

    init(_ cache: TreeCache, path: String) {
        self.cache = cache
        self.path = path
    }

    /// All of them, by name.
    public func all() async throws -> [ServiceInstance] {
        var instances: [ServiceInstance] = []
        for name in await cache.children(of: path) {
            let instance = "\(path)/\(name)"
            guard let node = await cache.node(instance) else { continue }
            instances.append(try ServiceInstance(name: name, data: node.data, path: instance))
        }
        return instances
    }

    /// One after the other, in the order of their names, whoever comes or goes in between.
    ///
    /// - Returns: nil while there is none.
    public func next() async throws -> ServiceInstance? {
        let instances = try await all()
        let next = instances.first { instance in lastName.map { $0 < instance.name } ?? true } ?? instances.first
        lastName = next?.name
        return next
    }

    /// Every change of the list from now on.
    public func changes() async -> AsyncStream<TreeCache.Change> { await cache.changes() }

    public func stop() async { await cache.stop() }
}
