public import CoordinationClient

/// A gate that is closed while its node exists.
///
/// ```swift
/// let maintenance = Barrier(client, path: "/maintenance")
/// try await maintenance.close()                  // In the program that does it,
/// try await maintenance.open()                   // and when it is done.
/// _ = try await maintenance.pass()               // In all others: waits while it is closed.
/// ```
///
/// Source: Apache ZooKeeper, “Recipes and Solutions”, Barriers.
public struct Barrier: Sendable {
    let service: any CoordinationService
    let path: String

    public init(_ service: any CoordinationService, path: String) {
        self.service = service
        self.path = path
    }

    /// Closes the gate; it may be closed already.
    public func close() async throws { try await service.ensure(path) }

    /// Opens the gate; it may be open already.
    public func open() async throws { try await service.remove(path) }

    /// Waits until the gate is open.
    ///
    /// - Returns: false when the time is up first.
    public func pass(within limit: Duration? = nil) async throws -> Bool {
        let deadline = limit.map { service.now + $0 }
        while true {
            let watch: Watch
            do {
                watch = try await service.retrying(.patient, .always) { try await service.getDataAndWatch(path).watch }
            } catch CoordinationError.noNode {
                return true
            }
            guard let deadline else {
                _ = try await watch.event()
                continue
            }
            let left = deadline - service.now
            guard left > .zero, try await watch.event(within: left) != nil else { return false }
        }
    }
}

/// Lets a number of programs begin together, and end together.
///
/// ```swift
/// let round = DoubleBarrier(client, path: "/rounds/7", size: 3)
/// if let part = try await round.enter(within: .seconds(60)) {
///     try await compute()
///     try await part.leave()
/// }
/// ```
///
/// Source: Apache ZooKeeper, “Recipes and Solutions”, Double Barriers; Hunt et al., USENIX ATC 2010, section 2.4.
public struct DoubleBarrier: Sendable {
    let service: any CoordinationService
    let path: String
    let size: Int

    private var members: String { "\(path)/members" }
    private var ready: String { "\(path)/ready" }

    /// - Parameters:
    ///   - path: the parent of everything; made when it does not exist. Use another one for the next round.
    ///   - size: how many programs; all must agree on it.
    /// - Precondition: `size` is positive.
    public init(_ service: any CoordinationService, path: String, size: Int) {
        precondition(size > 0, "a barrier is for at least one")
        self.service = service
        self.path = path
        self.size = size
    }

    /// Waits until all are here.
    ///
    /// - Returns: this program's part, to leave with; nil when the time was up, and then this program is not here any more.
    public func enter(within limit: Duration? = nil) async throws -> Participant? {
        let deadline = limit.map { service.now + $0 }
        // Looked for before entering: otherwise the last one's sign could come and go unseen.
        try await service.ensure(path)
        let (_, sign) = try await service.retrying(.patient, .always) { try await service.existsAndWatch(ready) }
        let place = try await Place.take(service, in: members, prefix: "member-")
        do {
            let names = try await service.retrying(.patient, .always) { try await service.getChildren(members) }
            if names.count >= size {
                try await service.ensure(ready)
            } else if try await !wait(for: sign, deadline) {
                try await place.leave()
                return nil
            }
            return Participant(place: place)
        } catch {
            await service.removeDespiteCancellation(place.path)
            throw error
        }
    }

    private func wait(for sign: Watch, _ deadline: Duration?) async throws -> Bool {
        if try await service.retrying(.patient, .always, { try await service.exists(ready) }) != nil { return true }
        guard let deadline else {
            _ = try await sign.event()
            return true
        }
        let left = deadline - service.now
        return left > .zero ? try await sign.event(within: left) != nil : false
    }

    /// One who has entered.
    public struct Participant: Sendable {
        let place: Place

        /// Leaves, and waits until all have left.
        ///
        /// The first one to have come stays until it is alone; each other leaves, and waits for the first one.
        public func leave() async throws {
            while true {
                let service = place.service
                let names = inSequence(
                    try await service.retrying(.patient, .always) { try await service.getChildren(place.parent) })
                guard let first = names.first else { return }
                if names == [place.name] { return try await place.leave() }
                // The first waits for the last, everybody else for the first, after going himself.
                let awaited = first == place.name ? names[names.count - 1] : first
                if first != place.name { try await place.leave() }
                do {
                    let watch = try await service.retrying(.patient, .always) {
                        try await service.getDataAndWatch("\(place.parent)/\(awaited)").watch
                    }
                    _ = try await watch.event()
                } catch CoordinationError.noNode {
                    continue
                }
            }
        }
    }
}
