import Foundation

/// One command line of the judge.
package struct ControlCommand: Decodable, Hashable, Sendable {
    package var id: Int
    package var action: String
    package var milliseconds: Int?

    private enum CodingKeys: String, CodingKey {
        case id, milliseconds
        case action = "do"
    }

    package init?(line: String) {
        guard let command = try? JSONDecoder().decode(Self.self, from: Data(line.utf8)) else { return nil }
        self = command
    }
}

/// One reply line to the judge.
package struct ControlReply: Encodable, Sendable {
    package var id: Int
    package var ok: Bool
    package var token: UInt64?
    package var error: String?
    package var definite: Bool?
    package var text: String?

    /// The most bytes of `text`.
    static let textLimit = 500

    package init(to id: Int, _ outcome: CommandOutcome) {
        self.id = id
        switch outcome {
        case .done(let token):
            ok = true
            self.token = token
        case .failed(let failure, let text):
            ok = false
            error = failure.rawValue
            definite = failure.isDefinite
            self.text = text.map { String(decoding: $0.utf8.prefix(Self.textLimit), as: UTF8.self) }
        }
    }

    /// The wire form, without its line feed.
    package var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("a reply of plain values has a JSON form")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
