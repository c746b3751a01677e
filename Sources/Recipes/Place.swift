import CoordinationClient
public import StateMachines

/// A place in a queue of ephemeral sequential nodes.
struct Place: Sendable {
    let service: any CoordinationService
    let parent: String
    let name: String

    var path: String { "\(parent)/\(name)" }

    /// Joins the end of the queue.
    ///
    /// - Parameter prefix: what kind of place it is; the first part of the node's name.
    static func take(
        _ service: any CoordinationService, in parent: String, prefix: String = "place-", data: [UInt8] = []
    ) async throws -> Place {
        do {
            return try await join(service, parent, prefix, data)
        } catch CoordinationError.noNode {
            try await service.ensure(parent)
            return try await join(service, parent, prefix, data)
        }
    }

    private static func join(
        _ service: any CoordinationService, _ parent: String, _ prefix: String, _ data: [UInt8]
    ) async throws -> Place {
        let name = try await service.createMarked(in: parent, prefix: prefix, data: data, kind: .ephemeralSequential)
        return Place(service: service, parent: parent, name: name)
    }

    /// Waits until nobody stands in the way.
    ///
    /// Each waits for one node only, so that its end wakes one waiter and not the whole queue.
    /// - Parameters:
    ///   - limit: how long; nil: as long as it takes. When the time is up, or the task is cancelled, or anything else goes
    ///     wrong, the place is given up.
    ///   - obstacle: given all names in order and the own position, the one to wait for; nil when the way is free.
    /// - Returns: false when the time was up.
    func wait(
        within limit: Duration?, obstacle: @Sendable ([String], Int) -> String?
    ) async throws -> Bool {
        let deadline = limit.map { service.now + $0 }
        do {
            while let ahead = try await next(obstacle) {
                guard try await outlive(ahead, deadline) else {
                    try await leave()
                    return false
                }
            }
            return true
        } catch {
            await service.removeDespiteCancellation(path)
            throw error
        }
    }

    private func next(_ obstacle: @Sendable ([String], Int) -> String?) async throws -> String? {
        let names = inSequence(try await service.retrying(.patient, .always) { try await service.getChildren(parent) })
        guard let position = names.firstIndex(of: name) else { throw RecipeFailure.placeLost(path: path) }
        return obstacle(names, position)
    }

    /// - Returns: false when the time is up first.
    private func outlive(_ name: String, _ deadline: Duration?) async throws -> Bool {
        do {
            // Unlike exists, this leaves no watch behind where the node is gone already.
            let watch = try await service.retrying(.patient, .always) {
                try await service.getDataAndWatch("\(parent)/\(name)").watch
            }
            guard let deadline else {
                _ = try await watch.event()
                return true
            }
            let left = deadline - service.now
            return left > .zero ? try await watch.event(within: left) != nil : false
        } catch CoordinationError.noNode {
            return true
        }
    }

    /// Gives the place up; when it returns, the node is gone.
    func leave() async throws { try await service.remove(path) }

    /// What the place becomes once nobody stands in the way.
    func holding() async throws -> Holding {
        let stat = try await service.retrying(.patient, .always) { try await service.exists(path) }
        guard let stat else { throw RecipeFailure.placeLost(path: path) }
        return Holding(service: service, path: path, token: stat.czxid)
    }
}

/// Something that this program holds, as long as its node lives: a lock, a lease, the leadership.
///
/// **A holder cannot know for certain that it still holds.** While a program is paused or cut off, its session may expire and
/// another become the holder. What the lock protects must therefore refuse tokens lower than one it has seen (fencing).
public struct Holding: Sendable {
    let service: any CoordinationService
    /// The node that stands for it.
    public let path: String
    /// Rises from holder to holder: the transaction that created the node.
    public let token: Zxid

    /// Gives it back; when it returns, the node is gone, even if replies got lost in between.
    public func release() async throws { try await service.remove(path) }

    /// Returns when it is certainly over: the node is gone, or the session has ended.
    public func ended() async throws {
        do {
            while true {
                let watch = try await service.retrying(.patient, .always) {
                    try await service.getDataAndWatch(path).watch
                }
                if try await watch.event().kind == .nodeDeleted { return }
            }
        } catch CoordinationError.noNode, CoordinationError.sessionExpired, CoordinationError.closed {
            return
        }
    }
}
