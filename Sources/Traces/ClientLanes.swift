/// The lifelines of clients in traces of real servers: one for each session.
public enum ClientLanes {
    private static let prefix = "client "

    public static func name(_ number: Int) -> String { prefix + String(number) }
    public static func isClient(_ node: String) -> Bool { node.hasPrefix(prefix) }

    /// The events with one number for each session, whichever server it was at, in the order in which they come; and the
    /// lanes that there are.
    ///
    /// Servers number the sessions that they see. An event of a client has an id that ends with session and xid.
    public static func renamed(_ events: [Event]) -> (events: [Event], lanes: [String]) {
        var names: [Substring: String] = [:]
        var lanes: [String] = []
        let renamed = events.map { event in
            guard isClient(event.node) || event.peer.map(isClient) == true,
                let words = event.id?.split(separator: " "), words.count >= 2
            else { return event }
            let session = words[words.count - 2]
            if names[session] == nil {
                names[session] = name(lanes.count + 1)
                lanes.append(name(lanes.count + 1))
            }
            var event = event
            if isClient(event.node) { event.node = names[session]! } else { event.peer = names[session] }
            return event
        }
        return (renamed, lanes)
    }
}
