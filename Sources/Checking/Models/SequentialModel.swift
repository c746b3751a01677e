/// An object as it behaves when it is used by one client after another: what a correct history has to look like.
package protocol SequentialModel: Sendable {
    associatedtype State: Hashable, Sendable
    associatedtype Request: Hashable, Sendable
    associatedtype Response: Hashable, Sendable

    /// In lower case with hyphens: "key-value".
    static var name: String { get }
    init()
    var initial: State { get }
    /// Deterministic: state and request decide the answer.
    func apply(_ request: Request, to state: inout State) -> Response
    /// Operations of different keys never concern each other; `nil`: it concerns every key.
    func key(of request: Request) -> String?
    /// True where the request, if this is its answer, leaves every state as it is.
    func isObservation(_ request: Request, answered response: Response) -> Bool

    /// What the operation reads or writes; `nil` where it is more than that.
    ///
    /// - Parameter response: `nil` where nobody knows it.
    func access(_ request: Request, answered response: Response?) -> Access?

    // MARK: Words, as traces have them in the labels of `invoke` and `respond`

    /// What can be asked, one line each: "write VALUE".
    static var grammar: [String] { get }
    /// `nil` where the words are none of the grammar's.
    func request(_ words: Words, by client: String) -> Request?
    func response(_ text: String, to request: Request) -> Response?
    func text(of request: Request) -> String
    func text(of response: Response) -> String
    /// The state for a person who looks at a picture.
    func text(of state: State) -> String
}

/// An operation that only reads one value, or only writes one.
package enum Access: Hashable, Sendable {
    /// `value` is nothing where nothing had been written; the whole is `nil` where nobody knows what was read.
    case read(key: String, value: Value?)
    case write(key: String, value: String)

    package enum Value: Hashable, Sendable {
        case nothing
        case written(String)
    }
}

extension SequentialModel {
    package func access(_ request: Request, answered response: Response?) -> Access? { nil }
}

/// The words of a request: the first one, and what follows it.
package struct Words: Hashable, Sendable {
    package let verb: String
    private let rest: Substring

    package init(_ text: String) {
        let end = text.firstIndex(of: " ") ?? text.endIndex
        verb = String(text[..<end])
        rest = end == text.endIndex ? "" : text[text.index(after: end)...]
    }

    package var hasNoMore: Bool { rest.isEmpty }
    /// Everything after the verb; `nil` where there is nothing.
    package var all: String? { rest.isEmpty ? nil : String(rest) }
    /// The same, but not the word for no value.
    package var value: String? { rest == "nil" ? nil : all }
    /// Everything after the verb as one word; `nil` where there is none, or more.
    package var one: String? { rest.isEmpty || rest.contains(" ") ? nil : String(rest) }
    /// A word and everything after it, which may be empty or hold spaces.
    package var two: (first: String, rest: String)? {
        guard let space = rest.firstIndex(of: " "), space > rest.startIndex else { return nil }
        return (String(rest[..<space]), String(rest[rest.index(after: space)...]))
    }
}
