import EventLoop
package import Messages

/// Why an ensemble on this machine cannot do what it was told.
package enum EnsembleFailure: LocalizedFailure, Hashable {
    case badPlan(String)
    case cannotWrite(String, String)
    /// Somebody runs an ensemble in this folder already.
    case alreadyRunning(String)
    case notRunning(String)
    /// There is an ensemble of another shape in this folder.
    case otherShape(String, Int)
    case unknownServer(String, known: [Int])
    /// No client is connected with this session.
    case unknownSession(String, known: [String])
    /// Clients reach the servers without anything between.
    case noNetwork
    case noFreePort
    case tooFew
    case isRunning(Int)
    case isNotRunning(Int)
    case noAnswer(String)
    case system(LocalizedText)
    /// What the one who runs the ensemble answered.
    case refused(LocalizedText)

    package var message: LocalizedText {
        switch self {
        case .badPlan(let file): LocalEnsembleMessages.badPlan(file)
        case .cannotWrite(let file, let problem): LocalEnsembleMessages.cannotWrite(file, problem)
        case .alreadyRunning(let folder): LocalEnsembleMessages.alreadyRunning(folder)
        case .notRunning(let folder): LocalEnsembleMessages.notRunning(folder)
        case .otherShape(let folder, let count): LocalEnsembleMessages.otherShape(folder, count)
        case .unknownServer(let name, let known): LocalEnsembleMessages.unknownServer(name, known: known)
        case .unknownSession(let name, let known): LocalEnsembleMessages.unknownSession(name, known: known)
        case .noNetwork: LocalEnsembleMessages.noNetwork
        case .noFreePort: LocalEnsembleMessages.noFreePort
        case .tooFew: LocalEnsembleMessages.lastVoter
        case .isRunning(let number): LocalEnsembleMessages.serverIsRunning(number)
        case .isNotRunning(let number): LocalEnsembleMessages.serverIsNotRunning(number)
        case .noAnswer(let folder): LocalEnsembleMessages.noAnswer(folder)
        case .system(let text), .refused(let text): text
        }
    }
}
