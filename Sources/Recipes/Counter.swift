public import CoordinationClient
import StateMachines

/// A whole number that many programs change, each change exactly once.
///
/// A change reads the value and sets it on condition that its version is still the same. (Apache Curator, “Shared Counter”,
/// “Distributed Atomic Long”.) Deviation: the change is a transaction that leaves a mark, because after a lost reply nobody
/// could tell otherwise whether it had happened.
///
/// ```swift
/// let invoices = Counter(client, path: "/invoices/last")
/// let number = try await invoices.add(1)  // No two programs get the same.
/// ```
public struct Counter: Sendable {
    let service: any CoordinationService
    let path: String

    /// - Parameter path: the node that holds the number, made with 0 when it does not exist; marks are below it.
    public init(_ service: any CoordinationService, path: String) {
        self.service = service
        self.path = path
    }

    /// The number now.
    public func value() async throws -> Int {
        do {
            return try await read().value
        } catch CoordinationError.noNode {
            return 0
        }
    }

    /// Adds to the number.
    ///
    /// - Returns: the number after it.
    /// - Throws: `RecipeFailure.notANumber` where the node holds something else.
    @discardableResult
    public func add(_ amount: Int) async throws -> Int {
        let marks = "\(path)/marks"
        while true {
            do {
                let (value, version) = try await read()
                let sum = value + amount
                try await service.commitOnce(
                    [.setData(path, data: Array(String(sum).utf8), version: version)], marks: marks)
                return sum
            } catch CoordinationError.badVersion {
                continue
            } catch CoordinationError.noNode {
                try await service.ensure(marks)
            }
        }
    }

    private func read() async throws -> (value: Int, version: Int32) {
        let (data, stat) = try await service.retrying(.patient, .always) { try await service.getData(path) }
        guard let value = data.isEmpty ? 0 : Int(String(decoding: data, as: UTF8.self)) else {
            throw RecipeFailure.notANumber(path: path)
        }
        return (value, stat.version)
    }
}
