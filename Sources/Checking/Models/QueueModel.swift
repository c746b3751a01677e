/// First in, first out.
package struct QueueModel: SequentialModel {
    package enum Request: Hashable, Sendable {
        case enqueue(String)
        case dequeue
    }
    package enum Response: Hashable, Sendable {
        case done
        /// `nil`: the queue was empty.
        case value(String?)
    }

    package static let name = "queue"
    package static let grammar = ["enqueue VALUE", "dequeue"]
    package init() {}
    package var initial: [String] { [] }

    package func apply(_ request: Request, to state: inout [String]) -> Response {
        switch request {
        case .enqueue(let value):
            state.append(value)
            return .done
        case .dequeue: return .value(state.isEmpty ? nil : state.removeFirst())
        }
    }

    package func key(of request: Request) -> String? { nil }

    package func isObservation(_ request: Request, answered response: Response) -> Bool {
        request == .dequeue && response == .value(nil)
    }

    package func request(_ words: Words, by client: String) -> Request? {
        switch words.verb {
        case "enqueue": words.value.map { .enqueue($0) }
        case "dequeue": words.hasNoMore ? .dequeue : nil
        default: nil
        }
    }

    package func response(_ text: String, to request: Request) -> Response? {
        switch request {
        case .enqueue: text == "ok" ? .done : nil
        case .dequeue: .value(Absent.read(text))
        }
    }

    package func text(of request: Request) -> String {
        switch request {
        case .enqueue(let value): "enqueue \(value)"
        case .dequeue: "dequeue"
        }
    }

    package func text(of response: Response) -> String {
        switch response {
        case .done: "ok"
        case .value(let value): Absent.text(value)
        }
    }

    package func text(of state: [String]) -> String { "[\(state.joined(separator: ", "))]" }
}
