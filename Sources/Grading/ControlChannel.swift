import Foundation

/// One command of the judge to a program. `Exercises/PROTOCOL.md`, section 3.
package struct ControlCommand: Hashable, Sendable {
    package enum Action: String, Hashable, Sendable {
        case acquire
        case tryAcquire = "try-acquire"
        case release, lead, resign, work
    }
    package var id: Int
    package var action: Action
    /// The time limit of `tryAcquire`.
    package var milliseconds: Int?

    package init(id: Int, action: Action, milliseconds: Int? = nil) {
        self.id = id
        self.action = action
        self.milliseconds = milliseconds
    }

    /// The wire form, without its line feed; fields in a fixed order.
    package var line: String {
        let limit = milliseconds.map { ",\"milliseconds\":\($0)" } ?? ""
        return "{\"id\":\(id),\"do\":\"\(action.rawValue)\"\(limit)}"
    }
}

/// One line a program wrote to its standard output.
///
/// Replies move the scenario along; no verdict is drawn from them.
package enum ControlLine: Hashable, Sendable {
    /// Longest line of the channel in bytes; what is longer is output.
    package static let maximumLength = 4_096

    /// `{"ready":1}`, with the version of the protocol.
    case ready(version: Int)
    case reply(ControlReply)
    /// Anything else: shown, never believed.
    case output(String)

    package init(_ line: String) {
        guard line.utf8.count <= Self.maximumLength, line.hasPrefix("{") else {
            self = .output(line)
            return
        }
        let decoder = JSONDecoder()
        let data = Data(line.utf8)
        if let reply = try? decoder.decode(ControlReply.self, from: data) {
            self = .reply(reply)
        } else if let ready = try? decoder.decode(Ready.self, from: data) {
            self = .ready(version: ready.ready)
        } else {
            self = .output(line)
        }
    }

    private struct Ready: Decodable { var ready: Int }
}

/// What a program answered.
package struct ControlReply: Hashable, Sendable, Codable {
    package var id: Int
    package var ok: Bool
    package var token: Int64?
    package var error: String?
    /// Whether the failed command certainly did not happen; unknown counts as no.
    package var definite: Bool?
    package var text: String?

    package init(
        id: Int, ok: Bool, token: Int64? = nil, error: String? = nil, definite: Bool? = nil, text: String? = nil
    ) {
        self.id = id
        self.ok = ok
        self.token = token
        self.error = error
        self.definite = definite
        self.text = text
    }
}
