package import Messages

/// A record of operations that cannot be understood: where, and what is wrong.
package struct HistoryFailure: LocalizedFailure, Equatable {
    package enum Place: Hashable, Sendable {
        /// Of a text, from 1.
        case line(Int)
        /// Of a trace, its `n`.
        case event(Int)
    }
    package enum Problem: Hashable, Sendable {
        /// Not in the format of the rest.
        case malformed(String)
        /// Asks something that the model does not know.
        case unknownRequest(String, model: String, grammar: [String])
        case unknownAnswer(String, request: String)
        /// An answer without a call.
        case nothingAsked(client: String)
        /// A client calls again although its operation is under way.
        case stillBusy(client: String)
    }

    package var place: Place
    package var problem: Problem

    package init(_ place: Place, _ problem: Problem) { (self.place, self.problem) = (place, problem) }

    package var message: LocalizedText {
        switch place {
        case .line(let number): HistoryMessages.inLine(number, sentence)
        case .event(let number): HistoryMessages.inEvent(number, sentence)
        }
    }

    private var sentence: LocalizedText {
        switch problem {
        case .malformed(let text): HistoryMessages.malformed(text)
        case .unknownRequest(let text, let model, let grammar):
            HistoryMessages.unknownRequest(text, model: model, grammar: grammar)
        case .unknownAnswer(let text, let request): HistoryMessages.unknownAnswer(text, request: request)
        case .nothingAsked(let client): HistoryMessages.nothingAsked(client)
        case .stillBusy(let client): HistoryMessages.stillBusy(client)
        }
    }
}
