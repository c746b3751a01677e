package import Zab

/// What is measured of each of a few servers, in the order of their numbers. Changed in place.
package struct MeasuredServers<Value: Hashable & Sendable>: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        package let server: ServerID
        package var value: Value
    }

    /// A server's number has one byte.
    static var limit: Int { 256 }

    package private(set) var rows: [Row] = []

    package init() {}

    /// - Parameters:
    ///   - server: observers without a number, which get a negative one for each connection, are left out.
    ///   - initial: of a server that nothing has been measured of yet.
    package mutating func update(
        _ server: ServerID, from initial: @autoclosure () -> Value, _ body: (inout Value) -> Void
    ) {
        if let index = rows.firstIndex(where: { $0.server == server }) { return body(&rows[index].value) }
        guard server.rawValue >= 0, rows.count < Self.limit else { return }
        let index = rows.firstIndex { $0.server > server } ?? rows.count
        rows.insert(Row(server: server, value: initial()), at: index)
        body(&rows[index].value)
    }
}
