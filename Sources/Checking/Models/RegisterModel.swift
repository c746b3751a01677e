/// One value that can be read, written, and written on condition that it is still an expected one.
package struct RegisterModel: SequentialModel {
    package enum Request: Hashable, Sendable {
        case read
        case write(String)
        /// Compare and set: writes `new` where the value is `expected`.
        case compareAndSet(expected: String?, new: String)
    }
    package enum Response: Hashable, Sendable {
        /// `nil`: nobody has written yet.
        case value(String?)
        case written
        /// Whether the value was the expected one.
        case compared(Bool)
    }

    package static let name = "register"
    package static let grammar = ["read", "write VALUE", "cas EXPECTED NEW"]
    package init() {}
    package var initial: String? { nil }

    package func apply(_ request: Request, to state: inout String?) -> Response {
        switch request {
        case .read: return .value(state)
        case .write(let value):
            state = value
            return .written
        case .compareAndSet(let expected, let new):
            guard state == expected else { return .compared(false) }
            state = new
            return .compared(true)
        }
    }

    package func key(of request: Request) -> String? { nil }

    package func isObservation(_ request: Request, answered response: Response) -> Bool {
        request == .read || response == .compared(false)
    }

    package func access(_ request: Request, answered response: Response?) -> Access? {
        switch (request, response) {
        case (.read, .value(let value)?): .read(key: "", value: value.map { .written($0) } ?? .nothing)
        case (.read, _): .read(key: "", value: nil)
        case (.write(let value), _): .write(key: "", value: value)
        case (.compareAndSet, _): nil
        }
    }

    package func request(_ words: Words, by client: String) -> Request? {
        switch words.verb {
        case "read": words.hasNoMore ? .read : nil
        case "write": words.value.map { .write($0) }
        case "cas": words.two.map { .compareAndSet(expected: Absent.read($0.first), new: $0.rest) }
        default: nil
        }
    }

    package func response(_ text: String, to request: Request) -> Response? {
        switch request {
        case .read: .value(Absent.read(text))
        case .write: text == "ok" ? .written : nil
        case .compareAndSet: YesOrNo.read(text).map { .compared($0) }
        }
    }

    package func text(of request: Request) -> String {
        switch request {
        case .read: "read"
        case .write(let value): "write \(value)"
        case .compareAndSet(let expected, let new): "cas \(Absent.text(expected)) \(new)"
        }
    }

    package func text(of response: Response) -> String {
        switch response {
        case .value(let value): Absent.text(value)
        case .written: "ok"
        case .compared(let fits): YesOrNo.text(fits)
        }
    }

    package func text(of state: String?) -> String { Absent.text(state) }
}

/// No value, in words.
enum Absent {
    static func text(_ value: String?) -> String { value ?? "nil" }
    static func read(_ text: String) -> String? { text == "nil" ? nil : text }
}

/// Whether something was done, in words.
enum YesOrNo {
    static func text(_ value: Bool) -> String { value ? "ok" : "no" }
    static func read(_ text: String) -> Bool? { text == "ok" ? true : text == "no" ? false : nil }
}
