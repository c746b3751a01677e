public import CoordinationClient

/// A number of leases of which each holder has one, first come, first served.
///
/// Those who want one queue for a lock; its holder waits until a lease is free, takes it, and lets the next one try. So
/// nobody is woken who cannot be served.
///
/// ```swift
/// let printers = Semaphore(client, path: "/printers", leases: 3)
/// if let lease = try await printers.acquire(within: .seconds(30)) {
///     try await job.print()
///     try await lease.release()
/// }
/// ```
///
/// Source: Apache Curator, “Shared Semaphore” (the design, with leases and a lock around them).
public struct Semaphore: Sendable {
    let service: any CoordinationService
    let path: String
    let leases: Int

    /// - Parameters:
    ///   - path: the parent of leases and queue; made when it does not exist.
    ///   - leases: how many there are; all programs must agree on it.
    /// - Precondition: `leases` is positive.
    public init(_ service: any CoordinationService, path: String, leases: Int) {
        precondition(leases > 0, "a semaphore has at least one lease")
        self.service = service
        self.path = path
        self.leases = leases
    }

    /// Waits for a lease.
    ///
    /// - Returns: nil when the time is up; then nothing is left behind on the server.
    public func acquire(within limit: Duration? = nil) async throws -> Holding? {
        let deadline = limit.map { service.now + $0 }
        guard let turn = try await Lock(service, path: "\(path)/queue").acquire(within: limit) else { return nil }
        do {
            let lease = try await takeLease(deadline)
            try await turn.release()
            return lease
        } catch {
            await service.removeDespiteCancellation(turn.path)
            throw error
        }
    }

    private func takeLease(_ deadline: Duration?) async throws -> Holding? {
        let place = try await Place.take(service, in: "\(path)/leases", prefix: "lease-")
        do {
            while true {
                let (names, watch) = try await service.retrying(.patient, .always) {
                    try await service.getChildrenAndWatch("\(path)/leases")
                }
                guard names.contains(place.name) else { throw RecipeFailure.placeLost(path: place.path) }
                if names.count <= leases { return try await place.holding() }
                guard let deadline else {
                    _ = try await watch.event()
                    continue
                }
                let left = deadline - service.now
                let event = left > .zero ? try await watch.event(within: left) : nil
                guard event != nil else {
                    try await place.leave()
                    return nil
                }
            }
        } catch {
            await service.removeDespiteCancellation(place.path)
            throw error
        }
    }
}
