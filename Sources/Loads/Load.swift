/// One kind of work for a coordination server, the same for every server that is measured.
///
/// Connections each keep a number of requests in flight: the next one leaves when an answer has come.
package struct Load: Hashable, Sendable {
    package enum Work: Hashable, Sendable {
        /// `getData` and `setData` of nodes drawn at random; so many of a hundred requests read.
        case nodes(readPercent: Int)
        /// Each connection creates an ephemeral node, deletes it, creates it again.
        case ephemerals
    }

    /// As a person types it: "read-50x1".
    package let name: String
    package let work: Work
    package let connectionCount: Int
    package let requestsInFlight: Int
    /// The data of every node that is read, written or created.
    package let byteCount: Int

    private init(_ name: String, _ work: Work, _ connectionCount: Int, by requestsInFlight: Int, byteCount: Int = 100) {
        self.name = name
        self.work = work
        self.connectionCount = connectionCount
        self.requestsInFlight = requestsInFlight
        self.byteCount = byteCount
    }

    /// The loads by which this server and Apache's are compared, in their order.
    package static let all = [
        Load("read-50x1", .nodes(readPercent: 100), 50, by: 1),
        pipelinedReads,
        Load("write-50x1", .nodes(readPercent: 0), 50, by: 1),
        Load("write-50x16", .nodes(readPercent: 0), 50, by: 16),
        Load("mixed90-50x16", .nodes(readPercent: 90), 50, by: 16),
        Load("ephemeral-create-delete-50x1", .ephemerals, 50, by: 1),
        Load("read-1KB-200x4", .nodes(readPercent: 100), 200, by: 4, byteCount: 1_024),
    ]

    /// Also what a server is warmed up with before it is measured.
    package static let pipelinedReads = Load("read-50x16", .nodes(readPercent: 100), 50, by: 16)
}
