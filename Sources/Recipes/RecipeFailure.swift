public import Messages

/// Why a recipe cannot go on, beside the errors of its requests.
public enum RecipeFailure: LocalizedFailure, Hashable {
    /// Somebody deleted the node that stands for this program.
    case placeLost(path: String)
    /// The name belongs to another session.
    case nameTaken(path: String)
    case notANumber(path: String)
    case notAnInstance(path: String)

    public var message: LocalizedText {
        switch self {
        case .placeLost(let path): RecipeMessages.placeLost(path)
        case .nameTaken(let path): RecipeMessages.nameTaken(path)
        case .notANumber(let path): RecipeMessages.notANumber(path)
        case .notAnInstance(let path): RecipeMessages.notAnInstance(path)
        }
    }
}
