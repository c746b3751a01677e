/// Records of operations in formats that other checkers read.
package enum RecordedLogs {
    /// How an operation ends, in the words of both formats.
    private enum Ending: String {
        case ok, fail
        /// Nobody knows: it may take effect at any later time, or never.
        case info
    }

    /// A log of Jepsen about one register: `INFO jepsen.util - 3 :ok :cas [1 2]`, one line an event.
    ///
    /// `nil` is no value; a `:fail` of `:cas` means that the value was another one, any other `:fail` that nothing happened.
    /// Lines of other loggers are passed over.
    package static func jepsen(
        _ text: String
    ) throws(HistoryFailure) -> History<RegisterModel.Request, RegisterModel.Response> {
        var recorder = HistoryRecorder<RegisterModel.Request, RegisterModel.Response>()
        var open: [String: (number: Int, request: RegisterModel.Request)] = [:]  // Only looked up.
        for (number, line) in numberedLines(of: text) {
            guard let words = jepsenWords(line) else { continue }
            let place = HistoryFailure.Place.line(number)
            guard words.count >= 4 else { throw HistoryFailure(place, .malformed(String(line))) }
            let (client, value) = (words[0], words[3...].joined(separator: " "))
            if words[1] == ":invoke" {
                guard let request = jepsenRequest(words[2], value) else {
                    throw HistoryFailure(place, .malformed(String(line)))
                }
                guard open[client] == nil else { throw HistoryFailure(place, .stillBusy(client: client)) }
                open[client] = (recorder.called(by: client, request), request)
                continue
            }
            guard let ending = Ending(rawValue: String(words[1].dropFirst())) else {
                throw HistoryFailure(place, .malformed(String(line)))
            }
            guard let asked = open.removeValue(forKey: client) else {
                throw HistoryFailure(place, .nothingAsked(client: client))
            }
            switch (ending, asked.request) {
            case (.info, _): continue
            case (.fail, .compareAndSet) where value.first == "[": recorder.answered(asked.number, .compared(false))
            case (.fail, _): recorder.refused(asked.number)
            case (.ok, .read): recorder.answered(asked.number, .value(value == "nil" ? nil : value))
            case (.ok, .write): recorder.answered(asked.number, .written)
            case (.ok, .compareAndSet): recorder.answered(asked.number, .compared(true))
            }
        }
        return recorder.history
    }

    /// What stands after the logger's name; `nil` in a line of another logger.
    private static func jepsenWords(_ line: Substring) -> [String]? {
        let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard words.count >= 3, words[1] == "jepsen.util", words[2] == "-" else { return nil }
        return Array(words[3...])
    }

    private static func jepsenRequest(_ word: String, _ value: String) -> RegisterModel.Request? {
        switch word {
        case ":read": return .read
        case ":write": return .write(value)
        case ":cas":
            guard value.first == "[", value.last == "]" else { return nil }
            let pair = value.dropFirst().dropLast().split(separator: " ").map(String.init)
            guard pair.count == 2 else { return nil }
            return .compareAndSet(expected: pair[0] == "nil" ? nil : pair[0], new: pair[1])
        default: return nil
        }
    }

    /// A log of Porcupine's about a key-value store: `{:process 0, :type :ok, :f :get, :key "3", :value "x"}`.
    package static func keyValue(
        _ text: String
    ) throws(HistoryFailure) -> History<KeyValueModel.Request, KeyValueModel.Response> {
        var recorder = HistoryRecorder<KeyValueModel.Request, KeyValueModel.Response>()
        var open: [String: (number: Int, isGet: Bool)] = [:]  // Only looked up.
        for (number, line) in numberedLines(of: text) {
            let place = HistoryFailure.Place.line(number)
            guard let fields = KeyValueLine(line), let client = fields["process"], let type = fields["type"] else {
                throw HistoryFailure(place, .malformed(String(line)))
            }
            if type == "invoke" {
                guard let request = fields.request else { throw HistoryFailure(place, .malformed(String(line))) }
                guard open[client] == nil else { throw HistoryFailure(place, .stillBusy(client: client)) }
                open[client] = (recorder.called(by: client, request), fields["f"] == "get")
                continue
            }
            guard let ending = Ending(rawValue: type) else {
                throw HistoryFailure(place, .malformed(String(line)))
            }
            guard let asked = open.removeValue(forKey: client) else {
                throw HistoryFailure(place, .nothingAsked(client: client))
            }
            switch ending {
            case .info: continue
            case .fail: recorder.refused(asked.number)
            case .ok: recorder.answered(asked.number, asked.isGet ? fields["value"].map { .value($0) } : .done)
            }
        }
        return recorder.history
    }

    /// Lines that hold anything, numbered from 1.
    private static func numberedLines(of text: String) -> [(number: Int, line: Substring)] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .map { (number: $0.offset + 1, line: $0.element) }
            .filter { !$0.line.allSatisfy(\.isWhitespace) }
    }
}

/// One line of a key-value log: names and values; a value in quotes loses them, a keyword its colon.
private struct KeyValueLine {
    private var fields: [String: String] = [:]  // Only looked up.

    subscript(name: String) -> String? { fields[name] }

    init?(_ line: Substring) {
        guard line.hasPrefix("{"), line.hasSuffix("}") else { return nil }
        var rest = line.dropFirst().dropLast()
        while !rest.isEmpty {
            guard let name = Self.word(&rest), name.first == ":", rest.first == " " else { return nil }
            rest.removeFirst()
            guard let value = rest.first == "\"" ? Self.quoted(&rest) : Self.word(&rest) else { return nil }
            if value != "nil" {
                fields[String(name.dropFirst())] = value.first == ":" ? String(value.dropFirst()) : value
            }
            if rest.hasPrefix(", ") { rest.removeFirst(2) } else if !rest.isEmpty { return nil }
        }
    }

    private static func word(_ rest: inout Substring) -> String? {
        let word = rest.prefix { $0 != " " && $0 != "," }
        rest = rest[word.endIndex...]
        return word.isEmpty ? nil : String(word)
    }

    private static func quoted(_ rest: inout Substring) -> String? {
        let body = rest.dropFirst()
        guard let end = body.firstIndex(of: "\"") else { return nil }
        rest = body[body.index(after: end)...]
        return String(body[..<end])
    }

    var request: KeyValueModel.Request? {
        guard let verb = fields["f"], let key = fields["key"] else { return nil }
        switch (verb, fields["value"]) {
        case ("get", _): return .get(key: key)
        case ("put", let value?): return .put(key: key, value: value)
        case ("append", let value?): return .append(key: key, value: value)
        default: return nil
        }
    }
}
