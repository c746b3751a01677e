/// Values by key that can be read, written, and added to at their end; what was never written is empty.
package struct KeyValueModel: SequentialModel {
    package enum Request: Hashable, Sendable {
        case get(key: String)
        case put(key: String, value: String)
        case append(key: String, value: String)

        package var key: String {
            switch self {
            case .get(let key), .put(let key, _), .append(let key, _): key
            }
        }
    }
    package enum Response: Hashable, Sendable {
        case value(String)
        case done
    }

    package static let name = "key-value"
    package static let grammar = ["get KEY", "put KEY VALUE", "append KEY VALUE"]
    package init() {}
    package var initial: [String: String] { [:] }

    package func apply(_ request: Request, to state: inout [String: String]) -> Response {
        switch request {
        case .get(let key): return .value(state[key] ?? "")
        case .put(let key, let value): state[key] = value
        case .append(let key, let value): state[key, default: ""] += value
        }
        return .done
    }

    package func key(of request: Request) -> String? { request.key }

    package func isObservation(_ request: Request, answered response: Response) -> Bool {
        if case .get = request { true } else { false }
    }

    package func access(_ request: Request, answered response: Response?) -> Access? {
        switch (request, response) {
        case (.get(let key), .value(let value)?): .read(key: key, value: value.isEmpty ? .nothing : .written(value))
        case (.get(let key), _): .read(key: key, value: nil)
        case (.put(let key, let value), _): .write(key: key, value: value)
        case (.append, _): nil
        }
    }

    package func request(_ words: Words, by client: String) -> Request? {
        switch words.verb {
        case "get": words.one.map { .get(key: $0) }
        case "put": words.two.flatMap { $0.rest == "nil" ? nil : .put(key: $0.first, value: $0.rest) }
        case "append": words.two.map { .append(key: $0.first, value: $0.rest) }
        default: nil
        }
    }

    package func response(_ text: String, to request: Request) -> Response? {
        switch request {
        case .get: .value(Absent.read(text) ?? "")
        case .put, .append: text == "ok" ? .done : nil
        }
    }

    package func text(of request: Request) -> String {
        switch request {
        case .get(let key): "get \(key)"
        case .put(let key, let value): "put \(key) \(value)"
        case .append(let key, let value): "append \(key) \(value)"
        }
    }

    package func text(of response: Response) -> String {
        switch response {
        case .value(let value): Absent.text(value.isEmpty ? nil : value)
        case .done: "ok"
        }
    }

    package func text(of state: [String: String]) -> String {
        state.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
}
