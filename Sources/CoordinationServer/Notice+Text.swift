import Bytes
import CoordinationCore
import Messages
import ZNodes

extension Notice {
    /// The notice in words.
    var text: LocalizedText {
        switch self {
        case .quotaExceeded(let excess, let path):
            ServerMessages.quotaExceeded(
                excess.root.description, path: path.description, isCount: excess.measure == .count, used: excess.used,
                limit: excess.limit, isHard: excess.isHard)
        }
    }
}
