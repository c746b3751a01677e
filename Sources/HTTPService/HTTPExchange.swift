/// One request over HTTP: its line, and who asks. Bodies are let pass, but where the handler wants one in a file.
package struct HTTPRequest: Hashable, Sendable {
    package var method: String
    /// Without the query: "/commands/ruok".
    package var path: String
    /// The query, in the order given.
    package var query: [Pair]
    /// The header `Authorization`.
    package var authorization: String?
    /// The numeric address of the client, without its port.
    package var clientAddress = ""
    /// The subject of the certificate that the client has proved to own; `nil` without one.
    package var certificateSubject: String?
    /// Where its whole body lies, until it is answered; `nil` before the handler has asked for it.
    package var bodyFile: String?

    package struct Pair: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(method: String = "GET", path: String, query: [Pair] = []) {
        self.method = method
        self.path = path
        self.query = query
    }

    /// The first value of a name.
    package func value(_ name: String) -> String? { query.first { $0.name == name }?.value }
}

/// One whole answer.
package struct HTTPAnswer: Hashable, Sendable {
    package var status: Int
    /// `nil` leaves the client to guess.
    package var contentType: String?
    package var headers: [HTTPRequest.Pair] = []
    package var body: [UInt8]
    /// A file that is sent in place of `body`.
    package var file: String?

    package init(status: Int = 200, contentType: String?, text: String) {
        self.status = status
        self.contentType = contentType
        body = Array(text.utf8)
    }
}
