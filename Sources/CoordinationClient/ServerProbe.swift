import StateMachines

/// Asks a server by the four-letter word `isro` whether it takes writes.
enum ServerProbe {
    /// How long a server may take to say so; ZooKeeper's own clients wait as long.
    private static let limit = Tick.seconds(1)

    /// - Returns: false too where the server is not reached, or answers something else.
    static func takesWrites(
        _ address: ServerAddress, _ transport: any Transport, _ clock: any MonotonicClock
    ) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                guard let connection = try? await transport.connect(to: address) else { return false }
                defer { connection.close() }
                connection.send(Array("isro".utf8))
                var answer: [UInt8] = []
                for await bytes in connection.incoming where answer.count <= 4 { answer += bytes }
                return answer.filter { $0 > 0x20 } == Array("rw".utf8)  // Some servers end the line.
            }
            group.addTask {
                try? await clock.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}
