/// Locks by name, each held by at most one client; a client that holds one is refused it a second time.
package struct LockModel: SequentialModel {
    package struct Request: Hashable, Sendable {
        package enum Action: String, Hashable, Sendable { case acquire, release }
        package var action: Action
        /// Empty for the one lock without a name.
        package var lock: String
        package var client: String

        package init(_ action: Action, _ lock: String = "", by client: String) {
            (self.action, self.lock, self.client) = (action, lock, client)
        }
    }

    package static let name = "lock"
    package static let grammar = ["acquire [LOCK]", "release [LOCK]"]
    package init() {}
    /// Who holds what.
    package var initial: [String: String] { [:] }

    /// - Returns: whether it was done; a lock that someone holds cannot be acquired, nor one be released by others.
    package func apply(_ request: Request, to state: inout [String: String]) -> Bool {
        switch request.action {
        case .acquire:
            guard state[request.lock] == nil else { return false }
            state[request.lock] = request.client
        case .release:
            guard state[request.lock] == request.client else { return false }
            state[request.lock] = nil
        }
        return true
    }

    package func key(of request: Request) -> String? { request.lock }

    package func isObservation(_ request: Request, answered response: Bool) -> Bool {
        !response
    }

    package func request(_ words: Words, by client: String) -> Request? {
        guard let action = Request.Action(rawValue: words.verb) else { return nil }
        return Request(action, words.all ?? "", by: client)
    }

    package func response(_ text: String, to request: Request) -> Bool? { YesOrNo.read(text) }
    package func text(of request: Request) -> String {
        request.lock.isEmpty ? request.action.rawValue : "\(request.action.rawValue) \(request.lock)"
    }
    package func text(of response: Bool) -> String { YesOrNo.text(response) }
    package func text(of state: [String: String]) -> String {
        state.sorted { $0.key < $1.key }.map { $0.key.isEmpty ? $0.value : "\($0.key)=\($0.value)" }
            .joined(separator: " ")
    }
}
