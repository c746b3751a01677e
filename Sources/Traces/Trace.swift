/// What the first line of a trace file says.
public struct TraceHeader: Hashable, Sendable {
    public static let format = "zoolab-trace"
    public static let version = 1

    /// "two-phase-commit", "coordination-server"…
    public var protocolName: String
    /// Lifelines from left to right.
    public var nodes: [String]
    public var seed: UInt64?
    /// The scene, exercise rule or other origin, for captions.
    public var title: String?
    /// Everything else of the header, by field name, kept as text.
    public var parameters: [Parameter]

    public struct Parameter: Hashable, Sendable {
        public var name: String
        public var value: String
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(
        protocolName: String, nodes: [String], seed: UInt64? = nil, title: String? = nil, parameters: [Parameter] = []
    ) {
        self.protocolName = protocolName
        self.nodes = nodes
        self.seed = seed
        self.title = title
        self.parameters = parameters
    }
}

/// A whole run: what everything that shows, checks, shrinks, replays or grades reads.
public struct Trace: Hashable, Sendable {
    public var header: TraceHeader
    /// In the order they happened.
    public var events: [Event]

    public init(header: TraceHeader, events: [Event] = []) {
        self.header = header
        self.events = events
    }
}
