package import Messages

/// Why a server could not be measured.
package enum LoadFailure: LocalizedFailure, Hashable {
    /// The server takes no session, or none that may write.
    case noSession(String)
    /// The server ended a connection while it was measured.
    case ended(String)
    /// What the server said is no answer.
    case unreadable(String)
    /// Not every connection had a session in time.
    case tooSlow(seconds: Int)
    /// The nodes that loads work on are there already, and are somebody else's.
    case taken(String)

    package var message: LocalizedText {
        switch self {
        case .noSession(let server): LoadMessages.noSession(server)
        case .ended(let server): LoadMessages.ended(server)
        case .unreadable(let server): LoadMessages.unreadable(server)
        case .tooSlow(let seconds): LoadMessages.tooSlow(seconds: seconds)
        case .taken(let path): LoadMessages.taken(path)
        }
    }
}
