/// What the lock or the leadership protects: the machine behind the resource's TCP port.
///
/// It accepts a request only while no higher fencing token has been accepted, whoever asks. Everything it answers is
/// evidence; nothing a program says elsewhere is. `Exercises/PROTOCOL.md`, section 4.
package struct Resource: Hashable, Sendable {
    package static let greeting = "ZOOLAB-RESOURCE 1"
    /// Longest request, without its line feed, in bytes.
    package static let maximumLineLength = 200
    /// Most requests of one connection.
    package static let maximumRequests = 10_000

    package let kind: ExerciseKind
    package private(set) var highestToken: Int64 = 0
    /// The token each program is inside with; sorted by program.
    private var inside: [Occupant] = []

    private struct Occupant: Hashable, Sendable {
        var program: String
        var token: Int64
    }

    package init(kind: ExerciseKind) { self.kind = kind }

    /// Answers one line that came through the port of `program`.
    package mutating func answer(_ line: String, from program: String) -> ResourceExchange {
        guard let request = ResourceRequest(line, kind: kind) else {
            return ResourceExchange(line: line, request: nil, answer: .error("not a request of this exercise"))
        }
        guard request.name == program else {
            return ResourceExchange(
                line: line, request: request, answer: .error("this port belongs to another program"))
        }
        return ResourceExchange(line: line, request: request, answer: decide(request))
    }

    private mutating func decide(_ request: ResourceRequest) -> ResourceAnswer {
        guard request.token >= highestToken else { return .refused(highest: highestToken) }
        let position = inside.firstIndex { $0.program == request.name }
        switch request.verb {
        case .enter:
            if let position { inside.remove(at: position) }
            inside.append(Occupant(program: request.name, token: request.token))
            highestToken = request.token
            return .ok
        case .work:
            return position.map { inside[$0].token } == request.token ? .ok : .outside
        case .leave:
            guard let position, inside[position].token == request.token else { return .outside }
            inside.remove(at: position)
            return .ok
        }
    }

    /// The connection of `program` is gone, and with it the program's presence.
    package mutating func disconnected(_ program: String) {
        inside.removeAll { $0.program == program }
    }
}

/// The family of contracts an exercise belongs to: it decides the words of both protocols.
package enum ExerciseKind: String, Codable, Hashable, Sendable {
    case lock, election

    /// `EXERCISE_ROLE` of the programs.
    package var role: String {
        switch self {
        case .lock: "contender"
        case .election: "candidate"
        }
    }
    package var enterWord: String {
        switch self {
        case .lock: "ENTER"
        case .election: "LEAD"
        }
    }
    package var leaveWord: String {
        switch self {
        case .lock: "EXIT"
        case .election: "STEPDOWN"
        }
    }
}

/// One request of the resource protocol.
package struct ResourceRequest: Hashable, Sendable {
    package enum Verb: Hashable, Sendable { case enter, work, leave }
    package var verb: Verb
    package var name: String
    package var token: Int64

    /// `nil` where the line is not a request of an exercise of this kind.
    package init?(_ line: String, kind: ExerciseKind) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, let token = Int64(words[2]), token >= 0, words[2].allSatisfy(\.isNumber) else {
            return nil
        }
        switch String(words[0]) {
        case kind.enterWord: verb = .enter
        case "WORK": verb = .work
        case kind.leaveWord: verb = .leave
        default: return nil
        }
        name = String(words[1])
        self.token = token
    }
}

/// One answer of the resource protocol; `line` is its wire form.
package enum ResourceAnswer: Hashable, Sendable {
    case ok
    case refused(highest: Int64)
    case outside
    case error(String)

    package var line: String {
        switch self {
        case .ok: "OK"
        case .refused(let highest): "REFUSED \(highest)"
        case .outside: "OUTSIDE"
        case .error(let text): "ERROR \(text)"
        }
    }
}

/// A request and its answer, as they go into the judge's record.
package struct ResourceExchange: Hashable, Sendable {
    package var line: String
    package var request: ResourceRequest?
    package var answer: ResourceAnswer
}
