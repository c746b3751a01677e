/// Elements that can be added, removed and asked for, one at a time or all at once.
package struct SetModel: SequentialModel {
    package enum Request: Hashable, Sendable {
        case add(String)
        case remove(String)
        case contains(String)
        case read
    }
    package enum Response: Hashable, Sendable {
        /// To `add` and `remove`: whether that changed anything; to `contains`: whether it is there.
        case changed(Bool)
        /// Sorted.
        case elements([String])
    }

    package static let name = "set"
    package static let grammar = ["add ELEMENT", "remove ELEMENT", "contains ELEMENT", "read"]
    package init() {}
    package var initial: Set<String> { [] }

    package func apply(_ request: Request, to state: inout Set<String>) -> Response {
        switch request {
        case .add(let element): .changed(state.insert(element).inserted)
        case .remove(let element): .changed(state.remove(element) != nil)
        case .contains(let element): .changed(state.contains(element))
        case .read: .elements(state.sorted())
        }
    }

    package func key(of request: Request) -> String? {
        switch request {
        case .add(let element), .remove(let element), .contains(let element): element
        case .read: nil
        }
    }

    package func isObservation(_ request: Request, answered response: Response) -> Bool {
        switch request {
        case .add, .remove: response == .changed(false)
        case .contains, .read: true
        }
    }

    package func request(_ words: Words, by client: String) -> Request? {
        switch words.verb {
        case "add": words.one.map { .add($0) }
        case "remove": words.one.map { .remove($0) }
        case "contains": words.one.map { .contains($0) }
        case "read": words.hasNoMore ? .read : nil
        default: nil
        }
    }

    package func response(_ text: String, to request: Request) -> Response? {
        if request != .read { return YesOrNo.read(text).map { .changed($0) } }
        return .elements((Absent.read(text) ?? "").split(separator: " ").map(String.init).sorted())
    }

    package func text(of request: Request) -> String {
        switch request {
        case .add(let element): "add \(element)"
        case .remove(let element): "remove \(element)"
        case .contains(let element): "contains \(element)"
        case .read: "read"
        }
    }

    package func text(of response: Response) -> String {
        switch response {
        case .changed(let isSo): YesOrNo.text(isSo)
        case .elements(let elements): Absent.text(elements.isEmpty ? nil : elements.joined(separator: " "))
        }
    }

    package func text(of state: Set<String>) -> String { "{\(state.sorted().joined(separator: ", "))}" }
}
