/// A whole number that begins at zero; it wraps around rather than overflow.
package struct CounterModel: SequentialModel {
    package enum Request: Hashable, Sendable {
        case add(Int)
        /// Adds one and answers the new number.
        case increment
        case read
    }
    package enum Response: Hashable, Sendable {
        case done
        case number(Int)
    }

    package static let name = "counter"
    package static let grammar = ["add NUMBER", "increment", "read"]
    package init() {}
    package var initial: Int { 0 }

    package func apply(_ request: Request, to state: inout Int) -> Response {
        switch request {
        case .add(let amount):
            state &+= amount
            return .done
        case .increment:
            state &+= 1
            return .number(state)
        case .read: return .number(state)
        }
    }

    package func key(of request: Request) -> String? { nil }

    package func isObservation(_ request: Request, answered response: Response) -> Bool {
        request == .read
    }

    package func request(_ words: Words, by client: String) -> Request? {
        switch words.verb {
        case "add": words.one.flatMap { Int($0) }.map { .add($0) }
        case "increment": words.hasNoMore ? .increment : nil
        case "read": words.hasNoMore ? .read : nil
        default: nil
        }
    }

    package func response(_ text: String, to request: Request) -> Response? {
        if case .add = request { return text == "ok" ? .done : nil }
        return Int(text).map { .number($0) }
    }

    package func text(of request: Request) -> String {
        switch request {
        case .add(let amount): "add \(amount)"
        case .increment: "increment"
        case .read: "read"
        }
    }

    package func text(of response: Response) -> String {
        switch response {
        case .done: "ok"
        case .number(let number): String(number)
        }
    }

    package func text(of state: Int) -> String { String(state) }
}
