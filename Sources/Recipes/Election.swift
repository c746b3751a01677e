public import CoordinationClient

/// At most one leader at a time, and a new one soon after the old one is gone.
///
/// A candidate waits for the one directly before it. Whoever leads should act only with its `Holding.token`, see there.
///
/// ```swift
/// let election = Election(client, path: "/leader", candidate: Array("10.0.0.1:8080".utf8))
/// guard let leadership = try await election.lead() else { return }
/// async let work: Void = lead(token: leadership.token)
/// try await leadership.ended()  // The session has ended, or somebody has deleted the node: stop leading.
/// ```
///
/// Source: Apache ZooKeeper, “Recipes and Solutions”, Leader Election.
public struct Election: Sendable {
    let service: any CoordinationService
    let path: String
    let candidate: [UInt8]

    /// - Parameters:
    ///   - path: the parent of the candidates; made when it does not exist.
    ///   - candidate: what others may read of this one, such as its address.
    public init(_ service: any CoordinationService, path: String, candidate: [UInt8] = []) {
        self.service = service
        self.path = path
        self.candidate = candidate
    }

    /// Stands for election, and waits until elected.
    ///
    /// - Returns: the leadership; to resign is to release it. nil when the time is up.
    public func lead(within limit: Duration? = nil) async throws -> Holding? {
        let place = try await Place.take(service, in: path, prefix: "candidate-", data: candidate)
        let isElected = try await place.wait(within: limit) { names, position in
            position == 0 ? nil : names[position - 1]
        }
        return isElected ? try await place.holding() : nil
    }

    /// What the present leader says of itself; nil while there is none.
    public func leader() async throws -> [UInt8]? {
        while true {
            let names: [String]
            do {
                names = try await service.retrying(.patient, .always) { try await service.getChildren(path) }
            } catch CoordinationError.noNode {
                return nil
            }
            guard let first = inSequence(names).first else { return nil }
            do {
                return try await service.retrying(.patient, .always) {
                    try await service.getData("\(path)/\(first)").data
                }
            } catch CoordinationError.noNode {
                continue
            }
        }
    }
}
